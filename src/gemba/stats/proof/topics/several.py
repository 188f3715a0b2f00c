"""The topics of several variables at once, answered by ``control_chart`` and ``judge``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from gemba.stats.charts import ControlChart, control_chart, judge, known_limits

Values = Mapping[str, Any]


def t2(data: Values, options: Values) -> Values:
    """Single rows, with the limit of those the covariance was learned from and that of new ones."""
    chart = control_chart(
        "t2", data["rows"], sigma_method=f"{options['covariance']} covariance", alpha=options["alpha"]
    )
    several = chart.limits.to_dict()["several"]
    panel = chart.panel("t2")
    return {
        "mean": several["mean"],
        "cov": several["covariance"],
        "t2": panel.points.tolist(),
        "ucl_phase1": float(panel.ucl[0]),
        "ucl_phase2": chart.limits.lines(1)[0].ucl,
        "beyond_phase1": _fired(chart),
    }


def t2_known(data: Values, options: Values) -> Values:
    """Means of subgroups, with mean and pooled covariance as they were learned from these subgroups."""
    n, m = options["n"], options["m"]
    given = known_limits("t2", mean=options["center"], covariance=options["cov"], alpha=options["alpha"])
    limits = replace(given, points=m, values=float(n * m), further={"freedom": float(m * (n - 1))})
    panel = judge(limits, np.array(data["means"]), n=n, training=True).panel("t2")
    return {"t2": panel.points.tolist(), "ucl": float(panel.ucl[0])}


def mewma(data: Values, options: Values) -> Values:
    """Weighted averages by their exact covariance."""
    known = {"mean": options["center"], "covariance": options["cov"]}
    chart = control_chart("mewma", data["rows"], lam=options["lambda"], h=options["h"], **known)
    return {"t2": chart.panel("mewma").points.tolist(), "beyond": _fired(chart)}


def _fired(chart: ControlChart) -> list[int]:
    return sorted(point for violation in chart.violations for point in violation.fired)
