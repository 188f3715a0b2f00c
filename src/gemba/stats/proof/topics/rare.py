"""The topics of overdispersed counts and of rare events, answered by ``control_chart``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gemba.stats.charts import ControlChart, control_chart, report_dict

Values = Mapping[str, Any]


def laney_p(data: Values, options: Values) -> Values:
    """Shares of large samples, and how far they scatter beside the model."""
    frame = {"defectives": data["defectives"], "sizes": data["sizes"]}
    return _laney("laney-p", frame, "defectives", options)


def laney_u(data: Values, options: Values) -> Values:
    """Rates of large samples, and how far they scatter beside the model."""
    frame = {"counts": data["counts"], "sizes": data["sizes"]}
    return _laney("laney-u", frame, "counts", options)


def g(data: Values, options: Values) -> Values:
    """Counts between events."""
    return _lines(control_chart("g", data["values"], nsigma=options["nsigma"]))


def t(data: Values, options: Values) -> Values:  # noqa: ARG001 (the power is the default)
    """Times between events, and the limits of the transformed times."""
    chart = control_chart("t", data["values"])
    mean, reach = chart.limits.mean, chart.limits.nsigma * chart.limits.sigma
    return _lines(chart) | {"y_center": mean, "y_ucl": mean + reach, "y_lcl": mean - reach}


def _laney(kind: str, frame: Values, value: str, options: Values) -> Values:
    chart = control_chart(kind, frame, value=value, n="sizes", nsigma=options["nsigma"])
    return _lines(chart) | {"sigma_z": chart.limits.further["sigma_z"]}


def _lines(chart: ControlChart) -> dict[str, Any]:
    panel = chart.panels[0]
    lines = report_dict(chart)["limits"][panel.name]
    return {**lines, "beyond": sorted(point for v in chart.violations.of(rule="1") for point in v.fired)}
