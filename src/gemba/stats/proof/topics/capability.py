"""The capability topic, answered by ``capability``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gemba.stats.capability import (
    capability,
    capability_by_distribution,
    capability_over_time,
    count_capability,
    throughput_yield,
)
from gemba.stats.capability.percentiles import SHARES, percentile_indices
from gemba.stats.charts import CONVENTIONS
from gemba.stats.data import Tolerance
from gemba.stats.distributions.transforms import Transform, box_cox_lambda
from gemba.stats.proof.topics.charts import METHODS

INDICES = ("cp", "cpl", "cpu", "cpk", "pp", "ppl", "ppu", "ppk", "cpm")


def normal(data: Mapping[str, Any], options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Indices, expected and observed nonconformity, and two intervals."""
    frame = _long(data["subgroups"])
    study = capability(
        frame,
        value="value",
        subgroup="subgroup",
        lsl=options["lsl"],
        usl=options["usl"],
        target=options["target"],
        within=METHODS[options["within_sigma"]],
        confidence=options["confidence"],
    )
    intervals = study.intervals
    within = study.ppm_within
    return {name: getattr(study, name) for name in INDICES} | {
        "n": study.n,
        "mean": study.mean,
        "sigma_within": study.sigma_within,
        "sigma_overall": study.sigma_overall,
        "ppm_total_overall": study.ppm_overall.total,
        "ppm_total_within": None if within is None else within.total,
        "ppm_observed": study.ppm_observed.total,
        "pp_ci": [intervals["pp"].lower, intervals["pp"].upper] if "pp" in intervals else None,
        "ppk_ci": [intervals["ppk"].lower, intervals["ppk"].upper],
    }


def _by_percentiles(data: Mapping[str, Any], options: Mapping[str, Any], name: str) -> dict[str, Any]:
    study = capability_by_distribution(
        data["values"], lsl=options["lsl"], usl=options["usl"], distribution=name
    )
    named = {"pp": study.pp, "ppl": study.ppl, "ppu": study.ppu, "ppk": study.ppk}
    parameters = {} if study.fit is None else study.fit.parameters
    return (
        parameters
        | named
        | {
            "x_00135": study.low,
            "x_50": study.median,
            "x_99865": study.high,
            "ppm_total": study.ppm_expected.total,
        }
    )


def weibull(data: Mapping[str, Any], options: Mapping[str, Any]) -> Mapping[str, Any]:
    """By a fitted Weibull distribution."""
    return _by_percentiles(data, options, "weibull")


def lognormal(data: Mapping[str, Any], options: Mapping[str, Any]) -> Mapping[str, Any]:
    """By a fitted lognormal distribution."""
    found = _by_percentiles(data, options, "lognormal")
    return found | {"meanlog": found["location"], "sdlog": found["scale"]}


def johnson(data: Mapping[str, Any], options: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG001 (no data)
    """Percentiles and indices of given Johnson curves."""
    found = {}
    for kind in ("su", "sb"):
        given = options[kind]
        numbers = tuple(float(given[name]) for name in ("gamma", "delta", "xi", "lambda"))
        curve = Transform("johnson-su" if kind == "su" else "johnson-sb", numbers)
        indices = percentile_indices(curve, Tolerance.of(given["lsl"], given["usl"]))
        low, middle, high = curve.quantile(SHARES).tolist()
        named = {name: getattr(indices, name) for name in ("pp", "ppl", "ppu", "ppk")}
        found[kind] = named | {"x_00135": low, "x_50": middle, "x_99865": high}
    return found


def binomial(data: Mapping[str, Any], options: Mapping[str, Any]) -> Mapping[str, Any]:
    """The share of defective items with its exact interval."""
    frame = {"defectives": data["defectives"], "sizes": data["sizes"]}
    study = count_capability(frame, value="defectives", n="sizes", confidence=options["confidence"])
    return {
        "p": study.rate,
        "ppm": 1e6 * study.rate,
        "p_ci": [study.lower, study.upper],
        "z": study.z,
    }


def box_cox(data: Mapping[str, Any], options: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG001 (one method)
    """The exponent of greatest likelihood."""
    return {"lambda": box_cox_lambda(np.array(data["values"], dtype=np.float64))}


def conventions(data: Mapping[str, Any], options: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same subgroups under every convention."""
    frame, found = _long(data["subgroups"]), {}
    for name in CONVENTIONS:
        study = capability(frame, value="value", subgroup="subgroup", **options, convention=name)
        figures = {figure: getattr(study, figure) for figure in ("sigma_within", "cp", "cpk", "cpm")}
        bounds = study.intervals["cp"]
        found[name] = figures | {"cp_lower": bounds.lower, "cp_upper": bounds.upper}
    return found


def throughput(data: Mapping[str, Any], options: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG001 (one method)
    """A chain of steps in which defects are counted."""
    found = throughput_yield(data, units="units", defects="defects", opportunities="ways")
    figures = ("dpu", "dpmo", "passed", "z")
    return {name: [getattr(x, name) for x in found.steps] for name in figures} | {"rolled": found.rolled}


def over_time(data: Mapping[str, Any], options: Mapping[str, Any]) -> Mapping[str, Any]:
    """The model of location and spread in time, and three of the tests that chose it."""
    found = capability_over_time(_long(data["subgroups"]), value="value", subgroup="subgroup", **options)
    location, _, _, line, _, beside, *_ = found.tests
    statistics = {"location": location, "line": line, "beside": beside}
    return {name: test.statistic for name, test in statistics.items()} | {"model": found.model}


def _long(groups: list[list[float]]) -> dict[str, list[float]]:
    return {
        "value": [value for group in groups for value in group],
        "subgroup": [number for number, group in enumerate(groups, start=1) for _ in group],
    }
