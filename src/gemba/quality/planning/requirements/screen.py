"""How a requirement is listed, filtered, shown, made, edited and moved."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from gemba.quality.planning.requirements import services
from gemba.quality.planning.requirements.inputs import (
    Feasibility,
    ImpactAnswer,
    Impacts,
    RequirementInput,
    Successor,
)
from gemba.quality.planning.requirements.models import Requirement
from gemba.quality.planning.requirements.record import REQUIREMENT
from gemba.quality.records.actions import Action, calling
from gemba.quality.records.screen import ChildTable, Column, Filter, Screen, Section
from gemba.stats.results import N_


def _open_impacts(record: Requirement) -> Mapping[str, Any]:
    """The lines that wait for an answer: the form begins with them."""
    rows = record.impacts.filter(revision=record.revision, answer="").order_by("pk")
    return {"impacts": tuple(ImpactAnswer(record=row.record, answer="unaffected") for row in rows)}


def _assess(move: str) -> Action:
    return Action(Feasibility, calling(partial(services.assess, move=move), "requirement"))


SCREEN = Screen(
    kind=REQUIREMENT,
    columns=(
        Column("number"),
        Column("title"),
        Column("state"),
        Column("customer"),
        Column("severity"),
        Column("revision"),
        Column("site"),
    ),
    filters=(
        Filter("state"),
        Filter("category"),
        Filter("site"),
        Filter("source"),
        Filter("customer"),
        Filter("product"),
        Filter("importance"),
        Filter("severity"),
        Filter("special_class"),
        Filter("owner"),
    ),
    sections=(
        Section(
            N_("Who asks for what"),
            ("title", "source", "customer", "contract", "voice", "need", "product", "market", "owner"),
        ),
        Section(N_("How much it matters"), ("kano", "importance", "severity", "special_class")),
        Section(
            N_("Critical to quality"),
            ("statement", "measure", "definition", "unit", "lower", "target", "upper"),
        ),
        Section(N_("How one knows that it is met"), ("verification", "criterion", "revision")),
        Section(N_("Feasible?"), ("feasible", "feasibility", "feasible_by", "feasible_at")),
    ),
    children=(
        ChildTable(
            "impacts",
            N_("Impact of changes"),
            ("revision", "record", "about", "answer", "words", "answered_by", "answered_at"),
        ),
    ),
    search=("customer", "contract", "voice", "need", "statement", "measure", "product"),
    help="records/requirement",
    create=Action(RequirementInput, calling(services.propose)),
    edit=Action(RequirementInput, calling(services.edit, "requirement")),
    moves={
        "assess": _assess("assess"),
        "assess_change": _assess("assess_change"),
        "agree": Action(service=calling(services.agree, "requirement")),
        "start_change": Action(service=calling(services.start_change, "requirement")),
        "answer_impacts": Action(Impacts, calling(services.answer_impacts, "requirement"), _open_impacts),
        "supersede": Action(Successor, calling(services.supersede, "requirement")),
    },
)
