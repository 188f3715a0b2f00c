"""A source opened as far as its cells: guard, encoding, sheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gemba.stats.readers.grid import Grid
from gemba.stats.readers.guard import Kind, Limits, find_kind
from gemba.stats.readers.parquet import read_parquet
from gemba.stats.readers.sources import Original, Source, load_source
from gemba.stats.readers.structure import HEAD, kind_of, number_columns
from gemba.stats.readers.text import Dialect, decode_text, split_cells
from gemba.stats.readers.workbook import Workbook, open_workbook

if TYPE_CHECKING:
    from gemba.stats.readers.proposal import Choices


@dataclass(eq=False)
class Opened:
    """A file whose parts are read once and kept while a person corrects the proposal."""

    original: Original
    kind: Kind
    limits: Limits
    workbook: Workbook | None = None
    _sheets: dict[str, Grid] = field(default_factory=dict)
    _texts: dict[tuple[str | None, str | None], tuple[Grid, Dialect]] = field(default_factory=dict)

    def text(self, encoding: str | None, delimiter: str | None) -> tuple[Grid, Dialect]:
        """The cells of a text."""
        key = (encoding, delimiter)
        if key not in self._texts:
            text, used = decode_text(self.original.data, encoding)
            self._texts[key] = split_cells(text, used, delimiter, self.limits)
        return self._texts[key]

    def sheet(self, name: str) -> Grid:
        """The cells of one sheet."""
        return self._keep(name, lambda: self.workbook.read(name) if self.workbook else Grid(()))

    def columns(self) -> Grid:
        """The columns of a Parquet file."""
        return self._keep("", lambda: read_parquet(self.original.data, self.limits))

    def _keep(self, name: str, read: Callable[[], Grid]) -> Grid:
        if name not in self._sheets:
            self._sheets[name] = read()
        return self._sheets[name]

    def visible_tables(self) -> tuple[str, ...]:
        """The visible sheets that hold numbers."""
        book = self.workbook
        if book is None:
            return ()
        return tuple(
            name for name in book.names if name not in book.hidden and _has_numbers(self.sheet(name))
        )


def _has_numbers(grid: Grid) -> bool:
    return bool(number_columns([[kind_of(cell) for cell in row] for row in grid.head(HEAD)]))


def open_source(source: Source, limits: Limits | None = None) -> Opened:
    """Load a source, judge it, and open its workbook when it is one.

    Raises
    ------
    DataError
        For whatever cannot be read: missing, empty, damaged, too large, not what its name says.
    """
    limits = limits or Limits()
    original = load_source(source)
    kind = find_kind(original.data, original.name)
    book = open_workbook(original.data, kind, limits) if kind in ("xlsx", "xls", "ods") else None
    return Opened(original, kind, limits, book)


def choose_sheet(opened: Opened, choices: Choices) -> tuple[str, tuple[str, ...]]:
    """The sheet to read, and the other visible sheets that hold numbers too."""
    if choices.sheet is not None:
        return choices.sheet, ()
    names = opened.visible_tables()
    if names:
        return names[0], names[1:]
    book = opened.workbook
    return (book.names[0] if book and book.names else ""), ()
