"""Charts of several variables by exact fractions: systems solved by hand, determinants by permutations."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from twins.charts import root

Vector = Sequence[Fraction]
Matrix = Sequence[Sequence[Fraction]]
Rows = Sequence[Sequence[float] | None]


def whole(rows: Rows) -> list[list[Fraction]]:
    return [[Fraction(value) for value in row] for row in rows if row is not None]


def center(rows: Matrix) -> list[Fraction]:
    return [sum(column, Fraction(0)) / len(rows) for column in zip(*rows, strict=True)]


def products(rows: Matrix, around: Vector) -> list[list[Fraction]]:
    away = [[x - c for x, c in zip(row, around, strict=True)] for row in rows]
    width = range(len(around))
    return [[sum((row[i] * row[j] for row in away), Fraction(0)) for j in width] for i in width]


def scaled(matrix: Matrix, by: Fraction) -> list[list[Fraction]]:
    return [[value * by for value in row] for row in matrix]


def determinant(matrix: Matrix) -> Fraction:
    total = Fraction(0)
    for places in itertools.permutations(range(len(matrix))):
        term = Fraction((-1) ** sum(a > b for a, b in itertools.combinations(places, 2)))
        for row, place in zip(matrix, places, strict=True):
            term *= row[place]
        total += term
    return total


def distance(away: Vector, matrix: Matrix) -> Fraction:
    """away' matrix^-1 away, by Cramer's rule."""
    whole = determinant(matrix)
    total = Fraction(0)
    for place, value in enumerate(away):
        replaced = [[*row[:place], a, *row[place + 1 :]] for row, a in zip(matrix, away, strict=True)]
        total += value * determinant(replaced) / whole
    return total


def sample_covariance(rows: Rows) -> list[list[Fraction]]:
    known = whole(rows)
    return scaled(products(known, center(known)), Fraction(1, len(known) - 1))


def successive_covariance(rows: Rows) -> list[list[Fraction]]:
    moves = [
        [Fraction(b) - Fraction(a) for a, b in zip(before, after, strict=True)]
        for before, after in itertools.pairwise(rows)
        if before is not None and after is not None
    ]
    return scaled(products(moves, [Fraction(0)] * len(moves[0])), Fraction(1, 2 * len(moves)))


def pooled_covariance(groups: Sequence[Rows]) -> list[list[Fraction]]:
    total: list[list[Fraction]] = []
    freedom = 0
    for group in map(whole, groups):
        if len(group) > 1:
            own = products(group, center(group))
            total = own if not total else [
                [a + b for a, b in zip(x, y, strict=True)] for x, y in zip(total, own, strict=True)
            ]  # fmt: skip
            freedom += len(group) - 1
    return scaled(total, Fraction(1, freedom))


def t2(points: Rows, sizes: Sequence[int], mean: Vector, covariance: Matrix) -> list[float | None]:
    found: list[float | None] = []
    for point, size in zip(points, sizes, strict=True):
        if point is None:
            found.append(None)
            continue
        away = [Fraction(x) - c for x, c in zip(point, mean, strict=True)]
        found.append(float(size * distance(away, covariance)))
    return found


def mewma(
    points: Rows, sizes: Sequence[int], mean: Vector, covariance: Matrix, lam: float
) -> list[float | None]:
    """Each average as the weighted sum of all points before, with the variance of its weights."""
    found: list[float | None] = []
    weight = Fraction(lam)
    for place, point in enumerate(points):
        if point is None:
            found.append(None)
            continue
        past = [(p, n) for p, n in zip(points[: place + 1], sizes[: place + 1], strict=True) if p is not None]
        weights = [weight * (1 - weight) ** age for age in range(len(past) - 1, -1, -1)]
        z = [
            sum((w * (Fraction(p[j]) - c) for w, (p, _) in zip(weights, past, strict=True)), Fraction(0))
            for j, c in enumerate(mean)
        ]
        share = sum((w * w / n for w, (_, n) in zip(weights, past, strict=True)), Fraction(0))
        found.append(float(distance(z, scaled(covariance, share))))
    return found


def generalized(groups: Sequence[Rows]) -> list[tuple[float, float, float, float] | None]:
    """Determinant, centre, lower and upper limit of each subgroup; none where it is too small."""
    pooled = pooled_covariance(groups)
    width = len(pooled)
    freedom = sum(max(len(whole(group)) - 1, 0) for group in groups)
    unbiased = determinant(pooled)
    for i in range(width):
        unbiased *= Fraction(freedom, freedom - i)
    found: list[tuple[float, float, float, float] | None] = []
    for group in map(whole, groups):
        n = len(group)
        if n <= width:
            found.append(None)
            continue
        point = float(determinant(scaled(products(group, center(group)), Fraction(1, n - 1))))
        first = second = Fraction(1)
        for i in range(1, width + 1):
            first *= Fraction(n - i, n - 1)
            second *= Fraction((n - i) * (n - i + 2), (n - 1) ** 2)
        middle, sigma = float(first * unbiased), float(unbiased) * root(second - first**2)
        found.append((point, middle, max(0.0, middle - 3 * sigma), middle + 3 * sigma))
    return found
