"""The writers of what is decided about a nonconformance: review, lines, execution, closing.

Called as ``services.review`` and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from gemba.quality.control.nonconformance import events
from gemba.quality.control.nonconformance.inputs import CorrectiveAnswer, Execution, LineInput, Opinion
from gemba.quality.control.nonconformance.models import Line, Nonconformance, Review
from gemba.quality.control.nonconformance.reinspection import found_since, words_of
from gemba.quality.control.nonconformance.rules import next_line_number, plain
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.outbox import emit
from gemba.quality.records.signatures import Proof
from gemba.quality.records.work import Work, recording


def review(
    *,
    nonconformance: Nonconformance,
    given: Opinion,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Nonconformance:
    """Record the word of a function in the review; the first one begins it."""

    def keep(record: Nonconformance) -> None:
        Review.objects.create(
            nonconformance=record,
            cycle=record.cycle,
            function=given.function,
            person=actor.id,
            opinion=given.opinion.strip(),
            reviewed_at=to_microseconds(now),
        )

    return advance(
        nonconformance,
        "review",
        actor=actor,
        now=now,
        inputs={**asdict(given), "reason": reason},
        apply=keep,
        expected_version=expected_version,
    )


def propose_disposition(
    *,
    nonconformance: Nonconformance,
    lines: Sequence[LineInput],
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Nonconformance:
    """Propose what becomes of the quantity: these lines take the place of those not carried out yet."""
    return advance(
        nonconformance,
        "propose",
        actor=actor,
        now=now,
        inputs={"lines": [asdict(line) for line in lines], "reason": reason},
        apply=lambda record: _replace_pending(record, lines),
        expected_version=expected_version,
    )


def decide_disposition(
    *,
    nonconformance: Nonconformance,
    lines: Sequence[LineInput] = (),
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Nonconformance:
    """Decide on the whole quantity, by the lines given here or else by those proposed before."""

    def keep(record: Nonconformance) -> None:
        if lines:
            _replace_pending(record, lines)
        record.lines.filter(state="pending").update(authority=actor.id)
        record.decided_at = to_microseconds(now)

    return advance(
        nonconformance,
        "decide",
        actor=actor,
        now=now,
        inputs={"lines": [asdict(line) for line in lines], "reason": reason},
        apply=keep,
        expected_version=expected_version,
    )


def execute_line(
    *,
    nonconformance: Nonconformance,
    given: Execution,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Nonconformance:
    """Carry out a line: its quantity, its evidence, its re-inspection; scrap is posted with its cost."""
    with recording(actor=actor, now=now) as work:
        found = found_since(nonconformance)

        def keep(record: Nonconformance) -> None:
            line = record.lines.get(number=given.line)
            line.state, line.done_quantity, line.evidence = "done", given.quantity, given.evidence.strip()
            line.done_by, line.done_at = actor.id, work.at
            line.cost, line.currency = given.cost, given.currency.strip().upper()
            line.reinspection = given.reinspection.strip() or words_of(found, line)
            line.save()
            if line.decision == "scrap":
                _post_scrap(work, record, line)

        return advance(
            nonconformance,
            "execute",
            actor=actor,
            now=now,
            inputs={**asdict(given), "reinspected": found, "reason": reason},
            apply=keep,
            expected_version=expected_version,
        )


def verify(
    *,
    nonconformance: Nonconformance,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Nonconformance:
    """State that what was decided was done and holds; by somebody who did not do it."""
    inputs = {"reason": reason}
    return advance(
        nonconformance, "verify", actor=actor, now=now, inputs=inputs, expected_version=expected_version
    )


def answer_corrective(
    *,
    nonconformance: Nonconformance,
    given: CorrectiveAnswer,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Nonconformance:
    """Answer whether a corrective action is needed, on which ground, and why; yes asks for it at once."""

    def keep(record: Nonconformance) -> None:
        record.corrective = "yes" if given.needed else "no"
        record.corrective_ground, record.corrective_reason = given.ground, given.why.strip()

    with recording(actor=actor, now=now) as work:
        done = advance(
            nonconformance,
            "answer_corrective",
            actor=actor,
            now=now,
            inputs={**asdict(given), "reason": reason},
            apply=keep,
            expected_version=expected_version,
        )
        if given.needed:
            emit(work, events.CORRECTIVE_NEEDED, done.header, {"ground": given.ground})
        return done


def close(
    *,
    nonconformance: Nonconformance,
    proof: Proof | None,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Nonconformance:
    """Close with a signature that means 'verified', by somebody who did not decide."""
    return advance(
        nonconformance,
        "close",
        actor=actor,
        now=now,
        inputs={"reason": reason},
        proof=proof,
        expected_version=expected_version,
    )


def review_again(
    *,
    nonconformance: Nonconformance,
    reason: str,
    overturned: str = "",
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Nonconformance:
    """Go back to the review: lines still to do fall away, and those named are overturned."""
    return _begin_cycle("review_again", nonconformance, reason, overturned, actor, now, expected_version)


def reopen(
    *,
    nonconformance: Nonconformance,
    reason: str,
    overturned: str = "",
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Nonconformance:
    """Open a closed one again from its containment on; the lines named are overturned."""
    return _begin_cycle("reopen", nonconformance, reason, overturned, actor, now, expected_version)


def _replace_pending(record: Nonconformance, lines: Sequence[LineInput]) -> None:
    record.lines.filter(state="pending").delete()
    first = next_line_number(record.lines.values("number", "state"))
    Line.objects.bulk_create(
        Line(nonconformance=record, number=first + place, cycle=record.cycle, **asdict(given))
        for place, given in enumerate(lines)
    )


def _post_scrap(work: Work, record: Nonconformance, line: Line) -> None:
    posted = {
        "line": line.number,
        "quantity": plain(line.done_quantity or line.quantity),
        "unit": record.unit,
    }
    posted |= {"cost": str(line.cost), "currency": line.currency, "item": record.item, "lot": record.lot}
    emit(work, events.SCRAPPED, record.header, posted)


def _begin_cycle(
    move: str,
    record: Nonconformance,
    reason: str,
    overturned: str,
    actor: Actor,
    now: datetime,
    expected_version: int | None,
) -> Nonconformance:
    named = [part.strip() for part in overturned.split(",") if part.strip()]
    numbers = [int(part) if part.isdecimal() else part for part in named]

    def keep(held: Nonconformance) -> None:
        held.lines.filter(number__in=numbers).update(state="overturned")
        held.lines.filter(state="pending").update(state="overturned")
        held.cycle += 1
        held.decided_at = None
        held.corrective = held.corrective_ground = held.corrective_reason = ""
        if move == "reopen":
            fresh = {"answer": "", "quantity": None, "words": "", "answered_by": "", "answered_at": None}
            held.locations.update(**fresh)

    inputs = {"reason": reason, "overturned": numbers}
    return advance(
        record, move, actor=actor, now=now, inputs=inputs, apply=keep, expected_version=expected_version
    )
