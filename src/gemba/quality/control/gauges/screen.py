"""How a gauge is listed, filtered, shown, registered, amended and moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gemba.quality.control.gauges import services
from gemba.quality.control.gauges.inputs import (
    CalibrationInput,
    GaugeInput,
    ImpactAnswer,
    Investigation,
    Restriction,
)
from gemba.quality.control.gauges.lifecycle import LIFECYCLE
from gemba.quality.control.gauges.models import Gauge
from gemba.quality.control.gauges.record import GAUGE
from gemba.quality.records.actions import Action, Asked, Nothing
from gemba.quality.records.screen import ChildTable, Column, Filter, Screen, Section
from gemba.stats.results import N_

INPUTS: Mapping[str, type[Any]] = {
    **dict.fromkeys(("pass", "fail", "repair"), CalibrationInput),
    "investigate": Investigation,
    "restrict": Restriction,
}


def _register(asked: Asked) -> Gauge:
    if asked.site is None:
        raise ValueError("a gauge is registered at a site")
    return services.register_gauge(site=asked.site, given=asked.given, actor=asked.actor, now=asked.now)


def _edit(asked: Asked) -> Gauge:
    return services.edit_gauge(
        gauge=asked.record,
        given=asked.given,
        reason=asked.reason,
        expected_version=asked.expected_version,
        actor=asked.actor,
        now=asked.now,
    )


def _step(name: str) -> Callable[[Asked], Gauge]:
    def step(asked: Asked) -> Gauge:
        return services.take_step(
            gauge=asked.record,
            step=name,
            given=asked.given,
            reason=asked.reason,
            expected_version=asked.expected_version,
            proof=asked.proof,
            actor=asked.actor,
            now=asked.now,
        )

    return step


def _unanswered(record: Gauge) -> dict[str, Any]:
    """The form begins with the lines that are open."""
    rows = record.impacts.filter(answer="").order_by("number")
    return {"impacts": tuple(ImpactAnswer(number=row.number) for row in rows)}


SCREEN = Screen(
    kind=GAUGE,
    columns=(
        Column("number"),
        Column("tag"),
        Column("title"),
        Column("state"),
        Column("next_due_at"),
        Column("location"),
        Column("kind"),
        Column("site"),
    ),
    filters=(
        Filter("state"),
        Filter("category"),
        Filter("site"),
        Filter("tag"),
        Filter("location"),
        Filter("kind"),
        Filter("belongs_to"),
        Filter("next_due_at"),
    ),
    sections=(
        Section(
            N_("What it is"),
            ("title", "tag", "serial", "kind", "maker", "belongs_to", "location", "measuring_range",
             "resolution", "permissible_error", "unit", "software", "restriction"),
        ),
        Section(
            N_("When it is calibrated"),
            ("interval_months", "notice_days", "laboratory", "calibrated_at", "good_at", "next_due_at"),
        ),
    ),
    children=(
        ChildTable(
            "calibrations",
            N_("Calibrations"),
            ("number", "calibrated_at", "as_found", "as_left", "uncertainty", "verdict", "certificate",
             "performer", "procedure", "standards", "conditions", "recorded_by"),
        ),
        ChildTable(
            "impacts",
            N_("Impact: measured with it since it was last good"),
            ("number", "characteristic", "stream", "readings", "outside", "first_at", "last_at", "answer",
             "words", "answered_by"),
        ),
    ),
    search=("tag", "serial", "kind", "maker", "location"),
    help="records/gauge",
    create=Action(GaugeInput, _register),
    edit=Action(GaugeInput, _edit),
    moves={
        move.name: Action(
            INPUTS.get(move.name, Nothing),
            _step(move.name),
            _unanswered if move.name == "investigate" else None,
        )
        for move in LIFECYCLE.moves
    },
)  # fmt: skip
