"""From the rows that state nominal, lower and upper values to one tolerance a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from gemba.stats.data import Tolerance
from gemba.stats.readers.grid import Grid, show_cell
from gemba.stats.readers.numbers import DecimalSign, parse_number
from gemba.stats.readers.structure import SpecRow
from gemba.stats.results import DataError

Stated = dict[str, Decimal]


def stated_values(
    grid: Grid, specs: Sequence[SpecRow], signs: Mapping[int, DecimalSign]
) -> dict[int, Stated]:
    """Column -> what is stated of it: ``nominal``, ``lower``, ``upper``. A blank states nothing."""
    stated: dict[int, Stated] = {}
    for column, sign in signs.items():
        for spec in specs:
            cell = grid.row(spec.row)[column]
            text = show_cell(cell)
            number = parse_number(text, "." if isinstance(cell, float) else sign)
            if number is not None and not number.mark:
                stated.setdefault(column, {})[spec.side] = number.decimal
    return stated


def find_sense(specs: Sequence[SpecRow], stated: Mapping[int, Stated]) -> str | None:
    """``limits`` or ``allowances``; ``None`` when the words and the numbers leave both open."""
    senses = {spec.sense for spec in specs if spec.side != "nominal"}
    if not senses:
        return "limits"
    as_limits = all(_fits_limits(values) for values in stated.values())
    as_allowances = all(_fits_allowances(values) for values in stated.values())
    if senses == {"limit"} and (as_limits or not as_allowances):
        return "limits"
    if senses == {"allowance"} and (as_allowances or not as_limits):
        return "allowances"
    if as_limits == as_allowances:
        return "limits" if all(_is_same(values) for values in stated.values()) else None
    return "limits" if as_limits else "allowances"


def _fits_limits(values: Stated) -> bool:
    lower, nominal, upper = values.get("lower"), values.get("nominal"), values.get("upper")
    present = [value for value in (lower, nominal, upper) if value is not None]
    return all(a <= b for a, b in pairwise(present))


def _fits_allowances(values: Stated) -> bool:
    """Allowances lie on both sides of zero, or are small beside the nominal."""
    lower, nominal, upper = values.get("lower"), values.get("nominal"), values.get("upper")
    if nominal is None or (lower is not None and upper is not None and lower >= upper):
        return False
    stated = [value for value in (lower, upper) if value is not None]
    around = (lower is None or lower <= 0) and (upper is None or upper >= 0)
    return around or all(abs(value) <= abs(nominal) / 2 for value in stated)


def _is_same(values: Stated) -> bool:
    """Limits and allowances say the same around a nominal of zero."""
    return values.get("nominal") == 0 or not {"lower", "upper"} & set(values)


def make_tolerances(stated: Mapping[int, Stated], sense: str) -> dict[int, Tolerance]:
    """Column -> its tolerance, summed in decimal where allowances are given.

    Raises
    ------
    DataError
        For limits that contradict each other; the caller names the column.
    """
    made = {}
    for column, values in stated.items():
        lower, nominal, upper = values.get("lower"), values.get("nominal"), values.get("upper")
        if lower is None and upper is None:
            continue
        if sense == "allowances" and nominal is not None:
            lower = None if lower is None else nominal + lower
            upper = None if upper is None else nominal + upper
        inside = (lower is None or nominal is None or lower <= nominal) and (
            upper is None or nominal is None or nominal <= upper
        )
        try:
            made[column] = Tolerance.of(lower, upper, nominal if inside else None)
        except DataError as error:
            raise error.at(column=str(column)) from error
    return made
