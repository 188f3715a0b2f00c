"""From a proposal to a reading: which rows are data, which are refused, which are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

import numpy as np

from gemba.stats.readers.columns import Fault, NumberRule, ParsedColumn, parse_column
from gemba.stats.readers.grid import Cells, Grid, is_blank, show_cell
from gemba.stats.readers.guard import Limits
from gemba.stats.readers.numbers import clean_text
from gemba.stats.readers.opening import open_source
from gemba.stats.readers.proposal import Choices, ColumnPlan, Corrections, Proposal
from gemba.stats.readers.proposing import Draft, choices_of, propose_opened
from gemba.stats.readers.questions import OpenQuestions
from gemba.stats.readers.reading import Aside, ReadColumn, Reading, Refusal, check_balance
from gemba.stats.readers.sources import Source
from gemba.stats.readers.structure import find_spec, is_labelled, is_summary
from gemba.stats.readers.vocabulary import SUMMARY_WORDS, plain_word
from gemba.stats.results import N_, Bools, DataError, Ints, UnknownName, sealed


def read(
    source: Source | Proposal,
    *,
    profile: Proposal | Choices | str | Path | None = None,
    guard: Limits | None = None,
    **corrections: Unpack[Corrections],
) -> Reading:
    r"""What is in this file?

    Parameters
    ----------
    source : path, bytes, open file, pasted text, or Proposal
        As for ``propose``; a proposal made from a file is read as it stands.
    profile : Proposal, Choices or path, optional
        A saved proposal of a file of this kind.
    guard : Limits, optional
        How large the file may become in memory.
    **corrections
        What you know about the file: see ``Corrections``.

    Returns
    -------
    Reading
        Columns, places, refused rows with reasons, specifications; ``frame()`` for charts and studies.

    Raises
    ------
    OpenQuestions
        When the file can be read in several ways that give other numbers; it lists the questions and how
        to answer each.
    DataError
        For a file that cannot be opened, or that holds no data.

    Examples
    --------
    >>> reading = read("Part;Diameter (mm)\n1;10,12\n2;n/a\n3;10,15 mm\n4;abc\n")
    >>> reading.rows_in, reading.rows_stored, reading.rows_refused
    (4, 3, 1)
    >>> reading.frame()["Diameter"]
    array([10.12,   nan, 10.15,   nan])
    >>> print(reading.refused[0].place, reading.refused[0].words())
    line 5 no number
    """
    proposal = _proposal_of(source, profile, guard, corrections)
    if proposal.blocking:
        raise OpenQuestions(proposal.blocking)
    return read_proposal(proposal)


def _proposal_of(
    source: Source | Proposal,
    profile: Proposal | Choices | str | Path | None,
    guard: Limits | None,
    corrections: Corrections,
) -> Proposal:
    if isinstance(source, Proposal):
        return source.replace(**corrections) if corrections or source.draft is None else source
    return propose_opened(open_source(source, guard), choices_of(profile).with_corrections(corrections))


@dataclass(eq=False)
class _Sorting:
    """Every data row's fate: stored unless it is left out or refused."""

    keep: Bools
    asides: list[Aside]
    faults: dict[int, dict[str, tuple[int, Fault]]]


def read_proposal(proposal: Proposal) -> Reading:
    """The reading that a proposal without open questions describes."""
    draft: Draft = proposal.draft
    columns = [column for column in proposal.columns if column.role != "ignore"]
    parsed = {
        column.index: parse_column(draft.cells[column.index], _rule(column, proposal.choices))
        for column in columns
        if column.role == "value"
    }
    sorting = _sort_rows(draft, columns, parsed, proposal.choices)
    refusals = _make_refusals(draft, sorting)
    keep = sorting.keep
    rows = _source_rows(draft.grid, draft.frame.first, draft.frame.last)
    made = tuple(_make_column(column, draft, parsed.get(column.index), sorting) for column in columns)
    asides = [*_rows_around(draft), *sorting.asides]
    names = {column.index: column.name for column in columns}
    reading = Reading(
        source=proposal.source,
        sha256=proposal.sha256,
        kind=proposal.kind,
        layout=proposal.layout,
        sheet=proposal.sheet,
        rows_in=len(keep) - len(sorting.asides),
        rows_stored=int(keep.sum()),
        rows_refused=len(sorting.faults),
        columns=made,
        rows=sealed(rows[keep]),
        refused=refusals,
        set_aside=tuple(sorted(asides, key=lambda aside: aside.row)),
        proposal=proposal,
        tolerances={names[index]: limits for index, limits in draft.tolerances.items() if index in names},
        marked_missing=sum(column.marked_missing for column in parsed.values()),
        stored_as_text=sum(column.stored_as_text for column in parsed.values()),
    )
    check_balance(reading)
    _check_any_data(reading)
    return reading


def _check_any_data(reading: Reading) -> None:
    if not reading.rows_in:
        raise DataError(
            N_("there is no row of data below the headings"),
            mend=N_("Check the file and the sheet, or say first_row="),
            argument="source",
        )
    if not reading.rows_stored and any(refusal.fault == "too many fields" for refusal in reading.refused):
        raise DataError(
            N_("every row has more fields than there are headings"),
            mend=N_("If the comma is the decimal sign too, save the file with semicolons or with quotes"),
            row=reading.refused[0].row,
            argument="source",
        )


def _rule(column: ColumnPlan, choices: Choices) -> NumberRule:
    return NumberRule(
        column.decimal or ".",  # type: ignore[arg-type]
        column.unit,
        frozenset(clean_text(text).casefold() for text in choices.missing),
        choices.qualified,  # type: ignore[arg-type]
    )


def _source_rows(grid: Grid, first: int, last: int) -> Ints:
    if grid.numbers is not None:
        return grid.numbers[first : last + 1]
    return np.arange(grid.first_row + first, grid.first_row + last + 1, dtype=np.int64)


def _sort_rows(
    draft: Draft, columns: Sequence[ColumnPlan], parsed: dict[int, ParsedColumn], choices: Choices
) -> _Sorting:
    """Sort every row; only rows that look odd in some column are looked at one by one."""
    height = max(draft.frame.last + 1 - draft.frame.first, 0)
    sorting = _Sorting(np.ones(height, dtype=bool), [], {})
    suspects = _suspects(draft, columns, parsed, height)
    headings = _heading_cells(draft)
    specs = {spec.row for spec in draft.frame.specs}
    inside = {f.index for f in draft.facts}
    for place in suspects:
        index = draft.frame.first + place
        row = draft.grid.row(index)
        why = "specification" if index in specs else _why_aside(draft, index, headings, parsed)
        if why:
            sorting.asides.append(Aside(draft.grid.number(index), why, _first_text(row)))
            sorting.keep[place] = False
            continue
        faults = {
            c.name: (c.index, parsed[c.index].faults[place])
            for c in columns
            if c.index in parsed and place in parsed[c.index].faults
        }
        if draft.grid.is_text and not draft.grid.turned:
            faults.update(_overflow(row, draft, inside))
        if faults:
            sorting.faults[place] = faults
            sorting.keep[place] = False
    _leave_other_characteristics(draft, choices, sorting)
    return sorting


def _suspects(
    draft: Draft, columns: Sequence[ColumnPlan], parsed: dict[int, ParsedColumn], height: int
) -> list[int]:
    """Rows with a fault, without any number, with a word that sums up, or with cells beside the table."""
    odd = np.zeros(height, dtype=bool)
    if parsed:
        odd |= np.logical_and.reduce([np.isnan(column.values) for column in parsed.values()])
    for column in parsed.values():
        odd[list(column.faults)] = True
    for plan in columns:
        if plan.index not in parsed:
            odd |= _summing(draft.cells[plan.index], height, plan.heading)
    if draft.frame.is_numbered and parsed:
        odd |= _repeats_numbers(draft, parsed)
    for spec in draft.frame.specs:
        if 0 <= spec.row - draft.frame.first < height:
            odd[spec.row - draft.frame.first] = True
    if draft.grid.is_text and not draft.grid.turned:
        for index in _beyond(draft):
            odd |= np.fromiter((not is_blank(cell) for cell in draft.cells[index]), dtype=bool, count=height)
    return np.flatnonzero(odd).tolist()


_DIGITS = frozenset(["", *"0123456789"])


def _repeats_numbers(draft: Draft, parsed: dict[int, ParsedColumn]) -> Bools:
    """Rows that repeat headings made of numbers."""
    headings = draft.grid.row(draft.frame.header[-1])
    same = [
        column.values == float(show_cell(headings[index]))
        for index, column in parsed.items()
        if show_cell(headings[index]).strip().isdecimal()
    ]
    return np.logical_and.reduce(same)  # type: ignore[no-any-return]


def _summing(cells: Cells, height: int, heading: str) -> Bools:
    """Rows with a word that sums up, or with the heading itself."""
    if isinstance(cells, np.ndarray):
        return np.zeros(height, dtype=bool)
    wordlike = (text for text in set(cells) if isinstance(text, str) and text[:1] not in _DIGITS)
    sought = SUMMARY_WORDS | {plain_word(heading)}
    words = {text for text in wordlike if plain_word(text).rstrip(" =") in sought}
    if not words:
        return np.zeros(height, dtype=bool)
    return np.fromiter((cell in words for cell in cells), dtype=bool, count=height)


def _beyond(draft: Draft) -> list[int]:
    """Columns to the right of the last heading."""
    if not draft.frame.header:
        return []
    headings = draft.grid.row(draft.frame.header[-1])
    last = max(column for column, cell in enumerate(headings) if not is_blank(cell))
    return list(range(last + 1, draft.grid.width))


def _overflow(row: Sequence[object], draft: Draft, inside: set[int]) -> dict[str, tuple[int, Fault]]:
    beyond = [column for column in _beyond(draft) if not is_blank(row[column])]  # type: ignore[arg-type]
    return {f"column {column + 1}": (column, "too many fields") for column in beyond[:1] if column in inside}


def _heading_cells(draft: Draft) -> list[str]:
    if not draft.frame.header:
        return []
    return [plain_word(show_cell(cell)) for cell in draft.grid.row(draft.frame.header[-1])]


def _why_aside(draft: Draft, index: int, headings: list[str], parsed: dict[int, ParsedColumn]) -> str:
    """Why a row between the first and the last row of data is none, or nothing where it is data."""
    row = draft.grid.row(index)
    filled = [column for column, cell in enumerate(row) if not is_blank(cell)]
    if not filled:
        return "blank"
    if headings and [plain_word(show_cell(cell)) for cell in row] == headings:
        return "repeated headings"
    if is_summary(row):
        return "summary"
    alone = len(filled) == 1 and filled[0] not in parsed and len(row) > 2 and isinstance(row[filled[0]], str)
    return "remark" if alone and headings and not is_labelled(draft.grid, index, draft.frame.first) else ""


def _first_text(row: Sequence[object]) -> str:
    return next((show_cell(cell).strip() for cell in row if not is_blank(cell)), "")  # type: ignore[arg-type]


def _leave_other_characteristics(draft: Draft, choices: Choices, sorting: _Sorting) -> None:
    wanted, by = choices.characteristic, draft.plan.characteristic
    if wanted is None or wanted == "*" or by is None:
        return
    cells = [show_cell(cell).strip() for cell in draft.cells[by]]
    if wanted not in cells:
        raise UnknownName(
            wanted, sorted(set(cells) - {""}), what=N_("characteristic"), argument="characteristic"
        )
    for place, text in enumerate(cells):
        if text != wanted and (sorting.keep[place] or place in sorting.faults):
            sorting.faults.pop(place, None)
            sorting.keep[place] = False
            sorting.asides.append(
                Aside(draft.grid.number(draft.frame.first + place), "other characteristic", text)
            )


def _make_refusals(draft: Draft, sorting: _Sorting) -> tuple[Refusal, ...]:
    refusals = []
    for place in sorted(sorting.faults):
        index = draft.frame.first + place
        row = draft.grid.row(index)
        cells = tuple(show_cell(cell) for cell in row)
        for name, (column, fault) in sorting.faults[place].items():
            where = draft.grid.place(index, column)
            refusals.append(Refusal(draft.grid.number(index), where, name, cells[column], fault, cells))
    return tuple(refusals)


def _make_column(
    plan: ColumnPlan, draft: Draft, parsed: ParsedColumn | None, sorting: _Sorting
) -> ReadColumn:
    keep, refused = sorting.keep, sorted(sorting.faults)
    whole = bool(keep.all())
    values = None
    if parsed is not None:
        values = parsed.values if whole else sealed(parsed.values[keep])
        typed = parsed.typed
    else:
        typed = _label_texts(plan, draft)
    lost: tuple[str, ...] = ()
    if typed is not None and not whole:
        lost = () if parsed is not None else tuple(typed[place] for place in refused)
        typed = tuple(text for text, kept in zip(typed, keep.tolist(), strict=True) if kept)
    return ReadColumn(
        name=plan.name,
        heading=plan.heading,
        role=plan.role,
        unit=plan.unit,
        decimal=plan.decimal,
        dates=plan.dates,
        index=plan.index,
        values=values,
        typed=typed,
        lost=lost,
    )


def _label_texts(plan: ColumnPlan, draft: Draft) -> tuple[str, ...]:
    cells = draft.cells[plan.index]
    texts = tuple(cells) if set(map(type, cells)) <= {str} else tuple(map(show_cell, cells))
    return _fill_down(texts, plan, draft) if plan.role == "subgroup" else texts


def _fill_down(texts: tuple[str, ...], plan: ColumnPlan, draft: Draft) -> tuple[str, ...]:
    """Ids that stand once for several rows: merged cells, or blanks that are said to repeat the id above."""
    filled = list(texts)
    if draft.fill_down:
        for place in range(1, len(filled)):
            filled[place] = filled[place] if filled[place].strip() else filled[place - 1]
        return tuple(filled)
    for top, left, bottom, right in draft.grid.merges:
        if left <= plan.index <= right and bottom > top:
            start = top - draft.frame.first
            for place in range(max(start, 0), min(bottom - draft.frame.first + 1, len(filled))):
                filled[place] = filled[start] if start >= 0 else filled[place]
    return tuple(filled)


def _rows_around(draft: Draft) -> list[Aside]:
    """The rows above and below the data, each with what it is."""
    grid, frame = draft.grid, draft.frame
    specs = {spec.row for spec in frame.specs}
    asides = []
    for index in [*range(min(frame.first, grid.height)), *range(frame.last + 1, grid.height)]:
        row = grid.row(index)
        if index in frame.header:
            why = "headings"
        elif index == frame.units:
            why = "units"
        elif index in specs:
            why = "specification"
        elif all(is_blank(cell) for cell in row):
            why = "blank"
        elif is_summary(row) or find_spec(row):
            why = "summary"
        else:
            why = "title" if index < frame.first else "footer"
        asides.append(Aside(grid.number(index), why, _first_text(row)))
    return asides
