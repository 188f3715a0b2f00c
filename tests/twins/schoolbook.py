"""Quality statistics as a schoolbook computes them: plain Python, one number at a time, no library.

Slow and simple on purpose, and written without a look at the product. Used to make the carried cases of our
own (``make_cases.py``) and to check the product in tests.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from functools import cache
from statistics import NormalDist

Numbers = Sequence[float]
STEPS = 1200
EDGE = 9.0


def phi(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


def simpson(function: Callable[[float], float], low: float, high: float, steps: int = STEPS) -> float:
    width = (high - low) / steps
    total = function(low) + function(high)
    for k in range(1, steps):
        total += (4 if k % 2 else 2) * function(low + k * width)
    return total * width / 3


@cache
def d2(n: int) -> float:
    """Mean of the range of n standard normal values (Tippett 1925)."""
    return simpson(lambda x: 1 - phi(x) ** n - (1 - phi(x)) ** n, -EDGE, EDGE)


@cache
def d3(n: int) -> float:
    """Standard deviation of that range, by the density of the range."""

    def density(w: float) -> float:
        def inner(x: float) -> float:
            pdf = math.exp(-(x * x + (x + w) ** 2) / 2) / (2 * math.pi)
            return pdf * (phi(x + w) - phi(x)) ** (n - 2)

        return n * (n - 1) * simpson(inner, -EDGE - w / 2, EDGE - w / 2, 120)

    second = simpson(lambda w: w * w * density(w), 0.0, 1.5 * EDGE, 2400)
    return math.sqrt(second - d2(n) ** 2)


def c4(n: int) -> float:
    """Mean of the standard deviation of n standard normal values, by its product formula."""
    if n == 2:
        return math.sqrt(2 / math.pi)
    return (n - 2) / math.sqrt((n - 1) * (n - 2)) / c4(n - 1)


def mean(values: Numbers) -> float:
    return math.fsum(values) / len(values)


def variance(values: Numbers) -> float:
    middle = mean(values)
    return math.fsum((v - middle) ** 2 for v in values) / (len(values) - 1)


def sd(values: Numbers) -> float:
    return math.sqrt(variance(values))


def spread(values: Numbers) -> float:
    return max(values) - min(values)


def outside(points: Numbers, low: Numbers, high: Numbers) -> list[int]:
    triples = enumerate(zip(points, low, high, strict=True), start=1)
    return [number for number, (point, under, over) in triples if point < under or point > over]


def xbar_r(groups: Sequence[Numbers], k: float = 3.0) -> dict[str, object]:
    """Shewhart's chart of means and ranges of equal subgroups, sigma = Rbar / d2."""
    n, m = len(groups[0]), len(groups)
    means, ranges = [mean(g) for g in groups], [spread(g) for g in groups]
    rbar, center = mean(ranges), mean(means)
    sigma = rbar / d2(n)
    half = k * sigma / math.sqrt(n)
    r_upper, r_lower = rbar + k * d3(n) * sigma, max(0.0, rbar - k * d3(n) * sigma)
    return {
        "sigma_hat": sigma,
        "xbar_center": center,
        "xbar_ucl": center + half,
        "xbar_lcl": center - half,
        "r_center": rbar,
        "r_ucl": r_upper,
        "r_lcl": r_lower,
        "xbar_beyond": outside(means, [center - half] * m, [center + half] * m),
        "r_beyond": outside(ranges, [r_lower] * m, [r_upper] * m),
    }


def xbar_s(groups: Sequence[Numbers], k: float = 3.0) -> dict[str, object]:
    """Shewhart's chart of means and standard deviations of equal subgroups, sigma = Sbar / c4."""
    n, m = len(groups[0]), len(groups)
    means, sds = [mean(g) for g in groups], [sd(g) for g in groups]
    sbar, center = mean(sds), mean(means)
    sigma = sbar / c4(n)
    half, s_half = k * sigma / math.sqrt(n), k * sigma * math.sqrt(1 - c4(n) ** 2)
    s_lower, s_upper = max(0.0, sbar - s_half), sbar + s_half
    return {
        "sigma_hat": sigma,
        "xbar_center": center,
        "xbar_ucl": center + half,
        "xbar_lcl": center - half,
        "s_center": sbar,
        "s_ucl": s_upper,
        "s_lcl": s_lower,
        "xbar_beyond": outside(means, [center - half] * m, [center + half] * m),
        "s_beyond": outside(sds, [s_lower] * m, [s_upper] * m),
    }


def c_chart(counts: Numbers, k: float = 3.0) -> dict[str, object]:
    center, m = mean(counts), len(counts)
    low, high = max(0.0, center - k * math.sqrt(center)), center + k * math.sqrt(center)
    return {"center": center, "ucl": high, "lcl": low, "beyond": outside(counts, [low] * m, [high] * m)}


def u_chart(counts: Numbers, sizes: Numbers, k: float = 3.0) -> dict[str, object]:
    center = math.fsum(counts) / math.fsum(sizes)
    high = [center + k * math.sqrt(center / size) for size in sizes]
    low = [max(0.0, center - k * math.sqrt(center / size)) for size in sizes]
    rates = [count / size for count, size in zip(counts, sizes, strict=True)]
    return {"center": center, "ucl": high, "lcl": low, "beyond": outside(rates, low, high)}


def laney_p(defectives: Numbers, sizes: Numbers, k: float = 3.0) -> dict[str, object]:
    """Laney's p' chart: the binomial sigma times the sigma of the standardised shares."""
    center = math.fsum(defectives) / math.fsum(sizes)
    of_points = [math.sqrt(center * (1 - center) / n) for n in sizes]
    shares = [d / n for d, n in zip(defectives, sizes, strict=True)]
    z = [(share - center) / sigma for share, sigma in zip(shares, of_points, strict=True)]
    sigma_z = moving_range_sigma(z)
    high = [min(1.0, center + k * sigma * sigma_z) for sigma in of_points]
    low = [max(0.0, center - k * sigma * sigma_z) for sigma in of_points]
    beyond = outside(shares, low, high)
    return {"center": center, "sigma_z": sigma_z, "ucl": high, "lcl": low, "beyond": beyond}


def g_chart(gaps: Numbers, k: float = 3.0) -> dict[str, object]:
    """Counts without an event between two events: geometric, from zero."""
    center, m = mean(gaps), len(gaps)
    half = k * math.sqrt(center * (center + 1))
    low, high = max(0.0, center - half), center + half
    return {"center": center, "ucl": high, "lcl": low, "beyond": outside(gaps, [low] * m, [high] * m)}


def beta_cdf(x: float, a: float, b: float) -> float:
    """The incomplete beta function by its continued fraction (Abramowitz and Stegun 26.5.8)."""
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_cdf(1 - x, b, a)
    value = 0.0
    for m in range(200, 0, -1):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m - 1) * (a + b + m - 1) * x / ((a + 2 * m - 2) * (a + 2 * m - 1))
        value = odd / (1 + even / (1 + value))
    logs = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(1 - x)
    return math.exp(logs) / a / (1 + value)


def beta_quantile(p: float, a: float, b: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        if beta_cdf(middle, a, b) < p:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def f_quantile(p: float, first: float, second: float) -> float:
    x = beta_quantile(p, first / 2, second / 2)
    return second * x / (first * (1 - x))


def solve(matrix: Sequence[Numbers], right: Numbers) -> list[float]:
    """By elimination, the largest pivot first."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for place in range(len(rows)):
        best = max(range(place, len(rows)), key=lambda r: abs(rows[r][place]))
        rows[place], rows[best] = rows[best], rows[place]
        for other in range(len(rows)):
            if other != place:
                times = rows[other][place] / rows[place][place]
                rows[other] = [a - times * b for a, b in zip(rows[other], rows[place], strict=True)]
    return [row[-1] / row[place] for place, row in enumerate(rows)]


def t2_rows(rows: Sequence[Numbers], alpha: float) -> dict[str, object]:
    """Hotelling's T2 of single rows by their sample covariance; beta limit, and F limit of new rows."""
    m, p = len(rows), len(rows[0])
    columns = [[row[j] for row in rows] for j in range(p)]
    center = [mean(column) for column in columns]
    cov = [
        [
            math.fsum((a - x) * (b - y) for a, b in zip(columns[i], columns[j], strict=True)) / (m - 1)
            for j, y in enumerate(center)
        ]
        for i, x in enumerate(center)
    ]
    points = []
    for row in rows:
        away = [value - x for value, x in zip(row, center, strict=True)]
        points.append(math.fsum(a * b for a, b in zip(away, solve(cov, away), strict=True)))
    own = (m - 1) ** 2 / m * beta_quantile(1 - alpha, p / 2, (m - p - 1) / 2)
    new = p * (m + 1) * (m - 1) / (m * (m - p)) * f_quantile(1 - alpha, p, m - p)
    beyond = [number for number, value in enumerate(points, start=1) if value > own]
    return {
        "mean": center,
        "cov": cov,
        "t2": points,
        "ucl_phase1": own,
        "ucl_phase2": new,
        "beyond_phase1": beyond,
    }


def chi_square_cdf(x: float, df: int) -> float:
    """By the power series of the incomplete gamma function."""
    shape, half = df / 2, x / 2
    term = total = 1.0 / shape
    step = 1
    while term > total * 1e-17:
        term *= half / (shape + step)
        total += term
        step += 1
    return total * math.exp(shape * math.log(half) - half - math.lgamma(shape))


def chi_square_quantile(p: float, df: int) -> float:
    low, high = 1e-12, 10.0 * df + 100.0
    for _ in range(200):
        middle = (low + high) / 2
        if chi_square_cdf(middle, df) < p:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def ppm_beyond(center: float, sigma: float, lsl: float | None, usl: float | None) -> float:
    """Expected parts per million outside the limits of a normal process."""
    below = 0.0 if lsl is None else phi((lsl - center) / sigma)
    above = 0.0 if usl is None else phi((center - usl) / sigma)
    return 1e6 * (below + above)


def within_sigma(groups: Sequence[Numbers], method: str) -> float:
    if method == "rbar_over_d2":
        return mean([spread(g) for g in groups]) / d2(len(groups[0]))
    freedom = sum(len(g) - 1 for g in groups)
    pooled = math.sqrt(math.fsum((len(g) - 1) * variance(g) for g in groups) / freedom)
    return pooled / c4(freedom + 1)


def is_outside(value: float, lsl: float | None, usl: float | None) -> bool:
    return (lsl is not None and value < lsl) or (usl is not None and value > usl)


def indices(center: float, sigma: float, lsl: float | None, usl: float | None) -> list[float | None]:
    """Width, lower, upper and least index; None where a limit is missing."""
    lower = None if lsl is None else (center - lsl) / (3 * sigma)
    upper = None if usl is None else (usl - center) / (3 * sigma)
    width = None if lsl is None or usl is None else (usl - lsl) / (6 * sigma)
    return [width, lower, upper, min(side for side in (lower, upper) if side is not None)]


def capability(
    groups: Sequence[Numbers],
    lsl: float | None,
    usl: float | None,
    target: float | None,
    method: str,
    confidence: float = 0.95,
) -> dict[str, object]:
    """Indices of a normal process; intervals: chi-square for Pp, Bissell for Ppk."""
    values = [value for group in groups for value in group]
    n, center, overall, within = len(values), mean(values), sd(values), within_sigma(groups, method)
    found: dict[str, object] = {"n": n, "mean": center, "sigma_within": within, "sigma_overall": overall}
    found |= zip(("cp", "cpl", "cpu", "cpk"), indices(center, within, lsl, usl), strict=True)
    pp, ppl, ppu, ppk = indices(center, overall, lsl, usl)
    assert ppk is not None
    tail = (1 - confidence) / 2
    z = NormalDist().inv_cdf(1 - tail)
    bissell = z * math.sqrt(1 / (9 * n) + ppk**2 / (2 * (n - 1)))
    chi = [chi_square_quantile(p, n - 1) for p in (tail, 1 - tail)]
    cpm = None
    if lsl is not None and usl is not None and target is not None:
        cpm = (usl - lsl) / (6 * math.sqrt(overall**2 + (center - target) ** 2))
    return found | {
        "pp": pp,
        "ppl": ppl,
        "ppu": ppu,
        "ppk": ppk,
        "cpm": cpm,
        "ppm_total_overall": ppm_beyond(center, overall, lsl, usl),
        "ppm_total_within": ppm_beyond(center, within, lsl, usl),
        "ppm_observed": 1e6 * sum(is_outside(value, lsl, usl) for value in values) / n,
        "pp_ci": None if pp is None else [pp * math.sqrt(c / (n - 1)) for c in chi],
        "ppk_ci": [ppk - bissell, ppk + bissell],
    }


def moving_range_sigma(values: Numbers) -> float:
    moves = [abs(b - a) for a, b in itertools.pairwise(values)]
    return mean(moves) / d2(2)


def run_rules(values: Numbers, lengths: dict[int, int], moves: bool) -> dict[str, object]:
    """Points at which each of the eight rules fires, by looking at every window of points by hand."""
    center, sigma = mean(values), moving_range_sigma(values)
    z = [(value - center) / sigma for value in values]
    tests: dict[int, tuple[int, Callable[[list[float]], bool]]] = {
        1: (1, lambda w: abs(w[-1]) > 3),
        2: (lengths[2], lambda w: min(w) > 0 or max(w) < 0),
        3: (lengths[3] + moves, one_way),
        4: (lengths[4] + moves, zigzag),
        5: (3, lambda w: some_beyond(w, 2, 2)),
        6: (5, lambda w: some_beyond(w, 1, 4)),
        7: (lengths[7], lambda w: max(abs(x) for x in w) <= 1),
        8: (lengths[8], lambda w: min(abs(x) for x in w) > 1),
    }
    fired: dict[str, object] = {}
    for rule, (length, test) in tests.items():
        ends = range(length, len(z) + 1)
        fired[f"rule{rule}"] = [end for end in ends if test(z[end - length : end])]
    return fired


def one_way(window: list[float]) -> bool:
    steps = [b - a for a, b in itertools.pairwise(window)]
    return all(step > 0 for step in steps) or all(step < 0 for step in steps)


def zigzag(window: list[float]) -> bool:
    steps = [b - a for a, b in itertools.pairwise(window)]
    return 0 not in steps and all(a * b < 0 for a, b in itertools.pairwise(steps))


def some_beyond(window: list[float], sigma: float, least: int) -> bool:
    """At least so many on one side, the newest among them."""
    return any(
        side * window[-1] > sigma and sum(side * x > sigma for x in window) >= least for side in (1, -1)
    )
