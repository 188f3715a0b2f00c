"""Control charts by exact fractions, point by point, from the definitions in the books.

Every sum is a ``Fraction``; the constants come from their own twin; nothing is vectorised or shared between
points. Samples of any size, missing values are ``None``.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from twins import chart_constants

Group = Sequence[float | None]
Row = list[float | None]


class Panel(NamedTuple):
    """Points and lines of one panel; None where there is nothing."""

    points: Row
    center: Row
    lcl: Row
    ucl: Row


@lru_cache
def d2(n: int) -> float:
    return float(chart_constants.d2(n))


@lru_cache
def d3(n: int) -> float:
    return float(chart_constants.d3(n))


@lru_cache
def c4(n: int) -> float:
    return float(chart_constants.c4(n))


@lru_cache
def c5(n: int) -> float:
    return float(chart_constants.c5(n))


def known(group: Group) -> list[Fraction]:
    return [Fraction(value) for value in group if value is not None and not math.isnan(value)]


def root(square: Fraction) -> float:
    """The square root of a fraction, right to the last digit or two however small or large it is."""
    if square == 0:
        return 0.0
    scaled = square * 4**600
    return math.isqrt(scaled.numerator // scaled.denominator) / 2**600


def mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def range_of(values: Sequence[Fraction]) -> float | None:
    return float(max(values) - min(values)) if len(values) > 1 else None


def deviation(values: Sequence[Fraction]) -> float | None:
    if len(values) < 2:
        return None
    center = mean(values)
    return root(sum(((v - center) ** 2 for v in values), Fraction(0)) / (len(values) - 1))


def sigma_of_groups(groups: Sequence[Group], method: str, *, unbiased: bool = True) -> float:
    samples = [values for values in map(known, groups) if len(values) > 1]
    if method == "pooled":
        freedom = sum(len(values) - 1 for values in samples)
        squares = sum((v - mean(values)) ** 2 for values in samples for v in values)
        return root(Fraction(squares) / freedom) / (c4(freedom + 1) if unbiased else 1.0)
    top = bottom = 0.0
    for values in samples:
        n = len(values)
        spread = range_of(values) if method.startswith("R") else deviation(values)
        middle, scatter = (d2(n), d3(n)) if method.startswith("R") else (c4(n), c5(n))
        assert spread is not None
        variance = (scatter / middle) ** 2  # of one estimate spread / middle, in units of sigma
        weight = 1.0 if method.endswith("unweighted") else 1.0 / variance
        top += weight * spread / middle
        bottom += weight
    return top / bottom


def moves(values: Group) -> Row:
    found: Row = []
    for place, value in enumerate(values):
        before = values[place - 1] if place else None
        gone = value is None or before is None or math.isnan(value) or math.isnan(before)
        found.append(None if gone else float(abs(Fraction(value or 0) - Fraction(before or 0))))
    return found


def sigma_of_moves(ranges: Row, method: str) -> float:
    there = [move for move in ranges if move is not None]
    if method == "average moving range":
        return statistics.fmean(there) * math.sqrt(math.pi) / 2
    if method == "median moving range":
        return statistics.median(there) / (math.sqrt(2) * statistics.NormalDist().inv_cdf(0.75))
    return math.sqrt(statistics.fmean([move * move for move in there]) / 2)


def subgroup_panels(
    groups: Sequence[Group], sigma: float, center: float, nsigma: float, second: str
) -> tuple[Panel, Panel]:
    rows: list[list[Row]] = [[[], [], [], []], [[], [], [], []]]
    for group in groups:
        values = known(group)
        n = len(values)
        xbar = float(mean(values)) if n else None
        spread = range_of(values) if second == "r" else deviation(values)
        error = nsigma * sigma / math.sqrt(n) if n else None
        add(rows[0], xbar, center if n else None, error, floor=None)
        if n < 2:
            add(rows[1], None, None, None, floor=None)
        elif second == "r":
            add(rows[1], spread, d2(n) * sigma, nsigma * d3(n) * sigma, floor=0.0)
        else:
            add(rows[1], spread, c4(n) * sigma, nsigma * c5(n) * sigma, floor=0.0)
    return Panel(*rows[0]), Panel(*rows[1])


def count_panel(kind: str, counts: Group, sizes: Sequence[float], center: float, nsigma: float) -> Panel:
    rows: list[Row] = [[], [], [], []]
    for count, size in zip(counts, sizes, strict=True):
        if kind in ("p", "np"):
            scale = 1.0 if kind == "p" else size
            variance = center * (1 - center) / size
        else:
            scale, variance = 1.0, center / size
        shown = None if count is None else count / size if kind in ("p", "u") else float(count)
        ceiling = {"p": 1.0, "np": size}.get(kind, math.inf)
        add(rows, shown, center * scale, nsigma * math.sqrt(variance) * scale, floor=0.0, ceiling=ceiling)
    return Panel(*rows)


def add(
    rows: list[Row],
    point: float | None,
    center: float | None,
    reach: float | None,
    *,
    floor: float | None,
    ceiling: float = math.inf,
) -> None:
    low = None if center is None or reach is None else center - reach
    high = None if center is None or reach is None else min(center + reach, ceiling)
    rows[0].append(point)
    rows[1].append(center)
    rows[2].append(low if low is None or floor is None else max(low, floor))
    rows[3].append(high)
