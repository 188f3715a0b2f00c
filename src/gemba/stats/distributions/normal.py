"""The normal distribution, with tails that stay right far beyond parts per billion."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from gemba.stats.results import Floats


def normal_pdf(x: ArrayLike, mean: float = 0.0, sd: float = 1.0) -> Floats:
    """The density of the normal distribution at x, per unit of x.

    Examples
    --------
    >>> round(float(normal_pdf(0.0)), 6)
    0.398942
    """
    density: Floats = np.exp(-0.5 * _standard(x, mean, sd) ** 2) / (sd * math.sqrt(2.0 * math.pi))
    return density


def normal_cdf(x: ArrayLike, mean: float = 0.0, sd: float = 1.0) -> Floats:
    """The share of a normal distribution at or below x; relatively accurate in the lower tail.

    Examples
    --------
    >>> round(float(normal_cdf(-6.0)) * 1e9, 6)  # parts per billion
    0.986588
    """
    from scipy.special import ndtr

    share: Floats = ndtr(_standard(x, mean, sd))
    return share


def normal_sf(x: ArrayLike, mean: float = 0.0, sd: float = 1.0) -> Floats:
    """The share of a normal distribution above x; relatively accurate in the upper tail.

    Examples
    --------
    >>> float(normal_sf(6.0)) == float(normal_cdf(-6.0))
    True
    """
    from scipy.special import ndtr

    share: Floats = ndtr(-_standard(x, mean, sd))
    return share


def normal_ppf(p: ArrayLike, mean: float = 0.0, sd: float = 1.0) -> Floats:
    """The value that a share p of a normal distribution lies at or below.

    Examples
    --------
    >>> round(float(normal_ppf(0.975)), 6)
    1.959964
    """
    from scipy.special import ndtri

    value: Floats = mean + sd * ndtri(np.asarray(p, dtype=np.float64))
    return value


def normal_isf(p: ArrayLike, mean: float = 0.0, sd: float = 1.0) -> Floats:
    """The value that a share p of a normal distribution lies above: the quantile of a small upper tail.

    Examples
    --------
    >>> round(float(normal_isf(3.4e-6)), 4)  # the 4.5 of "six sigma" with its shift of 1.5
    4.4999
    """
    from scipy.special import ndtri

    value: Floats = mean - sd * ndtri(np.asarray(p, dtype=np.float64))
    return value


def _standard(x: ArrayLike, mean: float, sd: float) -> Floats:
    z: Floats = (np.asarray(x, dtype=np.float64) - mean) / sd
    return z
