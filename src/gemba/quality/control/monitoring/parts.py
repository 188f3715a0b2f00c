"""Which characteristic a point over several comes from. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gemba.quality.control.monitoring.points import Part
from gemba.stats.charts import Limits, pca_contributions, t2_contributions
from gemba.stats.charts.kind import NO_VARIABLES, Memory
from gemba.stats.results import Floats

FOLLOWS = 0.1
"""A part below this share of the largest is not named."""


def parts_of(limits: Limits, panel: str, values: Sequence[float], memory: Memory) -> tuple[Part, ...]:
    """What each characteristic adds to the plotted value, the largest part first.

    ``memory`` is what the chart keeps after the point: of a weighted mean or a sum it says where that lies,
    which is what is judged. A regression has one measurement, so nothing to tell.

    Examples
    --------
    >>> from gemba.stats.charts import known_limits
    >>> limits = known_limits("t2", mean={"A": 0.0, "B": 0.0}, covariance=[[1.0, 0.0], [0.0, 1.0]])
    >>> [(part.number, part.part) for part in parts_of(limits, "t2", (1.0, -4.0), ())]
    [('B', 16.0), ('A', 1.0)]
    """
    several = limits.several or NO_VARIABLES
    if limits.kind == "pca":
        found = pca_contributions(limits, list(values))
        parts = found.off if panel == "spe" else found.inside
    elif limits.kind in ("t2", "mewma", "mcusum"):
        point, size = _judged(limits, values, memory)
        parts = t2_contributions(limits, point, size=size).together
    else:
        return ()
    named = [Part(*one) for one in zip(several.names, map(float, values), parts.tolist(), strict=True)]
    return tuple(sorted(named, key=lambda part: -part.part))


def _judged(limits: Limits, values: Sequence[float], memory: Memory) -> tuple[Floats, float]:
    """Where the point lies that is judged, and how many items it is the mean of."""
    several = limits.several or NO_VARIABLES
    if limits.kind == "t2" or not memory:
        return np.array(values, dtype=np.float64), 1.0
    share, *white = memory
    away: Floats = np.linalg.cholesky(np.array(several.covariance)) @ np.array(white)
    return np.array(several.mean) + away, 1.0 / share if limits.kind == "mewma" else 1.0


def named_parts(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Those of the parts that are worth a word."""
    return tuple(part for part in parts if part.part >= FOLLOWS * parts[0].part) if parts else ()
