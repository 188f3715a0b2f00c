"""What the people of the demo plant must be able to do, who has shown it, and when it is shown anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gemba.demo.book import WORKS
from gemba.demo.people import ENGINEER, INSPECTOR, MANAGER, Role, Shift, known
from gemba.quality.people.competences import services
from gemba.quality.people.competences.inputs import CompetenceInput, QualificationInput, Renewal
from gemba.quality.people.competences.models import Qualification
from gemba.quality.records.advance import advance
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.models import Site

BEFORE_LAPSE = timedelta(days=26)
"""How long before it lapses something is shown anew: some days after its holder was told."""


@dataclass(frozen=True)
class Skill:
    """A competence of the plant: who needs it for what, who has it, how many days before the start shown."""

    given: CompetenceInput
    holder: Role
    evidence: str
    age: int


SKILLS: tuple[Skill, ...] = (
    Skill(
        CompetenceInput(
            title="Keeping and calibrating gauges",
            description="Gauge blocks, reading a certificate, what an error as found means",
            proof="test",
            valid_months=12,
            needed_as="inspector",
            needed_for="gauge",
        ),
        INSPECTOR,
        "test of the calibration laboratory, 27 of 30",
        305,
    ),
    Skill(
        CompetenceInput(
            title="Reading control charts",
            description="Common and special causes, the rules, what not to do at a signal",
            proof="observed",
            valid_months=36,
            needed_as="engineer",
            needed_for="signal",
        ),
        ENGINEER,
        "three signals led to their cause beside the quality manager",
        400,
    ),
    Skill(
        CompetenceInput(
            title="Leading a corrective action",
            description="8D: cause verified, criterion set in advance, no closing without data",
            proof="certificate",
            valid_months=0,
            needed_as="quality_manager",
            needed_for="capa",
        ),
        MANAGER,
        "certificate of a three-day course",
        900,
    ),
)


def train(sites: Mapping[str, Site], *, now: datetime) -> None:
    """Each competence is in force, and whoever needs it has shown it before."""
    site, engineer, manager = sites[WORKS], known(ENGINEER), known(MANAGER)
    for skill in SKILLS:
        made = services.draft_competence(site=site, given=skill.given, actor=engineer, now=now)
        advance(made, "release", actor=manager, now=now)
        given = QualificationInput(
            owner=known(skill.holder).id,
            competence=str(made.header.number),
            proved_on=(now - timedelta(days=skill.age)).date(),
            evidence=skill.evidence,
        )
        trainer = engineer if skill.holder is MANAGER else manager
        held = services.enter_qualification(site=site, given=given, actor=trainer, now=now)
        services.take_step(qualification=held, step="confirm", actor=trainer, now=now)


def keep_skills(shift: Shift) -> None:
    """What would soon lapse is shown anew."""
    soon = to_microseconds(shift.now + BEFORE_LAPSE)
    rows = Qualification.objects.select_related("header", "header__site").filter(valid_until__lte=soon)
    for held in rows.filter(header__state__in=("valid", "lapsed")):
        trainer = shift.engineer if held.header.owner == shift.manager.id else shift.manager
        given = Renewal(proved_on=shift.now.date(), evidence=f"shown anew on {shift.now:%Y-%m-%d}")
        services.take_step(qualification=held, step="renew", given=given, actor=trainer, now=shift.now)
