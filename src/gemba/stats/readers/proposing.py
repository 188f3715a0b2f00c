"""From an opened file to a proposal: each step either sees one reading or asks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Unpack

import numpy as np

from gemba.stats.data import Tolerance
from gemba.stats.readers import questions as ask
from gemba.stats.readers.columns import (
    NumberRule,
    SignEvidence,
    decide_sign,
    parse_column,
    weigh_signs,
)
from gemba.stats.readers.dates import find_orders, states_day
from gemba.stats.readers.grid import Cell, Cells, Grid, is_blank, show_cell
from gemba.stats.readers.guard import Limits, empty
from gemba.stats.readers.layouts import ColumnFacts, Plan, Role, describe_columns, plan_columns
from gemba.stats.readers.numbers import DecimalSign, weigh_number
from gemba.stats.readers.opening import Opened, choose_sheet, open_source
from gemba.stats.readers.proposal import (
    ALL_COLUMNS,
    Choices,
    ColumnPlan,
    Corrections,
    Proposal,
    SpecPlan,
    find_column,
)
from gemba.stats.readers.questions import Note, Question
from gemba.stats.readers.sources import Source
from gemba.stats.readers.specifications import find_sense, make_tolerances, stated_values
from gemba.stats.readers.structure import Frame, find_frame
from gemba.stats.readers.vocabulary import SPEC_WORDS
from gemba.stats.results import N_, DataError

PREVIEW = 50


@dataclass(eq=False)
class Draft:
    """What the reader takes over from the proposal, so that nothing is looked at twice."""

    opened: Opened
    grid: Grid
    frame: Frame
    facts: list[ColumnFacts]
    plan: Plan
    cells: list[Cells]
    tolerances: Mapping[int, Tolerance]
    fill_down: bool = False


@dataclass(eq=False)
class _Sheet:
    """The grid that was chosen, and how."""

    grid: Grid
    questions: list[Question]
    notes: list[Note]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def propose(
    source: Source,
    *,
    profile: Proposal | Choices | str | Path | None = None,
    guard: Limits | None = None,
    **corrections: Unpack[Corrections],
) -> Proposal:
    r"""How would this file be read?

    Parameters
    ----------
    source : path, bytes, open file or pasted text
        CSV, TSV or other delimited text, a workbook (xlsx, xls, ods), or a Parquet file. A ``str`` with a
        line end or a tab is pasted text, any other a path.
    profile : Proposal, Choices or path, optional
        A saved proposal of a file of this kind: its answers hold here too.
    guard : Limits, optional
        How large the file may become in memory.
    **corrections
        What you know about the file: see ``Corrections``.

    Returns
    -------
    Proposal
        Layout, rows, columns with role, unit and decimal sign, questions and notes; ``replace`` corrects
        it, ``save`` keeps it as a profile, ``read(source, profile=proposal)`` reads.

    Raises
    ------
    DataError
        For a file that cannot be opened, or that has not the columns of the profile.

    Examples
    --------
    >>> shown = propose("Part;Diameter (mm)\n1;10,12\n2;10,15\n")
    >>> shown.layout, shown.column("Diameter").unit, shown.column("Diameter").decimal
    ('stacked', 'mm', ',')
    """
    opened = open_source(source, guard)
    return propose_opened(opened, choices_of(profile).with_corrections(corrections))


def choices_of(profile: Proposal | Choices | str | Path | None) -> Choices:
    """The choices that a profile in any form states."""
    if profile is None:
        return Choices()
    if isinstance(profile, Choices):
        return profile
    if isinstance(profile, Proposal):
        return profile.profile()
    return Proposal.load(profile).profile()


def propose_opened(opened: Opened, choices: Choices) -> Proposal:
    """The proposal for an opened file under the choices made so far."""
    sheet = _choose_grid(opened, choices)
    if not sheet.grid.height or not sheet.grid.width:
        raise empty()
    grid, frame, facts, plan = _find_table(sheet, choices)
    cells = grid.columns(frame.first, frame.last + 1)
    columns = _plan_columns(facts, plan, cells, choices, sheet, grid, frame)
    _check_profile(columns, choices)
    tolerances = _find_tolerances(grid, frame, columns, choices, sheet)
    _ask_layout(grid, frame, plan, facts, choices, sheet)
    _ask_totals(grid, frame, columns, cells, choices, sheet)
    _ask_strange(grid, frame, columns, choices, sheet)
    _note_sheet(grid, frame, columns, sheet)
    draft = Draft(opened, grid, frame, facts, plan, cells, tolerances, bool(choices.fill_down))
    return _make_proposal(draft, columns, choices, sheet)


def _make_proposal(draft: Draft, columns: Sequence[ColumnPlan], choices: Choices, sheet: _Sheet) -> Proposal:
    grid, frame, plan, opened = draft.grid, draft.frame, draft.plan, draft.opened
    shown = range(min(PREVIEW, grid.height))
    proposal = Proposal(
        source=opened.original.name,
        sha256=opened.original.sha256,
        kind=opened.kind,
        layout="turned" if grid.turned else plan.layout,
        columns=tuple(columns),
        first_row=grid.number(frame.first) if frame.first < grid.height else 0,
        last_row=grid.number(frame.last) if frame.first <= frame.last else 0,
        choices=choices,
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        sheet=sheet.sheet,
        sheets=sheet.sheets,
        header_rows=tuple(grid.number(row) for row in frame.header),
        unit_row=None if frame.units is None else grid.number(frame.units),
        spec_rows=tuple(SpecPlan(grid.number(s.row), s.side, s.sense) for s in frame.specs),
        scores=plan.scores,
        subgroup=next((column.name for column in columns if column.role == "subgroup"), ""),
        size=choices.size,
        returning=choices.returning,
        questions=tuple(sorted(sheet.questions, key=lambda question: not question.blocking)),
        notes=tuple(sheet.notes),
        preview=tuple(tuple(show_cell(cell) for cell in grid.row(row)) for row in shown),
        preview_rows=tuple(grid.number(row) for row in shown),
    )
    object.__setattr__(proposal, "draft", draft)
    return proposal


def _choose_grid(opened: Opened, choices: Choices) -> _Sheet:
    if choices.sheet is not None and opened.workbook is None:
        raise DataError(
            N_("this file has no sheets, and {value} was named"),
            mend=N_("Leave out sheet="),
            argument="sheet",
            value=choices.sheet,
        )
    if opened.kind == "parquet":
        return _Sheet(opened.columns(), [], [])
    if opened.workbook is None:
        grid, dialect = opened.text(choices.encoding, choices.delimiter)
        sheet = _Sheet(grid, [], [], dialect.encoding, dialect.delimiter)
        if dialect.is_comma_ambiguous:
            sheet.questions.append(ask.ask_delimiter())
        if dialect.encoding == "cp1252" and choices.encoding is None:
            sheet.notes.append(
                Note(
                    "encoding", N_("The text is not UTF-8; it is taken as code page 1252 (Western Windows).")
                )
            )
        return sheet
    name, others = choose_sheet(opened, choices)
    sheet = _Sheet(opened.sheet(name), [], [], sheet=name, sheets=opened.workbook.names)
    if others:
        sheet.questions.append(ask.ask_sheet(name, others))
    left = [other for other in opened.workbook.hidden if other != name]
    if left:
        sheet.notes.append(
            Note(
                "hidden sheets",
                N_("Hidden sheets are not read: {names}."),
                {"names": ", ".join(sorted(left))},
            )
        )
    return sheet


def _find_table(sheet: _Sheet, choices: Choices) -> tuple[Grid, Frame, list[ColumnFacts], Plan]:
    grid = sheet.grid
    frame = _frame(grid, choices)
    facts = describe_columns(grid, frame)
    if not facts or not (choices.roles or any(f.is_numeric for f in facts)):
        raise DataError(
            N_("there are no numbers in the file"),
            mend=N_("Check that it is the right file and sheet; say header_row= if the headings are unusual"),
            argument="source",
        )
    plan = plan_columns(facts, frame, grid, choices.layout)  # type: ignore[arg-type]
    if plan.layout == "report" and any(_is_said_value(f, choices) for f in facts):
        plan = plan_columns(facts, frame, grid, "plain")
    if plan.layout != "turned":
        return grid, frame, facts, plan
    if choices.layout != "turned":
        sheet.notes.append(
            Note("turned", N_("Each column is read as a subgroup; sums, means and ranges are left out."))
        )
    top = frame.header[0] if frame.header else frame.first
    grid = _part(grid, top).turn()
    frame = find_frame(grid, header=0)
    facts = describe_columns(grid, frame)
    return grid, frame, facts, plan_columns(facts, frame, grid, "wide")


def _is_said_value(facts: ColumnFacts, choices: Choices) -> bool:
    """Headed as a limit, as a control material is that is called low, and said to hold values."""
    return facts.word in SPEC_WORDS and choices.of_column("roles", facts.name, facts.name) == "value"


def _part(grid: Grid, top: int) -> Grid:
    """The grid from a row on."""
    return Grid(
        [grid.row(index) for index in range(top, grid.height)],
        sheet=grid.sheet,
        first_row=grid.number(top),
        first_column=grid.first_column,
        is_text=grid.is_text,
    )


def _frame(grid: Grid, choices: Choices) -> Frame:
    header = None if choices.header_row is None else -1
    if choices.header_row:
        header = grid.index_of(choices.header_row)
    first = None if choices.first_row is None else grid.index_of(choices.first_row)
    last = None if choices.last_row is None else grid.index_of(choices.last_row)
    for name, row in (("header_row", header), ("first_row", first), ("last_row", last)):
        if row is not None and not -1 <= row < grid.height:
            raise DataError(
                N_("there is no row {value}; the data have rows {first} to {last}"),
                mend=N_("Give a row of the file"),
                argument=name,
                value=getattr(choices, name),
                first=grid.number(0),
                last=grid.number(grid.height - 1),
            )
    return find_frame(grid, header=header, first=first, last=last)


def _plan_columns(
    facts: Sequence[ColumnFacts],
    plan: Plan,
    cells: Sequence[Cells],
    choices: Choices,
    sheet: _Sheet,
    grid: Grid,
    frame: Frame,
) -> list[ColumnPlan]:
    plans = [ColumnPlan(f.index, grid.label(f.index), f.name, f.heading, "label", f.unit) for f in facts]
    _check_names(plans, choices)
    roles = {f.index: _role(f, p, plan.roles[f.index], choices) for f, p in zip(facts, plans, strict=True)}
    weighed = {index: weigh_signs(cells[index]) for index, role in roles.items() if role == "value"}
    file = _of_file([*weighed.values(), *(weigh_signs(grid.row(spec.row)) for spec in frame.specs)], choices)
    made = []
    for f, p in zip(facts, plans, strict=True):
        role = roles[f.index]
        unit = choices.of_column("units", p.name, p.heading)
        sign = _sign(f.index, p, (weighed[f.index], file), choices, cells, sheet) if role == "value" else ""
        order = _dates(p, cells[f.index], choices, sheet) if role in ("time", "label") else ""
        made.append(
            ColumnPlan(
                p.index, p.letter, p.name, p.heading, role, f.unit if unit is None else unit, sign, order
            )
        )
    return made


def _of_file(signs: Sequence[SignEvidence], choices: Choices) -> SignEvidence:
    """What the columns and the limits of a file, and what was said of one of them, tell of the others."""
    said = set(choices.decimal.values())
    return SignEvidence(
        point=any(sign.point for sign in signs) or "." in said,
        comma=any(sign.comma for sign in signs) or "," in said,
    )


def _check_names(plans: Sequence[ColumnPlan], choices: Choices) -> None:
    if choices.headings:
        return
    for argument in ("roles", "units", "dates", "decimal"):
        for name in getattr(choices, argument):
            if name != ALL_COLUMNS:
                find_column(plans, name, argument=argument)
    for name in choices.columns:
        find_column(plans, name, argument="columns")
    if choices.subgroup:
        find_column(plans, choices.subgroup, argument="subgroup")


def _role(facts: ColumnFacts, plan: ColumnPlan, found: Role, choices: Choices) -> Role:
    said = choices.of_column("roles", plan.name, plan.heading)
    if said is not None:
        return said  # type: ignore[return-value]
    names = (plan.name, plan.heading, plan.letter)
    if choices.subgroup:
        if choices.subgroup in names:
            return "subgroup"
        found = "label" if found == "subgroup" else found
    if choices.columns:
        if not set(names) & set(choices.columns):
            return "ignore"
        return "value" if found == "ignore" and facts.is_numeric else found
    return found


def _sign(
    index: int,
    plan: ColumnPlan,
    weighed: tuple[SignEvidence, SignEvidence],
    choices: Choices,
    cells: Sequence[Cells],
    sheet: _Sheet,
) -> str:
    """The decimal sign of a column by its own evidence; that of the whole file speaks where it has none."""
    said = choices.of_column("decimal", plan.name, plan.heading)
    if said is not None:
        return said
    own, file = weighed
    sign = decide_sign(
        own,
        others_comma=file.comma,
        others_point=file.point,
        semicolons=sheet.delimiter == ";",
    )
    if sign is None:
        sheet.questions.append(ask.ask_decimal(plan.name, _example(cells[index])))
        return ""
    if sign == "," and not own.comma and own.ambiguous_comma:
        sheet.notes.append(
            Note(
                "decimal",
                N_("In '{column}' the comma is read as the decimal sign, as in the other columns."),
                {"column": plan.name},
            )
        )
    return sign


def _example(cells: Cells) -> str:
    """A text of the column that has two readings."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    doubtful = (text for text in texts if (weigh_number(text) or "").startswith("ambiguous"))
    fallback = (text for text in texts if weigh_number(text) in ("comma", "point"))
    return next(doubtful, None) or next(fallback, "")


def _dates(plan: ColumnPlan, cells: Cells, choices: Choices, sheet: _Sheet) -> str:
    said = choices.of_column("dates", plan.name, plan.heading)
    if said is not None:
        return said
    texts = (cell for cell in cells if isinstance(cell, str) and cell.strip())
    first = list(islice(texts, 50))
    if not any(states_day(text) for text in first):
        return ""
    orders = find_orders(chain(first, texts))
    if len(orders) == 1:
        return orders[0]
    if len(orders) > 1:
        sheet.questions.append(ask.ask_dates(plan.name, first[0].strip(), orders))
    return ""


def _check_profile(columns: Sequence[ColumnPlan], choices: Choices) -> None:
    known = {column.heading for column in columns}
    lacking = [heading for heading in choices.headings if heading not in known]
    if lacking:
        raise DataError(
            N_("the profile expects a column {value}, and the file has {known}"),
            mend=N_("Give the profile of this kind of file, or propose it anew without a profile"),
            argument="profile",
            value=lacking[0],
            known=", ".join(sorted(heading for heading in known if heading)) or "-",
        )


def _find_tolerances(
    grid: Grid, frame: Frame, columns: Sequence[ColumnPlan], choices: Choices, sheet: _Sheet
) -> Mapping[int, Tolerance]:
    signs: dict[int, DecimalSign] = {
        c.index: c.decimal  # type: ignore[misc]
        for c in columns
        if c.role == "value" and c.decimal
    }
    stated = stated_values(grid, frame.specs, signs)
    sense = choices.limits or find_sense(frame.specs, stated)
    if sense is None:
        values = next(iter(stated.values()), {})
        shown = ", ".join(
            f"{side} {values[side]}" for side in ("nominal", "lower", "upper") if side in values
        )
        sheet.questions.append(ask.ask_limits(shown))
        return {}
    try:
        return make_tolerances(stated, sense)
    except DataError as error:
        name = next(c.name for c in columns if str(c.index) == error.column)
        raise error.at(argument=None, column=name) from error


def _ask_layout(
    grid: Grid, frame: Frame, plan: Plan, facts: Sequence[ColumnFacts], choices: Choices, sheet: _Sheet
) -> None:
    if frame.rivals and choices.header_row is None and choices.first_row is None:
        rows = sorted(grid.number(row) for row in (*frame.header[-1:], *frame.rivals))
        sheet.questions.append(ask.ask_tables(rows))
    if (
        frame.is_numbered
        and len(frame.header) == 1
        and choices.header_row is None
        and not _has_text(grid, frame.header[-1])
    ):
        sheet.questions.append(ask.ask_heading(grid.number(frame.header[-1])))
    if plan.is_turn_doubtful and choices.layout is None:
        sheet.questions.append(ask.ask_turned())
    if plan.layout == "report":
        sheet.questions.append(ask.ask_report())
    if plan.layout == "long" and plan.characteristic is not None and choices.characteristic is None:
        by = next(f for f in facts if f.index == plan.characteristic)
        names = list(dict.fromkeys(text for text in by.texts if text))
        sheet.questions.append(ask.ask_characteristic(by.name, names))
    if plan.layout == "stacked" and choices.size is None:
        sheet.questions.append(ask.ask_size())
    if plan.layout == "grouped":
        _ask_subgroups(grid, facts, plan, choices, sheet)


def _has_text(grid: Grid, row: int) -> bool:
    return any(
        isinstance(cell, str) and not cell.strip().isdecimal() and cell.strip() for cell in grid.row(row)
    )


def _ask_subgroups(
    grid: Grid, facts: Sequence[ColumnFacts], plan: Plan, choices: Choices, sheet: _Sheet
) -> None:
    by = next(f for f in facts if f.index == plan.subgroup)
    texts = [text for text in by.texts if text]
    heads = [text for place, text in enumerate(texts) if place == 0 or text != texts[place - 1]]
    merged = any(m[1] <= by.index <= m[3] and m[2] > m[0] for m in grid.merges)
    if "" in by.texts and not merged and choices.fill_down is None:
        sheet.questions.append(ask.ask_fill(by.name))
    if len(set(heads)) < len(heads) and choices.returning is None:
        seen = next(text for place, text in enumerate(heads) if text in heads[:place])
        sheet.questions.append(ask.ask_returning(by.name, seen, new=len(heads), join=len(set(heads))))


def _ask_strange(
    grid: Grid, frame: Frame, columns: Sequence[ColumnPlan], choices: Choices, sheet: _Sheet
) -> None:
    """Rows beside the specification that are unlike the data below: a limit under an unknown word."""
    if choices.first_row is not None or not any(abs(s.row - frame.first) <= 3 for s in frame.specs):
        return
    labels = [column.index for column in columns if column.role in ("label", "subgroup", "time")]
    usual = grid.row((frame.first + frame.last + 1) // 2)
    data = frame.first
    while data < frame.last and _is_strange(grid.row(data), usual, labels):
        data += 1
    if data > frame.first:
        word = next(show_cell(cell) for cell in grid.row(frame.first) if not is_blank(cell))
        sheet.questions.append(ask.ask_strange(grid.number(frame.first), word, data=grid.number(data)))


def _is_strange(row: Sequence[Cell], usual: Sequence[Cell], labels: Sequence[int]) -> bool:
    """Whether a word without digits stands where the usual row has none, or one with digits."""
    words = {index: show_cell(row[index]) for index in labels if not is_blank(row[index])}
    known = {index: show_cell(usual[index]) for index in labels if not is_blank(usual[index])}
    if not words or any(sign.isdigit() for word in words.values() for sign in word):
        return False
    return set(words) != set(known) or any(sign.isdigit() for index in words for sign in known[index])


def _ask_totals(
    grid: Grid,
    frame: Frame,
    columns: Sequence[ColumnPlan],
    cells: Sequence[Cells],
    choices: Choices,
    sheet: _Sheet,
) -> None:
    """A last row that stands apart without a label and equals the sums or means above it."""
    if choices.last_row is not None or frame.last - frame.first < 3:
        return
    labels = [column.index for column in columns if column.role in ("label", "subgroup", "time")]
    first, last = grid.row(frame.first), grid.row(frame.last)
    apart = all(is_blank(cell) for cell in grid.row(frame.last - 1))
    bare = all(is_blank(last[index]) for index in labels)
    labelled = any(not is_blank(first[index]) for index in labels)
    if not bare or not (apart or labelled):
        return
    values = [column for column in columns if column.role == "value" and column.decimal]
    if values and all(_is_total(cells[column.index], column) for column in values):
        above = frame.last - 2 if apart else frame.last - 1
        sheet.questions.append(ask.ask_totals(grid.number(above), grid.number(frame.last)))


def _is_total(cells: Cells, column: ColumnPlan) -> bool:
    numbers = parse_column(cells, NumberRule(column.decimal, column.unit)).values  # type: ignore[arg-type]
    last, above = float(numbers[-1]), numbers[:-1][~np.isnan(numbers[:-1])]
    if not len(above) or math.isnan(last):
        return False
    shown = show_cell(cells[-1]).replace(",", ".")
    digits = len(shown.rpartition(".")[2]) if "." in shown else 0
    return any(abs(last - total) <= 0.51 * 10.0**-digits for total in (above.sum(), above.mean()))


def _note_sheet(grid: Grid, frame: Frame, columns: Sequence[ColumnPlan], sheet: _Sheet) -> None:
    hidden = [row for row in sheet.grid.hidden if frame.first <= row <= frame.last]
    if hidden and not grid.turned:
        rows = ", ".join(str(grid.number(row)) for row in sorted(hidden)[:10])
        sheet.notes.append(
            Note(
                "hidden rows",
                N_("Hidden or filtered rows are read too: {rows} ({count} in all)."),
                {"count": str(len(hidden)), "rows": rows + (", ..." if len(hidden) > 10 else "")},
            )
        )
    if sheet.grid.hidden_columns:
        sheet.notes.append(
            Note(
                "hidden columns",
                N_("Hidden columns are read too ({count} in all)."),
                {"count": str(sheet.grid.hidden_columns)},
            )
        )
    left = [column.name for column in columns if column.role == "ignore" and column.heading]
    if left:
        sheet.notes.append(Note("left out", N_("Columns left out: {names}."), {"names": ", ".join(left)}))
