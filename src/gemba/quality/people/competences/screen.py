"""How competences and qualifications are listed, filtered, shown, made, edited and moved."""

from __future__ import annotations

from collections.abc import Callable

from gemba.quality.people.competences import services
from gemba.quality.people.competences.inputs import Amendment, CompetenceInput, QualificationInput, Renewal
from gemba.quality.people.competences.lifecycle import QUALIFICATION_LIFECYCLE
from gemba.quality.people.competences.models import Qualification
from gemba.quality.people.competences.record import COMPETENCE, QUALIFICATION
from gemba.quality.records.actions import Action, Asked, Nothing, calling
from gemba.quality.records.screen import Column, Filter, Screen, Section
from gemba.stats.results import N_


def _step(name: str) -> Callable[[Asked], Qualification]:
    def step(asked: Asked) -> Qualification:
        return services.take_step(
            qualification=asked.record,
            step=name,
            given=asked.given if isinstance(asked.given, Renewal) else None,
            reason=asked.reason,
            expected_version=asked.expected_version,
            actor=asked.actor,
            now=asked.now,
        )

    return step


COMPETENCE_SCREEN = Screen(
    kind=COMPETENCE,
    columns=(
        Column("number"),
        Column("title", N_("Name")),
        Column("state"),
        Column("needed_as"),
        Column("needed_for"),
        Column("valid_months"),
        Column("site"),
    ),
    filters=(Filter("state"), Filter("needed_as"), Filter("site")),
    sections=(
        Section(N_("What it is"), ("title", "owner", "description", "proof", "valid_months")),
        Section(N_("Where it is required"), ("needed_as", "needed_for")),
    ),
    search=("description",),
    help="records/competence",
    create=Action(CompetenceInput),
    edit=Action(CompetenceInput),
)
QUALIFICATION_SCREEN = Screen(
    kind=QUALIFICATION,
    columns=(
        Column("number"),
        Column("title", N_("Competence")),
        Column("owner", N_("Who has it")),
        Column("state"),
        Column("proved_on"),
        Column("valid_until"),
        Column("site"),
    ),
    filters=(Filter("state"), Filter("owner"), Filter("valid_until"), Filter("site")),
    sections=(
        Section(N_("Who can what"), ("title", "owner", "competence")),
        Section(N_("What shows it"), ("proved_on", "evidence", "valid_months", "valid_until")),
    ),
    search=("evidence", "competence"),
    help="records/qualification",
    create=Action(QualificationInput, calling(services.enter_qualification)),
    edit=Action(Amendment),
    moves={
        move.name: Action(Renewal if move.name == "renew" else Nothing, _step(move.name))
        for move in QUALIFICATION_LIFECYCLE.moves
    },
)
