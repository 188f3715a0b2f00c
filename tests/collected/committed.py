"""A store whose transactions really commit, for tests with several threads; emptied afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def emptied_afterwards() -> Iterator[None]:
    """Empty the tables that are written once, which the test runner may not; the database refuses it."""
    try:
        yield
    finally:
        if connection.vendor == "sqlite":
            _empty()


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        cursor.execute("PRAGMA foreign_keys = OFF")
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 (tables of the program)
        for _, sql in triggers:
            cursor.execute(sql)
        cursor.execute("PRAGMA foreign_keys = ON")
