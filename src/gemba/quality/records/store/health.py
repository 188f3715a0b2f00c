"""What a store can say of itself: its database, the damage in it, and whether it is still the one in use."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError

from gemba.quality.records.store.elsewhere import connection, grown, run
from gemba.quality.records.store.statements import fetch

MENDED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""The SQLite versions from which the WAL-reset fault is mended, one a line of versions."""
_AWAY = "gemba_moved"


@dataclass(frozen=True)
class Health:
    """The database under the store: its name and version, its size and the log's, and what it lacks."""

    database: str
    version: str
    bytes: int
    log_bytes: int
    mended: bool


def find_damage(*, quick: bool = False) -> list[str]:
    """What the database itself finds wrong with its file; a grown store checks itself as it reads.

    ``quick`` leaves out what takes long: whether the indexes agree with their tables, and the references.
    """
    if grown():
        return []
    try:
        if quick:
            return [str(row[0]) for row in fetch("PRAGMA quick_check(5)") if row[0] != "ok"]
        found = [str(row[0]) for row in fetch("PRAGMA integrity_check") if row[0] != "ok"]
        found += [f"row {row[1]} of {row[0]} refers to nothing" for row in fetch("PRAGMA foreign_key_check")]
    except DatabaseError as error:
        return [str(error)]
    return found


def read_health() -> Health:
    """Version, size and known weakness of the database."""
    if grown():
        version = str(fetch("SHOW server_version")[0][0])
        size = int(fetch("SELECT pg_database_size(current_database())")[0][0])
        return Health("PostgreSQL", version, size, 0, mended=True)
    here = _file()
    log = here.with_name(f"{here.name}-wal")
    log_bytes = log.stat().st_size if log.exists() else 0
    return Health("SQLite", sqlite3.sqlite_version, here.stat().st_size, log_bytes, _is_mended())


def others_connected() -> int:
    """How many other connections a grown store has; an embedded one is held by its folder."""
    if not grown():
        return 0
    statement = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
    return int(fetch(f"{statement} pg_backend_pid() AND backend_type = 'client backend'")[0][0])


def mark_moved(where: str) -> None:
    """Leave a note in a store that was moved: it must not be written to any more."""
    run(f"CREATE TABLE IF NOT EXISTS {_AWAY} (place TEXT NOT NULL)")
    run(f"INSERT INTO {_AWAY} (place) VALUES (%s)", (where,))  # noqa: S608 (our own name)


def moved_to() -> str:
    """Where this store was moved to; empty when it is in use."""
    if _AWAY not in connection().introspection.table_names():
        return ""
    found = fetch(f"SELECT place FROM {_AWAY}")  # noqa: S608 (our own name)
    return str(found[-1][0]) if found else ""


def forget_move() -> None:
    """Take the note away: the store is in use again."""
    run(f"DROP TABLE IF EXISTS {_AWAY}")


def _is_mended() -> bool:
    version = sqlite3.sqlite_version_info
    return version >= MENDED[0] or any(line <= version < (*line[:2], 99) for line in MENDED)


def _file() -> Path:
    return Path(str(fetch("PRAGMA database_list")[0][2]))
