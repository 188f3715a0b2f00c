"""Whether the store is sound, how far it is migrated, and a copy of it while it is in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def embedded() -> bool:
    """Whether the store is a file in the data folder."""
    return connection.vendor == "sqlite"


def file_trouble(file: Path) -> str | None:
    """What is wrong with a store's file; ``None`` when it is sound."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=rw", uri=True)) as opened:
            found = [str(row[0]) for row in opened.execute("PRAGMA quick_check(5)")]
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if found == ["ok"] else "; ".join(found)


def migration_state() -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Migrations still to be done, migrations that this program does not know, whether the store is new."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    applied = set(loader.applied_migrations)
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    pending = tuple(f"{step.app_label}.{step.name}" for step, _ in plan)
    unknown = tuple(f"{app}.{name}" for app, name in sorted(applied - set(loader.disk_migrations)))
    return pending, unknown, not applied


def copy_file(file: Path, target: Path) -> None:
    """Copy a store's file as it is at one moment, and make sure that the copy is sound.

    Raises
    ------
    OSError
        When the copy cannot be written or is not sound.
    """
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    trouble = file_trouble(target)
    if trouble is not None:
        raise OSError(f"the copy {target} is not sound: {trouble}")
