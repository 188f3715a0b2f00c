"""The few statements that differ between the databases, and the one way to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from django.db import connection
from django.db import transaction as django_transaction
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def _grown() -> bool:
    return connection.vendor == "postgresql"


def transaction() -> AbstractContextManager[None]:
    """One transaction: all of it is durable when the block ends, or nothing of it happened."""
    return django_transaction.atomic()


def lock_rows(rows: QuerySet[M]) -> QuerySet[M]:
    """The same rows, locked until the transaction ends, in the order of their ids.

    The write lock of an embedded store has locked them already.
    """
    return rows.select_for_update().order_by("pk") if _grown() else rows.order_by("pk")


def lock_name(name: str) -> None:
    """Let one transaction at a time pass this point, until it ends."""
    if _grown():
        fetch("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def next_values(sequence: str, count: int) -> Sequence[int]:
    """The next numbers of a sequence, ascending.

    Embedded, the one writer makes them gapless; grown, a rolled back transaction leaves a gap and two
    transactions interleave.
    """
    if _grown():
        statement = "SELECT nextval(%s) FROM generate_series(1, %s)"
        return sorted(int(row[0]) for row in fetch(statement, [f"gemba_{sequence}", count]))
    last = int(
        fetch(
            "INSERT INTO records_sequence (name, value) VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value RETURNING value",
            [sequence, count],
        )[0][0]
    )
    return range(last - count + 1, last + 1)


def insert_many(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert plain rows as fast as the database takes them; names come from the program, never a user."""
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if _grown():
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" for _ in columns)
        statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 (names of the program)
        cursor.connection.cursor().executemany(statement, rows)


def run_many(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement of the program once for each row of parameters."""
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def fetch(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows that a statement of the program returns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def stream(statement: str, parameters: Sequence[Any] = (), *, size: int = 5000) -> Iterator[tuple[Any, ...]]:
    """Row by row, without holding them all."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(size):
            yield from rows
