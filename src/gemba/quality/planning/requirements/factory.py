"""Requirements for tests: one in any state, each step by the right person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from gemba.quality.planning.requirements import services
from gemba.quality.planning.requirements.inputs import Feasibility, RequirementInput
from gemba.quality.planning.requirements.models import Requirement
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance
from gemba.quality.records.models import Site

WAYS: dict[str, tuple[str, ...]] = {
    "proposed": (),
    "under_review": ("submit",),
    "agreed": ("submit", "assess", "agree"),
    "under_change": ("submit", "assess", "agree", "start_change"),
    "rejected": ("submit", "reject"),
    "superseded": ("submit", "assess", "agree", "supersede"),
    "withdrawn": ("submit", "withdraw"),
    "void": ("void",),
}
"""The shortest way to each state."""


def asked_for(**changes: Any) -> RequirementInput:
    """A bore that a customer's shaft fits into."""
    given = RequirementInput(
        title="The shaft fits",
        customer="Northwind Pumps",
        voice="The shaft must go in by hand and not rattle.",
        need="A bore of 10 mm with 0.05 mm of tolerance",
        statement="Bore diameter 9.95 to 10.05 mm",
        measure="Bore diameter",
        definition="Mean of two diameters at right angles, 5 mm below the face, at 20 °C",
        unit="mm",
        lower=Decimal("9.95"),
        target=Decimal(10),
        upper=Decimal("10.05"),
        verification="Plug gauge, chart of every stream",
        criterion="Ppk at least 1.33",
    )
    return replace(given, **changes)


def requirement_in(
    state: str, *, site: Site, maker: Actor, decider: Actor, now: datetime, **changes: Any
) -> Requirement:
    """A requirement that came to this state the shortest way."""
    made = services.propose(site=site, given=asked_for(**changes), actor=maker, now=now)
    yes = Feasibility(feasible="yes", feasibility="Ppk of the pilot lot was 1.6")
    about: dict[str, Any] = {"requirement": made, "now": now}

    def replaced() -> None:
        other = requirement_in("agreed", site=site, maker=maker, decider=decider, now=now)
        number = str(other.header.number)
        services.supersede(successor=number, reason="drawing B", actor=decider, **about)

    steps: dict[str, Callable[[], object]] = {
        "submit": lambda: advance(made, "submit", actor=maker, now=now),
        "assess": lambda: services.assess(given=yes, actor=maker, **about),
        "agree": lambda: services.agree(actor=decider, **about),
        "start_change": lambda: services.start_change(reason="drawing B", actor=maker, **about),
        "reject": lambda: advance(made, "reject", actor=decider, now=now, inputs={"reason": "too tight"}),
        "withdraw": lambda: advance(made, "withdraw", actor=decider, now=now, inputs={"reason": "no order"}),
        "supersede": replaced,
        "void": lambda: advance(made, "void", actor=maker, now=now, inputs={"reason": "typed twice"}),
    }
    for step in WAYS[state]:
        steps[step]()
    return made
