"""Limits from few points, and what a chart overlooks, by adding up: Simpson's rule, bisection, sums."""

from __future__ import annotations

import math
import statistics

from twins import chart_constants, schoolbook

NORMAL = statistics.NormalDist()


def share_kept(points: int, freedom: int, reach: float, alpha: float, steps: int = 160) -> float:
    """The share of charts with a pooled sigma whose chance of a false alarm is at most alpha."""
    edge, total = 7.0, 0.0
    width = 2 * edge / steps
    unbiased = schoolbook.c4(freedom + 1)
    for place in range(steps + 1):
        z = -edge + place * width
        off = abs(z) / math.sqrt(points)
        low, high = 0.0, 40.0
        for _ in range(60):
            middle = (low + high) / 2
            wide = NORMAL.cdf(-middle + off) + NORMAL.cdf(-middle - off) < alpha
            low, high = (low, middle) if wide else (middle, high)
        needed = freedom * (low * unbiased / reach) ** 2
        weight = 1 if place in (0, steps) else 4 if place % 2 else 2
        total += weight * NORMAL.pdf(z) * (1 - schoolbook.chi_square_cdf(needed, freedom))
    return total * width / 3


def guaranteed(points: int, n: int, nsigma: float, tolerance: float, confidence: float) -> float:
    """The reach by bisection."""
    alpha = 2 * NORMAL.cdf(-nsigma) * (1 + tolerance)
    low, high = nsigma * 0.8, nsigma * 2
    for _ in range(40):
        middle = (low + high) / 2
        enough = share_kept(points, points * (n - 1), middle, alpha) >= confidence
        low, high = (low, middle) if enough else (middle, high)
    return (low + high) / 2


def on_average(points: int, n: int, nsigma: float) -> float:
    """Student's t, whose square is F with one degree of freedom above."""
    freedom = points * (n - 1)
    alpha = 2 * NORMAL.cdf(-nsigma)
    t = math.sqrt(schoolbook.f_quantile(1 - alpha, 1, freedom))
    return t * math.sqrt(1 + 1 / points) * schoolbook.c4(freedom + 1)


def accepted_means(n: int, nsigma: float, shift: float) -> float:
    return NORMAL.cdf(nsigma - shift * math.sqrt(n)) - NORMAL.cdf(-nsigma - shift * math.sqrt(n))


def accepted_defectives(n: int, mean: float, nsigma: float, share: float) -> float:
    reach = nsigma * math.sqrt(n * mean * (1 - mean))
    return math.fsum(
        math.comb(n, d) * share**d * (1 - share) ** (n - d)
        for d in range(n + 1)
        if n * mean - reach <= d <= n * mean + reach
    )


def accepted_defects(mean: float, nsigma: float, rate: float) -> float:
    reach = nsigma * math.sqrt(mean)
    most = math.floor(mean + reach)
    return math.fsum(
        math.exp(-rate) * rate**count / math.factorial(count)
        for count in range(most + 1)
        if count >= mean - reach
    )


def accepted_ranges(n: int, nsigma: float, ratio: float) -> float:
    middle, spread = float(chart_constants.d2(n)), float(chart_constants.d3(n))
    low, high = max(0.0, middle - nsigma * spread), middle + nsigma * spread
    return chart_constants.chance_of_range(high / ratio, n) - (
        chart_constants.chance_of_range(low / ratio, n) if low else 0.0
    )


def accepted_deviations(n: int, nsigma: float, ratio: float) -> float:
    middle = schoolbook.c4(n)
    spread = math.sqrt(1 - middle * middle)
    low, high = max(0.0, middle - nsigma * spread), middle + nsigma * spread
    below = schoolbook.chi_square_cdf((n - 1) * (low / ratio) ** 2, n - 1) if low else 0.0
    return schoolbook.chi_square_cdf((n - 1) * (high / ratio) ** 2, n - 1) - below
