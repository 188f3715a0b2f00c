"""Many rows of a table as columns: most of the columns of a batch hold one value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple, TypeAlias


class Same(NamedTuple):
    """A column that holds one value in every row."""

    value: Any


Columns: TypeAlias = Sequence[Sequence[Any] | Same]


def each_row(columns: Columns) -> Iterator[tuple[Any, ...]]:
    """Row by row; one column at least has an end. Who keeps none of them lets Python make one tuple only."""
    each: list[Iterable[Any]] = [
        repeat(column.value) if isinstance(column, Same) else column for column in columns
    ]
    return zip(*each, strict=False)


def rows_of(columns: Columns) -> list[tuple[Any, ...]]:
    """The rows of columns, of which one at least has an end."""
    return list(each_row(columns))


def count_of(columns: Columns) -> int:
    """How many rows there are."""
    return max(len(column) for column in columns if not isinstance(column, Same))


def first_of(column: Sequence[Any] | Same) -> Any:
    """The value in the first row."""
    return column.value if isinstance(column, Same) else column[0]


def is_same(column: Sequence[Any] | Same) -> bool:
    """Whether it holds one value in every row; 0.0 and -0.0 count as one."""
    if isinstance(column, Same):
        return True
    return column[0] == column[-1] and column.count(column[0]) == len(column)


def is_empty(column: Sequence[Any] | Same) -> bool:
    """Whether it holds nothing in any row."""
    return first_of(column) is None and is_same(column)


def whole(column: Sequence[Any] | Same, count: int) -> Sequence[Any]:
    """The column with a value for each of so many rows."""
    return [column.value] * count if isinstance(column, Same) else column
