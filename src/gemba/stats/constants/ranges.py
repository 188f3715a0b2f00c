"""The range of n independent normal values, in units of their sigma: its mean, spread and median."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from gemba.stats.constants.sizes import check_size, of_sizes
from gemba.stats.results import Floats, Ints

_EDGE, _STEP = 10.0, 1 / 16
"""Where the line of standard normal values is cut (one in 1e23 lies beyond), and its spacing."""
_WIDEST = 20.0
"""The widest relative range considered."""


@lru_cache(maxsize=1024)
def d2(n: int) -> float:
    """How large is the mean range of n normal values, in sigma?

    Dividing an average range by d2 estimates sigma.

    Parameters
    ----------
    n : int
        Subgroup size, at least 2.

    Returns
    -------
    float
        The mean of the relative range W. Right to 1e-12 up to n = 1000, to 1e-9 up to n = 1e6.

    Raises
    ------
    DataError
        For n below 2.

    Notes
    -----
    The integral of 1 - Phi(x)^n - (1 - Phi(x))^n over the real line (Tippett 1925, Biometrika 17:364). The
    trapezoidal rule converges exponentially on it.

    Examples
    --------
    >>> round(d2(5), 6)
    2.325929
    """
    check_size(n)
    line = _line()
    beyond_the_least = -np.expm1(n * line.log_below)
    return float(_STEP * np.sum(beyond_the_least - np.exp(n * line.log_below[::-1])))


@lru_cache(maxsize=1024)
def d3(n: int) -> float:
    """How much do ranges of n normal values scatter, in sigma?

    Parameters
    ----------
    n : int
        Subgroup size, at least 2.

    Returns
    -------
    float
        The standard deviation of the relative range W. Right to 1e-12 up to n = 100, to 1e-10 up to
        n = 1000, to 1e-5 up to n = 1e6.

    Raises
    ------
    DataError
        For n below 2.

    Notes
    -----
    E(W^2) is the integral of 2 w P(W > w), by double-exponential quadrature with w = exp(t - exp(-t))
    (Takahasi and Mori 1974). P(W <= w) is the integral of n phi(x) (Phi(x + w) - Phi(x))^(n - 1) (David and
    Nagaraja 2003, Order Statistics, section 2.3).

    Examples
    --------
    >>> round(d3(5), 6)
    0.864082
    """
    check_size(n)
    plane = _plane()
    wider = 1.0 - _chance(n, plane.log_between)
    mean_square = 2.0 * float(np.sum(plane.weights * plane.widths * wider))
    return math.sqrt(mean_square - d2(n) ** 2)


@lru_cache(maxsize=1024)
def d4(n: int) -> float:
    """Which range do half of all subgroups of n normal values exceed, in sigma?

    Dividing a median range by d4 estimates sigma.

    Parameters
    ----------
    n : int
        Subgroup size, at least 2.

    Returns
    -------
    float
        The median of the relative range W, right to 1e-12 up to n = 100.

    Raises
    ------
    DataError
        For n below 2.

    Notes
    -----
    The width w at which P(W <= w) = 1/2, by bisection; P is the integral that ``d3`` uses.

    Examples
    --------
    >>> round(d4(2), 6)
    0.953873
    """
    check_size(n)
    low, high = 0.0, _WIDEST
    while low < (middle := 0.5 * (low + high)) < high:
        if float(range_cdf(np.array([middle]), n)[0]) < 0.5:
            low = middle
        else:
            high = middle
    return low


def range_cdf(widths: Floats, n: int) -> Floats:
    """How often does the range of n standard normal values stay within each width?

    Parameters
    ----------
    widths : array, shape (m,)
        Widths in sigma, zero or more.
    n : int
        Number of values, at least 2.

    Returns
    -------
    array, shape (m,)
        P(W <= w), right to 1e-13 up to n = 100.

    Examples
    --------
    >>> range_cdf(np.array([d4(5)]), 5).round(6).tolist()
    [0.5]
    """
    return _chance(n, _log_between(widths))


def d2_of(sizes: Ints) -> Floats:
    """``d2`` of every size, NaN where a size is below 2."""
    return of_sizes(d2, sizes)


def d3_of(sizes: Ints) -> Floats:
    """``d3`` of every size, NaN where a size is below 2."""
    return of_sizes(d3, sizes)


def d4_of(sizes: Ints) -> Floats:
    """``d4`` of every size, NaN where a size is below 2."""
    return of_sizes(d4, sizes)


class _Line(NamedTuple):
    x: Floats
    density: Floats
    log_below: Floats


class _Plane(NamedTuple):
    widths: Floats
    weights: Floats
    log_between: Floats


@lru_cache(maxsize=1)
def _line() -> _Line:
    count = round(_EDGE / _STEP)
    x: Floats = _STEP * np.arange(-count, count + 1, dtype=np.float64)
    return _Line(x, np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi), _log_complement(_above(x)))


@lru_cache(maxsize=1)
def _plane() -> _Plane:
    step = 1 / 32
    t = np.arange(-2.75, math.log(_WIDEST) + step, step, dtype=np.float64)
    widths = np.exp(t - np.exp(-t))
    return _Plane(widths, step * widths * (1.0 + np.exp(-t)), _log_between(widths))


def _chance(n: int, log_between: Floats) -> Floats:
    """P(W <= w) for each row of ``log_between``."""
    chance: Floats = n * _STEP * (np.exp((n - 1) * log_between) @ _line().density)
    return chance


def _log_between(widths: Floats) -> Floats:
    """The logarithm of Phi(x + w) - Phi(x): a row for each width w, a column for each x."""
    x = _line().x
    return _log_complement(_above(-x)[None, :] + _above(x[None, :] + widths[:, None]))


def _above(x: Floats) -> Floats:
    """The chance that a standard normal value exceeds x.

    The standard library's erfc: SciPy would double the time to the first chart.
    """
    scaled = (x / math.sqrt(2.0)).ravel().tolist()
    return 0.5 * np.array([math.erfc(value) for value in scaled]).reshape(x.shape)


def _log_complement(chance: Floats) -> Floats:
    """The logarithm of 1 - chance, minus infinity where the chance is one."""
    with np.errstate(divide="ignore"):
        logs: Floats = np.log1p(-np.minimum(chance, 1.0))
    return logs
