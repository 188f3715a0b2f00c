"""Families with formulas of their own: beta, folded normal, and a mixture of two normals.

Each is a set of functions of its parameters, arrays of one entry a sample, so that many samples are fitted at
once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np

from gemba.stats.distributions.normal import normal_cdf, normal_ppf, normal_sf
from gemba.stats.results import Floats

Numbers: TypeAlias = tuple[Any, ...]
"""The parameters, each a number or an array of one entry a sample."""
STEPS, CLOSE, HALVINGS = 60, 1e-12, 30
GOLDEN, SEARCHED, HALVED = (math.sqrt(5) - 1) / 2, 45, 90
TURNS, QUICK, GAIN = 4000, 120, 1e-13
FLOOR = 0.05
"""The smallest sd of one part of a mixture, as a share of that of all: below, the likelihood has no bound."""
CUTS = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True)
class Special:
    """A family by its functions.

    ``fit(rows, start)`` gives the parameters of the greatest likelihood of each row; ``start`` are parameters
    near them, if known. ``names`` are those of the parameters.
    """

    names: tuple[str, ...]
    fit: Callable[[Floats, Numbers | None], Numbers]
    cdf: Callable[[Numbers, Any], Any]
    sf: Callable[[Numbers, Any], Any]
    quantile: Callable[[Numbers, Any], Any]
    log_density: Callable[[Numbers, Any], Any]
    draw: Callable[[np.random.Generator, Numbers, tuple[int, int]], Any]


def upright(numbers: Numbers) -> Numbers:
    """The parameters of rows, to go with their values."""
    return tuple(np.asarray(one)[..., None] for one in numbers)


def _beta_fit(rows: Floats, start: Numbers | None) -> Numbers:  # noqa: ARG001 (moments begin near enough)
    """Newton's steps on the likelihood, which is concave in both shapes."""
    from scipy.special import betaln, digamma, polygamma

    center, spread = rows.mean(axis=1), rows.var(axis=1)
    low, high = np.log(rows).mean(axis=1), np.log1p(-rows).mean(axis=1)
    size = np.maximum(center * (1 - center) / np.maximum(spread, 1e-300) - 1, 1e-3)
    a, b = center * size, (1 - center) * size
    reached = (a - 1) * low + (b - 1) * high - betaln(a, b)
    for _ in range(STEPS):
        both = polygamma(1, a + b)
        g_a, g_b = low - digamma(a) + digamma(a + b), high - digamma(b) + digamma(a + b)
        h_aa, h_bb = both - polygamma(1, a), both - polygamma(1, b)
        det = h_aa * h_bb - both * both
        step_a, step_b = -(h_bb * g_a - both * g_b) / det, -(h_aa * g_b - both * g_a) / det
        share = np.ones(len(a))
        for _half in range(HALVINGS):
            new_a, new_b = a + share * step_a, b + share * step_b
            inside = (new_a > 0) & (new_b > 0)
            safe_a, safe_b = np.where(inside, new_a, 1.0), np.where(inside, new_b, 1.0)
            new = (safe_a - 1) * low + (safe_b - 1) * high - betaln(safe_a, safe_b)
            worse = ~inside | ~(new >= reached - 1e-12 * np.abs(reached))
            if not worse.any():
                break
            share = np.where(worse, share / 2, share)
        a, b, reached = new_a, new_b, new
        if max(np.abs(step_a / a).max(), np.abs(step_b / b).max()) < CLOSE:
            break
    return a, b


def _within(x: Any) -> Any:
    return np.clip(np.asarray(x, dtype=np.float64), 0.0, 1.0)


def _beta_share(numbers: Numbers, x: Any) -> Any:
    from scipy.special import betainc

    return betainc(numbers[0], numbers[1], _within(x))


def _beta_rest(numbers: Numbers, x: Any) -> Any:
    from scipy.special import betainc

    return betainc(numbers[1], numbers[0], 1 - _within(x))


def _beta_quantile(numbers: Numbers, p: Any) -> Any:
    from scipy.special import betaincinv

    return betaincinv(numbers[0], numbers[1], p)


def _beta_density(numbers: Numbers, x: Any) -> Any:
    from scipy.special import betaln

    a, b = numbers
    return (a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - betaln(a, b)


def _beta_draw(chance: np.random.Generator, numbers: Numbers, size: tuple[int, int]) -> Any:
    return np.clip(chance.beta(numbers[0], numbers[1], size), 1e-300, 1 - 1e-16)


BETA: Final = Special(
    ("shape", "second shape"),
    _beta_fit,
    _beta_share,
    _beta_rest,
    _beta_quantile,
    _beta_density,
    _beta_draw,
)


def _folded_fit(rows: Floats, start: Numbers | None) -> Numbers:  # noqa: ARG001 (the search needs none)
    """The mean in sd by golden section: the sd follows from it and from the mean square."""
    square = (rows**2).mean(axis=1)

    def height(ratio: Floats) -> Floats:
        sd = np.sqrt(square / (1 + ratio**2))
        return np.asarray(_folded_density(upright((ratio * sd, sd)), rows).mean(axis=1))

    low = np.zeros(len(rows))
    spread = np.maximum(rows.std(axis=1), 1e-12 * np.sqrt(square))
    high = 1.5 * rows.mean(axis=1) / spread + 3
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = height(left), height(right)
    for _ in range(SEARCHED):
        down = at_left >= at_right
        low, high = np.where(down, low, left), np.where(down, right, high)
        left, right = (
            np.where(down, high - GOLDEN * (high - low), right),
            np.where(down, left, low + GOLDEN * (high - low)),
        )
        fresh = height(np.where(down, left, right))
        at_left, at_right = np.where(down, fresh, at_right), np.where(down, at_left, fresh)
    ratio = (low + high) / 2
    sd = np.sqrt(square / (1 + ratio**2))
    return ratio * sd, sd


def _folded_share(numbers: Numbers, x: Any) -> Any:
    mean, sd = numbers
    x = np.maximum(x, 0.0)
    return normal_cdf((x - mean) / sd) - normal_cdf((-x - mean) / sd)


def _folded_rest(numbers: Numbers, x: Any) -> Any:
    mean, sd = numbers
    x = np.maximum(x, 0.0)
    return normal_sf((x - mean) / sd) + normal_sf((x + mean) / sd)


def _folded_quantile(numbers: Numbers, p: Any) -> Any:
    mean, sd = numbers
    p = np.asarray(p, dtype=np.float64)
    return _halve(
        _folded_share, _folded_rest, numbers, p, 0.0 * (mean + p), mean - sd * normal_ppf((1 - p) / 2)
    )


def _folded_density(numbers: Numbers, x: Any) -> Any:
    mean, sd = numbers
    x = np.asarray(x, dtype=np.float64)
    both = np.logaddexp(-0.5 * ((x - mean) / sd) ** 2, -0.5 * ((x + mean) / sd) ** 2)
    return both - np.log(sd) - 0.5 * math.log(2 * math.pi)


def _folded_draw(chance: np.random.Generator, numbers: Numbers, size: tuple[int, int]) -> Any:
    return np.abs(numbers[0] + numbers[1] * chance.standard_normal(size))


FOLDED: Final = Special(
    ("location", "scale"),
    _folded_fit,
    _folded_share,
    _folded_rest,
    _folded_quantile,
    _folded_density,
    _folded_draw,
)


def _halve(share: Any, rest: Any, numbers: Numbers, p: Any, low: Any, high: Any) -> Any:
    """Where the share is reached, between two values; far out the rest is compared: it keeps its digits."""
    for _ in range(HALVED):
        middle = (low + high) / 2
        short = np.where(p < 0.5, share(numbers, middle) < p, rest(numbers, middle) > 1 - p)
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return (low + high) / 2


def _mixture_fit(rows: Floats, start: Numbers | None) -> Numbers:
    """Expectation and maximisation, from near parameters or from the best of several cuts."""
    if start is not None:
        given = tuple(np.broadcast_to(one, len(rows)).astype(np.float64) for one in start)
        return _turned(rows, given, QUICK)
    ordered = np.sort(rows, axis=1)
    tried = []
    for cut in CUTS:
        place = min(max(2, round(cut * rows.shape[1])), rows.shape[1] - 2)
        parts = ordered[:, :place], ordered[:, place:]
        floor = FLOOR * rows.std(axis=1)
        first, second = ((part.mean(axis=1), np.maximum(part.std(axis=1), 2 * floor)) for part in parts)
        found = _turned(rows, (np.full(len(rows), place / rows.shape[1]), *first, *second), TURNS)
        tried.append((_mixture_density(upright(found), rows).sum(axis=1), found))
    best = np.argmax([height for height, _ in tried], axis=0)
    return tuple(
        np.take_along_axis(np.array([found[k] for _, found in tried]), best[None], axis=0)[0]
        for k in range(5)
    )


def _turned(rows: Floats, numbers: Numbers, turns: int) -> Numbers:
    """Parameters after so many turns, or when nothing is gained; the part with the smaller mean first."""
    floor, before = FLOOR * rows.std(axis=1), np.full(len(rows), -np.inf)
    for _ in range(turns):
        share, mean, sd, mean_2, sd_2 = upright(numbers)
        with np.errstate(divide="ignore", under="ignore"):
            one = np.log(share) - np.log(sd) - 0.5 * ((rows - mean) / sd) ** 2
            two = np.log1p(-share) - np.log(sd_2) - 0.5 * ((rows - mean_2) / sd_2) ** 2
        both = np.logaddexp(one, two)
        height = both.sum(axis=1)
        first = np.exp(one - both)
        if (height - before <= GAIN * np.abs(height)).all():
            break
        before = height
        numbers = (first.mean(axis=1), *_moments(rows, first, floor), *_moments(rows, 1 - first, floor))
    share, mean, sd, mean_2, sd_2 = numbers
    turned = mean > mean_2
    return (
        np.where(turned, 1 - share, share),
        np.where(turned, mean_2, mean),
        np.where(turned, sd_2, sd),
        np.where(turned, mean, mean_2),
        np.where(turned, sd, sd_2),
    )


def _moments(rows: Floats, weights: Floats, floor: Floats) -> tuple[Floats, Floats]:
    total = np.maximum(weights.sum(axis=1), 1e-300)
    mean = (weights * rows).sum(axis=1) / total
    square = (weights * (rows - mean[:, None]) ** 2).sum(axis=1) / total
    return mean, np.maximum(np.sqrt(square), floor)


def _mixture_share(numbers: Numbers, x: Any) -> Any:
    share, mean, sd, mean_2, sd_2 = numbers
    x = np.asarray(x, dtype=np.float64)
    return share * normal_cdf((x - mean) / sd) + (1 - share) * normal_cdf((x - mean_2) / sd_2)


def _mixture_rest(numbers: Numbers, x: Any) -> Any:
    share, mean, sd, mean_2, sd_2 = numbers
    x = np.asarray(x, dtype=np.float64)
    return share * normal_sf((x - mean) / sd) + (1 - share) * normal_sf((x - mean_2) / sd_2)


def _mixture_quantile(numbers: Numbers, p: Any) -> Any:
    _, mean, sd, mean_2, sd_2 = numbers
    z = normal_ppf(np.asarray(p, dtype=np.float64))
    ends = mean + sd * z, mean_2 + sd_2 * z
    return _halve(_mixture_share, _mixture_rest, numbers, p, np.minimum(*ends), np.maximum(*ends))


def _mixture_density(numbers: Numbers, x: Any) -> Any:
    share, mean, sd, mean_2, sd_2 = numbers
    with np.errstate(divide="ignore"):
        one = np.log(share) - np.log(sd) - 0.5 * ((x - mean) / sd) ** 2
        two = np.log1p(-share) - np.log(sd_2) - 0.5 * ((x - mean_2) / sd_2) ** 2
    return np.logaddexp(one, two) - 0.5 * math.log(2 * math.pi)


def _mixture_draw(chance: np.random.Generator, numbers: Numbers, size: tuple[int, int]) -> Any:
    share, mean, sd, mean_2, sd_2 = numbers
    first = chance.random(size) < share
    return np.where(first, mean, mean_2) + np.where(first, sd, sd_2) * chance.standard_normal(size)


MIXTURE: Final = Special(
    ("share", "mean", "sd", "second mean", "second sd"),
    _mixture_fit,
    _mixture_share,
    _mixture_rest,
    _mixture_quantile,
    _mixture_density,
    _mixture_draw,
)
