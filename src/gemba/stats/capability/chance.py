"""What chance alone puts beyond the limits: a long series of a stable process is hardly ever without it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gemba.stats.charts import ControlChart, Panel
from gemba.stats.charts.tails import MORE_OFTEN_THAN_NOT, RARE, chance_beyond, tail_of


@dataclass(frozen=True)
class Beyond:
    """Points beyond the limits of one panel: how many, of how many, and how many chance alone gives."""

    panel: str
    count: int
    points: int
    expected: float


def explained_by_chance(chart: ControlChart) -> tuple[Beyond, ...]:
    """What lies beyond the limits of each panel, when chance explains all of it; else nothing.

    Chance explains points beyond the limits where it more often than not puts one beyond those of any panel
    of the chart, where those of a panel are no more than a c chart of such counts allows (m + 3 sqrt(m)),
    and where none is so far out that its like would come once in a hundred such series. Signals of run rules
    are never explained: their points are no independent trials.
    """
    violations = chart.violations
    tests = {violations.rules[place].test for place in np.unique(violations.rule).tolist()}
    if tests != {"beyond"} or chart.limits.sigma == 0:
        return ()
    sigma = chart.limits.sigma
    expected = [float(np.nansum(chance_beyond(panel, sigma))) for panel in chart.panels]
    if sum(expected) < MORE_OFTEN_THAN_NOT:
        return ()
    pairs = list(zip(chart.panels, expected, strict=True))
    if not all(_is_chance(panel, share, sigma) for panel, share in pairs):
        return ()
    return tuple(
        Beyond(panel.name, panel.beyond.size, _known(panel), share)
        for panel, share in pairs
        if panel.beyond.size
    )


def _known(panel: Panel) -> int:
    return int(np.count_nonzero(~np.isnan(panel.points)))


def _is_chance(panel: Panel, expected: float, sigma: float) -> bool:
    """Whether chance explains the points beyond the limits of one panel: neither too many nor too far out."""
    places = panel.beyond - 1
    if places.size > expected + 3 * math.sqrt(expected):
        return False
    tails = tail_of(panel, panel.points, sigma)[places]
    return not tails.size or float(tails.min()) * _known(panel) >= RARE
