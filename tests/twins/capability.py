"""Capability by the schoolbook: lists, loops, exact variances, distributions by series and bisection."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import NormalDist, StatisticsError, mean, stdev, variance

from twins.chart_constants import c4, d2, d3

NORMAL = NormalDist()
Groups = Sequence[Sequence[float]]


def sigma_within(groups: Groups, method: str) -> tuple[float, float]:
    """Sigma and its degrees of freedom, as the papers give them."""
    many = [group for group in groups if len(group) > 1]
    if method == "pooled":
        freedom = sum(len(group) - 1 for group in many)
        squares = sum(variance(group) * (len(group) - 1) for group in many)
        return math.sqrt(squares / freedom) / float(c4(freedom + 1)), freedom
    if method == "Rbar":
        parts = [((max(g) - min(g)) / d2(len(g)), d3(len(g)) ** 2 / d2(len(g)) ** 2) for g in many]
    else:
        parts = [(stdev(g) / float(c4(len(g))), float(c4(len(g))) ** -2 - 1) for g in many]
    weights = [1 / scatter for _, scatter in parts]
    sigma = sum(w * each for w, (each, _) in zip(weights, parts, strict=True)) / sum(weights)
    return sigma, _solve_freedom(1 / sum(weights))


def sigma_of_moves(values: Sequence[float]) -> float:
    """The average moving range over 2 / sqrt(pi)."""
    moves = [abs(b - a) for a, b in pairwise(values)]
    return sum(moves) / len(moves) * math.sqrt(math.pi) / 2


def _solve_freedom(relative_variance: float) -> float:
    """The freedom at which 1/2f + 1/8f^2 is the relative variance, by bisection."""
    return bisect(lambda f: relative_variance - 1 / (2 * f) - 1 / (8 * f * f), 0.1, 1e7)


def indices(groups: Groups, sigma: float, lsl: float | None, usl: float | None) -> dict[str, float | None]:
    """Both-sided, lower, upper and worst index for one sigma."""
    center = mean(value for group in groups for value in group)
    sides = {
        "lower": None if lsl is None else (center - lsl) / sigma / 3,
        "upper": None if usl is None else (usl - center) / sigma / 3,
    }
    both = None if lsl is None or usl is None else (usl - lsl) / sigma / 6
    return {"both": both, **sides, "worst": min(side for side in sides.values() if side is not None)}


def cpm(values: Sequence[float], lsl: float, usl: float, target: float) -> float:
    """From the mean squared distance to the target, with n - 1 for its part about the mean."""
    tau = math.sqrt(variance(values) + (mean(values) - target) ** 2)
    return min(target - lsl, usl - target) / (3 * tau)


def ppm_expected(center: float, sigma: float, lsl: float | None, usl: float | None) -> list[float]:
    """Below, above, total."""
    below = 0.0 if lsl is None else 5e5 * math.erfc((center - lsl) / sigma / math.sqrt(2))
    above = 0.0 if usl is None else 5e5 * math.erfc((usl - center) / sigma / math.sqrt(2))
    return [below, above, below + above]


def z_of_ppm(ppm: float) -> float:
    """The z with this many ppm above it."""
    return bisect(lambda z: ppm - 5e5 * math.erfc(z / math.sqrt(2)), -8.0, 35.0)


def chi_square_bounds(index: float, freedom: float, level: float) -> tuple[float, float]:
    """The index times the root of a chi-square quantile over its freedom, at both ends."""
    low, high = (1 - level) / 2, (1 + level) / 2
    return tuple(index * math.sqrt(chi_square_quantile(p, freedom) / freedom) for p in (low, high))  # type: ignore[return-value]


def bissell_bounds(index: float, n: int, freedom: float, level: float) -> tuple[float, float]:
    """Index plus and minus z standard errors."""
    error = (1 / n / 9 + index * index / freedom / 2) ** 0.5
    z = NORMAL.inv_cdf((1 + level) / 2)
    return index - z * error, index + z * error


def chi_square_quantile(p: float, freedom: float) -> float:
    """By bisection of the series of the incomplete gamma function."""
    return bisect(lambda x: _gamma_series(freedom / 2, x / 2) - p, 0.0, 10 * freedom + 100)


def _gamma_series(a: float, x: float) -> float:
    if x == 0:
        return 0.0
    term = total = 1.0 / a
    k = a
    while term > total * 1e-17:
        k += 1
        term *= x / k
        total += term
    return total * math.exp(a * math.log(x) - x - math.lgamma(a))


def bisect(f: Callable[[float], float], low: float, high: float) -> float:
    """The root of a rising function."""
    if not f(low) <= 0 <= f(high):
        raise StatisticsError("no root between the ends")
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) < 0 else (low, middle)
    return (low + high) / 2
