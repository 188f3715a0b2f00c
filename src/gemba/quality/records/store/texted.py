"""Rows for a grown store, column by column as arrays: asked once, with a statement that stays prepared.

With a mark for each value, both sides take longer to read the statement than to carry it out; a COPY asks the
server four times and is read anew each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from gemba.quality.records.store.elsewhere import connection
from gemba.quality.records.store.wire import Question, as_array, ask

Fixed: TypeAlias = tuple[int, ...]
_encode = msgspec.json.Encoder().encode
_TYPES = """
    SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
"""
INEXACT = ("double precision", "numeric")
"""Kinds whose values are equal and yet not the same: 0.0 and -0.0, 1.5 and 1.50."""
_known: dict[str, dict[str, str]] = {}
_fixed: dict[tuple[str, tuple[str, ...]], Fixed] = {}


def insert_as_arrays(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], ending: str) -> int:
    """Insert plain rows, as the statement that ends so says; returns how many rows it took."""
    return ask(*inserting_arrays(table, columns, rows, ending)).concerned


def inserting_arrays(
    table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], ending: str
) -> Question:
    """The statement that inserts these rows, and its parameters: one for each place, whatever their number.

    A place at which all rows hold one value is sent once. It counts while it has held one value in each
    batch so far, so that few statements are prepared for a table.
    """
    names = tuple(columns)
    if len(rows) == 1:
        marks = ", ".join("%s" for _ in names)
        return f"{_head(table, names)} VALUES ({marks}) {ending}", rows[0]
    types = _types(table, names)
    places = list(zip(*rows, strict=True))
    fixed = [
        place
        for place in _fixed.get((table, names), range(len(names)))
        if types[place] not in INEXACT and places[place].count(places[place][0]) == len(rows)
    ]
    if len(fixed) == len(names):
        del fixed[-1]  # the number of the rows stands in an array
    _fixed[table, names] = tuple(fixed)
    arrays = [place for place in range(len(names)) if place not in fixed]
    values = [places[place][0] for place in fixed]
    values += [_array(places[place], types[place]) for place in arrays]
    return _insertion(table, names, types, tuple(fixed), ending), values


def _array(values: Sequence[Any], kind: str) -> str:
    """The values of one column as PostgreSQL writes an array."""
    if kind == "bytea":
        return _braced(["NULL" if value is None else rf'"\\x{value.hex()}"' for value in values])
    if kind == "double precision":
        return _braced(["NULL" if value is None else repr(value) for value in values])
    text = _encode(values).decode()
    if "\\" in text:  # what is escaped there is escaped otherwise here
        return as_array(values).decode()
    return _braced([text[1:-1]])


def _braced(elements: Sequence[str]) -> str:
    return f"{{{','.join(elements)}}}"


@lru_cache(maxsize=256)
def _insertion(
    table: str, columns: tuple[str, ...], types: tuple[str, ...], fixed: Fixed, ending: str
) -> str:
    said = [f"%s::{kind}" if place in fixed else f"c{place}" for place, kind in enumerate(types)]
    arrays = [(place, kind) for place, kind in enumerate(types) if place not in fixed]
    given = ", ".join(f"%s::{kind}[]" for _, kind in arrays)
    names = ", ".join(f"c{place}" for place, _ in arrays)
    chosen = f"{_head(table, columns)} SELECT {', '.join(said)}"
    return f"{chosen} FROM unnest({given}) AS given ({names}) {ending}"


def _head(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table}" ({names})'


def _types(table: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    if table not in _known:
        with connection().cursor() as cursor:
            cursor.execute(_TYPES, [f'"{table}"'])
            _known[table] = dict(cursor.fetchall())
    return tuple([_known[table][column] for column in columns])
