"""Sums, components, lines and forecasts by hand: Cramer's rule, rotations, normal equations, trials."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from twins import several
from twins.charts import Row

Rows = Sequence[Sequence[float] | None]


def crosier(
    rows: Rows, sizes: Sequence[int], mean: Sequence[float], covariance: several.Matrix, k: float
) -> Row:
    """The length of the sum after each point, in the variables themselves: nothing is turned or scaled."""
    found: Row = []
    sums = [0.0] * len(mean)
    for row, size in zip(rows, sizes, strict=True):
        if row is None:
            found.append(None)
            continue
        ahead = [s + math.sqrt(size) * (x - m) for s, x, m in zip(sums, row, mean, strict=True)]
        length = math.sqrt(several.distance([Fraction(a) for a in ahead], covariance))
        sums = [0.0] * len(mean) if length <= k else [a - a * k / length for a in ahead]
        found.append(max(0.0, length - k))
    return found


def rotated(matrix: Sequence[Sequence[float]]) -> tuple[list[float], list[list[float]]]:
    """Eigenvalues, the largest first, each with its vector: Jacobi's rotations until nothing is left."""
    size = len(matrix)
    a = [list(row) for row in matrix]
    v = [[float(i == j) for j in range(size)] for i in range(size)]
    for _ in range(60):
        for p in range(size):
            for q in range(p + 1, size):
                if a[p][q] == 0.0:
                    continue
                angle = 0.5 * math.atan2(2 * a[p][q], a[q][q] - a[p][p])
                c, s = math.cos(angle), math.sin(angle)
                for i in range(size):
                    a[i][p], a[i][q] = c * a[i][p] - s * a[i][q], s * a[i][p] + c * a[i][q]
                for i in range(size):
                    a[p][i], a[q][i] = c * a[p][i] - s * a[q][i], s * a[p][i] + c * a[q][i]
                    v[i][p], v[i][q] = c * v[i][p] - s * v[i][q], s * v[i][p] + c * v[i][q]
    order = sorted(range(size), key=lambda i: -a[i][i])
    return [a[i][i] for i in order], [[v[j][i] for j in range(size)] for i in order]


def components(rows: Sequence[Sequence[float]], count: int, alpha: float) -> dict[str, list[float]]:
    """T² and SPE of rows by the components of their correlation, and the limit of SPE."""
    columns = list(zip(*rows, strict=True))
    means, sds = [statistics.fmean(c) for c in columns], [statistics.stdev(c) for c in columns]
    z = [[(x - m) / s for x, m, s in zip(row, means, sds, strict=True)] for row in rows]
    width = len(columns)
    matrix = [
        [math.fsum(row[i] * row[j] for row in z) / (len(rows) - 1) for j in range(width)]
        for i in range(width)
    ]
    values, vectors = rotated(matrix)
    t2, spe = [], []
    for row in z:
        scores = [math.fsum(a * b for a, b in zip(row, vector, strict=True)) for vector in vectors]
        t2.append(math.fsum(s * s / value for s, value in zip(scores[:count], values, strict=False)))
        spe.append(math.fsum(s * s for s in scores[count:]))
    return {"t2": t2, "spe": spe, "spe_ucl": [jackson_mudholkar(values[count:], alpha)]}


def jackson_mudholkar(rest: Sequence[float], alpha: float) -> float:
    """As printed in 1979: theta 1 to 3, h0, and the normal quantile."""
    t1, t2, t3 = (math.fsum(value**power for value in rest) for power in (1, 2, 3))
    h0 = 1 - 2 * t1 * t3 / (3 * t2**2)
    c = statistics.NormalDist().inv_cdf(1 - alpha)
    inner = c * math.sqrt(2 * t2 * h0**2) / t1 + t2 * h0 * (h0 - 1) / t1**2 + 1
    return float(t1 * inner ** (1 / h0))


def straight_line(rows: Sequence[Sequence[float]]) -> tuple[list[Fraction], float]:
    """Intercept and slopes of the first column on the others, and s around it, by the normal equations."""
    x = [[Fraction(1), *(Fraction(v) for v in row[1:])] for row in rows]
    y = [Fraction(row[0]) for row in rows]
    size = len(x[0])
    table = [
        [sum((r[i] * r[j] for r in x), Fraction(0)) for j in range(size)]
        + [sum((r[i] * v for r, v in zip(x, y, strict=True)), Fraction(0))]
        for i in range(size)
    ]
    for i in range(size):
        pivot = next(r for r in range(i, size) if table[r][i] != 0)
        table[i], table[pivot] = table[pivot], table[i]
        table[i] = [value / table[i][i] for value in table[i]]
        for r in range(size):
            if r != i:
                table[r] = [a - table[r][i] * b for a, b in zip(table[r], table[i], strict=True)]
    found = [row[-1] for row in table]
    rest = [
        v - sum((b * w for b, w in zip(found, r, strict=True)), Fraction(0))
        for v, r in zip(y, x, strict=True)
    ]
    return found, math.sqrt(sum((e * e for e in rest), Fraction(0)) / (len(rows) - size))


def neighbours(values: Row) -> tuple[float, float, float]:
    """Mean, phi and sigma of values that follow one another: each on the one before, by a straight line."""
    pairs = [(b, a) for a, b in itertools.pairwise(values) if a is not None and b is not None]
    (start, phi), _ = straight_line(pairs)
    rest = [Fraction(b) - start - phi * Fraction(a) for b, a in pairs]
    sigma = math.sqrt(sum((e * e for e in rest), Fraction(0)) / (len(pairs) - 2))
    return float(start / (1 - phi)), float(phi), sigma


def residuals(values: Row, mean: float, phi: float, sigma: float) -> tuple[Row, Row]:
    """Each value less what its nearest known predecessor says, however long ago, and the sigma of that."""
    points: Row = []
    spreads: Row = []
    for place, value in enumerate(values):
        if value is None:
            points.append(None)
            spreads.append(None)
            continue
        back = next((lag for lag in range(1, place + 1) if values[place - lag] is not None), None)
        if back is None:
            points.append(value - mean)
            spreads.append(sigma / math.sqrt(1 - phi * phi))
            continue
        before = values[place - back]
        assert before is not None
        points.append(value - mean - phi**back * (before - mean))
        spreads.append(sigma * math.sqrt(math.fsum(phi ** (2 * j) for j in range(back))))
    return points, spreads


def average_errors(values: Row, weight: float) -> Row:
    """Forecast errors of an ewma from the first value on, each forecast summed up anew from all before."""
    known = [value for value in values if value is not None]
    errors: Row = []
    seen = 0
    for value in values:
        if value is None:
            errors.append(None)
            continue
        past = known[:seen]
        forecast = known[0] * (1 - weight) ** seen + math.fsum(
            weight * (1 - weight) ** (seen - 1 - j) * x for j, x in enumerate(past)
        )
        errors.append(value - forecast)
        seen += 1
    return errors


def best_weight(values: Row) -> float:
    """The weight with the smallest sum of squares: a grid, then the golden section around its best place."""

    def squares(weight: float) -> float:
        return math.fsum(e * e for e in average_errors(values, weight) if e is not None)

    grid = [place / 40 for place in range(1, 41)]
    best = min(grid, key=squares)
    low, high = max(best - 1 / 40, 1e-6), min(best + 1 / 40, 1.0)
    ratio = (math.sqrt(5) - 1) / 2
    while high - low > 1e-9:
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, b) if squares(a) < squares(b) else (a, high)
    return (low + high) / 2


def rings(h: float, width: int, k: float, count: int) -> float:
    """Points to a false alarm of Crosier's sum: its length as a chain on small rings, extrapolated."""
    coarse, fine = (_on_rings(h, width, k, rings) for rings in (count, 2 * count))
    return (4 * fine - coarse) / 3


def _on_rings(h: float, width: int, k: float, count: int) -> float:
    from scipy.stats import ncx2

    edges = np.linspace(0.0, h, count + 1)
    places = np.concatenate([[0.0], 0.5 * (edges[1:] + edges[:-1])])
    reached = ncx2.cdf((edges[None, :] + k) ** 2, width, np.maximum(places[:, None] ** 2, 1e-12))
    moves = np.diff(reached, axis=1, prepend=0.0)
    return float(np.linalg.solve(np.eye(count + 1) - moves, np.ones(count + 1))[0])


def played(width: int, k: float, h: float, shift: float, charts: int) -> tuple[float, float]:
    """The average run length of Crosier's sum as chance plays it out, and its standard error."""
    chance = np.random.default_rng(1988)
    sums = np.zeros((charts, width))
    lengths: list[int] = []
    for point in range(1, 100_000):
        steps = chance.normal(size=sums.shape)
        steps[:, 0] += shift
        ahead = sums + steps
        far = np.sqrt((ahead * ahead).sum(axis=1))
        sums = ahead * np.maximum(0.0, 1 - k / far)[:, None]
        over = far - k > h
        lengths += [point] * int(over.sum())
        sums = sums[~over]
        if not len(sums):
            break
    found = np.array(lengths, dtype=float)
    return float(found.mean()), float(found.std() / math.sqrt(charts))
