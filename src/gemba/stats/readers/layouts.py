"""Which column is what, and which of the known layouts the table has: proposed with scores."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from gemba.stats.readers.grid import Cell, Grid, is_blank, show_cell
from gemba.stats.readers.numbers import split_number
from gemba.stats.readers.structure import CellKind, Frame, kind_of
from gemba.stats.readers.vocabulary import (
    CHARACTERISTIC_WORDS,
    COMPUTED_WORDS,
    DEFECT_WORDS,
    ID_WORDS,
    SIZE_WORDS,
    SPEC_WORDS,
    SUBGROUP_WORDS,
    TIME_WORDS,
    plain_word,
    split_heading,
    unit_alone,
)

Layout = Literal["stacked", "wide", "grouped", "turned", "parts", "long", "counts", "report", "plain"]
LAYOUTS: tuple[Layout, ...] = (
    "stacked",
    "wide",
    "grouped",
    "turned",
    "parts",
    "long",
    "counts",
    "report",
    "plain",
)
Role = Literal["value", "subgroup", "label", "time", "ignore"]
ROLES: tuple[Role, ...] = ("value", "subgroup", "label", "time", "ignore")
SAMPLE = 1000


@dataclass(frozen=True)
class ColumnFacts:
    """What can be seen of a column before its numbers are read."""

    index: int
    heading: str
    name: str
    unit: str
    kinds: Mapping[CellKind, int]
    texts: tuple[str, ...]
    numbers: tuple[float, ...]

    @property
    def is_numeric(self) -> bool:
        """Mostly numbers."""
        numbers, rest = self.kinds.get("number", 0), self.kinds.get("text", 0) + self.kinds.get("date", 0)
        return numbers > 0 and numbers >= rest

    @property
    def word(self) -> str:
        """The name as the vocabulary writes it."""
        return plain_word(self.name)

    @property
    def runs(self) -> list[int]:
        """Lengths of the runs of equal texts; a blank continues the run above it."""
        lengths: list[int] = []
        before: str | None = None
        for text in self.texts:
            if lengths and text in ("", before):
                lengths[-1] += 1
            else:
                lengths.append(1)
                before = text
        return lengths

    @property
    def is_counting(self) -> bool:
        """1, 2, 3, ... without a gap."""
        values = self.numbers
        return len(values) > 1 and values[0] in (0, 1) and all(b - a == 1 for a, b in pairwise(values))


def describe_columns(grid: Grid, frame: Frame) -> list[ColumnFacts]:
    """The facts of every column that has a heading or a cell."""
    stop = min(frame.last + 1, frame.first + SAMPLE)
    sample = [grid.row(index) for index in range(frame.first, stop)]
    headings = _headings(grid, frame)
    names = _unique(headings)
    facts = []
    for column, heading in enumerate(headings):
        cells = [row[column] for row in sample]
        kinds = Counter(kind_of(cell) for cell in cells)
        if not heading and kinds["blank"] == len(cells):
            continue
        unit = _unit(grid, frame, column, heading, cells)
        numbers = tuple(value for cell in cells if (value := _rough(cell)) is not None)
        texts = tuple(show_cell(cell).strip() for cell in cells)
        facts.append(ColumnFacts(column, heading, names[column], unit, dict(kinds), texts, numbers))
    return facts


def _headings(grid: Grid, frame: Frame) -> list[str]:
    if not frame.header:
        return [""] * grid.width
    lowest = [show_cell(cell).strip() for cell in grid.row(frame.header[-1])]
    if len(frame.header) == 1:
        return lowest
    groups, current, reach = [], "", -1
    spans = {m[1]: m[3] for m in grid.merges if m[0] == frame.header[0] == m[2]}
    for column, cell in enumerate(grid.row(frame.header[0])):
        if not is_blank(cell):
            current, reach = show_cell(cell).strip(), spans.get(column, grid.width if not spans else column)
        groups.append(current if column <= reach else "")
    return [" ".join(filter(None, pair)) for pair in zip(groups, lowest, strict=True)]


def _unique(headings: Sequence[str]) -> list[str]:
    """Names without units, the whole heading where two would be alike, numbered where that is not enough."""
    short = [split_heading(heading)[0] for heading in headings]
    doubled = {name for name, count in Counter(short).items() if count > 1}
    names: list[str] = []
    for column, (heading, name) in enumerate(zip(headings, short, strict=True)):
        chosen = (" ".join(heading.split()) if name in doubled else name) or f"column {column + 1}"
        number = 2
        base = chosen
        while chosen in names:
            chosen, number = f"{base} ({number})", number + 1
        names.append(chosen)
    return names


def _unit(grid: Grid, frame: Frame, column: int, heading: str, cells: Sequence[Cell]) -> str:
    unit = split_heading(heading)[1]
    if not unit and frame.units is not None:
        unit = unit_alone(show_cell(grid.row(frame.units)[column])) or ""
    if unit:
        return unit
    found = Counter(
        parts.unit for cell in cells if isinstance(cell, str) and (parts := split_number(cell)) and parts.unit
    )
    return found.most_common(1)[0][0] if found else ""


def _rough(cell: Cell) -> float | None:
    """The size of a number for comparing columns, whatever its decimal sign is."""
    if isinstance(cell, str):
        parts = split_number(cell)
        if parts is None or kind_of(cell) != "number":
            return None
        return float(parts.sign + _one_point(parts.body) + parts.exponent)
    return float(cell) if kind_of(cell) == "number" else None  # type: ignore[arg-type]


def _one_point(body: str) -> str:
    """The digits with the last of two kinds of marks as the point; a mark that repeats groups thousands."""
    body = body.replace(" ", "").replace("'", "")
    last = max(body.rfind("."), body.rfind(","))
    if last < 0 or body.count(body[last]) > 1:
        return body.replace(",", "").replace(".", "")
    return body[:last].replace(",", "").replace(".", "") + "." + body[last + 1 :]


@dataclass(frozen=True)
class Plan:
    """The layout proposed, the roles of the columns, and how well each layout fits (0 to 1)."""

    layout: Layout
    roles: Mapping[int, Role]
    scores: Mapping[str, float]
    subgroup: int | None = None
    characteristic: int | None = None
    is_turn_doubtful: bool = False


def plan_columns(
    facts: Sequence[ColumnFacts], frame: Frame, grid: Grid, layout: Layout | None = None
) -> Plan:
    """Roles and layout; a layout that a person has chosen stands."""
    values = _value_columns(facts)
    series = _find_series(values, frame)
    subgroup = _find_subgroup(facts, values, has_series=len(series) > 1)
    characteristic = _find_characteristic(facts, values)
    scores = _score_layouts(facts, values, series, subgroup, characteristic, frame)
    turned, doubtful = _score_turned(facts, values, series, frame, grid)
    scores["turned"] = turned
    best: str = max(scores, key=lambda name: scores[name])
    chosen: Layout = layout or best  # type: ignore[assignment]
    roles = _assign_roles(facts, values, series if chosen == "wide" else [], subgroup, chosen)
    return Plan(
        chosen,
        roles,
        {name: round(score, 3) for name, score in scores.items() if score > 0},
        None if subgroup is None else subgroup.index,
        None if characteristic is None else characteristic.index,
        doubtful and layout is None,
    )


def _value_columns(facts: Sequence[ColumnFacts]) -> list[ColumnFacts]:
    """Number columns that look measured: no ids, no computed means, no counting numbers at the left."""
    numeric = [f for f in facts if f.is_numeric]
    aside = ID_WORDS | SUBGROUP_WORDS | TIME_WORDS
    measured = [f for f in numeric if not (f.word in aside or _is_block_counter(f))]
    if len(measured) > 1 and measured[0].is_counting and measured[0] is facts[0]:
        measured = measured[1:]
    kept = [f for f in measured if f.word not in COMPUTED_WORDS]
    return kept or measured or numeric[-1:]


def _is_block_counter(facts: ColumnFacts) -> bool:
    """1, 1, 1, 2, 2, 2, ...: the number of a subgroup, whatever its heading."""
    if not _is_blocked(facts) or not all(value == int(value) for value in facts.numbers):
        return False
    steps = {b - a for a, b in pairwise(facts.numbers)}
    return steps <= {0, 1}


_NUMBERED = re.compile(r"(?P<stem>.*?)[\s_#.\-]*(?P<number>[0-9]{1,3})")


def _find_series(values: Sequence[ColumnFacts], frame: Frame) -> list[ColumnFacts]:
    """Columns X1 to Xn, or 1 to n, or columns without headings, whose numbers are of one kind."""
    groups: dict[str, list[tuple[int, ColumnFacts]]] = {}
    for facts in values:
        match = _NUMBERED.fullmatch(facts.name) if frame.header else None
        if match:
            groups.setdefault(plain_word(match["stem"]), []).append((int(match["number"]), facts))
    if values and not frame.header:
        groups[""] = list(enumerate(values, 1))
    best: list[ColumnFacts] = []
    for members in groups.values():
        numbers = [number for number, _ in members]
        in_order = numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] in (0, 1)
        if in_order and len(members) > max(len(best), 1) and are_alike([f for _, f in members]):
            best = [f for _, f in members]
    return best


def are_alike(columns: Sequence[ColumnFacts]) -> bool:
    """Whether the columns can be readings of one thing: one unit, and medians within the spread of all."""
    if len({f.unit for f in columns}) > 1 or any(not f.numbers for f in columns):
        return False
    medians = np.array([np.median(f.numbers) for f in columns])
    spreads = np.array([np.ptp(f.numbers) for f in columns])
    return bool(np.ptp(medians) <= 2 * max(float(np.median(spreads)), 1e-9 * abs(float(medians[0]))))


def _find_subgroup(
    facts: Sequence[ColumnFacts], values: Sequence[ColumnFacts], *, has_series: bool
) -> ColumnFacts | None:
    """The column that says to which subgroup a row belongs."""
    chosen = {f.index for f in values}
    others = [f for f in facts if f.index not in chosen]
    named = [f for f in others if f.word in SUBGROUP_WORDS or f.word.split(" ")[0] in SUBGROUP_WORDS]
    if has_series:
        return named[0] if named else None
    named = [f for f in named if max(f.runs, default=1) > 1]
    if named:
        return named[0]
    return next((f for f in others if f.word not in TIME_WORDS and _is_blocked(f)), None)


def _is_blocked(facts: ColumnFacts) -> bool:
    """Ids in at least three runs of one length from 2 to 25."""
    runs = facts.runs
    if len(runs) < 3 or len(set(facts.texts) - {""}) < 3:
        return False
    length, count = Counter(runs).most_common(1)[0]
    return 2 <= length <= 25 and count >= 0.8 * len(runs)


def _find_characteristic(facts: Sequence[ColumnFacts], values: Sequence[ColumnFacts]) -> ColumnFacts | None:
    if len(values) != 1:
        return None
    for f in facts:
        distinct = len(set(f.texts) - {""})
        if f not in values and f.word in CHARACTERISTIC_WORDS and 2 <= distinct <= max(2, len(f.texts) // 2):
            return f
    return None


def _score_layouts(
    facts: Sequence[ColumnFacts],
    values: Sequence[ColumnFacts],
    series: Sequence[ColumnFacts],
    subgroup: ColumnFacts | None,
    characteristic: ColumnFacts | None,
    frame: Frame,
) -> dict[str, float]:
    scores: dict[str, float] = {"plain": 0.1}
    words = [f.word for f in facts]
    limits = sum(1 for f in facts if f.is_numeric and f.word in SPEC_WORDS)
    defects = any(set(word.split()) & DEFECT_WORDS for word in words)
    sizes = any(word in SIZE_WORDS or "inspected" in word.split() for word in words)
    if limits >= 2:
        scores["report"] = 0.95
    if defects:
        scores["counts"] = 0.9 if sizes else 0.75
    if characteristic is not None:
        scores["long"] = 0.85
    if len(values) == 1:
        scores["grouped" if subgroup is not None else "stacked"] = 0.8
    if len(series) > 1:
        scores["wide"] = 0.8 if frame.header else 0.6
        scores["wide"] *= len(series) / len(values)
    if len(values) > 1:
        scores["parts"] = 0.9 if frame.specs and len(series) != len(values) else 0.5
        if subgroup is not None and len(series) <= 1:
            scores["grouped"] = 0.55 if not frame.specs else 0.3
    return scores


_READING_LABEL = re.compile(r"(?P<stem>[^0-9]*?)[\s_#.\-]*(?P<number>[0-9]{1,2})")


def _score_turned(
    facts: Sequence[ColumnFacts],
    values: Sequence[ColumnFacts],
    series: Sequence[ColumnFacts],
    frame: Frame,
    grid: Grid,
) -> tuple[float, bool]:
    """How much the sheet looks like the paper form on its side, and whether that is doubtful.

    There each column is a subgroup, the rows are readings 1 to n, and sums, means and ranges follow below.
    """
    rows = range(frame.first, min(frame.last + 1, frame.first + SAMPLE))
    if not frame.header or not 2 <= len(rows) <= 25 or len(values) < 2 or frame.specs:
        return 0.0, False
    labels = [show_cell(grid.row(index)[0]).strip() for index in rows]
    matches = [_READING_LABEL.fullmatch(label) for label in labels]
    numbers = [int(match["number"]) for match in matches if match]
    if numbers != list(range(1, len(labels) + 1)) or len({m["stem"] for m in matches if m}) > 1:
        return 0.0, False
    stem = plain_word(matches[0]["stem"]) if matches[0] else ""
    below = {plain_word(show_cell(grid.row(i)[0])).rstrip(" =") for i in range(frame.last + 1, grid.height)}
    summed = len(below & COMPUTED_WORDS) > 1
    computed = any(f.word in COMPUTED_WORDS for f in facts) or not _are_ids([f.heading for f in values])
    is_stem = stem not in ("", *SUBGROUP_WORDS) and not computed
    named = len(series) == len(values) and plain_word(values[0].name)[:1].isalpha()
    if computed or (named and not summed):
        return 0.0, False
    if summed and len(labels) <= len(values) and not named:
        return 0.95, False
    if is_stem and not named:
        return 0.9, False
    return 0.3, summed or (len(values) > 12 and len(labels) <= 10)


def _are_ids(headings: Sequence[str]) -> bool:
    """Whether the headings are numbers, dates or codes that differ in their digits only."""
    shapes = {re.sub(r"[0-9]+", "9", heading.strip()) for heading in headings}
    return len(shapes) == 1 and "9" in shapes.pop()


def _assign_roles(
    facts: Sequence[ColumnFacts],
    values: Sequence[ColumnFacts],
    series: Sequence[ColumnFacts],
    subgroup: ColumnFacts | None,
    layout: Layout,
) -> dict[int, Role]:
    measured = {f.index for f in values}
    roles: dict[int, Role] = {}
    for f in facts:
        dates = f.kinds.get("date", 0)
        if f.index in measured:
            roles[f.index] = "value"
        elif f is subgroup and layout in ("grouped", "wide", "parts", "turned", "stacked"):
            roles[f.index] = "subgroup"
        elif dates and dates >= f.kinds.get("text", 0) and dates >= f.kinds.get("number", 0):
            roles[f.index] = "time"
        elif f.is_numeric and f.word in COMPUTED_WORDS:
            roles[f.index] = "ignore"
        else:
            roles[f.index] = "label"
    for f in values:
        if series and f not in series and f.word in COMPUTED_WORDS:
            roles[f.index] = "ignore"
    return roles
