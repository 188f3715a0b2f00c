"""Which store the statements reach: the plant's own, or another one that is opened beside it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

EMBEDDED = "gemba.quality.records.store.sqlite"
_NOWHERE: Mapping[str, Any] = {"HOST": "", "PORT": "", "USER": "", "PASSWORD": "", "OPTIONS": {}}

_alias: ContextVar[str] = ContextVar("gemba_store", default=DEFAULT_DB_ALIAS)
_here = threading.local()
_numbers = count(1)


def current() -> str:
    """Django's name of the store that statements reach here."""
    return _alias.get()


def connection() -> BaseDatabaseWrapper:
    """The connection of this thread to that store; Django is asked for it once."""
    alias = _alias.get()
    known = _here.__dict__
    found: BaseDatabaseWrapper | None = known.get(alias)
    if found is None:
        found = known[alias] = connections[alias]
    return found


def grown() -> bool:
    """Whether that store is a PostgreSQL database."""
    return connection().vendor == "postgresql"


def keep_undo_in_memory() -> None:
    """Let this thread write no file for what a statement that fails would have to undo.

    For a thread whose transactions change some thousand rows at the most, and sort none.
    """
    here: Any = connection()
    if not grown():
        here.keep_undo_in_memory()


def run(statement: str, *rows: Sequence[Any]) -> None:
    """Run a statement of the program that returns nothing: once, or once for each row of parameters."""
    with connection().cursor() as cursor:
        if rows:
            cursor.executemany(statement, rows)
        else:
            cursor.execute(statement)


class Router:
    """Lets the ORM follow: inside ``opened`` it reads and writes the other store too."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:  # noqa: ARG002 (Django's signature)
        return _alias.get()

    def db_for_write(self, model: type[Model], **hints: Any) -> str:  # noqa: ARG002
        return _alias.get()


def embedded_settings(file: Path, *, read_only: bool = False) -> dict[str, Any]:
    """Settings of the SQLite store in a file; ``read_only`` also while another process writes to it."""
    name = f"{file.absolute().as_uri()}?mode=ro" if read_only else str(file.absolute())
    return {
        "ENGINE": EMBEDDED,
        "NAME": name,
        "HOST": "",
        "PORT": "",
        "USER": "",
        "PASSWORD": "",
        "OPTIONS": {},
    }


def kept_settings(file: Path) -> dict[str, Any]:
    """Settings of an SQLite store that nobody writes to, such as a backup: nothing is left beside it."""
    return embedded_settings(file) | {"NAME": f"{file.absolute().as_uri()}?mode=ro&immutable=1"}


@contextmanager
def opened(settings: Mapping[str, Any]) -> Iterator[str]:
    """Everything inside reaches another store; yields its name for Django.

    ``settings`` are Django's for one database. Other threads are not concerned.
    """
    alias = f"store-{next(_numbers)}"
    connections.settings[alias] = {
        **connections[DEFAULT_DB_ALIAS].settings_dict,
        "CONN_MAX_AGE": 0,
        **settings,
    }
    token = _alias.set(alias)
    try:
        yield alias
    finally:
        _alias.reset(token)
        connections[alias].close()
        del connections[alias]
        _here.__dict__.pop(alias, None)
        del connections.settings[alias]


@contextmanager
def staying_open() -> Iterator[None]:
    """Hold an idle connection to an embedded store all the time, as a server does.

    Whoever opens a store that nobody has open reads its log anew, and takes a commit for done whose sync
    had failed: somebody was told then that nothing of it was stored, and sent it again. Whoever closes it
    last writes the log back, outside the write lock.
    """
    if grown():
        yield
        return
    idle = sqlite3.connect(str(connection().settings_dict["NAME"]), check_same_thread=False)
    try:
        idle.execute("PRAGMA wal_autocheckpoint=0")
        idle.execute("SELECT COUNT(*) FROM sqlite_master").fetchall()
        yield
    finally:
        idle.close()


@contextmanager
def only_reading() -> Iterator[None]:
    """Everything inside only reads the plant's store, also while another process writes to it."""
    if grown():
        yield
        return
    with opened(embedded_settings(Path(str(connection().settings_dict["NAME"])), read_only=True)):
        yield


@contextmanager
def at(alias: str) -> Iterator[None]:
    """Everything inside reaches a store that is open already."""
    token = _alias.set(alias)
    try:
        yield
    finally:
        _alias.reset(token)
