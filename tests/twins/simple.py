"""Median charts, spreads alone, control materials and exact limits by hand: fractions, counts summed up.

The scatter of a median comes from the chance that most values lie above, a tail of counts from adding up
chances one by one.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

from twins.charts import Group, Panel, Row, add, known, mean, subgroup_panels

NORMAL = statistics.NormalDist()


@lru_cache
def median_sd(n: int) -> float:
    """By Simpson's rule: E(M²) is the integral of 2 x P(|M| > x)."""
    steps, edge = 4_000, 8.0
    width = edge / steps
    total = 0.0
    for place in range(steps + 1):
        x = place * width
        weight = 1 if place in (0, steps) else 4 if place % 2 else 2
        total += weight * 2 * x * 2 * _above(x, n)
    return math.sqrt(total * width / 3)


def _above(x: float, n: int) -> float:
    """The chance that the median of an odd number of values exceeds x: most of them do."""
    tail = 0.5 * math.erfc(x / math.sqrt(2))
    return sum(math.comb(n, k) * tail**k * (1 - tail) ** (n - k) for k in range(n // 2 + 1, n + 1))


def median_panels(groups: Sequence[Group], sigma: float, nsigma: float) -> tuple[Panel, Panel]:
    """Of subgroups with odd sizes."""
    samples = [known(group) for group in groups]
    middles = [statistics.median(values) if values else None for values in samples]
    total = sum(len(values) for values in samples)
    weighed = [m * len(v) for m, v in zip(middles, samples, strict=True) if m is not None]
    center = float(sum(weighed, Fraction(0)) / total)
    rows: list[Row] = [[], [], [], []]
    for middle, values in zip(middles, samples, strict=True):
        if middle is None:
            add(rows, None, None, None, floor=None)
        else:
            add(rows, float(middle), center, nsigma * median_sd(len(values)) * sigma, floor=None)
    return Panel(*rows), subgroup_panels(groups, sigma, center, nsigma, "r")[1]


def control_material(values: Row, nsigma: float) -> Panel:
    """Values with limits by the standard deviation of them all."""
    there = [Fraction(value) for value in values if value is not None]
    center, sigma = float(mean(there)), statistics.stdev(there)
    rows: list[Row] = [[], [], [], []]
    for value in values:
        add(rows, value, center, nsigma * sigma, floor=None)
    return Panel(*rows)


def binomial(n: int, p: float) -> Iterator[float]:
    for count in range(n + 1):
        yield math.comb(n, count) * p**count * (1 - p) ** (n - count)


def poisson(rate: float) -> Iterator[float]:
    count = 0
    while True:
        yield math.exp(count * math.log(rate) - rate - math.lgamma(count + 1))
        count += 1


def exact_limits(chances: Iterator[float], nsigma: float) -> tuple[int, int]:
    """The lowest and highest count that chance does not leave too seldom on the one or the other side."""
    tail = 1 - NORMAL.cdf(nsigma)
    low, below, count = None, 0.0, 0
    for chance in chances:
        below += chance
        if low is None and below >= tail:
            low = count
        if 1 - below <= tail:
            return low or 0, count
        count += 1
    return low or 0, count - 1
