"""Rows for a grown store, column by column as arrays: asked once, with a statement that stays prepared.

With a mark for each value, both sides take longer to read the statement than to carry it out; a COPY asks the
server four times and is read anew each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from gemba.quality.records.store.arrays import as_parameter
from gemba.quality.records.store.columns import Columns, Same, count_of, first_of, is_same, whole
from gemba.quality.records.store.elsewhere import connection
from gemba.quality.records.store.sending import Question
from gemba.quality.records.store.wire import Write, ask, set_off, tell

_TYPES = """
    SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
"""
INEXACT = ("double precision", "numeric")
"""Kinds whose values are equal and yet not the same: 0.0 and -0.0, 1.5 and 1.50."""
ANYWAY = "ON CONFLICT DO NOTHING"
LONG = 300
"""So many rows take longer than a message: they are inserted while the program goes on."""


class Shape(NamedTuple):
    """What the rows of a table had in common in each batch so far.

    The places at which all rows hold one value, and places that always hold what an earlier one holds.
    """

    fixed: frozenset[int]
    same: tuple[tuple[int, int], ...]


_known: dict[str, dict[str, str]] = {}
_shapes: dict[tuple[str, tuple[str, ...]], Shape] = {}


def tell_arrays(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], ending: str) -> None:
    """Have plain rows inserted, all of them, before the transaction asks the next question or ends."""
    tell(Write(*inserting_arrays(table, columns, rows, ending), None, table))


def tell_columns(table: str, names: Sequence[str], columns: Columns) -> None:
    """The same with rows that are given as columns; many of them are inserted while the program goes on."""
    write = Write(*_inserting(table, tuple(names), columns, ""), None, table)
    if count_of(columns) < LONG:
        tell(write)
    else:
        set_off(write)


def insert_as_arrays(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], ending: str) -> int:
    """Insert plain rows, as the statement that ends so says; returns how many rows it took."""
    return ask(*inserting_arrays(table, columns, rows, ending)).concerned


def inserting_arrays(
    table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], ending: str
) -> Question:
    """The statement that inserts these rows, and its parameters: one for each place, whatever their number.

    What all rows hold is sent once, and so is what several places hold alike. Both count while they were so
    in each batch so far, so that few statements are prepared for a table.
    """
    names = tuple(columns)
    if len(rows) == 1:
        marks = ", ".join("%s" for _ in names)
        return f"{_head(table, names)} VALUES ({marks}) {ending}", rows[0]
    return _inserting(table, names, list(zip(*rows, strict=True)), ending)


def _inserting(table: str, names: tuple[str, ...], columns: Columns, ending: str) -> Question:
    types = _types(table, names)
    places = [list(column) if isinstance(column, range) else column for column in columns]
    shape = _shapes[table, names] = _shape(places, types, _shapes.get((table, names)))
    repeated = {place for _, place in shape.same}
    values = [first_of(places[place]) for place in sorted(shape.fixed)]
    count = count_of(places)
    values += [
        as_parameter(whole(column, count), types[place])
        for place, column in enumerate(places)
        if place not in shape.fixed and place not in repeated
    ]
    return _insertion(table, names, types, shape, ending), values


def _shape(places: Columns, types: Sequence[str], before: Shape | None) -> Shape:
    """What the rows have in common, of what they had in common before."""
    fixed = {
        place
        for place in (range(len(places)) if before is None else before.fixed)
        if (first_of(places[place]) is None or types[place] not in INEXACT) and is_same(places[place])
    }
    if all(place in fixed or isinstance(column, Same) for place, column in enumerate(places)):
        fixed.remove(max(n for n, column in enumerate(places) if not isinstance(column, Same)))
        # the number of the rows stands in an array
    if before is None:
        varied = [place for place, kind in enumerate(types) if place not in fixed and kind not in INEXACT]
        pairs = [(one, other) for one in varied for other in varied if one < other]
    else:
        pairs = [pair for pair in before.same if not fixed.intersection(pair)]
    same: dict[int, int] = {}
    for one, other in pairs:
        first = one not in same and other not in same and types[one] == types[other]
        if first and places[one] == places[other]:
            same[other] = one
    return Shape(frozenset(fixed), tuple((one, other) for other, one in same.items()))


@lru_cache(maxsize=256)
def _insertion(
    table: str, columns: tuple[str, ...], types: tuple[str, ...], shape: Shape, ending: str
) -> str:
    """The arrays are unfolded as rows are asked for; ``FROM unnest`` would keep them all before."""
    source = {other: one for one, other in shape.same}
    said = [
        f"%s::{kind}" if place in shape.fixed else f"c{source.get(place, place)}"
        for place, kind in enumerate(types)
    ]
    given = ", ".join(
        f"unnest(%s::{kind}[]) AS c{place}"
        for place, kind in enumerate(types)
        if place not in shape.fixed and place not in source
    )
    chosen = f"{_head(table, columns)} SELECT {', '.join(said)}"
    return f"{chosen} FROM (SELECT {given}) AS given {ending}"


def _head(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table}" ({names})'


def _types(table: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    if table not in _known:
        with connection().cursor() as cursor:
            cursor.execute(_TYPES, [f'"{table}"'])
            _known[table] = dict(cursor.fetchall())
    return tuple([_known[table][column] for column in columns])
