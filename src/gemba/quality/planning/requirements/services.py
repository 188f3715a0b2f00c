"""The only writers of requirements. A move without a field of its own is a plain ``advance``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import cast

from gemba.quality.planning.requirements.inputs import Feasibility, ImpactAnswer, RequirementInput
from gemba.quality.planning.requirements.models import Impact, Requirement
from gemba.quality.planning.requirements.queries import by_number, stands_on
from gemba.quality.planning.requirements.record import REQUIREMENT
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.editing import create_plain, edit_plain, known_values
from gemba.quality.records.links import add_link
from gemba.quality.records.models import Site
from gemba.quality.records.work import recording


def propose(*, site: Site, given: RequirementInput, actor: Actor, now: datetime) -> Requirement:
    """Make a proposed requirement; it takes its number when it is submitted for review."""
    return cast(Requirement, create_plain(REQUIREMENT, site=site, given=given, actor=actor, now=now))


def edit(
    *,
    requirement: Requirement,
    given: RequirementInput,
    actor: Actor,
    now: datetime,
    reason: str = "",
    expected_version: int | None = None,
) -> Requirement:
    """Change what is asked; an answer about feasibility counts only for what was written then."""
    before = known_values(requirement, RequirementInput)
    if before | {"owner": given.owner} != asdict(given):
        _forget_feasibility(requirement)
    version = requirement.header.version if expected_version is None else expected_version
    edit_plain(record=requirement, given=given, reason=reason, actor=actor, now=now, expected_version=version)
    return requirement


def assess(
    *,
    requirement: Requirement,
    given: Feasibility,
    actor: Actor,
    now: datetime,
    move: str = "",
    reason: str = "",
    expected_version: int | None = None,
) -> Requirement:
    """Record whether it can be made and verified, and why; ``move`` is the one that was asked for."""

    def keep(record: Requirement) -> None:
        record.feasible, record.feasibility = given.feasible, given.feasibility.strip()
        record.feasible_by, record.feasible_at = actor.id, to_microseconds(now)

    return advance(
        requirement,
        move or ("assess_change" if requirement.header.state == "under_change" else "assess"),
        actor=actor,
        now=now,
        inputs={**asdict(given), "reason": reason},
        apply=keep,
        expected_version=expected_version,
    )


def agree(
    *,
    requirement: Requirement,
    actor: Actor,
    now: datetime,
    effective_from: datetime | None = None,
    reason: str = "",
    expected_version: int | None = None,
) -> Requirement:
    """Commit to it as it is written: the next revision is in force, from now or from a moment on."""

    def count(record: Requirement) -> None:
        record.revision += 1

    return advance(
        requirement,
        "agree",
        actor=actor,
        now=now,
        inputs={"reason": reason},
        apply=count,
        effective_from=effective_from,
        expected_version=expected_version,
    )


def start_change(
    *,
    requirement: Requirement,
    reason: str,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Requirement:
    """Open an agreed one for change, with an impact list of every record that stands on it."""

    def ask(record: Requirement) -> None:
        _forget_feasibility(record)
        Impact.objects.bulk_create(
            Impact(
                requirement=record,
                revision=record.revision,
                record=item.number or f"#{item.id}",
                about=item.type,
            )
            for item in stands_on(record.pk)
        )

    return advance(
        requirement,
        "start_change",
        actor=actor,
        now=now,
        inputs={"reason": reason},
        apply=ask,
        expected_version=expected_version,
    )


def answer_impacts(
    *,
    requirement: Requirement,
    impacts: Sequence[ImpactAnswer],
    actor: Actor,
    now: datetime,
    reason: str = "",
    expected_version: int | None = None,
) -> Requirement:
    """Say of some records on the impact list what becomes of them."""

    def keep(record: Requirement) -> None:
        rows = record.impacts.filter(revision=record.revision)
        for given in impacts:
            rows.filter(record=given.record).update(
                answer=given.answer,
                words=given.words.strip(),
                answered_by=actor.id,
                answered_at=to_microseconds(now),
            )

    return advance(
        requirement,
        "answer_impacts",
        actor=actor,
        now=now,
        inputs={"impacts": [asdict(given) for given in impacts], "reason": reason},
        apply=keep,
        expected_version=expected_version,
    )


def supersede(
    *,
    requirement: Requirement,
    successor: str,
    reason: str,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Requirement:
    """Let another agreed requirement, named by its number, take the place of this one."""
    with recording(actor=actor, now=now) as work:
        found = by_number(successor.strip(), site=requirement.header.site_id)
        done = advance(
            requirement,
            "supersede",
            actor=actor,
            now=now,
            inputs={
                "successor": successor.strip(),
                "found": None if found is None else found.header.state,
                "reason": reason,
            },
            expected_version=expected_version,
        )
        if found is not None:
            add_link(work, found.pk, "supersedes", done.pk, why=reason)
        return done


def _forget_feasibility(record: Requirement) -> None:
    record.feasible, record.feasibility, record.feasible_by, record.feasible_at = "", "", "", None
