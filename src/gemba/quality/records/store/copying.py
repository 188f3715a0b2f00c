"""A copy of the whole store while it is written to, and what only its database can say of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from gemba.quality.records.store.elsewhere import (
    EMBEDDED,
    at,
    connection,
    current,
    embedded_settings,
    grown,
    kept_settings,
    opened,
    run,
)
from gemba.quality.records.store.platform import sync_file, sync_folder
from gemba.quality.records.store.rows import (
    Tables,
    copy_table,
    copy_words,
    empty_tables,
    read_counters,
    tables,
    write_counters,
)
from gemba.quality.records.store.statements import fetch
from gemba.quality.records.store.writable import transaction


@dataclass(frozen=True)
class Schema:
    """Which migrations a store has, which it lacks, and which this program does not know."""

    applied: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


def write_copy(target: Path) -> None:
    """Write the whole store as an SQLite file, as it is at one moment, while others write to it.

    An embedded store is copied page by page in one step, for a stepwise copy begins again at every
    commit. A grown store is copied row by row, from one snapshot.
    """
    if grown():
        _write_rows(target)
    else:
        _write_pages(target)
    sync_file(target)


def fill_from(source: str, models: Tables | None = None) -> None:
    """Replace all rows of the current store by those of the store ``source``, in one transaction.

    ``models`` are the tables that both have, where they are not those of this program.
    """
    models = tables() if models is None else models
    with transaction():
        empty_tables(models)
        for model in models:
            copy_table(model, source)
        copy_words(source)
        with at(source):
            counters = read_counters(models)
        write_counters(counters)
        if grown():  # it would look at what it holds by itself, but minutes later
            run("ANALYZE")


@contextmanager
def standing_still() -> Iterator[None]:
    """Read everything inside as it is at one moment; inside, nothing is written."""
    if not grown():
        with _reading_transaction():
            yield
        return
    with transaction():
        run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def holds_plant() -> bool:
    """Whether the current store is there with something in it, sound or not."""
    if not grown():
        return _own_file().exists()
    applied = read_schema().applied
    return "records.0001_initial" in applied and fetch("SELECT COUNT(*) FROM records_seal")[0][0] > 0


def set_aside(aside: Path) -> None:
    """Keep the current store in a folder, to make room for another one.

    The files of an embedded store are moved there. The log goes before the file, so that it can never be
    read into another store; a sound store has emptied it by then. A grown store is copied there.
    """
    if grown():
        if holds_plant():
            write_copy(aside / "plant.sqlite3")
        return
    own = _own_file()
    if own.exists():
        with suppress(DatabaseError):
            fetch("PRAGMA wal_checkpoint(TRUNCATE)")
    connection().close()
    for name in (f"{own.name}-shm", f"{own.name}-wal", own.name):
        if own.with_name(name).exists():
            own.with_name(name).rename(aside / name)


def take_over(prepared: Path) -> None:
    """Make the store in a file the current one.

    A grown store is emptied and filled in one transaction. An embedded one is there again when the file
    has its name: a plant whose store is missing is never begun anew.
    """
    if grown():
        own = current()
        with opened(kept_settings(prepared)) as source, at(own):
            migrate()
            fill_from(source)
        return
    sync_file(prepared)
    prepared.rename(_own_file())
    sync_folder(_own_file().parent)


def make_room(settings: Mapping[str, Any], stamp: str) -> None:
    """Keep the file of an embedded store that is to be filled beside; a grown store is emptied as it is."""
    if settings["ENGINE"] != EMBEDDED:
        return
    own = Path(str(settings["NAME"]))
    for name in (f"{own.name}-shm", f"{own.name}-wal", own.name):
        if own.with_name(name).exists():
            own.with_name(name).rename(own.with_name(f"{name}.replaced-{stamp}"))


def migrate() -> None:
    """Bring the current store to the schema of this program, in one transaction.

    Django commits a step and then, apart, that it was taken: a fault in between would leave a store that
    no program opens.
    """
    if not read_schema().missing:
        return
    with connection().constraint_checks_disabled(), transaction():
        call_command("migrate", database=current(), interactive=False, verbosity=0)


def read_schema() -> Schema:
    """Compare the migrations of the current store with those of this program."""
    loader = MigrationExecutor(connection()).loader
    applied, known = set(loader.applied_migrations), set(loader.disk_migrations)
    return Schema(_named(applied & known), _named(known - applied), _named(applied - known))


def _own_file() -> Path:
    return Path(str(connection().settings_dict["NAME"]))


def _named(migrations: set[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(f"{app}.{name}" for app, name in migrations))


def _write_pages(target: Path) -> None:
    here = connection()
    here.ensure_connection()
    copied = sqlite3.connect(target, isolation_level=None)
    try:
        with here.wrap_database_errors:
            copied.execute("PRAGMA synchronous=OFF")  # synced as a whole when it is complete
            source: Any = here.connection
            source.backup(copied, pages=-1)
            copied.execute("PRAGMA journal_mode=DELETE")
    finally:
        copied.close()


def _write_rows(target: Path) -> None:
    source = current()
    if not read_schema().missing:
        target.write_bytes(_empty_store())
        with standing_still(), opened(embedded_settings(target)):
            fill_from(source)
            run("PRAGMA journal_mode=DELETE")
        return
    loader = MigrationExecutor(connection()).loader
    last = _last_of_each(loader)
    models = tables(loader.project_state(last).apps)
    with standing_still(), opened(embedded_settings(target)):
        MigrationExecutor(connection()).migrate(last)
        fill_from(source, models)
        run("PRAGMA journal_mode=DELETE")


def _last_of_each(loader: MigrationLoader) -> list[tuple[str, str]]:
    """The last steps that a store of an older program has taken."""
    taken = set(loader.applied_migrations) & set(loader.disk_migrations)
    nodes = loader.graph.node_map
    return sorted(
        step
        for step in taken
        if not any(child.key in taken and child.key[0] == step[0] for child in nodes[step].children)
    )


@cache
def _empty_store() -> bytes:
    """An SQLite store in this program's schema with nothing in it; making one takes seconds."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.sqlite3"
        with opened(embedded_settings(file)):
            migrate()
        return file.read_bytes()


@contextmanager
def _reading_transaction() -> Iterator[None]:
    run("BEGIN DEFERRED")
    try:
        yield
    finally:
        run("COMMIT")
