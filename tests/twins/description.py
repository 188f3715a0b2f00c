"""Descriptive statistics in exact rational arithmetic, straight from their definitions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise


def central_moment(values: Sequence[float], order: int) -> Fraction:
    exact = [Fraction(value) for value in values]
    center = sum(exact, Fraction(0)) / len(exact)
    return sum(((value - center) ** order for value in exact), Fraction(0)) / len(exact)


def mean(values: Sequence[float]) -> float:
    return float(sum((Fraction(value) for value in values), Fraction(0)) / len(values))


def standard_deviation(values: Sequence[float]) -> float:
    n = len(values)
    return math.sqrt(central_moment(values, 2) * n / (n - 1))


def g1(values: Sequence[float]) -> float:
    return float(central_moment(values, 3)) / math.pow(central_moment(values, 2), 1.5)


def g2(values: Sequence[float]) -> float:
    return float(central_moment(values, 4) / central_moment(values, 2) ** 2) - 3.0


def sample_skewness(values: Sequence[float]) -> float:
    """Excel's SKEW as printed in its manual."""
    n, m, s = len(values), mean(values), standard_deviation(values)
    return n / ((n - 1) * (n - 2)) * math.fsum(((v - m) / s) ** 3 for v in values)


def sample_kurtosis(values: Sequence[float]) -> float:
    """Excel's KURT as printed in its manual."""
    n, m, s = len(values), mean(values), standard_deviation(values)
    fourth = math.fsum(((v - m) / s) ** 4 for v in values)
    return n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * fourth - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))


def lag_one(values: Sequence[float]) -> float:
    exact = [Fraction(value) for value in values]
    center = sum(exact, Fraction(0)) / len(exact)
    pairs = pairwise(exact)
    top = sum(((a - center) * (b - center) for a, b in pairs), Fraction(0))
    return float(top / sum(((a - center) ** 2 for a in exact), Fraction(0)))


def quantile(values: Sequence[float], p: float, kind: int) -> float:
    """Hyndman and Fan's sample quantiles by counting in the sorted list (their table 1)."""
    ordered, n = sorted(values), len(values)
    if kind <= 3:
        place = n * p - (0.5 if kind == 3 else 0.0)
        j = math.floor(place)
        rest = place - j
        if kind == 1:
            share = 1.0 if rest > 0 else 0.0
        elif kind == 2:
            share = 1.0 if rest > 0 else 0.5
        else:
            share = 0.0 if rest == 0 and j % 2 == 0 else 1.0
    else:
        offset = {4: 0.0, 5: 0.5, 6: p, 7: 1 - p, 8: (p + 1) / 3, 9: p / 4 + 3 / 8}[kind]
        place = n * p + offset
        j = math.floor(place)
        share = place - j

    def at(rank: int) -> float:
        return ordered[min(max(rank, 1), n) - 1]

    return (1 - share) * at(j) + share * at(j + 1)


def normal_below(z: float) -> float:
    """The normal distribution by its Taylor series about zero, exact terms."""
    term = total = Fraction(z)
    for k in range(1, 200):
        term = term * (-(Fraction(z) ** 2)) / (2 * k)
        total += term / (2 * k + 1)
        if abs(term) < Fraction(1, 10**30):
            break
    return 0.5 + float(total) / math.sqrt(2 * math.pi)


def a_squared(values: Sequence[float]) -> float:
    """Anderson and Darling's statistic, one value at a time."""
    n, m, s = len(values), mean(values), standard_deviation(values)
    below = [0.5 * math.erfc(-(v - m) / s / math.sqrt(2)) for v in sorted(values)]
    above = [0.5 * math.erfc((v - m) / s / math.sqrt(2)) for v in sorted(values)]
    total = 0.0
    for i in range(1, n + 1):
        total += (2 * i - 1) * math.log(below[i - 1]) + (2 * (n - i) + 1) * math.log(above[i - 1])
    return -n - total / n
