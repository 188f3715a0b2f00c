"""Cells with their places: what every source becomes before anybody asks what it means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeAlias

from gemba.stats.results import Floats, Ints

Moment: TypeAlias = dt.datetime | dt.date | dt.time | dt.timedelta
Cell: TypeAlias = str | float | int | bool | Decimal | Moment | None
Cells: TypeAlias = Sequence[Cell] | Floats
Merge: TypeAlias = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells, as indices of the grid."""


class ErrorCell(str):
    """A cell that holds a formula's error, such as ``#DIV/0!``, and no value."""

    __slots__ = ()


@dataclass(frozen=True, eq=False)
class Grid:
    """Rows of cells, all of one length, that know where they stand in the source.

    ``numbers[i]`` is the line (or sheet row) of row ``i`` where that is not ``first_row + i``;
    ``first_column`` counts the empty columns left of the data. ``hidden`` holds rows that the source hides.
    """

    rows: Sequence[Sequence[Cell]]
    sheet: str = ""
    first_row: int = 1
    first_column: int = 0
    numbers: Ints | None = None
    hidden: frozenset[int] = frozenset()
    merges: tuple[Merge, ...] = ()
    is_text: bool = False
    turned: bool = False
    hidden_columns: int = 0

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def head(self, count: int) -> list[Sequence[Cell]]:
        """The first rows."""
        return [self.row(index) for index in range(min(count, self.height))]

    def row(self, index: int) -> Sequence[Cell]:
        """One row of cells."""
        return self.rows[index]

    def columns(self, start: int, stop: int) -> list[Cells]:
        """The columns between two rows."""
        if start >= stop:
            return [[] for _ in range(self.width)]
        return list(zip(*self.rows[start:stop], strict=True))

    def number(self, index: int) -> int:
        """The line or sheet row (of a turned grid: the column) of a row, from 1."""
        return self.first_row + index if self.numbers is None else int(self.numbers[index])

    def index_of(self, number: int) -> int:
        """The row that stands at a line or sheet row, or the next one after it."""
        if self.numbers is None:
            return number - self.first_row
        return int(self.numbers.searchsorted(number))

    def label(self, column: int) -> str:
        """What the source calls a column: its letter; of a turned grid the line or row."""
        place = self.first_column + column
        return str(place + 1) if self.turned else column_letter(place)

    def place(self, index: int, column: int) -> str:
        """Where a cell stands: ``line 14`` of a text, ``Data!C14`` of a workbook."""
        row, label = self.number(index), self.label(column)
        return show_place(row, label, sheet=self.sheet, is_text=self.is_text, turned=self.turned)

    def turn(self) -> Grid:
        """The same cells with rows and columns exchanged; places stay those of the source."""
        rows = [list(column) for column in zip(*self.rows, strict=True)]
        return replace(
            self,
            rows=rows,
            first_row=self.first_column + 1,
            first_column=self.first_row - 1,
            numbers=None,
            hidden=frozenset(),
            merges=(),
            turned=not self.turned,
        )


@dataclass(frozen=True, eq=False)
class ColumnarGrid(Grid):
    """A grid whose source keeps columns, so that no row is made before it is asked for."""

    names: tuple[str, ...] = ()
    data: tuple[Cells, ...] = ()

    @property
    def height(self) -> int:
        return 1 + (len(self.data[0]) if self.data else 0)

    @property
    def width(self) -> int:
        return len(self.names)

    def row(self, index: int) -> Sequence[Cell]:
        if index == 0:
            return self.names
        return [_plain(column[index - 1]) for column in self.data]

    def columns(self, start: int, stop: int) -> list[Cells]:
        return [column[max(start - 1, 0) : stop - 1] for column in self.data]

    def turn(self) -> Grid:
        rows = self.head(self.height)
        return Grid([list(column) for column in zip(*rows, strict=True)], turned=True)


@dataclass(frozen=True, eq=False)
class FlatGrid(Grid):
    """A grid of texts in one flat list, row after row: far lighter than a list for each of a million rows."""

    flat: Sequence[str] = ()
    across: int = 1

    @property
    def height(self) -> int:
        return len(self.flat) // self.across

    @property
    def width(self) -> int:
        return self.across

    def row(self, index: int) -> Sequence[Cell]:
        return self.flat[index * self.across : (index + 1) * self.across]

    def columns(self, start: int, stop: int) -> list[Cells]:
        first, last = start * self.across, stop * self.across
        return [self.flat[first + column : last : self.across] for column in range(self.across)]

    def turn(self) -> Grid:
        rows = [list(self.row(index)) for index in range(self.height)]
        return Grid(rows, first_row=self.first_row, is_text=True).turn()


def show_place(row: int, label: str, *, sheet: str, is_text: bool, turned: bool) -> str:
    """A place in the words of the source; of a turned grid ``row`` is the column and ``label`` the row."""
    if is_text:
        return f"line {label if turned else row}"
    cell = f"{column_letter(row - 1)}{label}" if turned else f"{label}{row}"
    return f"{sheet}!{cell}" if sheet else cell


def pad_rows(rows: list[list[Any]]) -> list[list[Any]]:
    """Rows of one length; short ones end in blanks."""
    lengths = set(map(len, rows))
    if len(lengths) <= 1:
        return rows
    width = max(lengths)
    return [row if len(row) == width else row + [""] * (width - len(row)) for row in rows]


def column_letter(index: int) -> str:
    """``A`` for column 0, ``AB`` for column 27."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """0 for ``A``, 27 for ``AB``."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def is_blank(cell: Cell) -> bool:
    """Whether nothing stands in the cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip()) or cell != cell  # noqa: PLR0124 (NaN)


def show_cell(cell: Cell) -> str:
    """The cell as text: a stored number is the shortest decimal that gives it back."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return str(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return show_number(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


def show_number(value: float) -> str:
    """The shortest decimal that gives the number back; whole numbers without a point; missing is blank."""
    if value != value:  # noqa: PLR0124 (NaN)
        return ""
    if abs(value) < 1e15 and value == int(value):
        return str(int(value))
    return repr(value)


def _plain(cell: Any) -> Cell:
    plain: Cell = cell.item() if hasattr(cell, "item") else cell
    return plain
