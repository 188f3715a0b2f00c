"""Processes for tests: one in any state, each step by the right person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from gemba.quality.planning.processes import services
from gemba.quality.planning.processes.inputs import ProcessInput, StepInput
from gemba.quality.planning.processes.models import Process
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance
from gemba.quality.records.models import Site

WAYS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "released": ("release",),
    "under_change": ("release", "start_change"),
    "obsolete": ("release", "retire"),
    "discarded": ("discard",),
}
"""The shortest way to each state."""
TURNING = ProcessInput(
    title="Turning",
    purpose="Housings from bars",
    steps=(
        StepInput(number=10, operation="Rough the bore", machine="Lathe 2"),
        StepInput(number=20, operation="Finish the bore", machine="Lathe 2", predecessor=10),
    ),
)


def process_in(
    state: str, *, site: Site, maker: Actor, decider: Actor, now: datetime, **changes: Any
) -> Process:
    """A process that came to this state the shortest way."""
    made = services.draft_process(site=site, given=replace(TURNING, **changes), actor=maker, now=now)
    for move in WAYS[state]:
        who = maker if move in ("discard", "start_change") else decider
        advance(made, move, actor=who, now=now, inputs={"reason": "because"})
    return made
