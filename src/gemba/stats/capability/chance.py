"""What chance alone puts beyond the limits: a long series of a stable process is hardly ever without it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gemba.stats.charts import ControlChart, Panel
from gemba.stats.charts.tails import MORE_OFTEN_THAN_NOT, RARE, tail_of


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
    expected = float(
        np.nansum(tail_of(panel, panel.ucl, sigma)) + np.nansum(tail_of(panel, panel.lcl, sigma))
    )
    likely = expected >= MORE_OFTEN_THAN_NOT and places.size <= expected + 3 * math.sqrt(expected)
    if not likely or float(tail_of(panel, panel.points, sigma)[places].min()) * points < RARE:
        return None
    return Beyond(panel.name, places.size, points, expected)
