"""How likely chance alone puts a point of a stable process beyond the limits, or as far as it lies."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.charts.panel import Panel
from gemba.stats.distributions import chi2_sf, normal_sf
from gemba.stats.results import Floats

MORE_OFTEN_THAN_NOT = math.log(2)
"""With so many points beyond the limits on average, every second panel has one at least."""

RARE = 0.01
"""A chance, over the whole series, below which a point is no child of chance."""


def tail_of(panel: Panel, values: Floats, sigma: Floats | float) -> Floats:
    """How likely a point of normal values lies as far out as each of these, on its own side of the centre.

    A range of n values exceeds w with a chance of at most n (n - 1) P(Z > w / (sigma sqrt(2))), the sum over
    all pairs: exact for two, a tenth too large at the limit for eight. It stays below a small w with a chance
    of nearly sqrt(n) (w / (sigma sqrt(2 pi)))^(n - 1).
    """
    low = values < panel.center
    if panel.name in ("xbar", "i"):
        return normal_sf(np.abs(values - panel.center) / panel.sigma)
    n = np.full_like(panel.sizes, 2.0) if panel.name == "mr" else panel.sizes
    if panel.name == "s":
        above = chi2_sf((n - 1) * (values / sigma) ** 2, n - 1)
        return np.where(low, 1 - above, above)
    below = np.sqrt(n) * (values / (sigma * math.sqrt(2 * math.pi))) ** (n - 1)
    return np.where(low, below, n * (n - 1) * normal_sf(values / (sigma * math.sqrt(2))))
