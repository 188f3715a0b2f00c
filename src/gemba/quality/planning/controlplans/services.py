"""The only writers of control plans; a move without a field of its own is a plain ``advance``."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast

from gemba.quality.planning.controlplans.inputs import (
    LineInput,
    PlanInput,
    RevisionInput,
    SpecialClass,
)
from gemba.quality.planning.controlplans.models import ControlPlan
from gemba.quality.planning.controlplans.queries import plan as plan_of
from gemba.quality.planning.controlplans.queries import plans_of_product
from gemba.quality.planning.controlplans.record import CONTROL_PLAN
from gemba.quality.planning.controlplans.rules import input_reasons
from gemba.quality.planning.controlplans.words import specification_in_words
from gemba.quality.planning.products import queries as products
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.advance import advance
from gemba.quality.records.canonical import months_after, to_microseconds
from gemba.quality.records.editing import create_plain, edit_plain, known_values
from gemba.quality.records.links import add_link, linked_headers
from gemba.quality.records.mentions import named
from gemba.quality.records.models import Site
from gemba.quality.records.reasons import refuse_if
from gemba.quality.records.signatures import Proof
from gemba.quality.records.types import Mention
from gemba.quality.records.work import recording

RULE = system("controlplans")
LINE_STEP = 10
_CHARACTERISTIC: Mention = CONTROL_PLAN.mentions["lines.characteristic"]


def draft_plan(*, site: Site, given: PlanInput, actor: Actor, now: datetime) -> ControlPlan:
    """Make a draft with its lines; what a line leaves out is filled in from its characteristic."""
    refuse_if(list(input_reasons(given)))
    whole = _completed(given, site.code, now)
    return cast(ControlPlan, create_plain(CONTROL_PLAN, site=site, given=whole, actor=actor, now=now))


def edit_plan(
    *,
    plan: ControlPlan,
    given: PlanInput,
    actor: Actor,
    now: datetime,
    reason: str = "",
    expected_version: int | None = None,
) -> ControlPlan:
    """Change a draft; an approved plan is never changed, it is revised."""
    refuse_if(list(input_reasons(given)))
    version = plan.header.version if expected_version is None else expected_version
    whole = _completed(given, plan.header.site_id, now)
    edit_plain(record=plan, given=whole, reason=reason, actor=actor, now=now, expected_version=version)
    return plan


def approve(
    *,
    plan: ControlPlan,
    actor: Actor,
    now: datetime,
    proof: Proof | None,
    reason: str = "",
    expected_version: int | None = None,
) -> ControlPlan:
    """Approve a plan with a signature; every special characteristic of its product has a line."""
    controlled = linked_headers(plan.header.id).get("controls", ())
    special = [
        (found.number, found.name, found.characteristic)
        for item in controlled
        if item.type == "product"
        for found in products.special_of(item.id, now)
    ]
    return advance(
        plan,
        "approve",
        actor=actor,
        now=now,
        inputs={"special": special, "reason": reason},
        expected_version=expected_version,
        proof=proof,
    )


def put_in_force(
    *,
    plan: ControlPlan,
    actor: Actor,
    now: datetime,
    reason: str = "",
    expected_version: int | None = None,
) -> ControlPlan:
    """Let people work by a plan from now on; the revision before it is superseded in the same moment."""

    def begin(held: ControlPlan) -> None:
        held.in_force_at = to_microseconds(now)
        held.review_at = months_after(held.in_force_at, held.review_months)

    inputs = {"reason": reason}
    with recording(actor=actor, now=now):
        advance(
            plan,
            "put_in_force",
            actor=actor,
            now=now,
            inputs=inputs,
            apply=begin,
            expected_version=expected_version,
        )
        for before in linked_headers(plan.header.id).get("supersedes", ()):
            if before.category == "effective":
                said = {"reason": f"{plan.header.number}"}
                advance(plan_of(before.id), "supersede", actor=RULE, now=now, inputs=said)
    return plan


def confirm(
    *, plan: ControlPlan, reason: str, actor: Actor, now: datetime, expected_version: int | None = None
) -> ControlPlan:
    """Say after a review that nothing changes; the next review counts from now."""

    def again(held: ControlPlan) -> None:
        held.review_at = months_after(to_microseconds(now), held.review_months)

    inputs = {"reason": reason}
    return advance(
        plan, "confirm", actor=actor, now=now, inputs=inputs, apply=again, expected_version=expected_version
    )


def revise(
    *, plan: ControlPlan, reason: str, actor: Actor, now: datetime, expected_version: int | None = None
) -> ControlPlan:
    """Begin the next revision as a draft of the same lines; the plan stays in force meanwhile."""
    with recording(actor=actor, now=now) as work:
        inputs = {"reason": reason}
        advance(plan, "revise", actor=actor, now=now, inputs=inputs, expected_version=expected_version)
        values = known_values(plan, PlanInput)
        values["lines"] = tuple(replace(line, id=None) for line in values["lines"])
        given = RevisionInput(**values, revision=plan.revision + 1)
        made = create_plain(CONTROL_PLAN, site=plan.header.site, given=given, actor=actor, now=now)
        add_link(work, made.pk, "supersedes", plan.header.id, target_version=plan.header.version, why=reason)
    return cast(ControlPlan, made)


def add_line(
    *, product: str, line: LineInput, team: str, site: Site, actor: Actor, now: datetime
) -> ControlPlan:
    """Put a line into the plan of a product: its draft, the next revision of the one in force, or a new plan.

    The number of the line is the next one of that plan; ``team`` is that of a plan that is made here.
    """
    plan = _open_plan(product, line.characteristic, site, actor, now)
    if plan is None:
        given = PlanInput(title=product, product=product, team=team, lines=(replace(line, number=LINE_STEP),))
        return draft_plan(site=site, given=given, actor=actor, now=now)
    values = known_values(plan, PlanInput)
    number = max((held.number for held in values["lines"]), default=0) + LINE_STEP
    values["lines"] = (*values["lines"], replace(line, number=number))
    return edit_plan(plan=plan, given=PlanInput(**values), reason=line.characteristic, actor=actor, now=now)


def ask_review(*, plan: ControlPlan, reason: str, actor: Actor, now: datetime) -> ControlPlan:
    """Say why a plan in force must be looked at again."""
    return advance(plan, "ask_review", actor=actor, now=now, inputs={"reason": reason})


def review_due(now: datetime, *, limit: int = 200) -> int:
    """Ask for the review of each plan whose time has come; how many. A job."""
    rows = ControlPlan.objects.select_related("header", "header__site").filter(header__state="effective")
    late = list(rows.filter(review_at__lte=to_microseconds(now)).order_by("review_at")[:limit])
    for held in late:
        ask_review(plan=held, reason="", actor=RULE, now=now)
    return len(late)


def _open_plan(product: str, reason: str, site: Site, actor: Actor, now: datetime) -> ControlPlan | None:
    """The plan of a product to which a line can be added now; one in force gets its next revision."""
    header = named(product.strip(), CONTROL_PLAN.mentions["product"], site=site.code)
    plans = [] if header is None else plans_of_product(header.pk)
    held = next((plan for plan in plans if plan.header.state == "draft"), None)
    if held is not None:
        return held
    held = next((plan for plan in plans if plan.header.state == "effective"), None)
    return None if held is None else revise(plan=held, reason=reason, actor=actor, now=now)


def _completed(given: PlanInput, site: str, now: datetime) -> PlanInput:
    return replace(given, lines=tuple(_completed_line(line, site, now) for line in given.lines))


def _completed_line(line: LineInput, site: str, now: datetime) -> LineInput:
    """Special class and specification of the characteristic in force, where the line leaves them out."""
    header = named(line.characteristic.strip(), _CHARACTERISTIC, site=site)
    asked = None if header is None else products.specification(header.pk, now)
    if asked is None:
        return line
    special = cast(SpecialClass, asked.special_class)
    return replace(
        line,
        special_class=line.special_class or special,
        specification=line.specification or specification_in_words(asked.lsl, asked.usl, asked.unit),
    )
