"""The chart topics, answered by ``control_chart``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gemba.stats.charts import ControlChart, control_chart, report_dict
from gemba.stats.charts.rules import NELSON, Rule, RuleSet

Values = Mapping[str, Any]

METHODS = {
    "rbar_over_d2": "Rbar",
    "sbar_over_c4": "Sbar",
    "pooled_sd_over_c4": "pooled",
    "mr_mean_over_d2": "average moving range",
}


def xbar_r(data: Values, options: Values) -> Values:
    """Means and ranges."""
    chart = _of_subgroups("xbar-r", data["subgroups"], options)
    return {"sigma_hat": chart.limits.sigma} | _lines(chart, "xbar") | _lines(chart, "r")


def xbar_s(data: Values, options: Values) -> Values:
    """Means and standard deviations."""
    chart = _of_subgroups("xbar-s", data["subgroups"], options)
    return {"sigma_hat": chart.limits.sigma} | _lines(chart, "xbar") | _lines(chart, "s")


def i_mr(data: Values, options: Values) -> Values:
    """Individual values and moving ranges."""
    method = METHODS[options["sigma_method"]]
    chart = control_chart("i-mr", data["values"], sigma_method=method, nsigma=options["nsigma"])
    return {"sigma_hat": chart.limits.sigma} | _lines(chart, "i") | _lines(chart, "mr")


def p(data: Values, options: Values) -> Values:
    """Share of defective items."""
    frame = {"defectives": data["defectives"], "sizes": data["sizes"]}
    return _counted(control_chart("p", frame, value="defectives", n="sizes", nsigma=options["nsigma"]))


def np_chart(data: Values, options: Values) -> Values:
    """Number of defective items of one size."""
    frame = {"defectives": data["defectives"]}
    return _counted(control_chart("np", frame, value="defectives", n=data["size"], nsigma=options["nsigma"]))


def c(data: Values, options: Values) -> Values:
    """Number of defects."""
    return _counted(control_chart("c", data["counts"], nsigma=options["nsigma"]))


def u(data: Values, options: Values) -> Values:
    """Defects per unit."""
    frame = {"counts": data["counts"], "sizes": data["sizes"]}
    return _counted(control_chart("u", frame, value="counts", n="sizes", nsigma=options["nsigma"]))


def rules(data: Values, options: Values) -> Values:
    """Where each of the eight rules fires on a chart of individuals."""
    chosen = RuleSet("case", tuple(_adjusted(rule, options) for rule in NELSON.rules))
    chart = control_chart("i-mr", data["values"], rules=chosen)
    return {f"rule{rule.code}": _fired(chart, "i", rule.code) for rule in chosen.rules}


def _adjusted(rule: Rule, options: Values) -> Rule:
    k = options.get(f"rule{rule.code}_k", rule.k)
    counts = options.get(f"rule{rule.code}_counts", rule.counts)
    of = rule.of if rule.test == "zone" else k
    return Rule(rule.code, rule.test, k=k, of=of, sigma=rule.sigma, counts=counts)


def _fired(chart: ControlChart, panel: str, rule: str) -> list[int]:
    return sorted(point for violation in chart.violations.of(panel, rule) for point in violation.fired)


def _of_subgroups(kind: str, subgroups: Sequence[Sequence[float]], options: Values) -> ControlChart:
    frame = {
        "value": [value for group in subgroups for value in group],
        "subgroup": [number for number, group in enumerate(subgroups, start=1) for _ in group],
    }
    method = METHODS[options["sigma_method"]]
    return control_chart(
        kind, frame, value="value", subgroup="subgroup", sigma_method=method, nsigma=options["nsigma"]
    )


def _lines(chart: ControlChart, name: str) -> dict[str, Any]:
    lines = {f"{name}_{line}": figure for line, figure in report_dict(chart)["limits"][name].items()}
    return lines | {f"{name}_beyond": _fired(chart, name, "1")}


def _counted(chart: ControlChart) -> dict[str, Any]:
    name = chart.panels[0].name
    return {key.removeprefix(f"{name}_"): value for key, value in _lines(chart, name).items()}
