"""The capability topic, answered by ``capability``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gemba.stats.capability import capability
from gemba.stats.proof.topics.charts import METHODS

INDICES = ("cp", "cpl", "cpu", "cpk", "pp", "ppl", "ppu", "ppk", "cpm")


def normal(data: Mapping[str, Any], options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Indices, expected and observed nonconformity, and two intervals."""
    groups = data["subgroups"]
    frame = {
        "value": [value for group in groups for value in group],
        "subgroup": [number for number, group in enumerate(groups, start=1) for _ in group],
    }
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
