"""The chances that a verdict needs: binomial, Poisson, hypergeometric and noncentral t."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.distributions import normal_sf
from gemba.stats.results import Floats


def binomial_cdf(count: float, n: float, p: float) -> float:
    """The chance of at most ``count`` in ``n`` trials of chance ``p``.

    Examples
    --------
    >>> round(binomial_cdf(1, 10, 0.1), 6)
    0.736099
    """
    from scipy.special import bdtr

    if count < 0:
        return 0.0
    return 1.0 if count >= n else float(bdtr(math.floor(count), round(n), p))


def poisson_cdf(count: float, mean: float) -> float:
    """The chance of at most ``count`` events where ``mean`` are expected.

    Examples
    --------
    >>> round(poisson_cdf(2, 3.0), 6)
    0.42319
    """
    from scipy.special import pdtr

    if count < 0:
        return 0.0
    return 1.0 if mean == 0 else float(pdtr(math.floor(count), mean))


def hypergeometric_cdf(count: int, drawn: int, marked: int, total: int) -> float:
    """The chance of at most ``count`` marked among ``drawn`` of ``total``, of which ``marked`` are marked.

    Examples
    --------
    >>> round(hypergeometric_cdf(1, 4, 4, 8), 6)  # Fisher's tea tasting, from the other side
    0.242857
    """
    from scipy.special import gammaln

    lowest = max(0, drawn + marked - total)
    highest = min(drawn, marked)
    if count < lowest or count >= highest:
        return float(count >= highest)
    share = marked / total
    scatter = math.sqrt(drawn * share * (1 - share)) + 1.0
    start = max(lowest, math.floor(min(count, drawn * share) - 40 * scatter))
    k = np.arange(start, count + 1, dtype=np.float64)

    def log_choose(n: float, of: Floats) -> Floats:
        ways: Floats = gammaln(n + 1.0) - gammaln(of + 1.0) - gammaln(n - of + 1.0)
        return ways

    ways = log_choose(marked, k) + log_choose(total - marked, drawn - k)
    every = log_choose(total, np.array([float(drawn)]))
    return min(1.0, float(np.sum(np.exp(ways - every))))


def noncentral_t_sf(t: float, df: float, shift: float) -> float:
    """The chance that the noncentral t exceeds ``t``.

    Examples
    --------
    >>> round(noncentral_t_sf(2.0244, 38, 1 / (2 / 20) ** 0.5), 5)
    0.86895
    """
    from scipy.special import nctdtr

    if shift > 37.0:  # the function is not defined so far out; the normal approximation is exact to 1e-9
        return float(normal_sf((t * (1 - 0.25 / df) - shift) / math.sqrt(1 + t * t / (2 * df))))
    return float(1.0 - nctdtr(df, shift, t))
