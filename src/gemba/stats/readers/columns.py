"""A column of cells as numbers: whole columns at once where they are clean, cell by cell where not."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import numpy as np

from gemba.stats.readers.dates import looks_like_date
from gemba.stats.readers.grid import Cell, Cells, ErrorCell, show_cell
from gemba.stats.readers.numbers import (
    DecimalSign,
    clean_text,
    is_formula_error,
    is_missing_mark,
    is_not_detected,
    parse_number,
)
from gemba.stats.readers.sheets import NO_VALUE
from gemba.stats.results import Floats, sealed

Qualified = Literal["refuse", "missing", "bound"]
Fault = Literal[
    "not a number",
    "qualified",
    "not detected",
    "formula error",
    "formula without value",
    "date",
    "truth value",
    "other unit",
    "too large",
    "too many fields",
]


@dataclass(frozen=True)
class NumberRule:
    """How the cells of one column are read as numbers.

    ``missing`` are further signs for "no value". ``qualified`` says what ``<0.05`` becomes: refused (the
    default), a missing value, or its bound 0.05; the text as typed keeps the sign in any case.
    """

    decimal: DecimalSign = "."
    unit: str = ""
    missing: frozenset[str] = frozenset()
    qualified: Qualified = "refuse"


@dataclass(frozen=True, eq=False)
class ParsedColumn:
    """Values with NaN where none is, the text as typed where it is not the value's own, and the faults."""

    values: Floats
    typed: tuple[str, ...] | None
    faults: Mapping[int, Fault] = field(default_factory=dict)
    marked_missing: int = 0
    stored_as_text: int = 0


def parse_column(cells: Cells, rule: NumberRule) -> ParsedColumn:
    """The numbers of a column; a cell that states none is a fault with its reason, never a guess."""
    if isinstance(cells, np.ndarray):
        return _check_finite(cells, None)
    kinds = set(map(type, cells))
    if kinds <= {float, int}:
        return _check_finite(np.array(cells, dtype=np.float64), None)
    if kinds <= {str}:
        texts: tuple[str, ...] = tuple(cells)  # type: ignore[arg-type]
        values = parse_plain(texts, rule.decimal)
        if values is not None:
            return ParsedColumn(sealed(values), texts)
    return _parse_each(cells, rule)


def _check_finite(values: Floats, typed: tuple[str, ...] | None) -> ParsedColumn:
    infinite = np.isinf(values)
    if not infinite.any():
        return ParsedColumn(sealed(values.copy()), typed)
    rows = np.flatnonzero(infinite).tolist()
    kept = np.where(infinite, np.nan, values)
    texts = tuple(map(show_cell, values.tolist())) if typed is None else typed
    return ParsedColumn(sealed(kept), texts, dict.fromkeys(rows, "too large"))


_ODD = {".": re.compile(r"[^0-9.eE+\- \n]"), ",": re.compile(r"[^0-9,eE+\- \n]")}


def parse_plain(texts: tuple[str, ...], decimal: DecimalSign) -> Floats | None:
    """All texts as floats when every one is a plain number or blank; ``None`` when one is not."""
    odd = _ODD.get(decimal)
    joined = "\n".join(texts)
    if odd is None or odd.search(joined):
        return None
    parts = (joined.replace(",", ".") if decimal == "," else joined).split("\n")
    if len(parts) != len(texts):
        return None
    try:
        values = np.array([float(part) if part else math.nan for part in parts])
    except ValueError:
        return None
    return None if np.isinf(values).any() else values


def _parse_each(cells: Cells, rule: NumberRule) -> ParsedColumn:
    known: dict[str, float | Fault | None] = {}
    values = np.full(len(cells), np.nan)
    faults: dict[int, Fault] = {}
    marked = as_text = odd = 0
    for index, cell in enumerate(cells):
        if isinstance(cell, str):
            if cell not in known:
                known[cell] = _judge_text(cell, rule)
            answer = known[cell]
            odd += bool(cell.strip())
        else:
            answer = _judge_value(cell)
            odd += not isinstance(cell, float | int | None) or isinstance(cell, bool)
        if isinstance(answer, str):
            faults[index] = answer
        elif answer is not None:
            values[index] = answer
            as_text += isinstance(cell, str)
        else:
            marked += isinstance(cell, str) and bool(cell.strip())
    has_values = any(isinstance(cell, float) for cell in cells)
    typed = tuple(map(show_cell, cells)) if odd else None
    return ParsedColumn(sealed(values), typed, faults, marked, as_text if has_values else 0)


def _judge_text(text: str, rule: NumberRule) -> float | Fault | None:
    cleaned = clean_text(text)
    if not cleaned or cleaned.casefold() in rule.missing:
        return None
    if cleaned == NO_VALUE and isinstance(text, ErrorCell):
        return "formula without value"
    if isinstance(text, ErrorCell) or is_formula_error(cleaned):
        return "formula error"
    if is_missing_mark(text):
        return None
    if is_not_detected(text):
        return "not detected"
    number = parse_number(text, rule.decimal)
    if number is None:
        return "date" if looks_like_date(cleaned) else "not a number"
    if number.unit and number.unit != rule.unit:
        return "other unit"
    if number.mark and rule.qualified != "bound":
        return "qualified" if rule.qualified == "refuse" else None
    return number.value if math.isfinite(number.value) else "too large"


def _judge_value(cell: Cell) -> float | Fault | None:
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "truth value"
    if isinstance(cell, float | int | Decimal):
        value = float(cell)
        if math.isnan(value):
            return None
        return value if math.isfinite(value) else "too large"
    return "date"


@dataclass(frozen=True)
class SignEvidence:
    """What the texts of a column show about its decimal sign.

    ``point`` and ``comma``: a text that can only be read with that decimal sign. ``*_grouped``: one that also
    shows its thousands mark (``1,234.5``). ``ambiguous_*``: one such as ``1,234`` that has two readings.
    ``whole``: one with at most three digits and no sign.
    """

    point: bool = False
    comma: bool = False
    point_grouped: bool = False
    comma_grouped: bool = False
    ambiguous_comma: bool = False
    ambiguous_point: bool = False
    whole: bool = False


_START, _END = r"(?m)^[ \u00a0<>≤≥≈~=+\-−–－]{0,4}", r"(?![0-9.,])"


def _patterns(sign: str, other: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Texts that show both marks of a convention, that show its decimal sign, and that leave it open."""
    grouped = rf"[1-9][0-9]{{0,2}}(?:(?:{other}[0-9]{{3}})+{sign}[0-9]|(?:{other}[0-9]{{3}}){{2,}}{_END})"
    spaced = rf"[0-9]{{1,3}}(?:[ '’\u00a0\u202f\u2009][0-9]{{3}})+{sign}[0-9]+{_END}"
    long = rf"(?:|0[0-9]*|[0-9]{{4,}}){sign}[0-9]+{_END}"
    short = rf"[0-9]+{sign}(?:[0-9]{{1,2}}|[0-9]{{4,}})?{_END}"
    ambiguous = rf"[1-9][0-9]{{0,2}}{sign}[0-9]{{3}}{_END}"
    return (
        re.compile(_START + grouped),
        re.compile(f"{_START}(?:{long}|{short}|{spaced})"),
        re.compile(_START + ambiguous),
    )


_POINT, _COMMA = _patterns(r"\.", ","), _patterns(",", r"\.")
_WHOLE = re.compile(r"(?m)^ *[+\-−]?[0-9]{1,3} *$")


def weigh_signs(cells: Cells) -> SignEvidence:
    """The evidence of a whole column, found in a few passes over its joined text."""
    if isinstance(cells, np.ndarray):
        return SignEvidence()
    kinds = set(map(type, cells))
    if kinds <= {float, int}:
        return SignEvidence()
    texts = cells if kinds == {str} else [cell for cell in cells if isinstance(cell, str)]
    joined = "\n".join(texts)  # type: ignore[arg-type]
    if "," not in joined and _POINT[1].search(joined):
        return SignEvidence(point=True)
    if "." not in joined and _COMMA[1].search(joined):
        return SignEvidence(comma=True)
    point_grouped = _POINT[0].search(joined) is not None
    comma_grouped = _COMMA[0].search(joined) is not None
    return SignEvidence(
        point=point_grouped or _POINT[1].search(joined) is not None,
        comma=comma_grouped or _COMMA[1].search(joined) is not None,
        point_grouped=point_grouped,
        comma_grouped=comma_grouped,
        ambiguous_comma=_COMMA[2].search(joined) is not None,
        ambiguous_point=_POINT[2].search(joined) is not None,
        whole=_WHOLE.search(joined) is not None,
    )


def decide_sign(
    own: SignEvidence, *, others_comma: bool, others_point: bool, semicolons: bool
) -> DecimalSign | None:
    """The decimal sign of a column, or ``None`` where the texts allow two readings.

    A comma elsewhere in the file decides ``1,234``. A point is the decimal sign by default, but not beside
    decimal commas, in a file with semicolons, or among whole numbers, where ``1.234`` may be a thousand.
    """
    if own.point and own.comma:
        return None
    if own.point:
        return "." if not own.ambiguous_comma or own.point_grouped else None
    if own.comma:
        return "," if not own.ambiguous_point or own.comma_grouped else None
    if own.ambiguous_comma:
        return "," if others_comma and not others_point and not own.ambiguous_point else None
    if own.ambiguous_point:
        doubtful = others_comma or ((semicolons or own.whole) and not others_point)
        return None if doubtful else "."
    return "," if others_comma and not others_point else "."
