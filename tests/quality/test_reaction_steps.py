"""The reaction plan of a control plan on a signal: given once, ticked off by people, asked for at the end."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from charted.plant import NOW, Plant
from gemba.quality.control.monitoring import services
from gemba.quality.control.monitoring.models import Signal
from gemba.quality.control.monitoring.signals import StepAnswer
from gemba.quality.control.nonconformance.factory import Staff, make_staff, proof_of
from gemba.quality.planning.controlplans.factory import plan_in
from gemba.quality.records.models import Delivery, Entry, Site, Task
from gemba.quality.records.outbox import deliver_due
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.tasks import task_in_words
from gemba.quality.records.trail import verify
from gemba.stats.charts import known_limits

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Staff:
    return make_staff(Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin"), now=NOW)


@pytest.fixture
def plant(staff: Staff) -> Plant:
    made = Plant(usl=Decimal(100), suspect_when="never", reaction_plan="Look.", reaction_role="engineer")
    made.send(50.0)
    made.know_limits(known_limits("i-mr", mean=50.0, sigma=1.0))
    return made


def in_force(plant: Plant, staff: Staff) -> str:
    about: dict[str, Any] = {"maker": staff.engineer, "decider": staff.approver, "now": plant.now}
    plan = plan_in("effective", site=plant.site, proof=proof_of(staff.approver), **about)
    deliver(plant)
    return str(plan.header.number)


def signalled(plant: Plant) -> Signal:
    plant.send(60.0)
    deliver(plant)
    return Signal.objects.select_related("header", "header__site").get()


def deliver(plant: Plant) -> None:
    while deliver_due(plant.now + timedelta(seconds=1)):
        pass
    assert not Delivery.objects.exclude(state="done").exists()


def done(*numbers: int) -> list[StepAnswer]:
    return [StepAnswer(number=number, answer="done") for number in numbers]


def refused(call: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code for reason in caught.value.reasons]


def test_a_signal_carries_the_plan_in_force_and_its_owner_is_asked(plant: Plant, staff: Staff) -> None:
    number = in_force(plant, staff)
    signal = signalled(plant)
    assert signal.reaction_from == f"{number} / 10"
    texts = list(signal.steps.order_by("number").values_list("text", flat=True))
    assert texts[0] == "Stop the machine"
    assert len(texts) == 4
    task = Task.objects.get(what="loop.plan")
    assert task.assignee == "role:operator"
    assert "Stop the machine; Sort the parts" in task_in_words(task)
    Delivery.objects.update(state="waiting", claimed_until=0)
    deliver(plant)
    assert signal.steps.count() == 4
    assert verify().sound


def test_it_closes_when_each_step_is_done_or_said_not_to_be_needed(plant: Plant, staff: Staff) -> None:
    in_force(plant, staff)
    signal = signalled(plant)
    operator: dict[str, Any] = {"actor": staff.operator, "now": plant.now}
    engineer: dict[str, Any] = {"actor": staff.engineer, "now": plant.now}

    def tick(*steps: StepAnswer) -> Signal:
        return services.tick_steps(signal=signal, steps=steps, **operator)

    assert refused(lambda: tick(*done(1))) == ["records.wrong_state"]
    services.acknowledge_signal(signal=signal, **operator)
    tick(*done(1))
    assert refused(lambda: tick(StepAnswer(number=9, answer="done"))) == ["monitoring.step_unknown"]
    assert refused(lambda: tick(StepAnswer(number=2, answer="not_needed"))) == ["monitoring.step_words"]
    tick(StepAnswer(number=2, answer="not_needed", words="nothing was made since"), StepAnswer(number=3))
    services.state_cause(signal=signal, cause="worn insert", event_code="tool", **engineer)
    services.record_action(signal=signal, action="changed it", **operator)

    def close() -> Signal:
        return services.close_signal(signal=signal, **engineer)

    assert refused(close) == ["monitoring.step_open", "monitoring.step_open"]
    tick(*done(1, 3, 4))
    first = signal.steps.get(number=1)
    assert (first.done_by, first.answer) == (staff.operator.id, "done")
    close()
    moves = Entry.objects.filter(header=signal.pk, action__startswith="move:tick")
    assert [entry.action for entry in moves.order_by("pk")] == [
        "move:tick",
        "move:tick",
        "move:tick_after_action",
    ]
    assert verify().sound


def test_without_a_plan_there_is_nothing_to_tick_off(plant: Plant, staff: Staff) -> None:
    signal = signalled(plant)
    services.acknowledge_signal(signal=signal, actor=staff.operator, now=plant.now)
    call: dict[str, Any] = {"signal": signal, "actor": staff.operator, "now": plant.now}
    assert refused(lambda: services.tick_steps(steps=(), **call)) == ["monitoring.no_steps"]
    assert Task.objects.get(what="loop.plan").assignee == "role:engineer"
