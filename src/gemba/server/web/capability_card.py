"""The card beside a chart: can the process keep its specification, and is it stable enough to say so?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gemba.quality.control.monitoring.measured import Measured, measured_in
from gemba.quality.control.monitoring.window import Window
from gemba.quality.planning.products.specification import Specification
from gemba.quality.records.canonical import from_microseconds
from gemba.stats.capability import Capability, capability
from gemba.stats.results import N_, StatsError

INDICES = ("cpk", "cp", "ppk", "pp", "cpm")
LABELS = {"cpk": "Cpk", "cp": "Cp", "ppk": "Ppk", "pp": "Pp", "cpm": "Cpm"}
POINT = "its point"
ESTIMATORS = {
    "average moving range": N_("average moving range"),
    "median moving range": N_("median moving range"),
    "pooled": N_("pooled standard deviation"),
    "Rbar": N_("average range"),
    "Sbar": N_("average standard deviation"),
}
"""What estimators of sigma are called; any other by its name."""


@dataclass(frozen=True)
class Told:
    """What a capability study is asked: the readings, which column is which, and the limits."""

    frame: dict[str, Sequence[Any]]
    columns: dict[str, Any]
    limits: dict[str, Any]


def card_of(found: Measured | None, spec: Specification | None, name: str) -> dict[str, Any]:
    """What the card says of what was measured; ``why`` there are no figures, where there are none."""
    study = _judged(found, spec, name)
    if isinstance(study, str) or found is None:
        return {"why": study, "study": None}
    stable = study.stable is not False and not found.fired
    return {"why": "", "study": _figures(study, found, stable=stable)}


def study_of(stream: int, window: Window, spec: Specification | None, name: str) -> Capability | None:
    """The study of which the card shows the histogram; ``None`` where there is none."""
    study = study_or_why(stream, window, spec, name)
    return None if isinstance(study, str) else study


def study_or_why(stream: int, window: Window, spec: Specification | None, name: str) -> Capability | str:
    """The study, or why there is none."""
    return _judged(measured_in(stream, window), spec, name)


def told_of(stream: int, window: Window, spec: Specification | None, name: str) -> Told | str:
    """What a study is asked about, or why there is none."""
    return _told(measured_in(stream, window), spec, name)


def _judged(found: Measured | None, spec: Specification | None, name: str) -> Capability | str:
    told = _told(found, spec, name)
    if isinstance(told, str):
        return told
    try:
        return capability(told.frame, **told.columns, **told.limits)
    except StatsError as error:
        return str(error)


def _told(found: Measured | None, spec: Specification | None, name: str) -> Told | str:
    if spec is None or (spec.lsl is None and spec.usl is None):
        return _("There are no specification limits.")
    if found is None:
        return _("No point yet.")
    if spec.data_kind != "continuous":
        return _("Capability of counts stands in the report.")
    frame: dict[str, Sequence[Any]] = {name: found.values}
    columns: dict[str, Any] = {"value": name}
    if found.size > 1:
        frame[POINT] = found.points
        columns |= {"subgroup": POINT, "returning": "new"}
    limits = {"lsl": spec.lsl, "usl": spec.usl, "target": spec.target}
    return Told(frame, columns, {key: float(limit) for key, limit in limits.items() if limit is not None})


def _figures(study: Capability, found: Measured, *, stable: bool) -> dict[str, Any]:
    return {
        "stable": stable,
        "judged": study.stable is not None,
        "fired": found.fired,
        "why_not": _why_not(study, found),
        "indices": [_index(study, name) for name in INDICES if getattr(study, name) is not None],
        "confidence": round(100 * study.confidence),
        "capable": study.cpk_lower is not None and study.cpk_lower >= study.min_cpk,
        "reaches": study.cpk is not None and study.cpk >= study.min_cpk,
        "cpk_lower": study.cpk_lower,
        "min_cpk": study.min_cpk,
        "mean": study.mean,
        "sigma_within": study.sigma_within,
        "sigma_overall": study.sigma_overall,
        "within": _(ESTIMATORS.get(study.within.method, study.within.method)),
        "outside": study.ppm_observed.total,
        "n": study.n,
        "first": from_microseconds(found.first),
        "last": from_microseconds(found.last),
        "limits": found.limits,
        "warnings": list(study.warnings()),
    }


def _why_not(study: Capability, found: Measured) -> str:
    """What makes the process unstable, in a sentence; empty where nothing does."""
    if found.fired:
        words = ngettext(
            "{n} point of this stage breaks a rule.", "{n} points of this stage break a rule.", found.fired
        )
        return words.format(n=found.fired)
    return study.chart.headline() if study.chart is not None and study.stable is False else ""


def _index(study: Capability, name: str) -> dict[str, Any]:
    interval = study.intervals[name]
    sigma = study.cpm_sigma if name == "cpm" else "overall" if name.startswith("pp") else "within"
    return {
        "name": LABELS[name],
        "value": getattr(study, name),
        "lower": interval.lower,
        "upper": interval.upper,
        "sigma": sigma,
    }
