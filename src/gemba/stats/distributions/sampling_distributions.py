"""The distributions of test statistics: Student's t, chi-square, F and the studentized range.

``_sf`` is the chance to exceed a value, ``_ppf`` the value that a share p lies below.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from gemba.stats.constants import range_cdf
from gemba.stats.results import Floats


def t_sf(t: ArrayLike, df: ArrayLike) -> Floats:
    """The chance that Student's t with ``df`` degrees of freedom exceeds t.

    Examples
    --------
    >>> round(float(t_sf(2.228139, 10)), 6)
    0.025
    """
    from scipy.special import stdtr

    chance: Floats = stdtr(_floats(df), -_floats(t))
    return chance


def t_ppf(p: ArrayLike, df: ArrayLike) -> Floats:
    """The value that Student's t with ``df`` degrees of freedom stays below with chance p.

    Examples
    --------
    >>> round(float(t_ppf(0.975, 10)), 6)
    2.228139
    """
    from scipy.special import stdtrit

    value: Floats = stdtrit(_floats(df), _floats(p))
    return value


def chi2_sf(x: ArrayLike, df: ArrayLike) -> Floats:
    """The chance that chi-square with ``df`` degrees of freedom exceeds x.

    Examples
    --------
    >>> round(float(chi2_sf(3.841459, 1)), 6)
    0.05
    """
    from scipy.special import chdtrc

    chance: Floats = chdtrc(_floats(df), _floats(x))
    return chance


def chi2_ppf(p: ArrayLike, df: ArrayLike) -> Floats:
    """The value that chi-square with ``df`` degrees of freedom stays below with chance p.

    Examples
    --------
    >>> round(float(chi2_ppf(0.95, 1)), 6)
    3.841459
    """
    from scipy.special import gammaincinv

    value: Floats = 2.0 * gammaincinv(0.5 * _floats(df), _floats(p))
    return value


def f_sf(f: ArrayLike, df1: ArrayLike, df2: ArrayLike) -> Floats:
    """The chance that F with ``df1`` and ``df2`` degrees of freedom exceeds f.

    Examples
    --------
    >>> round(float(f_sf(4.964603, 1, 10)), 6)
    0.05
    """
    from scipy.special import fdtrc

    return _floats(fdtrc(_floats(df1), _floats(df2), _floats(f)))


def f_ppf(p: ArrayLike, df1: ArrayLike, df2: ArrayLike) -> Floats:
    """The value that F with ``df1`` and ``df2`` degrees of freedom stays below with chance p.

    Examples
    --------
    >>> round(float(f_ppf(0.95, 1, 10)), 6)
    4.964603
    """
    from scipy.special import fdtri

    return _floats(fdtri(_floats(df1), _floats(df2), _floats(p)))


def studentized_range_sf(q: float, groups: int, df: float) -> float:
    """How often does the range of group means, in units of their standard error, exceed q by chance?

    Parameters
    ----------
    q : float
        The range of the means divided by the estimated standard error of one mean, above zero.
    groups : int
        Number of means, at least 2.
    df : float
        Degrees of freedom of the estimated standard error.

    Returns
    -------
    float
        The upper tail of the studentized range distribution, right to 1e-10.

    Notes
    -----
    The chance P(W > q s) of the range W, averaged over the distribution of s = sqrt(chi-square / df)
    (Copenhaver and Holland 1988, Journal of Statistical Computation and Simulation 30:1).

    Examples
    --------
    >>> round(studentized_range_sf(3.772929, 3, 12), 6)
    0.05
    """
    s, weights = _relative_errors(df)
    return float(np.sum(weights * (1.0 - range_cdf(q * s, groups))))


def studentized_range_ppf(p: float, groups: int, df: float) -> float:
    """Which studentized range is exceeded with chance 1 - p; the critical value of Tukey's comparisons.

    Examples
    --------
    >>> round(studentized_range_ppf(0.95, 3, 12), 6)
    3.772929
    """

    def excess(q: float) -> float:
        return math.log(studentized_range_sf(q, groups, df) / (1.0 - p))

    low, high = 1e-9, 1.0
    while excess(high) > 0:
        low, high = high, 2.0 * high
    return _find_zero(excess, low, high)


def _find_zero(f: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function crosses zero, by regula falsi with the Illinois step."""
    f_low, f_high = f(low), f(high)
    while high - low > 1e-12 * high:
        middle = (low * f_high - high * f_low) / (f_high - f_low)
        f_middle = f(middle)
        if abs(f_middle) < 1e-13:
            return middle
        if f_middle > 0:
            low, f_low, f_high = middle, f_middle, 0.5 * f_high
        else:
            high, f_high, f_low = middle, f_middle, 0.5 * f_low
    return 0.5 * (low + high)


def _relative_errors(df: float) -> tuple[Floats, Floats]:
    """Nodes and weights of the distribution of s = sqrt(chi-square / df), evenly spaced in log s."""
    rare = 36.0 / df  # beyond these ends the density has fallen by exp(-36)
    low = rare + min(0.5, math.sqrt(rare))
    high = min(math.sqrt(rare), 0.5 * math.log(2.0 * rare + 1.0 + 2.0 * math.sqrt(rare)))
    log_s = np.arange(-low, high, min(0.16, 0.4 / math.sqrt(df)), dtype=np.float64)
    weights = np.exp(df * (log_s + 0.5 - 0.5 * np.exp(2.0 * log_s)))
    return np.exp(log_s), weights / np.sum(weights)


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)
