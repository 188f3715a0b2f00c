"""Is the process stable? Only then do its indices say anything about tomorrow."""

from __future__ import annotations

from typing import Any

import numpy as np

from gemba.stats.capability.within import BETWEEN, Within, in_line
from gemba.stats.charts import TOTAL, ControlChart, control_chart
from gemba.stats.charts.rules import RulesLike
from gemba.stats.data import Frame, Subgroups

LARGEST_RANGE = 8
"""Up to this subgroup size the range tells enough; from the next the standard deviation is charted."""


def judge_stability(
    subgroups: Subgroups, frame: Frame, layout: dict[str, Any], within: Within, rules: RulesLike
) -> ControlChart | None:
    """The chart that suits the subgroups, with the sigma of the study; ``None`` for one point in time.

    ``layout`` are the arguments by which ``frame`` makes these subgroups.
    """
    sizes = subgroups.sizes
    if np.count_nonzero(sizes) < 2:
        return None
    sigma: dict[str, Any] = {"sigma_method": within.method, "unbiased": within.unbiased}
    if within.method == TOTAL:  # a chart stands on what varies within, never on everything
        sigma = {}
    largest = int(sizes.max())
    if largest == 1:
        line = {subgroups.name: in_line(subgroups)}
        return control_chart("i-mr", line, value=subgroups.name, rules=rules, **sigma)
    kind = "xbar-r" if largest <= LARGEST_RANGE else "xbar-s"
    if within.method == BETWEEN:
        kind, sigma = f"i-mr-{kind[-1]}", {}
    return control_chart(kind, frame, **layout, rules=rules, **sigma)
