"""A few rows for a grown store, given as one text: asked once, with a statement that stays prepared.

With a mark for each value, both sides take longer to read the statement than to carry it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import msgspec

from gemba.quality.records.store.elsewhere import connection

_encode = msgspec.json.Encoder().encode
_TYPES = """
    SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
"""
_WRITTEN: Mapping[str, Callable[[Any], str]] = {
    "bytea": lambda value: rf"\x{value.hex()}",
    "double precision": repr,
}
"""How a value is written that a text of this kind could not hold, or not exactly."""
_known: dict[str, dict[str, str]] = {}


def insert_as_text(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], ending: str) -> int:
    """Insert plain rows, as the statement that ends so says; returns how many rows it took."""
    statement, written = _insertion(table, tuple(columns), ending, _types(table, columns))
    for place, write in written:
        rows = [_with(row, place, write) for row in rows]
    text = _encode([dict(zip(columns, row, strict=True)) for row in rows]).decode()
    with ready_cursor() as cursor:
        cursor.execute(statement, [text])
        return int(cursor.rowcount)


def _with(row: Sequence[Any], place: int, write: Callable[[Any], str]) -> Sequence[Any]:
    value = row[place]
    return row if value is None else (*row[:place], write(value), *row[place + 1 :])


@contextmanager
def ready_cursor() -> Iterator[Any]:
    """A cursor that keeps statements prepared; Django's own where somebody counts, or where one failed."""
    base = connection()
    if not base.in_atomic_block or base.needs_rollback or base.queries_logged:
        with base.cursor() as cursor:
            yield cursor
        return
    from psycopg import Cursor

    with base.wrap_database_errors, Cursor(base.connection) as direct:
        yield direct


def _types(table: str, columns: Sequence[str]) -> tuple[str, ...]:
    if table not in _known:
        with connection().cursor() as cursor:
            cursor.execute(_TYPES, [f'"{table}"'])
            _known[table] = dict(cursor.fetchall())
    return tuple([_known[table][column] for column in columns])


@lru_cache(maxsize=256)
def _insertion(
    table: str, columns: tuple[str, ...], ending: str, types: tuple[str, ...]
) -> tuple[str, tuple[tuple[int, Callable[[Any], str]], ...]]:
    """The statement, and how the values at some places are written."""
    names = ", ".join(f'"{column}"' for column in columns)
    kinds = ", ".join(f'"{column}" {kind}' for column, kind in zip(columns, types, strict=True))
    statement = (
        f'INSERT INTO "{table}" ({names}) SELECT * FROM json_to_recordset(%s) AS given ({kinds}) {ending}'  # noqa: S608 (own names)
    )
    places = enumerate(types)
    return statement, tuple((place, _WRITTEN[kind]) for place, kind in places if kind in _WRITTEN)
