"""Reads of control plans for screens and neighbours."""

from __future__ import annotations

from typing import NamedTuple

from gemba.quality.planning.controlplans.lifecycle import IN_FORCE
from gemba.quality.planning.controlplans.models import ControlPlan, Line
from gemba.quality.planning.controlplans.record import CONTROL_PLAN
from gemba.quality.records.lifecycle import LOCKED
from gemba.quality.records.links import linked_to
from gemba.quality.records.models import Header
from gemba.stats.results import N_

CALL, RESUME = N_("Call: {who}"), N_("Resume when: {when}")


class Reaction(NamedTuple):
    """The reaction plan of a line in force: the plan, its number and line, whose it is, its steps."""

    plan: int
    number: str
    line: int
    owner: str
    steps: tuple[str, ...]


def plan(identity: int) -> ControlPlan:
    """The control plan of a header."""
    return ControlPlan.objects.select_related("header", "header__site").get(pk=identity)


def plans_in_force(characteristic: int) -> list[ControlPlan]:
    """The plans in force that have a line for a characteristic, the newest first."""
    linked = linked_to([characteristic], "controlled_by")
    ids = [item.id for _, item in linked if item.type == CONTROL_PLAN.name and item.state in IN_FORCE]
    rows = ControlPlan.objects.select_related("header", "header__site").filter(pk__in=ids)
    return list(rows.order_by("-in_force_at", "-pk"))


def plans_of_product(product: int) -> list[ControlPlan]:
    """The living plans of a product, the newest first."""
    linked = linked_to([product], "controlled_by")
    ids = [item.id for _, item in linked if item.type == CONTROL_PLAN.name and item.category not in LOCKED]
    rows = ControlPlan.objects.select_related("header", "header__site").filter(pk__in=ids)
    return list(rows.order_by("-pk"))


def line_numbers(plan: int, characteristic: int) -> list[int]:
    """The lines of a plan that control a characteristic."""
    header = Header.objects.get(pk=characteristic)
    rows = Line.objects.filter(plan=plan, characteristic__in=(header.number, header.title))
    return list(rows.order_by("number").values_list("number", flat=True))


def reaction_of(characteristic: int) -> Reaction | None:
    """What the plan in force says to do when a characteristic is out of control; ``None`` without a plan."""
    plans = plans_in_force(characteristic)
    if not plans:
        return None
    header = Header.objects.get(pk=characteristic)
    for held in plans:
        rows = held.lines.filter(characteristic__in=(header.number, header.title)).order_by("number")
        for row in rows:
            return Reaction(held.pk, str(held.header.number), row.number, row.owner, steps_of(row))
    return None


def steps_of(line: Line) -> tuple[str, ...]:
    """The steps that are ticked off: each line of the containment, then who is called, when to resume."""
    contain = [text.strip() for text in line.containment.splitlines() if text.strip()]
    return (*contain, CALL.format(who=line.call), RESUME.format(when=line.resume))
