"""A control plan from its draft to the revision that takes its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from charted.plant import Plant
from gemba.quality.control.gauges.factory import gauge_in
from gemba.quality.control.nonconformance.factory import Staff, proof_of
from gemba.quality.people.roles import ROLES
from gemba.quality.planning.controlplans import queries, services
from gemba.quality.planning.controlplans.factory import LINE, PLAN, STATES, plan_in, take
from gemba.quality.planning.controlplans.lifecycle import LIFECYCLE
from gemba.quality.planning.controlplans.models import ControlPlan
from gemba.quality.planning.controlplans.record import CONTROL_PLAN
from gemba.quality.planning.controlplans.words import specification_in_words
from gemba.quality.planning.products.factory import product_in
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance, answers
from gemba.quality.records.history import record_version
from gemba.quality.records.links import linked_headers
from gemba.quality.records.mentions import named
from gemba.quality.records.models import Delivery, Header, Site, Task
from gemba.quality.records.outbox import deliver_due
from gemba.quality.records.reasons import Refused
from gemba.quality.records.tasks import task_in_words
from gemba.quality.records.trail import verify

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVERY_ROLE = frozenset((role, "HAL") for role in ROLES)

pytestmark = pytest.mark.django_db


def made(state: str, site: Site, staff: Staff, **changes: Any) -> ControlPlan:
    about: dict[str, Any] = {"maker": staff.engineer, "decider": staff.approver, "now": NOW}
    return plan_in(state, site=site, proof=proof_of(staff.approver), **about, **changes)


def step(plan: ControlPlan, name: str, staff: Staff, now: datetime = NOW) -> ControlPlan:
    about: dict[str, Any] = {"maker": staff.engineer, "decider": staff.approver, "now": now}
    return take(plan, name, proof=proof_of(staff.approver), **about)


def refused(call: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    return [reason.code for reason in caught.value.reasons]


def deliver(now: datetime) -> None:
    while deliver_due(now + timedelta(seconds=1)):
        pass
    assert not Delivery.objects.exclude(state="done").exists()


def open_tasks() -> list[str]:
    assert all(task_in_words(task) for task in Task.objects.all())
    return list(Task.objects.filter(state="open").order_by("pk").values_list("what", flat=True))


def test_a_line_takes_its_specification_and_class_from_its_characteristic_and_links_it(
    site: Site, staff: Staff
) -> None:
    plant = Plant(lsl=Decimal("9.950"), usl=Decimal("10.05"), special_class="CC")
    gauge = gauge_in("in_service", site=site, staff=staff, now=NOW)
    line = replace(LINE, characteristic=plant.number, gauge=str(gauge.header.number))
    plan = made("draft", site, staff, line=line)
    row = plan.lines.get()
    assert (row.specification, row.special_class) == ("9.95 … 10.05 mm", "CC")
    linked = linked_headers(plan.pk)
    assert [item.id for item in linked["controls"]] == [plant.characteristic.pk]
    assert [item.id for item in linked["measured_with"]] == [gauge.pk]
    assert named(gauge.tag, CONTROL_PLAN.mentions["lines.gauge"], site="HAL") == gauge.header
    assert named("MIC-404", CONTROL_PLAN.mentions["lines.gauge"], site="HAL") is None
    own = replace(line, id=row.pk, characteristic="by eye", gauge="", specification="no burr")
    services.edit_plan(plan=plan, given=replace(PLAN, lines=(own,)), actor=staff.engineer, now=NOW)
    assert linked_headers(plan.pk) == {}
    assert plan.lines.get().specification == "no burr"


def test_a_plan_that_cannot_be_kept_says_why(site: Site, staff: Staff) -> None:
    def attempt(**changes: Any) -> list[str]:
        given = replace(PLAN, **changes)
        return refused(lambda: services.draft_plan(site=site, given=given, actor=staff.engineer, now=NOW))

    assert attempt(review_months=0) == ["controlplans.review_months"]
    assert attempt(lines=(LINE, LINE)) == ["controlplans.line_number"]
    assert attempt(lines=(replace(LINE, characteristic="CHR-HAL-26-0404"),)) == ["records.mention_unknown"]
    assert attempt(lines=(replace(LINE, gauge="GAU-HAL-26-0404"),)) == ["records.mention_unknown"]
    assert not ControlPlan.objects.exists()


def test_approval_names_all_that_is_missing(site: Site, staff: Staff) -> None:
    product = product_in("released", site=site, maker=staff.engineer, decider=staff.approver, now=NOW)
    Plant(name="Diameter", special_class="SC", product=str(product.header.number))
    Plant(name="Colour", product=str(product.header.number))
    gauge = gauge_in("lost", site=site, staff=staff, now=NOW)
    line = replace(LINE, characteristic="by eye", technique="", resume=" ", gauge=str(gauge.header.number))
    empty = made("draft", site, staff, lines=(), product="")
    codes = refused(lambda: step(empty, "submit", staff))
    assert codes == ["records.field_missing", "controlplans.no_lines"]
    plan = made("in_review", site, staff, line=line, team="", product=str(product.header.number))
    codes = refused(lambda: step(plan, "approve", staff))
    wanted = ["records.field_missing", "controlplans.line_field", "controlplans.line_field"]
    assert codes == [*wanted, "controlplans.special_missing", "controlplans.gauge"]
    mine = replace(staff.engineer, grants=EVERY_ROLE)
    own = refused(lambda: services.approve(plan=plan, actor=mine, now=NOW, proof=proof_of(mine)))
    assert "records.own_work" in own
    step(plan, "return", staff)
    row = plan.lines.get()
    whole = replace(LINE, id=row.pk)
    given = replace(PLAN, lines=(whole,), product=str(product.header.number))
    services.edit_plan(plan=plan, given=given, actor=staff.engineer, now=NOW)
    for name in ("submit", "approve", "put_in_force"):
        step(plan, name, staff)
    assert plan.header.state == "effective"


def test_an_approved_plan_is_never_changed_it_is_revised(site: Site, staff: Staff) -> None:
    plant = Plant()
    plan = made("effective", site, staff)
    version = plan.header.version
    assert refused(lambda: services.edit_plan(plan=plan, given=PLAN, actor=staff.engineer, now=NOW)) == [
        "records.not_editable"
    ]
    later = NOW + timedelta(days=10)
    following = services.revise(plan=plan, reason="new lathe", actor=staff.engineer, now=later)
    assert (following.revision, following.header.state, following.lines.count()) == (2, "draft", 1)
    assert plan.header.state == "review_due"
    assert refused(lambda: services.revise(plan=plan, reason="again", actor=staff.engineer, now=later)) == [
        "controlplans.revision_begun"
    ]
    assert refused(lambda: services.confirm(plan=plan, reason="fine", actor=staff.approver, now=later)) == [
        "controlplans.revision_begun"
    ]
    assert [held.pk for held in queries.plans_in_force(plant.characteristic.pk)] == [plan.pk]
    for name in ("submit", "approve", "put_in_force"):
        step(following, name, staff, later)
    assert Header.objects.get(pk=plan.pk).state == "superseded"
    assert [held.pk for held in queries.plans_in_force(plant.characteristic.pk)] == [following.pk]
    assert [item.id for item in linked_headers(following.pk)["supersedes"]] == [plan.pk]
    approved = record_version(plan.pk, version)
    assert approved is not None
    assert approved.fields["lines"][0]["call"] == "the setter"
    assert verify().sound


def test_the_reaction_plan_is_steps_to_tick_off(site: Site, staff: Staff) -> None:
    plant = Plant()
    assert queries.reaction_of(plant.characteristic.pk) is None
    plan = made("approved", site, staff)
    assert queries.reaction_of(plant.characteristic.pk) is None
    step(plan, "put_in_force", staff)
    found = queries.reaction_of(plant.characteristic.pk)
    assert found is not None
    assert (found.plan, found.line, found.owner) == (plan.pk, 10, "operator")
    assert found.steps == (
        "Stop the machine",
        "Sort the parts since the last good check",
        "Call: the setter",
        "Resume when: five parts in a row are good",
    )


def test_a_review_is_asked_when_its_time_has_come_or_the_characteristic_changes(
    site: Site, staff: Staff
) -> None:
    plant = Plant()
    plan = made("in_review", site, staff)
    deliver(NOW)
    assert open_tasks() == ["controlplans.task_approve"]
    step(plan, "approve", staff)
    deliver(NOW)
    assert open_tasks() == ["controlplans.task_in_force"]
    step(plan, "put_in_force", staff)
    deliver(NOW)
    assert open_tasks() == []
    assert refused(lambda: services.ask_review(plan=plan, reason="", actor=staff.engineer, now=NOW)) == [
        "records.reason_missing"
    ]
    year = NOW + timedelta(days=366)
    assert [services.review_due(NOW), services.review_due(year), services.review_due(year)] == [0, 1, 0]
    deliver(year)
    assert open_tasks() == ["controlplans.task_review"]
    held = queries.plan(plan.pk)
    services.confirm(plan=held, reason="nothing new", actor=staff.approver, now=year)
    deliver(year)
    assert (open_tasks(), services.review_due(year)) == ([], 0)
    plant.now = year
    plant.change(usl=Decimal(90))
    deliver(year + timedelta(hours=1))
    assert open_tasks() == ["controlplans.task_review"]
    again = queries.plan(plan.pk)
    services.revise(plan=again, reason="limits", actor=staff.engineer, now=year)
    assert again.header.state == "review_due"


@pytest.mark.parametrize("state", STATES)
def test_a_step_is_refused_for_its_state_exactly_where_the_table_does_not_have_it(
    site: Site, staff: Staff, state: str
) -> None:
    plan = made(state, site, staff)
    chief = Actor("person", staff.auditor.id, "Chief", EVERY_ROLE)
    for move in LIFECYCLE.moves:
        codes: list[str] = []
        with transaction.atomic():
            record = queries.plan(plan.pk)
            try:
                about: dict[str, Any] = {"inputs": {"reason": "because"}, "proof": proof_of(chief)}
                advance(record, move.name, actor=chief, now=NOW, **about)
            except Refused as caught:
                codes = [reason.code for reason in caught.reasons]
            stored = Header.objects.get(pk=plan.pk).state
            transaction.set_rollback(True)
        assert ("records.wrong_state" in codes) == (state not in move.sources), move.name
        assert stored == (state if codes else move.target), move.name
    if state not in ("superseded", "obsolete", "discarded"):
        ways = [answer for who in staff.everybody for answer in answers(plan, actor=who, now=NOW)]
        assert any(answer.allowed for answer in ways)


def test_a_line_joins_the_draft_of_its_product_or_the_next_revision_of_what_is_in_force(
    site: Site, staff: Staff
) -> None:
    about: dict[str, Any] = {"product": "Lid", "team": "Eva", "site": site, "actor": staff.engineer}
    who: dict[str, Any] = {"site": site, "maker": staff.engineer, "decider": staff.approver}
    product_in("released", **who, title="Lid", now=NOW)

    def add(name: str) -> ControlPlan:
        return services.add_line(line=replace(LINE, characteristic=name), now=NOW, **about)

    first = add("Torque")
    assert add("Depth").pk == first.pk
    held = queries.plan(first.pk)
    rows = [(row.number, row.characteristic) for row in held.lines.order_by("number")]
    assert rows == [(10, "Torque"), (20, "Depth")]
    assert (held.header.state, held.header.title, held.team) == ("draft", "Lid", "Eva")
    step(held, "submit", staff)
    beside = add("Angle")
    assert beside.pk != held.pk
    advance(beside, "discard", actor=staff.engineer, now=NOW, inputs={"reason": "another way"})
    for name in ("approve", "put_in_force"):
        step(held, name, staff)
    later = add("Angle")
    numbers = later.lines.order_by("number").values_list("number", flat=True)
    assert (later.revision, list(numbers)) == (2, [10, 20, 30])
    assert [item.id for item in linked_headers(later.pk)["supersedes"]] == [held.pk]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [("9.90", "10", "9.9 … 10 mm"), (None, "62.0", "≤ 62 mm"), ("0", None, "≥ 0 mm"), (None, None, "")],
)
def test_a_specification_is_said_as_on_a_drawing(low: str | None, high: str | None, said: str) -> None:
    lsl, usl = (None if text is None else Decimal(text) for text in (low, high))
    assert specification_in_words(lsl, usl, "mm") == said
