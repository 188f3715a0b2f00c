"""Time-weighted charts by their definitions, not by their recursions.

Every ewma is the weighted sum of all points before it, every cusum the largest of the sums over the newest
stretches, every moving average a sum over its window: exact fractions, each point from the beginning again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from twins.charts import Panel, Row, add, root

Values = Sequence[float | None]
Sizes = Sequence[int]


def known_before(values: Values, sizes: Sizes, place: int) -> list[tuple[Fraction, int]]:
    """The points up to a place that are not missing, the newest last."""
    pairs = list(zip(values, sizes, strict=True))[: place + 1]
    return [(Fraction(value), n) for value, n in pairs if value is not None]


def ewma(
    values: Values, sizes: Sizes, *, mean: float, sigma: float, lam: float, reach: float, exact: bool = True
) -> Panel:
    rows: list[Row] = [[], [], [], []]
    weight, center = Fraction(lam), Fraction(mean)
    for place, value in enumerate(values):
        if value is None:
            add(rows, None, None, None, floor=None)
            continue
        past = known_before(values, sizes, place)
        weights = [weight * (1 - weight) ** age for age in range(len(past) - 1, -1, -1)]
        first = (1 - weight) ** len(past)
        z = first * center + sum((w * x for w, (x, _) in zip(weights, past, strict=True)), Fraction(0))
        share = sum((w * w / n for w, (_, n) in zip(weights, past, strict=True)), Fraction(0))
        if not exact:
            share = weight / (2 - weight) / sizes[place]
        add(rows, float(z), mean, reach * sigma * root(share), floor=None)
    return Panel(*rows)


def cusum(
    values: Values, sizes: Sizes, *, mean: float, sigma: float, k: float, fir: float = 0.0
) -> tuple[Row, Row]:
    """The upper sum, and the lower one as a magnitude."""
    both: tuple[Row, Row] = ([], [])
    for place, value in enumerate(values):
        past = known_before(values, sizes, place)
        for sums, side in zip(both, (1, -1), strict=True):
            if value is None:
                sums.append(None)
                continue
            steps = [side * float(x - Fraction(mean)) * math.sqrt(n) / sigma - k for x, n in past]
            newest = [math.fsum(steps[start:]) for start in range(len(steps) + 1)]
            sums.append(max([fir + newest[0], *newest[1:]]))
    return both


def moving_average(
    values: Values, sizes: Sizes, *, mean: float, sigma: float, span: int, reach: float
) -> Panel:
    rows: list[Row] = [[], [], [], []]
    for place, value in enumerate(values):
        first = max(0, place + 1 - span)
        window = list(zip(values, sizes, strict=True))[first : place + 1]
        there = [(Fraction(x), n) for x, n in window if x is not None]
        if value is None:
            add(rows, None, None, None, floor=None)
            continue
        average = sum((x for x, _ in there), Fraction(0)) / len(there)
        share = sum((Fraction(1, n) for _, n in there), Fraction(0)) / len(there) ** 2
        add(rows, float(average), mean, reach * sigma * root(share), floor=None)
    return Panel(*rows)
