"""Estimators of the within-subgroup sigma and of the sigma of individuals, by name."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

import numpy as np

from gemba.stats.charts.means import known_of, mean_of
from gemba.stats.constants import c4, c5, d2, d3, d4
from gemba.stats.results import N_, Bools, DataError, Floats, Ints

SUBGROUP_METHODS = ("Rbar", "Rbar unweighted", "Sbar", "Sbar unweighted", "pooled")
DEVIATION_METHODS = ("Sbar", "Sbar unweighted", "pooled", "Rbar", "Rbar unweighted")
"""The same, in the order of charts of standard deviations: the first is the default."""
INDIVIDUAL_METHODS = ("average moving range", "median moving range", "sqrt(MSSD)")
CORRECTED = ("pooled", "sqrt(MSSD)")
"""Methods whose small bias ``unbiased=False`` leaves in."""


def sigma_from_ranges(ranges: Floats, sizes: Ints, *, weighted: bool = True) -> float:
    """Sigma from subgroup ranges.

    For equal sizes this is the mean range divided by d2. For unequal sizes each R/d2 estimates sigma: they
    are averaged with weights (d2/d3)^2, the minimum-variance combination, or plainly.

    Parameters
    ----------
    ranges, sizes : arrays
        Range and size of each subgroup; subgroups of fewer than two values are left out.
    weighted : bool
        Minimum variance (the default) or plain average.

    Notes
    -----
    Burr, I. W. (1969), Control charts for measurements with varying sample sizes, Journal of Quality
    Technology 1(3), 163-167.
    """
    return _average_sigma(ranges, sizes, d2, lambda n: (d2(n) / d3(n)) ** 2 if weighted else 1.0)


def sigma_from_deviations(deviations: Floats, sizes: Ints, *, weighted: bool = True) -> float:
    """Sigma from subgroup standard deviations, averaged as ``sigma_from_ranges`` averages, with c4 and c5."""
    return _average_sigma(deviations, sizes, c4, lambda n: (c4(n) / c5(n)) ** 2 if weighted else 1.0)


def sigma_pooled(deviations: Floats, sizes: Ints, *, unbiased: bool = True) -> float:
    """Sigma from the pooled variance of the subgroups, by default divided by c4 of its freedom plus one.

    Parameters
    ----------
    deviations, sizes : arrays
        Standard deviation and size of each subgroup; subgroups of fewer than two values are left out.
    unbiased : bool
        Divide by c4(freedom + 1).
    """
    known = sizes >= 2
    freedom = (sizes[known] - 1).astype(np.float64)
    total = float(freedom.sum())
    if total == 0:
        return math.nan
    sigma = math.sqrt(float(np.sum(freedom * deviations[known] ** 2)) / total)
    return sigma / c4(total + 1) if unbiased else sigma


def sigma_from_moves(ranges: Floats, method: str, *, unbiased: bool = True) -> float:
    """Sigma from moving ranges of two, NaN where a neighbour is missing.

    Parameters
    ----------
    ranges : array
        The moving range of each point with the one before it.
    method : {"average moving range", "median moving range", "sqrt(MSSD)"}
        Mean divided by d2(2), median divided by d4(2), or the root of half the mean squared successive
        difference, divided by its own bias when ``unbiased``.
    unbiased : bool
        Take out the bias of sqrt(MSSD); the other two have none.
    """
    known = known_of(ranges)
    if not len(known):
        return math.nan
    if method == "average moving range":
        return mean_of(known) / d2(2)
    if method == "median moving range":
        return float(np.median(known)) / d4(2)
    sigma = math.sqrt(0.5 * float(np.mean(known**2)))
    return sigma / mssd_bias(_runs(~np.isnan(ranges))) if unbiased else sigma


def mssd_bias(moves: tuple[int, ...]) -> float:
    """The mean of sqrt(MSSD) for normal data of sigma one.

    Parameters
    ----------
    moves : tuple of int
        How many successive differences each unbroken stretch of data has.

    Notes
    -----
    MSSD is a quadratic form in normal values. The mean of the root of such a form Q is the integral over t
    of (1 - M(t)) t^(-3/2) / (2 sqrt(pi)) with M(t) = E exp(-tQ), the product of (1 + 2 t lambda)^(-1/2)
    over the eigenvalues; those of n successive differences are 2 - 2 cos(pi j / (n + 1)), whose product is a
    Chebyshev polynomial of the second kind. With t = exp(u) the trapezoidal rule converges exponentially.

    Examples
    --------
    >>> round(mssd_bias((1,)), 6)  # one difference: the mean of |x - y| / sqrt(2)
    0.797885
    """
    total = sum(moves)
    u = np.arange(-90.0, 90.0, 1 / 16)
    half = np.sqrt(total / (4 * np.exp(u)))  # sinh of half the angle of the polynomial
    angle = 2 * np.arcsinh(half)
    excess = 2 * np.log1p(1 / (2 * half * (half + np.hypot(half, 1))))  # angle + log(exp(u) / total)
    log_moment = np.zeros_like(u)
    for length, count in Counter(moves).items():
        ratio = _log_decay(2 * (length + 1) * angle) - _log_decay(2 * angle)
        log_moment -= 0.5 * count * (length * excess + ratio)
    terms = -np.expm1(log_moment) * np.exp(-0.5 * u)
    return float(np.sum(terms)) / 16 / (2 * math.sqrt(math.pi))


def check_method(method: str, methods: tuple[str, ...], *, unbiased: bool) -> None:
    """Refuse a correction that the named estimator does not have."""
    if not unbiased and method not in CORRECTED:
        raise DataError(
            N_("unbiased=False has no meaning for {value}: its constant makes it an estimate of sigma"),
            mend=N_("Leave it out, or choose sigma_method from: {corrected}"),
            argument="unbiased",
            value=method,
            corrected=", ".join(name for name in methods if name in CORRECTED),
        )


def _average_sigma(
    spreads: Floats, sizes: Ints, constant: Callable[[int], float], weight: Callable[[int], float]
) -> float:
    """The average of spread/constant, each with the weight of its size; summed size by size."""
    if sizes.min() == sizes.max() and sizes[0] >= 2:
        return mean_of(spreads) / constant(int(sizes[0]))
    total = weights = 0.0
    for n in (int(size) for size in np.flatnonzero(np.bincount(sizes)) if size >= 2):
        of_size = spreads[sizes == n]
        total += weight(n) * len(of_size) * mean_of(of_size) / constant(n)
        weights += weight(n) * len(of_size)
    return total / weights if weights else math.nan


def _runs(present: Bools) -> tuple[int, ...]:
    """The length of each unbroken run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], present, [False]])))
    return tuple(int(length) for length in edges[1::2] - edges[::2])


def _log_decay(x: Floats) -> Floats:
    """The logarithm of 1 - exp(-x), right to the last digits for small and for large x."""
    with np.errstate(divide="ignore"):
        logs: Floats = np.where(x < 1, np.log(-np.expm1(-x)), np.log1p(-np.exp(-x)))
    return logs
