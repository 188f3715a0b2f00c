"""Fits by greatest likelihood, many samples at a time, and Anderson and Darling's distance with its p."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from gemba.stats.distributions.families import LARGEST, LOGISTIC, NORMAL, SMALLEST, Family, Fit, Shape
from gemba.stats.distributions.normality import p_of_distance
from gemba.stats.distributions.special import BETA, FLOOR, MIXTURE, Special, upright
from gemba.stats.results import N_, DataError, Floats

STEPS, CLOSE = 60, 1e-11
SIMULATED, VALUES, LONGEST = 1999, 400_000, 500
"""So many samples of up to so many values tell p, and no more values than that in all."""
FEWER = 60_000
"""Values for those whose fit takes longer."""
GRID = 80
_SHAPES = {"smallest": SMALLEST, "largest": LARGEST, "logistic": LOGISTIC}


def fit_family(values: Floats, family: Family) -> Fit:
    """The fit of one sample.

    Raises
    ------
    DataError
        When the values lie outside what the family can give, or the likelihood has no maximum.
    """
    if family.positive and values.min() <= 0:
        raise DataError(
            N_("the distribution {name} needs values above zero, and the smallest is {value}"),
            mend=N_("Take one with a threshold, or without logarithms"),
            argument="distribution",
            value=float(values.min()),
            name=family.name,
        )
    if family.special is not None:
        return _by_formulas(values, family, family.special)
    if family.threshold:
        return _with_threshold(values, family)
    if family.shape is None:
        if family.name == "gamma":
            shape, scale = fit_gamma(values[None, :])
            return Fit(family.name, 0.0, float(scale[0]), shape=float(shape[0]))
        return Fit(family.name, 0.0, float(values.mean()))
    y = np.log(values) if family.logged else values
    location, scale = fit_shape(y[None, :], family.shape)
    return Fit(family.name, float(location[0]), float(scale[0]))


def _by_formulas(values: Floats, family: Family, special: Special) -> Fit:
    low, high = float(values.min()), float(values.max())
    if special is BETA and not (low > 0 and high < 1):
        problem = N_("the distribution {name} needs values between zero and one, not {value}")
        raise _outside(family, problem, high if low > 0 else low)
    if low < 0 and special is not MIXTURE:
        raise _outside(family, N_("the distribution {name} needs values from zero on, not {value}"), low)
    numbers = tuple(float(one[0]) for one in special.fit(values[None, :], None))
    if special is MIXTURE and min(numbers[2], numbers[4]) <= FLOOR * float(values.std()) * (1 + 1e-9):
        raise DataError(
            N_("the fit of {name} does not converge: its likelihood has no maximum for these data"),
            mend=N_("Give more values, or chart the streams apart"),
            argument="distribution",
            name=family.name,
        )
    return Fit(family.name, 0.0, 1.0, numbers=numbers)


def _outside(family: Family, problem: str, value: float) -> DataError:
    return DataError(
        problem,
        mend=N_("Take another distribution, or give each value as a share of what is possible"),
        argument="distribution",
        value=value,
        name=family.name,
    )


def fit_shape(rows: Floats, shape: Shape) -> tuple[Floats, Floats]:
    """Location and scale of each row; of a normal with divisor n - 1.

    The likelihood is concave in 1 / scale and location / scale, so Newton's steps, halved where they go too
    far, find its one maximum.
    """
    center = rows.mean(axis=1, keepdims=True)
    spread = rows.std(axis=1, ddof=1, keepdims=True)
    if shape is NORMAL:
        return center[:, 0], spread[:, 0]
    x = (rows - center) / spread
    a, b = np.ones(len(x)), np.zeros(len(x))
    reached = _likelihood(x, a, b, shape)
    for _ in range(STEPS):
        step_a, step_b = _newton(x, a, b, shape)
        share = np.ones(len(x))
        for _half in range(30):
            new_a = a + share * step_a
            new = np.where(
                new_a > 0, _likelihood(x, np.maximum(new_a, 1e-8), b + share * step_b, shape), -np.inf
            )
            worse = ~(new >= reached - 1e-12 * np.abs(reached))
            if not worse.any():
                break
            share = np.where(worse, share / 2, share)
        a, b, reached = a + share * step_a, b + share * step_b, new
        if max(np.abs(step_a / a).max(), np.abs(step_b).max()) < CLOSE:
            break
    return center[:, 0] + spread[:, 0] * b / a, spread[:, 0] / a


def _likelihood(x: Floats, a: Floats, b: Floats, shape: Shape) -> Floats:
    with np.errstate(over="ignore"):
        z = np.clip(a[:, None] * x - b[:, None], -700, 700)
        return np.asarray(x.shape[1] * np.log(a) + shape.log_density(z).sum(axis=1))


def _newton(x: Floats, a: Floats, b: Floats, shape: Shape) -> tuple[Floats, Floats]:
    with np.errstate(over="ignore"):
        z = np.clip(a[:, None] * x - b[:, None], -300, 300)
        slope, bend = shape.slope(z), shape.bend(z)
    g_a, g_b = x.shape[1] / a + (slope * x).sum(axis=1), -slope.sum(axis=1)
    h_aa = -x.shape[1] / (a * a) + (bend * x * x).sum(axis=1)
    h_ab, h_bb = -(bend * x).sum(axis=1), bend.sum(axis=1)
    det = h_aa * h_bb - h_ab * h_ab
    return -(h_bb * g_a - h_ab * g_b) / det, -(h_aa * g_b - h_ab * g_a) / det


def fit_gamma(rows: Floats) -> tuple[Floats, Floats]:
    """Shape and scale of each row, by Newton's steps on the shape (Minka 2002)."""
    from scipy.special import digamma, polygamma

    center = rows.mean(axis=1)
    gap = np.maximum(np.log(center) - np.log(rows).mean(axis=1), 1e-14)
    shape = (3 - gap + np.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
    for _ in range(STEPS):
        miss = np.log(shape) - digamma(shape) - gap
        inverse = 1 / shape + miss / (shape**2 * (1 / shape - polygamma(1, shape)))
        new = np.where(inverse > 0, 1 / np.where(inverse > 0, inverse, 1.0), shape * 2)
        moved = np.abs(new / shape - 1).max()
        shape = new
        if moved < CLOSE:
            break
    return shape, center / shape


def log_likelihood(values: Floats, fit: Fit, family: Family) -> float:
    """The greatest log-likelihood of the family; of a normal with divisor n, as the maximum has it."""
    from scipy.special import gammaln

    n, away = len(values), values - fit.threshold
    if family.special is not None:
        return float(family.special.log_density(fit.numbers, values).sum())
    if family.name == "gamma":
        k, scale = fit.shape, fit.scale
        found = (k - 1) * np.log(away).sum() - away.sum() / scale - n * (k * math.log(scale) + gammaln(k))
        return float(found)
    if family.shape is None:
        return float(-n * math.log(fit.scale) - away.sum() / fit.scale)
    y = np.log(away) if family.logged else away
    scale = fit.scale * (math.sqrt((n - 1) / n) if family.shape is NORMAL else 1.0)
    found = family.shape.log_density((y - fit.location) / scale).sum() - n * math.log(scale)
    return float(found - y.sum()) if family.logged else float(found)


def _with_threshold(values: Floats, family: Family) -> Fit:
    """The threshold of the greatest likelihood inside its range: beyond, it grows without bound."""
    low, span = float(values.min()), float(values.max() - values.min())
    n = len(values)
    if family.shape is None:  # the smallest value, corrected for its bias
        scale = (float(values.mean()) - low) * n / (n - 1)
        return Fit(family.name, 0.0, scale, threshold=low - scale / n)
    inner = Family(family.name, family.title, family.shape, logged=True)

    def at(gap: float) -> tuple[float, Fit]:
        threshold = low - gap
        location, scale = fit_shape(np.log(values - threshold)[None, :], _shape(family))
        fit = Fit(family.name, float(location[0]), float(scale[0]), threshold=threshold)
        return log_likelihood(values, fit, inner), fit

    gaps = span * np.logspace(-3, 2.5, GRID)
    heights = np.array([at(float(gap))[0] for gap in gaps])
    inside = [i for i in range(1, GRID - 1) if heights[i] >= max(heights[i - 1], heights[i + 1])]
    if not inside:
        raise _no_maximum(family)
    best = max(inside, key=lambda i: heights[i])
    return at(_golden(lambda g: at(g)[0], float(gaps[best - 1]), float(gaps[best + 1])))[1]


def _shape(family: Family) -> Shape:
    assert family.shape is not None  # noqa: S101 (told to the type checker; the caller has seen to it)
    return family.shape


def _golden(height: Any, low: float, high: float) -> float:
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda u: -height(math.exp(u)),
        bounds=(math.log(low), math.log(high)),
        method="bounded",
        options={"xatol": 1e-9},
    )
    return math.exp(float(found.x))


def _no_maximum(family: Family) -> DataError:
    return DataError(
        N_("the fit of {name} does not converge: its likelihood has no maximum for these data"),
        mend=N_("Take the distribution without threshold"),
        argument="distribution",
        name=family.name,
    )


def a_squared(below: Floats, above: Floats) -> Floats:
    """Anderson and Darling's A² of each row, from the logarithms of the shares below and above."""
    n = below.shape[1]
    odd = 2.0 * np.arange(1.0, n + 1.0) - 1.0
    return np.asarray(-n - (odd * (below + above[:, ::-1])).sum(axis=1) / n)


def distance(ordered: Floats, fit: Fit) -> float:
    """A² of a fit to values from the smallest."""
    below, above = (np.log(np.maximum(part(ordered), 1e-300)) for part in (fit.cdf, fit.sf))
    return float(a_squared(below[None, :], above[None, :])[0])


def chance_of(distance_found: float, n: int, family: Family, fit: Fit) -> float | None:
    """The chance of an A² at least as large, if the family is right; ``None`` with a threshold."""
    if family.threshold:
        return None
    if family.special is not None:
        played = _played_special(min(n, LONGEST), family.special, fit.numbers)
        return (int(np.count_nonzero(played >= distance_found)) + 1) / (len(played) + 1)
    if family.shape is NORMAL:
        return p_of_distance(distance_found, n)
    size = min(n, LONGEST)
    if family.shape is None:
        shape = round(fit.shape, 3) if family.name == "gamma" else 1.0
        played = _played_gamma(size, shape) if family.name == "gamma" else _played_exponential(size)
    else:
        played = _played(size, next(name for name, one in _SHAPES.items() if one is family.shape))
    above = int(np.count_nonzero(played >= distance_found))
    return (above + 1) / (len(played) + 1)


def _runs(n: int) -> int:
    return int(min(SIMULATED, VALUES // n))


@lru_cache(maxsize=32)
def _played(n: int, name: str) -> Floats:
    """A² of samples of the standard shape, each with its own fit."""
    shape = _SHAPES[name]
    rows = np.sort(shape.draw(np.random.default_rng(20_261_128), (_runs(n), n)), axis=1)
    location, scale = fit_shape(rows, shape)
    z = (rows - location[:, None]) / scale[:, None]
    with np.errstate(over="ignore"):
        below, above = (np.log(np.maximum(part(z), 1e-300)) for part in (shape.cdf, shape.sf))
    return a_squared(below, above)


@lru_cache(maxsize=32)
def _played_special(n: int, special: Special, numbers: tuple[float, ...]) -> Floats:
    size = max(199, min(SIMULATED, FEWER // n)), n
    rows = np.sort(special.draw(np.random.default_rng(20_261_131), numbers, size), axis=1)
    fitted = upright(special.fit(rows, numbers))
    below, above = (np.log(np.maximum(part(fitted, rows), 1e-300)) for part in (special.cdf, special.sf))
    return a_squared(below, above)


@lru_cache(maxsize=32)
def _played_exponential(n: int) -> Floats:
    rows = np.sort(np.random.default_rng(20_261_129).standard_exponential((_runs(n), n)), axis=1)
    part = rows / rows.mean(axis=1, keepdims=True)
    return a_squared(np.log(-np.expm1(-part)), -part)


@lru_cache(maxsize=32)
def _played_gamma(n: int, shape: float) -> Floats:
    from scipy.special import gammainc, gammaincc

    rows = np.sort(np.random.default_rng(20_261_130).gamma(shape, 1.0, (_runs(n), n)), axis=1)
    rows = np.maximum(rows, 1e-300)
    shapes, scales = fit_gamma(rows)
    part = rows / scales[:, None]
    below, above = gammainc(shapes[:, None], part), gammaincc(shapes[:, None], part)
    return a_squared(np.log(np.maximum(below, 1e-300)), np.log(np.maximum(above, 1e-300)))
