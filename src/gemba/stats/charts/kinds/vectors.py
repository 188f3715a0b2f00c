"""What the kinds for several variables share: their covariance, and the scale on which it is a sphere."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from gemba.stats.charts.kind import NO_VARIABLES, Basis, Estimate, Parameters, Several, Single
from gemba.stats.data import Vectors
from gemba.stats.kernels import fast
from gemba.stats.kernels.compiled import given
from gemba.stats.results import N_, DataError, Floats, unfilled

ALONE_METHODS = ("sample covariance", "successive differences")
GROUPED_METHODS = ("pooled covariance",)
METHODS = (*ALONE_METHODS, *GROUPED_METHODS)
"""The first of each part is the default: of single rows, and of subgroups."""

_BLOCK = 2_048
"""Rows worked on at once: they stay in the processor's cache."""
_SINGULAR = 1e-11
"""A correlation matrix with an eigenvalue below this share of the largest cannot be turned around."""


def statistic(vectors: Vectors) -> tuple[Floats]:
    """The rows, or the means of the subgroups."""
    return (vectors.means,)


def single(point: Any, carried: float) -> Single:
    """One row, or the mean of one subgroup of rows; a row with a value missing is none."""
    rows = [] if point is None else list(point) if _is_group(point) else [point]
    whole = [row for row in rows if not any(value is None or math.isnan(value) for value in row)]
    if not whole:
        return Single(0.0 if _is_group(point) else 1.0, (math.nan,), carried)
    first, count = whole[0], len(whole)
    means = tuple(
        float(first[place] + math.fsum(row[place] - first[place] for row in whole) / count)
        for place in range(len(first))
    )
    return Single(float(count), means, carried)


def _is_group(point: Any) -> bool:
    return point is not None and len(point) > 0 and hasattr(point[0], "__len__")


def spread(basis: Basis) -> Estimate:
    """What ``learn`` says, of a covariance that can be turned around."""
    found = learn(basis)
    _refuse_few(found.further["freedom"], basis.data, found.points)
    several = found.several or NO_VARIABLES
    whitener(several)
    return found


def learn(basis: Basis) -> Estimate:
    """Mean vector and covariance of the points that are used, and the freedom that the covariance has."""
    vectors = basis.data
    means = vectors.means
    known = ~np.isnan(means[:, 0])
    kept = known if basis.used is None else known & basis.used
    sizes = np.ones(len(means)) if vectors.groups is None else vectors.groups.sizes.astype(np.float64)
    counts = sizes[kept]
    used = means if kept.all() else means[kept]
    mean = _mean_row(used, counts)
    covariance, freedom = _covariance(basis, kept, used, mean)
    rows = tuple(tuple(float(x) for x in row) for row in covariance)
    several = Several(vectors.names, tuple(float(x) for x in mean), rows)
    return Estimate(
        mean=math.nan,
        sigma=math.nan,
        points=int(kept.sum()),
        values=float(counts.sum()),
        smallest=float(counts.min()),
        largest=float(counts.max()),
        further={"freedom": freedom},
        several=several,
    )


def _mean_row(used: Floats, counts: Floats) -> Floats:
    """The mean row, each row with its count as weight, from the first row as origin; block by block."""
    first, total = used[0], np.zeros(used.shape[1])
    for start in range(0, len(used), _BLOCK):
        total += counts[start : start + _BLOCK] @ (used[start : start + _BLOCK] - first)
    mean: Floats = first + total / counts.sum()
    return mean


def _products(used: Floats, mean: Floats) -> Floats:
    """The sums of squares and products around the mean."""
    products = np.zeros((used.shape[1], used.shape[1]))
    for start in range(0, len(used), _BLOCK):
        away = used[start : start + _BLOCK] - mean
        products += away.T @ away
    return products


def _covariance(basis: Basis, kept: Any, used: Floats, mean: Floats) -> tuple[Floats, float]:
    vectors = basis.data
    if vectors.groups is not None:
        products, freedom = vectors.used_products(kept)
        return products / max(freedom, 1), float(freedom)
    if basis.method == "sample covariance":
        return _products(used, mean) / max(len(used) - 1, 1), float(len(used) - 1)
    moves = np.diff(np.where(kept[:, None], vectors.rows, np.nan), axis=0)
    moves = moves[~np.isnan(moves[:, 0])]
    count = len(moves)
    freedom = 2 * count**2 / (3 * count - 1) if count else 0.0
    return moves.T @ moves / max(2 * count, 1), freedom


def _refuse_few(freedom: float, vectors: Vectors, points: int) -> None:
    width = len(vectors.names)
    if freedom <= width:
        raise DataError(
            N_("{points} points with {freedom} degrees of freedom are too few for {value} variables"),
            mend=N_("Give more points than variables, best ten times as many, or fewer variables"),
            argument="value",
            value=width,
            points=points,
            freedom=f"{freedom:g}",
        )


def describe(names: tuple[str, ...], mean: Any, covariance: Any) -> Several:
    """The parameters as plain values.

    Raises
    ------
    DataError
        When the covariance is no covariance, or singular; the variables that depend on one another are named.
    """
    matrix = np.asarray(covariance, dtype=np.float64)
    width = len(names)
    if matrix.shape != (width, width) or not np.isfinite(matrix).all() or not _is_symmetric(matrix):
        raise DataError(
            N_("the covariance of {value} variables is a symmetric table of {value} rows and columns"),
            mend=N_("Give the variances on its diagonal and each covariance twice"),
            argument="covariance",
            value=width,
        )
    several = Several(
        names, tuple(float(x) for x in mean), tuple(tuple(float(x) for x in row) for row in matrix)
    )
    whitener(several)
    return several


def _is_symmetric(matrix: Floats) -> bool:
    scale = np.sqrt(np.abs(np.outer(np.diag(matrix), np.diag(matrix))))
    return bool((np.abs(matrix - matrix.T) <= 1e-8 * scale).all())


@lru_cache(maxsize=64)
def whitener(several: Several) -> Floats:
    """The matrix that turns distances from the mean into independent ones of sigma one."""
    covariance = np.array(several.covariance)
    variances = np.diag(covariance)
    flat = [name for name, variance in zip(several.names, variances, strict=True) if not variance > 0]
    if flat:
        raise DataError(
            N_("{value} never varies, so the covariance is singular"),
            mend=N_("Leave it out"),
            argument="value",
            value=flat[0],
        )
    scale = np.sqrt(variances)
    values, directions = np.linalg.eigh(covariance / np.outer(scale, scale))
    if values[0] <= _SINGULAR * values[-1]:
        weights = np.abs(directions[:, values <= _SINGULAR * values[-1]]).max(axis=1)
        named = [n for n, w in zip(several.names, weights, strict=True) if w > 1e-4 * weights.max()]
        raise DataError(
            N_("the covariance is singular: {names} follow from one another"),
            mend=N_("Leave out one of them"),
            argument="value",
            value=len(named),
            names=", ".join(named),
        )
    root = np.linalg.cholesky(covariance)
    turned: Floats = np.asarray(np.linalg.solve(root, np.eye(len(scale))), dtype=np.float64)
    turned.flags.writeable = False
    return turned


def turning(several: Several, means: Floats) -> tuple[Floats, Floats, Floats]:
    """Rows, mean and triangle for a compiled loop."""
    return given(np.ascontiguousarray(means)), np.array(several.mean), whitener(several)


def whitened(several: Several, means: Floats) -> Floats:
    """The points on the scale of the whitener."""
    white: Floats = (means - np.array(several.mean)) @ whitener(several).T
    return white


def distances(several: Several, means: Floats) -> Floats:
    """The squared distance of each point from the mean, in view of the covariance."""
    if fast():
        from gemba.stats.kernels import vectors

        lengths: Floats = unfilled(len(means))
        vectors.squared_lengths(*turning(several, means), lengths)
        return lengths
    white = whitened(several, means)
    squared: Floats = np.einsum("ij,ij->i", white, white)
    return squared


def whitened_one(several: Several, values: tuple[float, ...]) -> list[float]:
    """One point on the scale of the whitener, on plain floats."""
    away = [value - mean for value, mean in zip(values, several.mean, strict=True)]
    rows = _plain_whitener(several)
    return [math.fsum(w * x for w, x in zip(row, away, strict=False)) for row in rows]


@lru_cache(maxsize=64)
def _plain_whitener(several: Several) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row[: place + 1]) for place, row in enumerate(whitener(several).tolist()))


def distance_limits(parameters: Parameters, width: int, size: float, *, learned: bool) -> tuple[float, float]:
    """Median and limit of T² of so many variables or components, for a point of that size."""
    from scipy.special import betaincinv, chdtri, fdtri

    p, m = width, parameters.points
    chances = 0.5, parameters.design["alpha"]
    freedom = parameters.further.get("freedom", math.inf)
    sample = freedom == m - 1
    alone = learned and parameters.values == m and size == 1
    if math.isinf(freedom) or (alone and not sample and m > p * p + 3 * p):
        center, ucl = (float(chdtri(p, chance)) for chance in chances)
    elif alone:
        rest = (freedom - p) / 2 if sample else max(freedom - p - 1, 0.1) / 2
        center, ucl = ((m - 1) ** 2 / m * float(betaincinv(p / 2, rest, 1 - chance)) for chance in chances)
    else:
        share = size / parameters.values
        factor = freedom * p / (freedom - p + 1) * (1 - share if learned else 1 + share)
        center, ucl = (factor * float(fdtri(p, freedom - p + 1, 1 - chance)) for chance in chances)
    return center, ucl
