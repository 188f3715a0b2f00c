"""Opening a plant: what Django is told, the store as it must be, the first administrator."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from gemba.quality.records.store.folder import DataFolder
from gemba.stats.results import N_, Told


class StartRefused(Told):
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
    """Bring the store to this program's schema; returns what was done, in words of the plant.

    Raises
    ------
    StartRefused
        When the store is damaged, lost, moved away, or newer than the program.
    """
    from django.conf import settings

    from gemba.quality.records.keeping import opening
    from gemba.quality.records.keeping.checking import StoreRefused

    try:
        return opening.open_store(folder, now=now, language=settings.LANGUAGE_CODE)
    except StoreRefused as refused:
        raise StartRefused(refused.text, **refused.values) from refused


def open_plant(folder: DataFolder, *, now: datetime, say: Callable[[str], None]) -> str | None:
    """Open the store, one server after the other; the secret of the first link while there is nobody yet."""
    from django.db import OperationalError

    from gemba.quality.records import store

    try:
        with store.alone("gemba.opening"):
            for line in open_store(folder, now=now):
                say(line)
            return first_link(now=now)
    except OperationalError as error:
        raise StartRefused(N_("The database does not answer: {error}"), error=str(error)) from error


def first_link(*, now: datetime) -> str | None:
    """At the first start: the secret of the link by which the first administrator comes in."""
    from gemba.quality.people.models import Person
    from gemba.quality.people.services import check_identity, create_person, grant_role, make_link
    from gemba.quality.records.actor import system

    setup = system("setup")
    person = Person.objects.filter(username="admin").first()
    if person is None:
        if Person.objects.exists():
            return None
        person = create_person(username="admin", name="Administrator", actor=setup, now=now)
        for role in ("access_administrator", "system_administrator"):
            grant_role(person=person, role=role, actor=setup, now=now)
        how = "has the machine of the plant, which printed the first link"
        check_identity(person=person, how=how, actor=setup, now=now)
    elif person.has_usable_password() or Person.objects.count() > 1:
        return None
    return make_link(person=person, purpose="first", actor=setup, now=now)
