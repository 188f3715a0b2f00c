"""Whether the store takes what is written: what the last transaction met, and trying again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DataError, IntegrityError, InterfaceError, OperationalError, ProgrammingError
from django.db import transaction as django_transaction

from gemba.quality.records.store.elsewhere import connection, current, grown

TROUBLE = (OperationalError, InterfaceError)
"""What the database raises that cannot write: the disk is full or broken, the server is away."""
_MISTAKES = (DataError, IntegrityError, ProgrammingError)
_trouble: dict[str, str] = {}


def is_mistake(error: BaseException | None) -> bool:
    """Whether the database refused a statement for what it says: to ask again would not help.

    SQLite raises a wrong statement as it does a full disk; only the code behind it tells them apart.
    """
    code = getattr(getattr(error, "__cause__", None), "sqlite_errorcode", None)
    return isinstance(error, _MISTAKES) or (isinstance(error, TROUBLE) and code == sqlite3.SQLITE_ERROR)


@contextmanager
def transaction() -> Iterator[None]:
    """One transaction: all of it is durable when the block ends, or nothing of it happened."""
    store, inner = current(), connection().in_atomic_block
    try:
        with django_transaction.atomic(using=store):
            yield
    except TROUBLE as error:
        if not is_mistake(error):
            _trouble[store] = str(error)
        raise
    if store in _trouble and not inner:
        del _trouble[store]


def trouble() -> str:
    """Why the last transaction was not written, in the words of the database; empty when it was."""
    return _trouble.get(current(), "")


def find_trouble() -> str:
    """As ``trouble``, after trying again where there was any: a plant goes on by itself."""
    if trouble():
        try:
            with transaction(), connection().cursor() as cursor:
                if grown():
                    cursor.execute("SELECT pg_current_xact_id()")
                else:  # a page is written, as it was
                    cursor.execute("PRAGMA user_version")
                    cursor.execute(f"PRAGMA user_version = {int(cursor.fetchone()[0])}")
        except TROUBLE:
            connection().close()
    return trouble()
