"""Several writes at once: a grown store is asked a single time, for each question over the wire costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gemba.quality.records.store.elsewhere import grown
from gemba.quality.records.store.embedded import run_embedded
from gemba.quality.records.store.statements import fetch, next_of
from gemba.quality.records.store.wire import Write, tell


def inserting(table: str, columns: Sequence[str], row: Sequence[Any]) -> Write:
    """Insert one plain row; names come from the program, never a user."""
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("%s" for _ in columns)
    return Write(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', row, None, table)  # noqa: S608 (own names)


def insert_drawn(table: str, columns: Sequence[str], sequence: str, row: Sequence[Any]) -> int:
    """Insert one plain row under the next number of a sequence, its first column; returns that number."""
    if not grown():
        identity = next_of(sequence)[0]
        write_together([inserting(table, columns, (identity, *row))])
        return identity
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("%s" for _ in row)
    statement = (
        f'INSERT INTO "{table}" ({names}) VALUES (nextval(%s::regclass), {marks}) RETURNING "{columns[0]}"'  # noqa: S608
    )
    return int(fetch(statement, [f"gemba_{sequence}", *row])[0][0])


def write_together(writes: Sequence[Write]) -> None:
    """Do all of these in their order, inside a transaction; a grown store at its next question or its end.

    Raises
    ------
    DatabaseError
        When one of them concerned another number of rows than it must.
    """
    if grown():
        tell(*writes)
        return
    for write in writes:
        write.hold(run_embedded(write.statement, write.parameters).rowcount)
