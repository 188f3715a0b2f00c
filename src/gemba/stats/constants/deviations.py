"""The standard deviation of n independent normal values, in units of their sigma: its mean and spread."""

from __future__ import annotations

import math
from functools import lru_cache

from gemba.stats.constants.sizes import check_size, of_sizes
from gemba.stats.results import Floats, Ints

_SERIES_FROM = 32.0
_SERIES = (-1 / 4, 1 / 24, -1 / 20, 17 / 112, -31 / 36, 691 / 88)
"""Coefficients of nu^-1, nu^-3, nu^-5 ... in log c4 for nu degrees of freedom."""


@lru_cache(maxsize=4096)
def c4(n: float) -> float:
    """How large is the mean standard deviation of n normal values, in sigma?

    Dividing by c4 takes the bias out of an estimate of sigma. For a pooled estimate with nu degrees of
    freedom use ``c4(nu + 1)``.

    Parameters
    ----------
    n : int or float
        Subgroup size, at least 2; a fraction is allowed for approximate degrees of freedom.

    Returns
    -------
    float
        c4, right to the last digits of a float for every n.

    Raises
    ------
    DataError
        For n below 2.

    Notes
    -----
    c4 = sqrt(2 / (n - 1)) Gamma(n / 2) / Gamma((n - 1) / 2) (ASTM E2587; Montgomery, Introduction to
    Statistical Quality Control, Appendix VI). Computed without the gamma function, whose quotient loses
    digits: its square is the product of 1 - 1/(n + 2i)^2 over i = 0, 1, 2 ... (Wallis), the tail of which is
    the asymptotic series of log c4.

    Examples
    --------
    >>> round(c4(5), 6)
    0.939986
    """
    check_size(n)
    return math.exp(_log_c4(n))


@lru_cache(maxsize=4096)
def c5(n: float) -> float:
    """How much do standard deviations of n normal values scatter, in sigma?

    Parameters
    ----------
    n : int or float
        Subgroup size, at least 2.

    Returns
    -------
    float
        sqrt(1 - c4^2), computed without cancellation.

    Raises
    ------
    DataError
        For n below 2.

    Examples
    --------
    >>> round(c5(5), 6)
    0.341214
    """
    check_size(n)
    return math.sqrt(-math.expm1(2.0 * _log_c4(n)))


def c4_of(sizes: Ints) -> Floats:
    """``c4`` of every size, NaN where a size is below 2."""
    return of_sizes(c4, sizes)


def c5_of(sizes: Ints) -> Floats:
    """``c5`` of every size, NaN where a size is below 2."""
    return of_sizes(c5, sizes)


def _log_c4(n: float) -> float:
    total = 0.0
    while n < _SERIES_FROM:
        total += 0.5 * math.log1p(-1.0 / (n * n))
        n += 2
    freedom = n - 1.0
    return total + sum(a / freedom ** (2 * k + 1) for k, a in enumerate(_SERIES))
