"""The chart as the few plain values that programs ask for."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gemba.stats.charts.chart import ControlChart
from gemba.stats.charts.panel import is_level
from gemba.stats.results import Floats
from gemba.stats.results.codec import encode_fields


def report_dict(chart: ControlChart) -> dict[str, Any]:
    """Kind, limits, sigma and violations as plain JSON values.

    A line is one number where it is level, a list where it steps, ``None`` where there is none. Points are
    numbered from 1. ``sigma`` is the sigma of the process; a list when stages differ.

    Examples
    --------
    >>> from gemba.stats.charts import control_chart
    >>> report_dict(control_chart("c", [16, 14, 28, 16, 12, 20, 10, 12]))["limits"]["c"]
    {'center': 16.0, 'lcl': 4.0, 'ucl': 28.0}
    """
    sigmas = [None if math.isnan(s.limits.sigma) else s.limits.sigma for s in chart.stages]
    several = chart.limits.several
    variables = {} if several is None else {"variables": encode_fields(several)}
    return {
        "kind": chart.kind,
        "phase": chart.phase,
        "stable": chart.stable,
        "limits": {
            panel.name: {
                "center": _plain_line(panel.center),
                "lcl": _plain_line(panel.lcl),
                "ucl": _plain_line(panel.ucl),
            }
            for panel in chart.panels
        },
        "sigma": sigmas[0] if len(set(sigmas)) == 1 else sigmas,
        "sigma_method": chart.limits.method,
        **variables,
        "points": len(chart.panels[0].points),
        "violations": chart.violations.to_list(),
        "excluded": [{"point": e.point, "label": e.label, "reason": e.reason} for e in chart.excluded],
        "warnings": [{"code": c.code, "text": c.words()} for c in chart.warnings],
    }


def _plain_line(line: Floats) -> float | list[float | None] | None:
    if is_level(line):
        known = line[~np.isnan(line)]
        return float(known[0]) if known.size else None
    return [None if np.isnan(value) else value for value in line.tolist()]
