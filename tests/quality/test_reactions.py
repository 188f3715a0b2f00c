"""The table of the loop: what follows from what, once, whatever happens in between."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from charted.plant import ENGINEER, NOW, Plant
from gemba.quality import loop
from gemba.quality.control.monitoring import services as monitoring
from gemba.quality.control.monitoring.models import Signal
from gemba.quality.control.nonconformance import services
from gemba.quality.control.nonconformance.factory import (
    Staff,
    containment,
    finding,
    make_staff,
    nonconformance_in,
    proof_of,
)
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.people.models import Person
from gemba.quality.people.services import MAX_FAILURES
from gemba.quality.people.signing import note_failure
from gemba.quality.reactions import REACTIONS
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.links import linked_headers
from gemba.quality.records.models import Delivery, Event, Site, Task, Version
from gemba.quality.records.outbox import CLAIM, MAX_ATTEMPTS, deliver_due, reactions
from gemba.quality.records.tasks import task_in_words
from gemba.quality.records.trail import verify

STEADY = (10.0, 10.2, 9.9, 10.1, 9.8) * 5

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Staff:
    site = Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")
    return make_staff(site, now=NOW)


@pytest.fixture
def plant(staff: Staff) -> Plant:
    """A chart with limits around 10 and a specification up to 12."""
    return running(staff)


def running(staff: Staff, **given: object) -> Plant:
    made = Plant(
        **({"needed_subgroups": 25, "usl": Decimal(12), "reaction_plan": "Stop, call the setter."} | given)
    )
    made.send(*STEADY)
    made.work()
    made.put_limits_in_force(person=staff.approver, proof=proof_of(staff.approver))
    deliver(made)
    return made


def deliver(plant: Plant) -> None:
    """Let the worker do all that is due."""
    while deliver_due(plant.now + timedelta(seconds=1)):
        pass
    assert not Delivery.objects.exclude(state="done").exists()


def deliver_all_again(plant: Plant) -> None:
    Delivery.objects.update(state="waiting", claimed_until=0)
    deliver(plant)


def told(what: str) -> list[Task]:
    found = list(Task.objects.filter(what=what).order_by("pk"))
    assert all(task_in_words(task) for task in found)
    return found


def test_every_line_reads_as_one_sentence_and_names_an_event_of_the_program() -> None:
    assert set(REACTIONS) <= set(reactions())
    for line in REACTIONS:
        assert line.sentence.startswith("When ")
        assert line.sentence.endswith(".")
    assert loop.REACTIONS is REACTIONS


def test_a_value_out_of_specification_makes_a_draft_with_all_since_the_last_good_one(plant: Plant) -> None:
    good = plant.ids[-1]
    plant.send(13.0, lot="L-1", serial="S-1", operator="olga")
    deliver(plant)
    ncr = Nonconformance.objects.select_related("header").get()
    assert (ncr.header.state, ncr.header.number) == ("draft", None)
    assert (ncr.suspect_after, ncr.suspect_last, ncr.suspect_readings) == (good, plant.ids[-1], 1)
    assert (ncr.quantity_nonconforming, ncr.lot, ncr.serials, ncr.found_by) == (1, "L-1", "S-1", "")
    assert ncr.required == "Diameter (CHR-HAL-26-0001): 0 … 12 mm"
    assert (ncr.found, ncr.found_at is not None, ncr.item) == (
        "1 reading since the last good one, 1 outside the specification; the last 13.0 mm (olga)",
        True,
        "",
    )
    raised = linked_headers(ncr.pk)["raised_from"]
    assert [item.id for item in raised] == [Signal.objects.get().pk]
    assert [item.id for item in linked_headers(ncr.pk)["affects"]] == [plant.characteristic.pk]
    assert verify().sound


def test_a_signal_puts_the_reaction_plan_on_the_list_of_the_role_that_it_names(plant: Plant) -> None:
    plant.send(11.9)
    deliver(plant)
    task = told("loop.plan")[0]
    signal = Signal.objects.select_related("header").get()
    assert task.assignee == "role:operator"
    assert task_in_words(task).endswith("Diameter (rule 1): Stop, call the setter.")
    assert task.header_id == signal.pk


def test_without_a_plan_the_task_asks_for_the_cause(staff: Staff) -> None:
    plant = running(staff, reaction_plan="", reaction_role="engineer")
    plant.send(11.9)
    deliver(plant)
    assert [task.assignee for task in told("loop.no_plan")] == ["role:engineer"]
    assert "has no reaction plan" in task_in_words(told("loop.no_plan")[0])


@pytest.mark.parametrize(
    ("suspect_when", "beyond", "nonconforming"),
    [("either", 1, 1), ("beyond", 1, 1), ("nonconforming", 0, 1), ("never", 0, 0)],
)
def test_the_characteristic_says_when_product_is_suspect(
    staff: Staff, suspect_when: str, beyond: int, nonconforming: int
) -> None:
    plant = running(staff, suspect_when=suspect_when)
    plant.send(11.9)
    deliver(plant)
    assert Nonconformance.objects.count() == beyond
    plant.send(13.0)
    deliver(plant)
    assert Nonconformance.objects.count() == nonconforming


def test_a_mere_pattern_inside_the_limits_makes_no_draft(plant: Plant) -> None:
    plant.send(*[10.05] * 12)
    deliver(plant)
    assert Signal.objects.get().severity < 3
    assert Nonconformance.objects.count() == 0
    assert len(told("loop.plan")) == 1


def test_one_shift_gives_one_signal_one_task_and_one_draft(plant: Plant) -> None:
    good = plant.ids[-1]
    for _ in range(40):
        plant.send(*[13.0] * 10)
        deliver(plant)
    ncr = Nonconformance.objects.get()
    assert Signal.objects.count() == len(told("loop.plan")) == len(told("nonconformance.task_report")) == 1
    assert (ncr.suspect_after, ncr.suspect_last, ncr.suspect_readings) == (good, plant.ids[-1], 400)
    assert ncr.quantity_suspect == ncr.quantity_nonconforming == 400
    deliver_all_again(plant)
    assert Nonconformance.objects.count() == 1


def test_an_event_that_is_delivered_twice_changes_nothing(plant: Plant) -> None:
    plant.send(13.0)
    plant.send(10.0, 13.5)
    deliver(plant)
    before = (Version.objects.count(), Task.objects.count(), Event.objects.count())
    stored = Nonconformance.objects.values().get()
    deliver_all_again(plant)
    assert (Version.objects.count(), Task.objects.count(), Event.objects.count()) == before
    assert Nonconformance.objects.values().get() == stored


def test_the_order_in_which_signal_and_reading_are_told_does_not_matter(plant: Plant) -> None:
    plant.send(*[11.5] * 3)
    plant.send(13.0)
    deliver(plant)
    first = Nonconformance.objects.values("suspect_after", "suspect_last", "suspect_readings").get()
    assert first["suspect_readings"] == 4


def test_what_a_person_wrote_into_a_draft_stays_and_the_suspect_range_still_grows(
    plant: Plant, staff: Staff
) -> None:
    plant.send(13.0)
    deliver(plant)
    ncr = Nonconformance.objects.select_related("header", "header__site").get()
    given = finding(NOW, title="Shaft too thick", quantity_nonconforming=None, lot="L-9")
    services.amend(nonconformance=ncr, given=given, actor=staff.inspector, now=plant.now)
    plant.send(13.2)
    deliver(plant)
    stored = Nonconformance.objects.select_related("header").get()
    assert (stored.header.title, stored.lot, stored.quantity_nonconforming) == (
        "Shaft too thick",
        "L-9",
        None,
    )
    assert (stored.suspect_last, stored.suspect_readings) == (plant.ids[-1], 2)


def test_after_containment_more_bad_product_is_a_finding_of_its_own(plant: Plant, staff: Staff) -> None:
    plant.send(13.0)
    deliver(plant)
    ncr = Nonconformance.objects.select_related("header", "header__site").get()
    ncr = services.amend(nonconformance=ncr, given=finding(NOW), actor=staff.inspector, now=plant.now)
    services.report(nonconformance=ncr, actor=staff.inspector, now=plant.now)
    plant.send(13.1)
    deliver(plant)
    assert Nonconformance.objects.get().suspect_readings == 2
    ncr = Nonconformance.objects.select_related("header", "header__site").get()
    services.contain(nonconformance=ncr, locations=containment(), actor=staff.operator, now=plant.now)
    plant.send(13.2)
    deliver(plant)
    assert sorted(n.header.state for n in Nonconformance.objects.select_related("header")) == [
        "contained",
        "draft",
    ]


def test_a_new_episode_of_the_stream_makes_a_new_draft(plant: Plant) -> None:
    plant.send(13.0)
    deliver(plant)
    signal = Signal.objects.select_related("header", "header__site").get()
    at: Any = {"actor": ENGINEER, "now": plant.now}
    monitoring.acknowledge_signal(signal=signal, **at)
    monitoring.state_cause(signal=signal, cause="worn tool", event_code="E7", **at)
    monitoring.record_action(signal=signal, action="tool changed", reaction_step="2", **at)
    monitoring.close_signal(signal=signal, **at)
    plant.send(*STEADY, *STEADY)
    plant.send(13.0)
    deliver(plant)
    assert Signal.objects.count() == Nonconformance.objects.count() == 2
    late, early = Nonconformance.objects.order_by("-pk")
    assert (early.suspect_readings, late.suspect_readings) == (1, 1)


def test_a_value_that_was_corrected_before_the_worker_came_makes_no_draft(plant: Plant) -> None:
    plant.send(13.0)
    plant.amend(plant.ids[-1], "10.0", "correction")
    plant.work()
    deliver(plant)
    assert Nonconformance.objects.count() == 0


def test_a_withdrawn_signal_lets_an_engineer_look_again_at_what_was_raised(plant: Plant) -> None:
    plant.send(13.0)
    deliver(plant)
    plant.amend(plant.ids[-1], "10.0", "correction")
    plant.work()
    deliver(plant)
    assert [task.assignee for task in told("nonconformance.task_look_again")] == ["role:engineer"]


def test_a_reading_in_quarantine_is_on_an_inspectors_list_once(plant: Plant) -> None:
    for value in ("ten", "eleven"):
        loop.receive([plant.reading(value)], actor=ENGINEER, now=plant.now)
    deliver(plant)
    assert [task.assignee for task in told("loop.quarantine")] == ["role:inspector"]


def test_the_task_of_the_quarantine_is_done_when_nothing_waits_there(plant: Plant) -> None:
    plant.send("10.0")
    found = [
        receipt.quarantine
        for value in ("ten", "eleven")
        for receipt in loop.receive([plant.reading(value)], actor=ENGINEER, now=plant.now)
    ]
    deliver(plant)
    for place, quarantined in enumerate(found):
        assert [task.state for task in told("loop.quarantine")] == ["open"], place
        loop.discard_quarantined(
            quarantined=int(quarantined or 0), reason="nonsense", actor=ENGINEER, now=plant.now
        )
        deliver(plant)
    assert [task.state for task in told("loop.quarantine")] == ["done"]


def test_what_ends_leaves_no_task_behind(plant: Plant, staff: Staff) -> None:
    assert {task.state for task in told("monitoring.task_limits")} == {"done"}
    plant.send(13.0)
    deliver(plant)
    signal = Signal.objects.select_related("header", "header__site").get()
    assert [task.state for task in told("loop.plan")] == ["open"]
    about: dict[str, Any] = {"signal": signal, "actor": ENGINEER, "now": plant.now}
    monitoring.acknowledge_signal(**about)
    monitoring.state_cause(cause="worn insert", event_code="tool", **about)
    monitoring.record_action(action="changed it", reaction_step="1", **about)
    monitoring.close_signal(**about)
    deliver(plant)
    assert [task.state for task in told("loop.plan")] == ["done"]
    plant.send(*STEADY)
    limits = monitoring.propose_limits(stream=plant.stream, why="new tool", actor=ENGINEER, now=plant.now)
    deliver(plant)
    monitoring.reject_limits(limit_set=limits, reason="too few", actor=staff.approver, now=plant.now)
    deliver(plant)
    assert {task.state for task in told("monitoring.task_limits")} == {"done"}


def test_a_locked_signature_is_on_the_list_of_whoever_manages_access(plant: Plant, staff: Staff) -> None:
    for _ in range(MAX_FAILURES):
        note_failure(actor=staff.approver, now=NOW, action="close")
    deliver(plant)
    task = told("tasks.signing_locked")[0]
    assert (task.assignee, Person.objects.get(username="approver").is_active) == (
        "role:access_administrator",
        True,
    )
    assert "Approver" in task_in_words(task)


def test_proposed_limits_are_on_an_approvers_list_once(staff: Staff) -> None:
    plant = Plant(needed_subgroups=25)
    plant.send(*STEADY)
    plant.work()
    deliver(plant)
    assert [task.assignee for task in told("monitoring.task_limits")] == ["role:approver"]


def test_each_step_puts_the_next_one_on_a_list_and_takes_its_own_off(plant: Plant, staff: Staff) -> None:
    expected = {
        "draft": ["task_report"],
        "reported": ["task_contain"],
        "contained": ["task_engineering", "task_quality"],
        "dispositioned": ["task_execute"],
        "in_execution": ["task_verify"],
        "verified": ["task_close"],
        "closed": [],
        "void": [],
    }
    for state, tasks in expected.items():
        ncr = nonconformance_in(state, site=plant.site, staff=staff, now=plant.now)
        deliver(plant)
        left = Task.objects.filter(header=ncr.pk, state="open").order_by("pk").values_list("what", flat=True)
        assert [what.removeprefix("nonconformance.") for what in left] == tasks, state
        assert all(task_in_words(task) for task in Task.objects.filter(header=ncr.pk))


def test_a_clock_that_was_set_back_keeps_no_reaction_waiting(plant: Plant) -> None:
    plant.send(11.5)
    waiting = Delivery.objects.filter(state="waiting")
    assert waiting.exists()
    waiting.update(claimed_until=to_microseconds(plant.now + CLAIM))  # by a worker that died with it
    while deliver_due(plant.now - timedelta(hours=3)):
        pass
    assert not Delivery.objects.exclude(state="done").exists()


def test_a_claim_and_a_wait_hold_while_the_clock_goes_on(plant: Plant) -> None:
    plant.send(11.5)
    Delivery.objects.filter(state="waiting").update(claimed_until=to_microseconds(plant.now + CLAIM))
    assert deliver_due(plant.now + CLAIM / 2) == 0
    waits = to_microseconds(plant.now + timedelta(seconds=2**MAX_ATTEMPTS))
    Delivery.objects.filter(state="waiting").update(claimed_until=0, due_at=waits)
    assert deliver_due(plant.now) == 0
