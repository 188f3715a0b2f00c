"""Control plans for tests: one in any state, each step by the right person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from gemba.quality.planning.controlplans import services
from gemba.quality.planning.controlplans.inputs import LineInput, PlanInput
from gemba.quality.planning.controlplans.models import ControlPlan
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance
from gemba.quality.records.models import Site
from gemba.quality.records.signatures import Proof

STATES = (
    "draft", "in_review", "approved", "effective", "review_due", "superseded", "obsolete", "discarded",
)  # fmt: skip
LINE = LineInput(
    number=10,
    step="20",
    operation="Turn the bore",
    machine="Lathe M1",
    characteristic="Diameter",
    technique="Two-point, at three heights",
    sample_size="5",
    frequency="every hour",
    method="chart",
    containment="Stop the machine\nSort the parts since the last good check",
    call="the setter",
    resume="five parts in a row are good",
)
PLAN = PlanInput(title="Housing 12", product="Housing 12", team="Eva, Otto", lines=(LINE,))
_WAYS = {
    "in_review": ("submit",),
    "approved": ("submit", "approve"),
    "effective": ("submit", "approve", "put_in_force"),
    "review_due": ("submit", "approve", "put_in_force", "ask_review"),
    "superseded": ("submit", "approve", "put_in_force", "supersede"),
    "obsolete": ("submit", "approve", "put_in_force", "retire"),
    "discarded": ("discard",),
}


def plan_in(
    state: str,
    *,
    site: Site,
    maker: Actor,
    decider: Actor,
    proof: Proof,
    now: datetime,
    line: LineInput = LINE,
    **changes: Any,
) -> ControlPlan:
    """A plan that came to this state the shortest way."""
    given = replace(PLAN, **({"lines": (line,)} | changes))
    plan = services.draft_plan(site=site, given=given, actor=maker, now=now)
    for name in _WAYS.get(state, ()):
        take(plan, name, maker=maker, decider=decider, proof=proof, now=now)
    return plan


def take(
    plan: ControlPlan, name: str, *, maker: Actor, decider: Actor, proof: Proof, now: datetime
) -> ControlPlan:
    """One step by the right person."""
    if name == "approve":
        return services.approve(plan=plan, actor=decider, now=now, proof=proof)
    if name == "put_in_force":
        return services.put_in_force(plan=plan, actor=decider, now=now)
    who = (
        services.RULE
        if name == "supersede"
        else maker
        if name in ("submit", "discard", "ask_review")
        else decider
    )
    return advance(plan, name, actor=who, now=now, inputs={"reason": "because"})
