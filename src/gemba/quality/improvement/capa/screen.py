"""How a corrective action is listed, filtered, shown as 8D, made, amended and moved."""

from __future__ import annotations

from gemba.quality.improvement.capa import following, forms, picture, services
from gemba.quality.improvement.capa.inputs import (
    ActionDone,
    CapaInput,
    CauseInput,
    CauseProof,
    Closing,
    Containment,
    Extension,
    Plan,
    Prevention,
    Triage,
)
from gemba.quality.improvement.capa.record import CAPA
from gemba.quality.records.actions import Action, calling
from gemba.quality.records.screen import ChildTable, Column, Filter, Panel, Screen, Section
from gemba.stats.results import N_

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
    panels=(
        Panel("verdict", N_("Did it work?"), picture.panel),
        Panel("follow", N_("What is changed with it"), following.panel),
    ),
    search=("problem", "where_found", "customer", "corrects", "lessons"),
    help="records/capa",
    create=Action(CapaInput, calling(services.submit)),
    edit=Action(CapaInput, calling(services.amend, "capa")),
    moves={
        "accept": Action(Triage, calling(services.accept, "capa"), forms.triaged),
        "contain": Action(Containment, calling(services.contain, "capa"), forms.contained),
        "add_cause": Action(CauseInput, calling(services.add_cause, "capa"), forms.suspected),
        "verify_cause": Action(CauseProof, calling(services.verify_cause, "capa"), forms.open_cause),
        "propose": Action(Plan, calling(services.propose, "capa"), begin=forms.planned),
        "approve": Action(service=calling(services.approve, "capa")),
        "do_action": Action(ActionDone, calling(services.do_action, "capa"), forms.next_action),
        "prevent": Action(Prevention, calling(services.prevent, "capa"), forms.open_changes),
        "verify": Action(service=calling(services.verify, "capa")),
        "close": Action(Closing, calling(services.close, "capa")),
        "extend": Action(Extension, calling(services.extend, "capa")),
        "begin_again": Action(service=calling(services.begin_again, "capa")),
    },
)  # fmt: skip
