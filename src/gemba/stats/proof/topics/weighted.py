"""The topics of time-weighted charts, answered by ``control_chart`` and ``judge``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gemba.stats.charts import ControlChart, control_chart, judge, known_limits, report_dict

Values = Mapping[str, Any]


def ewma(data: Values, options: Values) -> Values:
    """Exponentially weighted averages and their limits."""
    chart = control_chart(
        "ewma",
        data["values"],
        mean=options["target"],
        sigma=options["sigma"],
        lam=options["lambda"],
        L=options["nsigma"],
        limits={"time_varying": "exact"}.get(options["limits"], options["limits"]),
    )
    lines = report_dict(chart)["limits"]["ewma"]
    return {
        "z": chart.panel("ewma").points.tolist(),
        "ucl": lines["ucl"],
        "lcl": lines["lcl"],
        "beyond": _fired(chart, "ewma"),
    }


def cusum(data: Values, options: Values) -> Values:
    """Both cumulative sums, the lower one as a magnitude."""
    design = {"k": options["k"], "h": options["h"], "fir": options["headstart"]}
    limits = known_limits("cusum", mean=options["target"], sigma=options["sigma"], **design)
    chart = judge(limits, data["values"])
    return {
        "c_plus": chart.panel("upper").points.tolist(),
        "c_minus": [-value for value in chart.panel("lower").points.tolist()],
        "signal_upper": _fired(chart, "upper"),
        "signal_lower": _fired(chart, "lower"),
    }


def moving_average(data: Values, options: Values) -> Values:
    """Averages of the newest points and their limits."""
    known = {"mean": options["mean"], "sigma": options["sigma"], "nsigma": options["nsigma"]}
    chart = control_chart("ma", data["values"], span=options["span"], **known)
    panel = chart.panel("ma")
    return {
        "ma": panel.points.tolist(),
        "center": float(panel.center[-1]),
        "ucl": panel.ucl.tolist(),
        "lcl": panel.lcl.tolist(),
        "beyond": _fired(chart, "ma"),
    }


def _fired(chart: ControlChart, panel: str) -> list[int]:
    return sorted(point for violation in chart.violations.of(panel, "1") for point in violation.fired)
