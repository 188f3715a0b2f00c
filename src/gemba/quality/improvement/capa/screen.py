"""How a corrective action is listed, filtered, shown as 8D, made, amended and moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gemba.quality.improvement.capa import picture, services
from gemba.quality.improvement.capa.inputs import (
    AcrossInput,
    ActionDone,
    ActionInput,
    CapaInput,
    CauseInput,
    CauseProof,
    ChangeAnswer,
    Closing,
    Containment,
    Extension,
    Plan,
    Prevention,
    Triage,
)
from gemba.quality.improvement.capa.models import Capa
from gemba.quality.improvement.capa.record import CAPA
from gemba.quality.records.actions import Action, calling
from gemba.quality.records.editing import known_row
from gemba.quality.records.screen import ChildTable, Column, Filter, Panel, Screen, Section
from gemba.stats.results import N_


def _planned(record: Capa) -> Mapping[str, Any]:
    """The plan that was sent back, to begin with; of a first one only what has a usual value."""
    rows = record.actions.filter(cycle=record.cycle).order_by("number")
    about = {"characteristic": record.characteristic, "stream": record.stream, "margin": record.margin}
    about |= {"alpha": record.alpha, "power": record.power, "window_days": record.window_days}
    actions = tuple(ActionInput(**known_row(row, ActionInput)) for row in rows)
    return about | {"metric": record.metric, "target": record.target, "actions": actions}


def _open_changes(record: Capa) -> Mapping[str, Any]:
    """The questions that are still open, and the places that were named."""
    changes: list[ChangeAnswer] = []
    for row in record.changes.filter(answer="").order_by("pk"):
        about: Any = row.about
        changes.append(ChangeAnswer(about=about, answer="updated"))
    rows = record.across.order_by("pk")
    across = tuple(AcrossInput(**known_row(row, AcrossInput)) for row in rows)
    return {"changes": tuple(changes), "across": across}


SCREEN = Screen(
    kind=CAPA,
    columns=(
        Column("number"),
        Column("title"),
        Column("state"),
        Column("risk"),
        Column("verdict"),
        Column("cycle"),
        Column("window_until", N_("Window until")),
        Column("owner"),
        Column("site"),
    ),
    filters=(
        Filter("state"),
        Filter("category"),
        Filter("site"),
        Filter("risk"),
        Filter("source"),
        Filter("verdict"),
        Filter("cycle"),
        Filter("characteristic"),
        Filter("owner"),
    ),
    sections=(
        Section(N_("D0 What calls for it"), ("title", "source", "corrects", "risk", "shipped", "customer")),
        Section(N_("D1 Team"), ("owner", "team")),
        Section(N_("D2 Problem"), ("problem", "where_found", "since", "how_many", "is_not")),
        Section(N_("D3 Containment"), ("containment", "contained_by", "contained_at")),
        Section(
            N_("D5 Criterion, fixed in advance"),
            ("plan_words", "characteristic", "stream", "metric", "target", "margin", "alpha", "power",
             "baseline_from", "baseline_until", "window_days"),
        ),
        Section(
            N_("D6 Effectiveness"),
            ("verdict", "verdict_words", "window_from", "window_until", "extensions", "looks", "cycle"),
        ),
        Section(N_("D8 Lessons"), ("lessons",)),
    ),
    children=(
        ChildTable(
            "causes",
            N_("D4 Causes"),
            ("cycle", "number", "kind", "factor", "cause", "evidence", "verified_by", "verified_at"),
        ),
        ChildTable(
            "actions",
            N_("D5, D6 Actions"),
            ("cycle", "number", "kind", "what", "responsible", "due", "evidence", "done_by", "done_at"),
        ),
        ChildTable(
            "changes",
            N_("D7 What was changed with it"),
            ("about", "answer", "words", "answered_by", "answered_at"),
        ),
        ChildTable("across", N_("D7 Where else it applies"), ("place", "answer", "words")),
        ChildTable(
            "judgements",
            N_("D8 Verdicts"),
            ("cycle", "look", "verdict", "sentence", "readings", "window_from", "window_until", "judged_at"),
        ),
    ),
    panels=(Panel("verdict", N_("Did it work?"), picture.panel),),
    search=("problem", "where_found", "customer", "corrects", "lessons"),
    help="records/capa",
    create=Action(CapaInput, calling(services.submit)),
    edit=Action(CapaInput, calling(services.amend, "capa")),
    moves={
        "accept": Action(Triage, calling(services.accept, "capa")),
        "contain": Action(Containment, calling(services.contain, "capa")),
        "add_cause": Action(CauseInput, calling(services.add_cause, "capa")),
        "verify_cause": Action(CauseProof, calling(services.verify_cause, "capa")),
        "propose": Action(Plan, calling(services.propose, "capa"), _planned),
        "approve": Action(service=calling(services.approve, "capa")),
        "do_action": Action(ActionDone, calling(services.do_action, "capa")),
        "prevent": Action(Prevention, calling(services.prevent, "capa"), _open_changes),
        "verify": Action(service=calling(services.verify, "capa")),
        "close": Action(Closing, calling(services.close, "capa")),
        "extend": Action(Extension, calling(services.extend, "capa")),
        "begin_again": Action(service=calling(services.begin_again, "capa")),
    },
)  # fmt: skip
