"""Many rows of a table as columns: most of the columns of a batch hold one value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any, NamedTuple, TypeAlias


class Same(NamedTuple):
    """A column that holds one value in every row."""

    value: Any


Columns: TypeAlias = Sequence[Sequence[Any] | Same]


def rows_of(columns: Columns) -> list[tuple[Any, ...]]:
    """The rows of columns, of which one at least has an end."""
    each: list[Iterable[Any]] = [
        repeat(column.value) if isinstance(column, Same) else column for column in columns
    ]
    return list(zip(*each, strict=False))
