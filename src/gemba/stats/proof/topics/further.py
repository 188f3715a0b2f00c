"""Topics of charts that have no published case here; our own are computed by the naive twins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gemba.stats.charts import ControlChart, control_chart, judge, known_limits
from gemba.stats.charts.estimation import limit_correction
from gemba.stats.charts.operating import operating_characteristic

Values = Mapping[str, Any]


def between_within(data: Values, options: Values) -> Values:
    """Means as single values, their moving ranges, and the spread within."""
    return _panels(control_chart(options["kind"], _long(data["subgroups"]), value="y", subgroup="g"))


def generalized_variance(data: Values, options: Values) -> Values:  # noqa: ARG001 (one method)
    """Determinants of subgroups of rows."""
    rows = [(number, *row) for number, group in enumerate(data["groups"]) for row in group]
    number, *columns = zip(*rows, strict=True)
    names = [f"x{place}" for place in range(len(columns))]
    frame = dict(zip(names, columns, strict=True)) | {"g": number}
    return _panels(control_chart("gv", frame, value=names, subgroup="g"))


def zone(data: Values, options: Values) -> Values:
    """Scores of single values."""
    design = {"inner": options["inner"], "after": options["after"]}
    limits = known_limits("zone", mean=options["mean"], sigma=options["sigma"], **design)
    chart = judge(limits, data["values"])
    fired = sorted(point for violation in chart.violations for point in violation.fired)
    return {"score": chart.panel("zone").points.tolist(), "signals": fired}


def plain(data: Values, options: Values) -> Values:
    """A median chart, the spread of subgroups alone, a control material, or counts with exact limits."""
    design: dict[str, Any] = {"limits": "exact"} if options.get("exact") else {}
    if "subgroups" in data:
        chart = control_chart(options["kind"], _long(data["subgroups"]), value="y", subgroup="g")
    elif "sizes" in data:
        chart = control_chart(options["kind"], data, value="counts", n="sizes", **design)
    else:
        chart = control_chart(options["kind"], data, value="values", **design)
    return _panels(chart)


def crosier_sum(data: Values, options: Values) -> Values:
    """The length of the sum of several variables, with a given mean and covariance."""
    limits = known_limits("mcusum", mean=options["mean"], covariance=options["covariance"], k=options["k"])
    return {"mcusum": judge(limits, data["rows"]).panel("mcusum").points.tolist()}


def components(data: Values, options: Values) -> Values:
    """Both distances of rows by the components of their correlation, and the limit off them."""
    chart = control_chart("pca", data["rows"], components=options["components"], alpha=options["alpha"])
    t2, spe = chart.panels
    return {"t2": t2.points.tolist(), "spe": spe.points.tolist(), "spe_ucl": [float(spe.ucl[0])]}


def driven(data: Values, options: Values) -> Values:  # noqa: ARG001 (one method)
    """A measurement around its straight line on what drives it."""
    chart = control_chart("regression", data["rows"])
    line = chart.panel("regression")
    return {"center": line.center.tolist(), "ucl": line.ucl.tolist(), "sigma": chart.limits.further["sigma"]}


def forecast(data: Values, options: Values) -> Values:
    """What values differ from the forecast by those before."""
    chart = control_chart("residual", data["values"], model=options["model"])
    found = {"residual": chart.panel("residual").points.tolist()}
    learned = {"phi": chart.limits.further["phi"], "sigma": chart.limits.sigma, "mean": chart.limits.mean}
    return found | learned


def correction(data: Values, options: Values) -> Values:  # noqa: ARG001 (no data)
    """The limits of means from few subgroups with a pooled sigma."""
    asked = {name: options[name] for name in ("points", "n", "promise")}
    return {"nsigma": limit_correction("xbar-s", method="pooled", **asked).nsigma}


def overlooked(data: Values, options: Values) -> Values:  # noqa: ARG001 (no data)
    """The chance of a point within the limits."""
    return {"accept": operating_characteristic(**options).accept.tolist()}


def difference(data: Values, options: Values) -> Values:  # noqa: ARG001 (one method)
    """Differences from the nominal of each part."""
    return _panels(control_chart("difference", data, value="values", nominal="nominals"))


def z_mr(data: Values, options: Values) -> Values:
    """Standardised values of several parts."""
    chart = control_chart("z-mr", data, value="values", part="parts", pooling=options["pooling"])
    return {"z": chart.panel("z").points.tolist()}


def _long(groups: list[list[float]]) -> dict[str, list[Any]]:
    return {
        "y": [value for group in groups for value in group],
        "g": [number for number, group in enumerate(groups) for _ in group],
    }


def _panels(chart: ControlChart) -> dict[str, Any]:
    """Points and lines of each panel, without those that are not there."""
    lines = ("points", "center", "lcl", "ucl")
    found = {f"{panel.name}_{line}": getattr(panel, line) for panel in chart.panels for line in lines}
    return {name: values[~np.isnan(values)].tolist() for name, values in found.items()}
