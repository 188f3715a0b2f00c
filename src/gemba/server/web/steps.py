"""From a task straight to what is asked: which moves of its record answer it, and which one comes after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from gemba.quality.records.actions import actions_of
from gemba.quality.records.actor import Actor
from gemba.quality.records.lifecycle import Move
from gemba.quality.records.models import Header
from gemba.quality.records.screen.objects import ObjectPage
from gemba.quality.records.types import RecordType, record_type


@dataclass(frozen=True)
class Step:
    """A move, with what its form begins with when it is opened from a task."""

    move: str
    begins: Mapping[str, str] = field(default_factory=dict)


ANSWERS: Mapping[str, Sequence[Step]] = {
    "bringing.task_release": (Step("release"),),
    "bringing.task_product": (Step("release"),),
    "loop.plan": (Step("find_cause"),),
    "loop.no_plan": (Step("find_cause"),),
    "monitoring.task_limits": (Step("approve"),),
    "requirements.task_agree": (Step("agree"),),
    "controlplans.task_approve": (Step("approve"),),
    "controlplans.task_in_force": (Step("put_in_force"),),
    "controlplans.task_review": (Step("revise"),),
    "nonconformance.task_report": (Step("report"), Step("discard")),
    "nonconformance.task_contain": (Step("contain"),),
    "nonconformance.task_engineering": (Step("review", {"function": "engineering"}),),
    "nonconformance.task_quality": (Step("review", {"function": "quality"}), Step("decide")),
    "nonconformance.task_execute": (Step("execute"),),
    "nonconformance.task_verify": (Step("verify"),),
    "nonconformance.task_close": (Step("answer_corrective"), Step("close")),
    "capa.task_triage": (Step("accept"),),
    "capa.task_contain": (Step("contain"),),
    "capa.task_investigate": (Step("add_cause"), Step("verify_cause"), Step("propose")),
    "capa.task_approve": (Step("approve"),),
    "capa.task_implement": (Step("do_action"), Step("prevent")),
    "capa.task_prevent": (Step("prevent"),),
    "capa.task_verify": (Step("verify"),),
    "capa.task_judged": (Step("close"),),
}
"""The moves that answer a task, in their order; a task that is not named here leads to its record alone."""


FOR_OTHERS = {"records.role_missing", "records.own_work", "records.person_only"}
"""Reasons that no change of the record mends: the step is somebody else's."""
STAY = "record"
"""In place of a move: the page of the record, which offers what can be begun from there."""
FOLLOWS: Mapping[tuple[str, str], Sequence[str]] = {
    ("nonconformance", "report"): ("contain",),
    ("nonconformance", "review"): ("decide",),
    ("nonconformance", "execute"): ("execute",),
    ("capa", "contain"): ("propose", "verify_cause", "add_cause"),
    ("capa", "add_cause"): ("verify_cause",),
    ("capa", "verify_cause"): ("propose",),
    ("capa", "do_action"): ("do_action", STAY),
    ("capa", "prevent"): (STAY,),
    ("control-plan", "approve"): ("put_in_force",),
    ("control-plan", "revise"): ("edit",),
}
"""What the same person usually goes on with after a move: the first of these that may be taken."""


@dataclass(frozen=True)
class Way:
    """A link from a task to the form of a move, or a button that takes it ``at_once``."""

    move: str
    label: str
    query: Mapping[str, str]
    at_once: bool


def takes_nothing(kind: RecordType, move: Move) -> bool:
    """Whether a move asks for nothing at all: no field, no reason, no signature; one click takes it."""
    action = actions_of(kind.name).moves.get(move.name)
    asked: Any = () if action is None else fields(action.given)
    return not asked and not move.needs_reason and move.signature is None


def at_once(kind: RecordType, page: ObjectPage) -> tuple[str, ...]:
    """The moves that may be taken now which one click takes; none that needs a field of one's own first."""
    allowed = {item.name for item in page.moves if item.allowed}
    return tuple(name for name in _plain(kind, page) if name in allowed)


def _plain(kind: RecordType, page: ObjectPage) -> tuple[str, ...]:
    """The moves that ask for nothing and are the reader's, whatever else stands against them."""
    moves = {move.name: move for move in kind.lifecycle.moves}
    held = {fact.name for fact in page.own.fields if fact.value not in (None, "")}
    lacking = {state for item in page.own_form if item.name not in held for state in item.required_at}
    open_ones = [
        moves[item.name] for item in page.moves if not FOR_OTHERS & {reason.code for reason in item.reasons}
    ]
    return tuple(move.name for move in open_ones if takes_nothing(kind, move) and move.target not in lacking)


def ends_draft(kind: RecordType, page: ObjectPage) -> Move | None:
    """The move that hands a draft on without asking for anything: it can be taken along with a change.

    What stands against it now is what the change may mend; what it does not is said then.
    """
    states = {state.name: state.category for state in kind.lifecycle.states}
    for move in kind.lifecycle.moves:
        if move.name in _plain(kind, page) and {states[name] for name in move.sources} == {"draft"}:
            return move if states[move.target] == "open" else None
    return None


def next_of(kind: RecordType, taken: str, page: ObjectPage) -> str:
    """The move, or ``edit``, that the person who took a move goes on with; nothing where that ends here."""
    choices = (*page.moves, *((page.edit,) if page.edit else ()))
    allowed = {STAY, *(item.name for item in choices if item.allowed)}
    return next((name for name in FOLLOWS.get((kind.name, taken), ()) if name in allowed), "")


def ways(what: str, header: Header, actor: Actor) -> list[Way]:
    """The forms that answer a task of a record in its state, for somebody who has a role to take the step."""
    kind = record_type(header.type)
    moves = {move.name: move for move in kind.lifecycle.moves}
    found = [(step, moves[step.move]) for step in ANSWERS.get(what, ()) if step.move in moves]
    return [
        Way(move.name, move.label, step.begins, takes_nothing(kind, move))
        for step, move in found
        if header.state in move.sources and actor.has_any(move.roles, header.site_id)
    ]
