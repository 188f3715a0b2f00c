"""Opening a plant: hold the folder, look first, copy before migrating, never begin empty over ruins."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from gemba.quality.records.store.folder import DataFolder


class StartRefused(Exception):
    """The plant cannot be opened; the text says why and what to do."""


def prepare_settings(
    folder: Path, *, database: str, https: bool, hosts: tuple[str, ...], proxy: str
) -> DataFolder:
    """Say to Django what to serve; must come before anything of Django is used."""
    os.environ["GEMBA_DATA"] = str(folder.absolute())
    if database:
        os.environ["GEMBA_DATABASE"] = database
    os.environ["GEMBA_HTTPS"] = "1" if https else ""
    os.environ["GEMBA_HOSTS"] = " ".join(hosts)
    os.environ["GEMBA_PROXY"] = proxy
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gemba.server.settings")
    return DataFolder(folder.absolute())


def open_store(folder: DataFolder, *, now: datetime) -> tuple[str, ...]:
    """Bring the store to this program's schema; returns what was done, in words.

    Raises
    ------
    StartRefused
        When the store is damaged, missing although the plant is not new, or newer than the program.
    """
    from django.core.management import call_command
    from django.db import OperationalError

    from gemba.quality.records.store import care

    if care.embedded():
        _look_first(folder)
    try:
        pending, unknown, new = care.migration_state()
    except OperationalError as error:
        raise StartRefused(f"The database does not answer: {error}") from error
    if unknown:
        raise StartRefused(
            f"The store was written by a newer Gemba ({', '.join(unknown)}). Install that version again, or "
            "restore the copy made before the upgrade: gemba restore"
        )
    done: list[str] = []
    if pending and not new and care.embedded():
        copy = folder.path / "backups" / f"before-upgrade-{now:%Y%m%d-%H%M%S}.sqlite3"
        care.copy_file(folder.store, copy)
        done.append(f"Copied the store to {copy} before the upgrade.")
    if pending:
        with _quiet():
            call_command("migrate", verbosity=0, interactive=False)
        done.append("Made a new store." if new else f"Upgraded the store by {len(pending)} steps.")
    return tuple(done)


@contextmanager
def _quiet() -> Iterator[None]:
    """A migration holds the write lock as long as it takes; nobody else is there yet."""
    log = logging.getLogger("gemba.store")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def _look_first(folder: DataFolder) -> None:
    from gemba.quality.records.store import care

    store = folder.store
    if not store.exists() or store.stat().st_size == 0:
        left = [path for path in (folder.anchors, folder.attachments) if path.exists()]
        left += [path for path in (Path(f"{store}-wal"), folder.path / "backups") if path.exists()]
        if left or store.exists():
            names = ", ".join(path.name for path in left) or store.name
            raise StartRefused(
                f"There is no readable store in {folder.path}, but there was one before ({names}). Gemba "
                "does not begin an empty plant over it. Bring the store back with: gemba restore"
            )
        return
    trouble = care.file_trouble(store)
    if trouble is not None:
        raise StartRefused(
            f"The store {store} is damaged: {trouble}. Nothing was changed. Keep the folder as it is, and "
            "bring the last good backup into a new folder with: gemba restore"
        )


def first_link(*, now: datetime) -> str | None:
    """At the first start: the secret of the link by which the first administrator comes in."""
    from gemba.quality.people.models import Person
    from gemba.quality.people.services import create_person, grant_role, make_link
    from gemba.quality.records.actor import system

    setup = system("setup")
    person = Person.objects.filter(username="admin").first()
    if person is None:
        if Person.objects.exists():
            return None
        person = create_person(username="admin", name="Administrator", actor=setup, now=now)
        for role in ("access_administrator", "system_administrator"):
            grant_role(person=person, role=role, actor=setup, now=now)
    elif person.has_usable_password() or Person.objects.count() > 1:
        return None
    return make_link(person=person, purpose="first", actor=setup, now=now)
