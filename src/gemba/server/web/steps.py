"""From a task straight to the form of what is asked: which moves of its record answer it, as links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gemba.quality.records.actor import Actor
from gemba.quality.records.models import Header
from gemba.quality.records.types import record_type


@dataclass(frozen=True)
class Step:
    """A move, with what its form begins with when it is opened from a task."""

    move: str
    begins: Mapping[str, str] = field(default_factory=dict)


ANSWERS: Mapping[str, Sequence[Step]] = {
    "bringing.task_release": (Step("release"),),
    "bringing.task_product": (Step("release"),),
    "monitoring.task_limits": (Step("approve"),),
    "requirements.task_agree": (Step("agree"),),
    "controlplans.task_approve": (Step("approve"),),
    "controlplans.task_in_force": (Step("put_in_force"),),
    "controlplans.task_review": (Step("revise"),),
    "nonconformance.task_report": (Step("report"),),
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


@dataclass(frozen=True)
class Way:
    """A link from a task to the form of a move."""

    move: str
    label: str
    query: Mapping[str, str]


def ways(what: str, header: Header, actor: Actor) -> list[Way]:
    """The forms that answer a task of a record in its state, for somebody who has a role to take the step."""
    moves = {move.name: move for move in record_type(header.type).lifecycle.moves}
    found = [(step, moves[step.move]) for step in ANSWERS.get(what, ()) if step.move in moves]
    return [
        Way(move.name, move.label, step.begins)
        for step, move in found
        if header.state in move.sources and actor.has_any(move.roles, header.site_id)
    ]
