"""What chance alone puts beyond the limits: a long series of a stable process is hardly ever without it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gemba.stats.charts import ControlChart, Panel
from gemba.stats.distributions import chi2_sf, normal_sf
from gemba.stats.results import Floats

MORE_OFTEN_THAN_NOT = math.log(2)
"""With so many points beyond the limits on average, every second panel has one at least."""

RARE = 0.01
"""A chance, over the whole series, below which a point is no child of chance."""


@dataclass(frozen=True)
class Beyond:
    """Points beyond the limits of one panel: how many, of how many, and how many chance alone gives."""

    panel: str
    count: int
    points: int
    expected: float


def explained_by_chance(chart: ControlChart) -> tuple[Beyond, ...]:
    """What lies beyond the limits of each panel, when chance explains all of it; else nothing.

    Chance explains points beyond the limits of a panel where it more often than not puts one there, where
    they are no more than a c chart of such counts allows (m + 3 sqrt(m)), and where none is so far out that
    its like would come once in a hundred such series. Signals of run rules are never explained: their points
    are no independent trials.
    """
    violations = chart.violations
    tests = {violations.rules[place].test for place in np.unique(violations.rule).tolist()}
    if tests != {"beyond"} or chart.limits.sigma == 0:
        return ()
    found = []
    for panel in chart.panels:
        beyond = _beyond(panel, chart.limits.sigma)
        if beyond is None:
            return ()
        if beyond.count:
            found.append(beyond)
    return tuple(found)


def _beyond(panel: Panel, sigma: float) -> Beyond | None:
    """The points beyond the limits of one panel; ``None`` when chance does not explain them."""
    places = panel.beyond - 1
    points = int(np.count_nonzero(~np.isnan(panel.points)))
    if not places.size:
        return Beyond(panel.name, 0, points, 0.0)
    expected = float(np.nansum(_tail(panel, panel.ucl, sigma)) + np.nansum(_tail(panel, panel.lcl, sigma)))
    likely = expected >= MORE_OFTEN_THAN_NOT and places.size <= expected + 3 * math.sqrt(expected)
    if not likely or float(_tail(panel, panel.points, sigma)[places].min()) * points < RARE:
        return None
    return Beyond(panel.name, places.size, points, expected)


def _tail(panel: Panel, values: Floats, sigma: float) -> Floats:
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
