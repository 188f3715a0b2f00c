"""Products for tests: one in any state, each step by the right person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from gemba.quality.planning.products import services
from gemba.quality.planning.products.inputs import ProductInput
from gemba.quality.planning.products.models import Product
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance
from gemba.quality.records.models import Site

WAYS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "released": ("release",),
    "under_change": ("release", "start_change"),
    "phase_out": ("release", "phase_out"),
    "obsolete": ("release", "phase_out", "retire"),
    "discarded": ("discard",),
}
"""The shortest way to each state."""
HOUSING = ProductInput(title="Housing 12", revision="C", drawing="D-4711", shelf_life=None)


def product_in(
    state: str, *, site: Site, maker: Actor, decider: Actor, now: datetime, **changes: Any
) -> Product:
    """A product that came to this state the shortest way."""
    made = services.draft_product(site=site, given=replace(HOUSING, **changes), actor=maker, now=now)
    for move in WAYS[state]:
        who = maker if move in ("discard", "start_change") else decider
        advance(made, move, actor=who, now=now, inputs={"reason": "because"})
    return made
