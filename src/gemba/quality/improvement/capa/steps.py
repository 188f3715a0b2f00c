"""The writers of what is done about a corrective action: causes, actions, prevention, the signed verdict.

Called as ``services.add_cause`` and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from gemba.quality.improvement.capa.inputs import AcrossInput, CauseInput, CauseProof, ChangeAnswer
from gemba.quality.improvement.capa.judging import begin_cycle
from gemba.quality.improvement.capa.models import Across, Capa, Cause
from gemba.quality.improvement.capa.queries import next_number
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.links import add_link
from gemba.quality.records.models import Header
from gemba.quality.records.signatures import Proof
from gemba.quality.records.types import record_type
from gemba.quality.records.work import Work, recording

DAY = 86_400_000_000
PLAN = "control-plan"


def add_cause(
    *,
    capa: Capa,
    given: CauseInput,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Capa:
    """Note a suspected cause."""

    def keep(record: Capa) -> None:
        number = next_number(record.causes)
        Cause.objects.create(capa=record, cycle=record.cycle, number=number, **asdict(given))

    inputs = {**asdict(given), "reason": reason}
    return advance(
        capa, "add_cause", actor=actor, now=now, inputs=inputs, apply=keep, expected_version=expected_version
    )


def verify_cause(
    *,
    capa: Capa,
    given: CauseProof,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Capa:
    """State with evidence that a cause switches the problem on and off."""
    return _answer(
        capa, "verify_cause", "causes", given.number, given.evidence, actor, now, expected_version, reason
    )


def do_action(
    *,
    capa: Capa,
    number: int,
    evidence: str,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Capa:
    """State that an action was done, and where that can be seen."""
    return _answer(capa, "do_action", "actions", number, evidence, actor, now, expected_version, reason)


def prevent(
    *,
    capa: Capa,
    changes: Sequence[ChangeAnswer] = (),
    across: Sequence[AcrossInput] = (),
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Capa:
    """Say what was changed so that it does not recur, and where else the same applies."""
    with recording(actor=actor, now=now) as work:

        def keep(record: Capa) -> None:
            for given in changes:
                record.changes.filter(about=given.about).update(
                    answer=given.answer,
                    words=given.words.strip(),
                    answered_by=actor.id,
                    answered_at=to_microseconds(now),
                )
            if across:
                record.across.all().delete()
                Across.objects.bulk_create(Across(capa=record, **asdict(row)) for row in across)

        inputs = {
            "changes": [asdict(row) for row in changes],
            "across": [asdict(row) for row in across],
            "plans": [_told(row) for given in changes for row in _named(capa, given) if row.type == PLAN],
            "reason": reason,
        }
        done = advance(
            capa,
            "prevent",
            actor=actor,
            now=now,
            inputs=inputs,
            apply=keep,
            expected_version=expected_version,
        )
        for given in changes:
            _link_named(done, given, work)
        return done


def verify(
    *,
    capa: Capa,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Capa:
    """State that what was planned is done: the window begins, as long as it was fixed to be."""

    def keep(record: Capa) -> None:
        record.window_from = to_microseconds(now)
        record.window_until = record.window_from + (record.window_days or 0) * DAY

    inputs = {"reason": reason}
    return advance(
        capa, "verify", actor=actor, now=now, inputs=inputs, apply=keep, expected_version=expected_version
    )


def close(
    *,
    capa: Capa,
    lessons: str,
    proof: Proof | None,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Capa:
    """Sign the verdict, by somebody who did not implement, and close."""

    def keep(record: Capa) -> None:
        record.lessons = lessons.strip()

    inputs = {"lessons": lessons, "reason": reason}
    return advance(
        capa, "close", actor=actor, now=now, inputs=inputs, apply=keep, proof=proof,
        expected_version=expected_version,
    )  # fmt: skip


def extend(
    *,
    capa: Capa,
    days: int,
    reason: str,
    proof: Proof | None,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Capa:
    """Wait so many days more for data, counted from now; each extension is approved by signature."""

    def keep(record: Capa) -> None:
        record.window_until = to_microseconds(now) + days * DAY
        record.extensions += 1
        record.verdict = record.verdict_words = ""

    inputs = {"days": days, "reason": reason}
    return advance(
        capa, "extend", actor=actor, now=now, inputs=inputs, apply=keep, proof=proof,
        expected_version=expected_version,
    )  # fmt: skip


def begin_again(
    *,
    capa: Capa,
    reason: str,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Capa:
    """Go back to the causes in a new cycle: the criterion is fixed anew."""
    inputs = {"reason": reason}
    return advance(
        capa, "begin_again", actor=actor, now=now, inputs=inputs, apply=begin_cycle,
        expected_version=expected_version,
    )  # fmt: skip


def _answer(
    capa: Capa,
    move: str,
    relation: str,
    number: int,
    evidence: str,
    actor: Actor,
    now: datetime,
    expected_version: int | None,
    reason: str,
) -> Capa:
    """Take a move that gives a line its evidence."""
    who, when = ("verified_by", "verified_at") if relation == "causes" else ("done_by", "done_at")

    def keep(record: Capa) -> None:
        given = {"evidence": evidence.strip(), who: actor.id, when: to_microseconds(now)}
        getattr(record, relation).filter(number=number).update(**given)

    inputs = {"number": number, "evidence": evidence, "reason": reason}
    return advance(
        capa, move, actor=actor, now=now, inputs=inputs, apply=keep, expected_version=expected_version
    )


def _link_named(record: Capa, given: ChangeAnswer, work: Work) -> None:
    """A revision that is a record of the plant is linked; it is named by its number."""
    for row in _named(record, given):
        add_link(work, record.pk, "affects", row.pk)


def _named(record: Capa, given: ChangeAnswer) -> list[Header]:
    """The records of the plant that an answer names as updated, by their numbers."""
    if given.answer != "updated":
        return []
    numbers = given.words.replace(",", " ").split()
    return list(Header.objects.filter(number__in=numbers, site=record.header.site_id).order_by("pk"))


def _told(row: Header) -> dict[str, str]:
    label = record_type(row.type).lifecycle.state(row.state).label
    return {"number": str(row.number), "state": label, "category": row.category}
