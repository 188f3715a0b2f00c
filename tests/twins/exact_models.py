"""Linear models in exact rational arithmetic: rows are really left out, models are really compared."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Rows = Sequence[Sequence[float]]
Exact = list[list[Fraction]]


def exact(rows: Rows) -> Exact:
    return [[Fraction(value) for value in row] for row in rows]


def inverse(matrix: Exact) -> Exact:
    """Gauss-Jordan elimination."""
    size = len(matrix)
    wide = [row[:] + [Fraction(int(i == j)) for j in range(size)] for i, row in enumerate(matrix)]
    for i in range(size):
        pivot = next(j for j in range(i, size) if wide[j][i] != 0)
        wide[i], wide[pivot] = wide[pivot], wide[i]
        wide[i] = [value / wide[i][i] for value in wide[i]]
        for j in range(size):
            if j != i and wide[j][i] != 0:
                factor = wide[j][i]
                wide[j] = [a - factor * b for a, b in zip(wide[j], wide[i], strict=True)]
    return [row[size:] for row in wide]


def dot(left: Sequence[Fraction], right: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


def gram_inverse(design: Exact) -> Exact:
    columns = list(zip(*design, strict=True))
    return inverse([[dot(one, other) for other in columns] for one in columns])


def coefficients(design: Exact, y: list[Fraction]) -> list[Fraction]:
    right = [dot(column, y) for column in zip(*design, strict=True)]
    return [dot(row, right) for row in gram_inverse(design)]


def squared_errors(design: Exact, y: list[Fraction]) -> Fraction:
    coef = coefficients(design, y)
    return sum(((v - dot(coef, row)) ** 2 for row, v in zip(design, y, strict=True)), Fraction(0))


def variances(design: Exact, y: list[Fraction]) -> list[float]:
    """Squared standard errors of the coefficients."""
    s2 = squared_errors(design, y) / (len(y) - len(design[0]))
    return [float(s2 * row[i]) for i, row in enumerate(gram_inverse(design))]


def press(design: Exact, y: list[Fraction]) -> float:
    """Each row predicted by a model that never saw it."""
    total = Fraction(0)
    for i, row in enumerate(design):
        coef = coefficients(design[:i] + design[i + 1 :], y[:i] + y[i + 1 :])
        total += (y[i] - dot(coef, row)) ** 2
    return float(total)


def cooks(design: Exact, y: list[Fraction]) -> list[float]:
    """How far all fitted values move without a row."""
    whole = coefficients(design, y)
    s2 = squared_errors(design, y) / (len(y) - len(design[0]))
    moved = []
    for i in range(len(y)):
        part = coefficients(design[:i] + design[i + 1 :], y[:i] + y[i + 1 :])
        shift = sum(((dot(whole, row) - dot(part, row)) ** 2 for row in design), Fraction(0))
        moved.append(float(shift / (len(design[0]) * s2)))
    return moved


def inflation(design: Exact, column: int) -> float:
    """1 / (1 - R^2) of one column explained by the others."""
    target = [row[column] for row in design]
    others = [row[:column] + row[column + 1 :] for row in design]
    center = sum(target, Fraction(0)) / len(target)
    return float(sum(((v - center) ** 2 for v in target), Fraction(0)) / squared_errors(others, target))


def effect_columns(codes: Sequence[int]) -> Exact:
    """Sum-to-zero columns of a factor."""
    levels = max(codes) + 1
    return [
        [Fraction(-1 if code == levels - 1 else int(code == level)) for level in range(levels - 1)]
        for code in codes
    ]


def two_way_squares(a: Sequence[int], b: Sequence[int], y: Sequence[float]) -> dict[str, list[float]]:
    """Sums of squares of types 1, 2, 3 for a, b, ab, each as the difference of two models' errors."""
    ea, eb = effect_columns(a), effect_columns(b)
    ab = [[p * q for p in ra for q in rb] for ra, rb in zip(ea, eb, strict=True)]
    values = [Fraction(v) for v in y]
    one = [[Fraction(1)]] * len(y)

    def errors(*parts: Exact) -> Fraction:
        design = [[cell for part in row for cell in part] for row in zip(one, *parts, strict=True)]
        return squared_errors(design, values)

    full = errors(ea, eb, ab)
    interaction = errors(ea, eb) - full
    return {
        "1": [float(errors() - errors(ea)), float(errors(ea) - errors(ea, eb)), float(interaction)],
        "2": [float(errors(eb) - errors(ea, eb)), float(errors(ea) - errors(ea, eb)), float(interaction)],
        "3": [float(errors(eb, ab) - full), float(errors(ea, ab) - full), float(interaction)],
        "error": [float(full)],
    }
