"""The single runner of every lifecycle: guards, role, signature, state, version, trail, event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from gemba.quality.records.actor import Actor
from gemba.quality.records.fitness import Unfit, unfit
from gemba.quality.records.history import done_by
from gemba.quality.records.lifecycle import Move, Situation, reasons_against
from gemba.quality.records.links import linked_headers
from gemba.quality.records.models import Header
from gemba.quality.records.outbox import emit
from gemba.quality.records.ownfields import missing_own
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.recorder import change_record, lock_header
from gemba.quality.records.signatures import Proof, check_proof, sign
from gemba.quality.records.tasks import open_tasks
from gemba.quality.records.types import RecordType, record_type
from gemba.quality.records.work import recording

R = TypeVar("R", bound=models.Model)


@dataclass(frozen=True)
class Answer:
    """Whether a move may be taken now, and every reason against it."""

    move: Move
    reasons: tuple[Reason, ...]

    @property
    def allowed(self) -> bool:
        """Whether nothing stands against it (a signature is asked for when it is taken)."""
        return not self.reasons


def situation_of(
    record: models.Model, header: Header, *, actor: Actor, now: datetime, inputs: Mapping[str, Any]
) -> Situation:
    """What the guards of a record may look at."""
    kind = record_type(header.type)
    about = {"id": header.id, "number": header.number, "state": header.state, "site": header.site_id}
    about |= {"owner": header.owner, "originator": header.originator, "title": header.title}
    facts = about | kind.snapshot(record)
    return Situation(
        facts, inputs, actor, now, linked_headers(header.id), done_by(header.id), open_tasks(header.id)
    )


def answers(record: models.Model, *, actor: Actor, now: datetime) -> tuple[Answer, ...]:
    """Each move that leaves the record's state, with every reason that stands against it for this actor.

    The same list greys out the buttons, answers the API and stands in the trail.
    """
    header: Header = record.header  # type: ignore[attr-defined]
    kind = record_type(header.type)
    situation = situation_of(record, header, actor=actor, now=now, inputs={})
    found = []
    lacking = unfit(actor, kind=kind.name, site=header.site_id, now=now)
    for move in kind.lifecycle.moves_from(header.state):
        reasons = _against(kind, move, situation, header, lacking)
        found.append(Answer(move, tuple(r for r in reasons if r.code != "records.reason_missing")))
    return tuple(found)


def advance(
    record: R,
    move: str,
    *,
    actor: Actor,
    now: datetime,
    inputs: Mapping[str, Any] | None = None,
    apply: Callable[[R], None] | None = None,
    expected_version: int | None = None,
    proof: Proof | None = None,
    effective_from: datetime | None = None,
) -> R:
    """Take one move of a record's lifecycle.

    Parameters
    ----------
    record : model row
        Of any record type.
    move : str
        A move of the type's lifecycle.
    inputs : mapping, optional
        What was typed with the move; guards see it, ``reason`` goes to the trail.
    apply : callable, optional
        Sets fields of the record before it is stored; called after all guards passed.
    proof : Proof, optional
        What the signer gave, where the move is signed.

    Raises
    ------
    Refused
        With every unmet condition.
    Conflict
        When somebody else changed the record meanwhile.
    """
    typed = dict(inputs or {})
    with recording(actor=actor, now=now) as work:
        header: Header = record.header  # type: ignore[attr-defined]
        current = lock_header(header.id)
        kind, step = record_type(current.type), record_type(current.type).lifecycle.move(move)
        if step is None:
            raise Refused([Reason("records.move_unknown", {"move": move})])
        given = header.version if expected_version is None else expected_version
        header.state, header.category, header.version = current.state, current.category, current.version
        situation = situation_of(record, current, actor=actor, now=now, inputs=typed)
        lacking = unfit(actor, kind=kind.name, site=current.site_id, now=now)
        reasons = _against(kind, step, situation, current, lacking)
        reasons += missing_own(header, step.target)
        if step.signature is not None:
            reasons += check_proof(actor, proof, meaning=step.signature, now=now)
        if reasons:
            raise Refused(reasons)
        _enter_state(kind, header, step)
        if apply is not None:
            apply(record)
        reason = str(typed.get("reason") or "")
        detail = {"inputs": typed, "from": current.state, "to": step.target}
        change_record(
            work,
            record,
            action=f"move:{move}",
            reason=reason,
            detail=detail,
            expected_version=given,
            effective_from=effective_from,
        )
        if step.signature is not None:
            sign(work, header, meaning=step.signature)
        if step.event is not None:
            emit(work, step.event, header, {"move": move, "from": current.state, "to": step.target})
    return record


def _against(
    kind: RecordType, move: Move, situation: Situation, header: Header, lacking: Unfit
) -> list[Reason]:
    return [*reasons_against(kind.lifecycle, move, situation, site=header.site_id), *lacking(move.roles)]


def _enter_state(kind: RecordType, header: Header, step: Move) -> None:
    state = kind.lifecycle.state(step.target)
    header.state, header.category = state.name, state.category
