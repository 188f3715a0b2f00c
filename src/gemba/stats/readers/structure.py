"""Where the table is on a sheet: headings, units, specification rows, data, and what only stands around."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from gemba.stats.readers.dates import looks_like_date
from gemba.stats.readers.grid import Cell, ErrorCell, Grid, is_blank, show_cell
from gemba.stats.readers.numbers import (
    has_leading_zero,
    is_formula_error,
    is_missing_mark,
    is_not_detected,
    weigh_number,
)
from gemba.stats.readers.vocabulary import (
    SPEC_WORDS,
    SUMMARY_WORDS,
    SpecSense,
    SpecSide,
    plain_word,
    unit_alone,
)

CellKind = Literal["blank", "number", "text", "date", "missing", "error"]
Kinds = Sequence[CellKind]
HEAD = 400
"""How many rows from the top decide where the table is."""
_TOP = 15
_VALUE_LIKE = frozenset(["number", "missing", "error"])


@dataclass(frozen=True)
class SpecRow:
    """A row that states nominal, lower or upper values for the columns below or above it."""

    row: int
    side: SpecSide
    sense: SpecSense


@dataclass(frozen=True)
class Frame:
    """Rows of the table, as indices of the grid. ``rivals`` are the headings of other tables."""

    header: tuple[int, ...]
    units: int | None
    specs: tuple[SpecRow, ...]
    first: int
    last: int
    rivals: tuple[int, ...] = ()
    summaries: tuple[int, ...] = ()
    is_numbered: bool = False


def kind_of(cell: Cell) -> CellKind:
    """What stands in a cell, by its form alone."""
    if isinstance(cell, str):
        return "error" if isinstance(cell, ErrorCell) else _kind_of_text(cell)
    if is_blank(cell):
        return "blank"
    if isinstance(cell, bool):
        return "text"
    return "number" if isinstance(cell, float | int | Decimal) else "date"


@lru_cache(maxsize=65536)
def _kind_of_text(text: str) -> CellKind:
    if not text.strip():
        return "blank"
    if is_missing_mark(text):
        return "missing"
    if is_formula_error(text):
        return "error"
    if has_leading_zero(text):
        return "text"
    if weigh_number(text) is not None:
        return "number"
    if is_not_detected(text):
        return "missing"
    return "date" if looks_like_date(text) else "text"


def number_columns(kinds: Sequence[Kinds]) -> list[int]:
    """Columns that hold numbers in most of the rows that hold any number at all."""
    zone = [row for row in kinds if "number" in row]
    chosen = []
    for column in range(len(kinds[0]) if kinds else 0):
        counts = Counter(row[column] for row in zone)
        if counts["number"] and counts["number"] >= counts["text"] + counts["date"]:
            chosen.append(column)
    return chosen


def find_frame(
    grid: Grid, *, header: int | None = None, first: int | None = None, last: int | None = None
) -> Frame:
    """The table of a grid; each argument fixes a row (an index) that is otherwise found."""
    rows = grid.head(HEAD)
    kinds = [[kind_of(cell) for cell in row] for row in rows]
    numeric = number_columns(kinds)
    heads = [] if header is not None else _find_heads(rows, kinds, numeric)
    if header is None and heads:
        header = max(heads, key=lambda head: head[1])[0]
    rivals = tuple(row for row, count in heads if row not in (header, -1) and count >= 2)
    if header == -1 or header is None:
        header = None
        is_numbered = False
    else:
        is_numbered = _is_number_heading(rows[header], kinds[header], numeric)
    return _finish_frame(grid, rows, kinds, numeric, header, first, last, rivals, is_numbered)


def _find_heads(
    rows: Sequence[Sequence[Cell]], kinds: Sequence[Kinds], numeric: list[int]
) -> list[tuple[int, int]]:
    """Candidates for the row of headings (-1 = none) with the number of data rows below each."""
    heads: list[list[int]] = [[-1, 0]]
    texts = _heading(rows[0])
    for index, row in enumerate(kinds):
        if heads[-1][0] == index - 1 >= 0 and _is_unit_row(rows[index], numeric):
            continue
        if _is_heading(rows, kinds, index, numeric):
            same = heads[-1][0] >= 0 and _heading(rows[index]) == texts
            apart = index == 0 or _is_aside(rows[index - 1]) or (index < _TOP and heads[-1][1] <= 3)
            alone = sum(kind != "blank" for kind in row) == 1 and heads[-1][1] > 0
            same = same or alone
            if not same and apart:
                heads.append([index, 0])
                texts = _heading(rows[index])
        elif _is_data(row, numeric) and find_spec(rows[index]) is None:
            heads[-1][1] += not is_summary(rows[index])
    return [(row, count) for row, count in heads if count]


def _heading(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(plain_word(show_cell(cell)) for cell in row)


def _is_heading(
    rows: Sequence[Sequence[Cell]], kinds: Sequence[Kinds], index: int, numeric: list[int]
) -> bool:
    """Texts stand over most number columns, and none of them is a value that the column itself has."""
    row, kind = rows[index], kinds[index]
    filled = [column for column, what in enumerate(kind) if what != "blank"]
    if not filled or find_spec(row) is not None or show_cell(row[filled[0]]).strip().endswith(":"):
        return False
    if _is_number_heading(row, kind, numeric):
        return not _is_number_heading_of_data(rows, kinds, index, numeric)
    over = [column for column in numeric if kind[column] == "text"]
    if (
        any(kind[column] in ("number", "error") for column in numeric)
        or 2 * len(over) < len(numeric)
        or not over
    ):
        return False
    if len(filled) == 1 and len(numeric) + 1 < len(kind) and len(numeric) > 1:
        return False
    labels = [column for column in filled if column not in numeric and kind[column] == "text"]
    later = rows[index + 1 : index + 40]
    return not any(_has_value(later, column, show_cell(row[column])) for column in labels)


def _has_value(rows: Sequence[Sequence[Cell]], column: int, text: str) -> bool:
    """Whether the text, or one that differs in its digits only, is a value of the rows, at least twice."""
    shape = _shape(text)
    return sum(1 for row in rows if _shape(show_cell(row[column])) == shape) >= 2


def _shape(text: str) -> str:
    return re.sub("[0-9]+", "9", text.strip())


def _is_number_heading(row: Sequence[Cell], kind: Kinds, numeric: list[int]) -> bool:
    """1, 2, 3, ... over the number columns, once or again and again: the numbers of readings or trials."""
    run = [show_cell(row[column]).strip() for column in numeric if kind[column] == "number"]
    texts = [column for column in numeric if kind[column] == "text"]
    if len(run) < 2 or len(texts) > 4 or not run[-1].isdecimal():
        return False
    start, length = int(run[0] == "1"), int(run[-1]) + int(run[0] == "0")
    return length > 1 and run == [str(start + step % length) for step in range(len(run))]


def _is_number_heading_of_data(
    rows: Sequence[Sequence[Cell]], kinds: Sequence[Kinds], index: int, numeric: list[int]
) -> bool:
    """The rows below are made of such small whole numbers too."""
    below = [
        row
        for row, kind in zip(rows[index + 1 :], kinds[index + 1 :], strict=True)
        if _is_data(kind, numeric)
    ]
    columns = [column for column in numeric if kinds[index][column] == "number"]
    values = [show_cell(row[column]).strip() for row in below[:20] for column in columns]
    has_text = any(what == "text" for what in kinds[index])
    return not has_text and all(value.isdecimal() and len(value) <= 2 for value in values)


def _is_data(kind: Kinds, numeric: list[int]) -> bool:
    """A row with a number where numbers belong, and few texts there."""
    here = Counter(kind[column] for column in numeric)
    return here["number"] > 0 and here["text"] <= here["number"]


def _is_aside(row: Sequence[Cell]) -> bool:
    """A blank row, a title, or a line such as ``Machine: 7``."""
    filled = [cell for cell in row if not is_blank(cell)]
    if not filled or show_cell(filled[0]).strip().endswith(":"):
        return True
    return len(filled) == 1 and kind_of(filled[0]) not in ("number", "missing", "error")


def find_spec(row: Sequence[Cell]) -> tuple[SpecSide, SpecSense] | None:
    """What a row specifies, by the word at its start and a number after it."""
    label = next((cell for cell in row if not is_blank(cell)), None)
    if not isinstance(label, str):
        return None
    found = SPEC_WORDS.get(plain_word(label))
    if found is None or not any(kind_of(cell) == "number" for cell in row):
        return None
    return found


def is_summary(row: Sequence[Cell]) -> bool:
    """Whether the row states sums, means or ranges of others, by the word at its start."""
    label = next((cell for cell in row if not is_blank(cell)), None)
    return isinstance(label, str) and plain_word(label).rstrip(" =") in SUMMARY_WORDS


def _finish_frame(
    grid: Grid,
    rows: Sequence[Sequence[Cell]],
    kinds: Sequence[Kinds],
    numeric: list[int],
    header: int | None,
    first: int | None,
    last: int | None,
    rivals: tuple[int, ...],
    is_numbered: bool,
) -> Frame:
    start = 0 if header is None else header + 1
    units = start if header is not None and start < len(rows) and _is_unit_row(rows[start], numeric) else None
    specs, summaries = _find_specs(rows, kinds, numeric, last)
    taken = {spec.row for spec in specs} | set(summaries) | {units}
    if first is None:
        first = next(
            (i for i in range(start, len(rows)) if i not in taken and _is_data(kinds[i], numeric)),
            grid.height,
        )
    if last is None:
        last = _find_last(grid, first, numeric)
    above = _group_row(grid, rows, kinds, header)
    heads = () if header is None else (header,) if above is None else (above, header)
    return Frame(
        heads, units, specs, first, last, rivals, tuple(r for r in summaries if r < first), is_numbered
    )


def _find_specs(
    rows: Sequence[Sequence[Cell]], kinds: Sequence[Kinds], numeric: list[int], last: int | None
) -> tuple[tuple[SpecRow, ...], list[int]]:
    """Specification rows, and rows of figures computed from the data above or below them.

    ``Max`` and ``Min`` specify beside a nominal or another limit; beside a mean they only summarise.
    """
    stop = len(rows) if last is None else last + 1
    found = [(index, spec) for index in range(min(stop, len(rows))) if (spec := find_spec(rows[index]))]
    certain = any(side == "nominal" or sense != "either" for _, (side, sense) in found)
    computed = [
        index for index in range(len(rows)) if _is_data(kinds[index], numeric) and is_summary(rows[index])
    ]
    plain = {index for index, (_, sense) in found if sense == "either" and is_summary(rows[index])}
    means = [index for index in computed if index not in plain]
    top = means and means[0] < len(rows) // 2
    if plain and (not certain or top):
        found = [(index, spec) for index, spec in found if index not in plain]
    kept = {index for index, _ in found}
    specs = tuple(SpecRow(index, side, sense) for index, (side, sense) in found)
    return specs, [index for index in computed if index not in kept]


def _is_unit_row(row: Sequence[Cell], numeric: list[int]) -> bool:
    """Units, and nothing else, over the number columns."""
    filled = [row[column] for column in numeric if not is_blank(row[column])]
    return bool(filled) and all(isinstance(cell, str) and unit_alone(cell) is not None for cell in filled)


def _group_row(
    grid: Grid, rows: Sequence[Sequence[Cell]], kinds: Sequence[Kinds], header: int | None
) -> int | None:
    """The row above the headings when it groups them: merged over several, or needed to tell them apart."""
    if not header or any(kind in ("number", "date") for kind in kinds[header - 1]):
        return None
    row = rows[header - 1]
    filled = [column for column, cell in enumerate(row) if not is_blank(cell)]
    wide = [m for m in grid.merges if m[0] == header - 1 == m[2] and m[3] > m[1]]
    if any(m[3] - m[1] + 1 < grid.width - 1 for m in wide) and (len(filled) > 1 or len(wide) > 1):
        return header - 1
    names = [text for text in _heading(rows[header]) if text]
    return header - 1 if len(filled) > 1 and len(set(names)) < len(names) else None


def _find_last(grid: Grid, first: int, numeric: list[int]) -> int:
    """The last row of data. What follows it says nothing where numbers belong, summarises, or stands apart.

    A row with a text in place of its number belongs to the data when it stands right below them.
    """
    odd: int | None = None
    stop = max(first - 1, grid.height - 200)
    for index in range(grid.height - 1, stop, -1):
        row = grid.row(index)
        kind = [kind_of(cell) for cell in row]
        empty = all(kind[column] == "blank" for column in numeric)
        if is_summary(row) or find_spec(row):
            odd = None
        elif any(kind[column] in _VALUE_LIKE for column in numeric) or is_labelled(grid, index, first):
            return odd or index
        elif empty:
            odd = None
        else:
            odd = odd or index
    return odd or (stop if stop >= first else first - 1)


def is_labelled(grid: Grid, index: int, first: int) -> bool:
    """Whether a row without numbers begins like the rows of data: ``P60`` where they have ``P1``."""
    row = grid.row(index)
    column = next((place for place, cell in enumerate(row) if not is_blank(cell)), None)
    return column is not None and _has_value(
        [grid.row(place) for place in range(first, min(first + 40, grid.height)) if place != index],
        column,
        show_cell(row[column]),
    )
