"""Competences and qualifications for tests: one in any state, each step by the right person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from gemba.quality.people.competences import services
from gemba.quality.people.competences.inputs import CompetenceInput, QualificationInput
from gemba.quality.people.competences.models import Competence, Qualification
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance
from gemba.quality.records.models import Site

COMPETENCE_WAYS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "in_force": ("release",),
    "retired": ("release", "retire"),
    "discarded": ("discard",),
}
QUALIFICATION_STATES = ("draft", "valid", "lapsed", "ended", "discarded")
CALIBRATING = CompetenceInput(
    title="Calibrating micrometers", description="Gauge blocks, certificate", proof="test"
)


def competence_in(
    state: str, *, site: Site, maker: Actor, decider: Actor, now: datetime, **changes: Any
) -> Competence:
    """A competence that came to this state the shortest way."""
    made = services.draft_competence(site=site, given=replace(CALIBRATING, **changes), actor=maker, now=now)
    for move in COMPETENCE_WAYS[state]:
        who = maker if move == "discard" else decider
        advance(made, move, actor=who, now=now, inputs={"reason": "because"})
    return made


def qualification_in(
    state: str, *, competence: Competence, holder: Actor, maker: Actor, now: datetime
) -> Qualification:
    """A qualification that came to this state the shortest way; one that lapsed was shown long ago."""
    then = now - timedelta(days=400 if state == "lapsed" else 0)
    given = QualificationInput(
        owner=holder.id,
        competence=str(competence.header.number),
        proved_on=then.date(),
        evidence="test of that day",
    )
    made = services.enter_qualification(site=competence.header.site, given=given, actor=maker, now=then)

    def step(name: str) -> None:
        services.take_step(qualification=made, step=name, reason="because", actor=maker, now=then)

    if state == "discarded":
        step("discard")
    elif state != "draft":
        step("confirm")
    if state == "lapsed":
        services.take_step(qualification=made, step="lapse", actor=services.WATCH, now=now)
    if state == "ended":
        step("withdraw")
    return made
