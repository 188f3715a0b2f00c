"""Rows for an embedded store, many a statement.

The interpreter is given up once a statement: with a row each, other threads take it away for each row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, count
from typing import Any, TypeAlias

from gemba.quality.records.store.columns import Columns, Same, count_of, first_of, is_same, rows_of
from gemba.quality.records.store.elsewhere import connection
from gemba.quality.records.store.sqlite.marks import with_question_marks

Fixed: TypeAlias = tuple[int, ...]
_fixed: dict[tuple[str, tuple[str, ...]], Fixed] = {}
FIX_FROM = 128
"""From so many rows on it pays to look which values are the same in all of them."""
BEHIND_FROM = 512
"""So many rows are worth another thread."""
MOST_MARKS = 32_766
"""As many values as SQLite takes in one statement, unless it was built to take more."""
PARTS = (1024, 256, 128, 32)
"""Rows of one statement: few to prepare, and to hand over to the database. The rest are one more."""


def insert_parts(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], ending: str = "") -> int:
    """Insert rows; returns how many were taken."""
    names = tuple(columns)
    if len(rows) < FIX_FROM or connection().queries_logged:
        parts = _parts(table, names, rows, ending)
    else:
        parts = _parts_of(table, names, list(zip(*rows, strict=True)), ending)
    return sum(run_embedded(*part).rowcount for part in parts)


def insert_behind(table: str, names: Sequence[str], columns: Columns) -> None:
    """Insert columns of rows; many while this thread computes on, whose next question raises their errors."""
    base: Any = connection()
    direct = base.connection
    whole = base.in_atomic_block and not (base.needs_rollback or base.queries_logged)
    if count_of(columns) < BEHIND_FROM or not whole:
        insert_parts(table, names, rows_of(columns))
        return

    parts = _parts_of(table, tuple(names), columns, "")

    def insert() -> None:
        for statement, values in parts:
            direct.execute(with_question_marks(statement), values)

    with base.wrap_database_errors:
        base.behind.begin(insert)


def _parts_of(
    table: str, names: tuple[str, ...], columns: Columns, ending: str
) -> Iterator[tuple[str, Sequence[Any]]]:
    """The statements that insert many rows, with their values: what all rows hold is given once in each."""
    fixed = _fixed_places((table, names), columns)
    left = [column for place, column in enumerate(columns) if place not in fixed]
    if all(isinstance(column, Same) for column in left):
        return _parts(table, names, rows_of(columns), ending)
    head = [first_of(columns[place]) for place in fixed]
    return _parts(table, names, rows_of(left), ending, fixed=fixed, head=head)


def _parts(
    table: str,
    names: tuple[str, ...],
    rows: Sequence[Sequence[Any]],
    ending: str,
    *,
    fixed: Fixed = (),
    head: Sequence[Any] = (),
) -> Iterator[tuple[str, Sequence[Any]]]:
    """The statements that insert these rows, with their values."""
    start = 0
    for size in PARTS:
        if size * (len(names) - len(fixed)) + len(fixed) > MOST_MARKS:
            continue
        while len(rows) - start >= size:
            part = rows if size == len(rows) else rows[start : start + size]
            yield _insertion(table, names, fixed, size, ending), [*head, *chain.from_iterable(part)]
            start += size
    if start < len(rows):
        rest = _insertion(table, names, fixed, len(rows) - start, ending)
        yield rest, [*head, *chain.from_iterable(rows[start:])]


def _fixed_places(target: tuple[str, tuple[str, ...]], columns: Columns) -> Fixed:
    """The places at which all rows hold one value.

    To hand a value over costs as much as to store it. A place counts while it has held one value in each
    batch so far, so that few statements are prepared for a table. A float never does: 0.0 equals -0.0.
    """
    fixed = _fixed[target] = tuple(
        [
            place
            for place in _fixed.get(target, range(len(columns)))
            if type(first_of(columns[place])) is not float and is_same(columns[place])
        ]
    )
    return fixed


def run_embedded(statement: str, parameters: Sequence[Any]) -> Any:
    """Run a statement on an embedded store; the cursor that it leaves.

    Inside a transaction straight away: Django's own cursors cost as much as what they are asked. They are
    asked where somebody counts statements, where a write must take the write lock first, and where a
    transaction has failed.
    """
    base: Any = connection()
    direct = base.connection
    if direct is not None and base.in_atomic_block and not (base.needs_rollback or base.queries_logged):
        with base.wrap_database_errors:
            base.behind.finish()
            return direct.execute(with_question_marks(statement), parameters)
    cursor = base.cursor()
    cursor.execute(statement, parameters)
    return cursor


@lru_cache(maxsize=512)
def _insertion(table: str, columns: tuple[str, ...], fixed: Fixed, rows: int, ending: str) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    said = _numbered_marks(len(columns), fixed, rows) if fixed else marks(len(columns), rows)
    return f'INSERT INTO "{table}" ({names}) VALUES {said} {ending}'  # noqa: S608 (own names)


def _numbered_marks(columns: int, fixed: Fixed, rows: int) -> str:
    """A mark for each value of so many rows, the same in all of them at the fixed places."""
    others = count(len(fixed) + 1)
    said = {place: f"?{number}" for number, place in enumerate(fixed, 1)}
    return ", ".join(
        f"({', '.join(said.get(place) or f'?{next(others)}' for place in range(columns))})"
        for _ in range(rows)
    )


@lru_cache(maxsize=512)
def marks(columns: int, rows: int) -> str:
    """A mark for each value of so many rows."""
    each = f"({', '.join('%s' for _ in range(columns))})"
    return ", ".join([each] * rows)
