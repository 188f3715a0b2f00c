"""How likely chance alone puts a point of a stable process beyond the limits, or as far as it lies."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.charts.panel import Panel
from gemba.stats.distributions import chi2_sf, normal_sf
from gemba.stats.results import Floats

MORE_OFTEN_THAN_NOT = math.log(2)
"""With so many points beyond the limits on average, every second chart has one at least."""

RATES = ("p", "u")
"""Panels of counts over what was inspected."""

SAME = 1e-12
"""A limit that close to a whole count is on it."""

RARE = 0.01
"""A chance, over the whole series, below which a point is no child of chance."""


def chance_beyond(panel: Panel, sigma: Floats | float) -> Floats:
    """How likely chance alone puts each point beyond the limits of its panel."""
    if panel.name in RATES:
        upper, lower = panel.ucl * panel.sizes, panel.lcl * panel.sizes
        above = _counts_from(panel, np.floor(upper * (1 + SAME)) + 1)
        return above + _counts_to(panel, np.ceil(lower * (1 - SAME)) - 1)
    chance: Floats = tail_of(panel, panel.ucl, sigma) + tail_of(panel, panel.lcl, sigma)
    return chance


def tail_of(panel: Panel, values: Floats, sigma: Floats | float) -> Floats:
    """How likely a point of normal values, or a rate of a constant one, lies as far out as each of these, on
    its own side of the centre.

    A range of n values exceeds w with a chance of at most n (n - 1) P(Z > w / (sigma sqrt(2))), the sum over
    all pairs: exact for two, a tenth too large at the limit for eight. It stays below a small w with a chance
    of nearly sqrt(n) (w / (sigma sqrt(2 pi)))^(n - 1).
    """
    low = values < panel.center
    if panel.name in RATES:
        counts = np.round(values * panel.sizes)
        return np.where(low, _counts_to(panel, counts), _counts_from(panel, counts))
    if panel.name in ("xbar", "i"):
        return normal_sf(np.abs(values - panel.center) / panel.sigma)
    n = np.full_like(panel.sizes, 2.0) if panel.name == "mr" else panel.sizes
    if panel.name == "s":
        above = chi2_sf((n - 1) * (values / sigma) ** 2, n - 1)
        return np.where(low, 1 - above, above)
    below = np.sqrt(n) * (values / (sigma * math.sqrt(2 * math.pi))) ** (n - 1)
    return np.where(low, below, n * (n - 1) * normal_sf(values / (sigma * math.sqrt(2))))


def _counts_from(panel: Panel, counts: Floats) -> Floats:
    """How likely the sample of each point has so many or more: by the binomial law, or by Poisson's."""
    from scipy.special import betainc, gammainc

    least = np.maximum(counts, 1.0)
    if panel.name == "p":
        most = np.minimum(least, panel.sizes)
        found = np.where(counts > panel.sizes, 0.0, betainc(most, panel.sizes - most + 1, panel.center))
    else:
        found = gammainc(least, panel.sizes * panel.center)
    return np.where(counts <= 0, 1.0, found)


def _counts_to(panel: Panel, counts: Floats) -> Floats:
    """How likely it has so many or fewer."""
    likely: Floats = 1 - _counts_from(panel, counts + 1)
    return likely
