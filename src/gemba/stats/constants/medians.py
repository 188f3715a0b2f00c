"""The median of n independent normal values, in units of their sigma: how much it scatters."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from gemba.stats.constants.sizes import of_sizes
from gemba.stats.results import N_, DataError, Floats, Ints

_EDGE, _STEP = 12.0, 1 / 8
"""Where the line of medians is cut, and its spacing, in their standard deviation in the long run."""


@lru_cache(maxsize=1024)
def median_sd(n: int) -> float:
    """How much do medians of n normal values scatter, in sigma?

    Parameters
    ----------
    n : int
        Subgroup size, at least 1.

    Returns
    -------
    float
        The standard deviation of the median, right to 1e-12; of an even number of values the median is the
        mean of the two inner ones.

    Raises
    ------
    DataError
        For n below 1.

    Notes
    -----
    The median of 2k + 1 values is an order statistic with the density n!/(k!)^2 Phi^k (1 - Phi)^k phi; that
    of 2k values has the density of the middle of two neighbours (David and Nagaraja 2003, Order Statistics,
    sections 2.1 and 2.2). The trapezoidal rule converges exponentially on both.

    Examples
    --------
    >>> round(median_sd(5), 6), round(3 * median_sd(5) / 2.325929, 3)
    (0.535569, 0.691)
    """
    if n < 1:
        raise DataError(
            N_("no value has no median, and the size given is {value}"),
            mend=N_("Give a size of at least 1"),
            argument="n",
            value=n,
        )
    scale = math.sqrt(math.pi / (2 * n))
    x: Floats = scale * _STEP * np.arange(-round(_EDGE / _STEP), round(_EDGE / _STEP) + 1, dtype=np.float64)
    density = _density_of_odd(x, n) if n % 2 else _density_of_even(x, n, scale)
    return math.sqrt(float(np.sum(x * x * density) / np.sum(density)))


def median_sd_of(sizes: Ints) -> Floats:
    """``median_sd`` of every size, NaN where a size is below 2; that of one value is 1."""
    return np.where(sizes == 1, 1.0, of_sizes(median_sd, sizes))


def _density_of_odd(x: Floats, n: int) -> Floats:
    """But for a constant."""
    rest = n // 2
    found: Floats = np.exp(rest * (_log_below(x) + _log_below(-x)) - 0.5 * x * x)
    return found


def _density_of_even(x: Floats, n: int, scale: float) -> Floats:
    """But for a constant: over all distances from the middle to its two neighbours."""
    rest = n // 2 - 1
    apart = scale * np.exp(np.arange(-38.0, 4.0, 1 / 8))
    low, high = x[:, None] - apart, x[:, None] + apart
    logs = -0.5 * (low * low + high * high)
    if rest:
        logs = logs + rest * (_log_below(low) + _log_below(-high))
    found: Floats = np.exp(logs) @ apart
    return found


def _log_below(x: Floats) -> Floats:
    """The logarithm of the chance that a standard normal value lies below x, by the standard library."""
    flat = (-x / math.sqrt(2.0)).ravel().tolist()
    chance = 0.5 * np.array([math.erfc(value) for value in flat]).reshape(x.shape)
    logs: Floats = np.log(np.maximum(chance, 1e-300))
    return logs
