"""Limits known beforehand: given with their source, signed by another, and the chart judges by them."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from charted.plant import CHECKER, ENGINEER, OPERATOR, Plant
from gemba.quality.control.monitoring import services
from gemba.quality.control.monitoring.models import LimitSet, StreamState
from gemba.quality.control.monitoring.queries import limit_set
from gemba.quality.control.monitoring.study import name_of
from gemba.quality.records.actor import Actor
from gemba.quality.records.models import Task
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.signatures import Proof
from gemba.quality.records.trail import verify
from gemba.stats.charts import Limits, known_limits

pytestmark = pytest.mark.django_db
SOURCE = "study of March on the sister line"


def charted(**about: Any) -> Plant:
    plant = Plant(needed_subgroups=10, **about)
    plant.send(*([10.0] * int(about.get("subgroup_size", 1))))
    return plant


def give(plant: Plant, **more: Any) -> LimitSet:
    asked: dict[str, Any] = {"source": SOURCE, "actor": ENGINEER} | more
    numbers: dict[str, Any] = {
        name: Decimal(str(value)) if isinstance(value, int | float) else value
        for name, value in asked.items()
    }
    return services.give_limits(stream=plant.stream, now=plant.now, **numbers)


def held(record: LimitSet) -> Limits:
    return Limits.from_dict(json.loads(limit_set(record.pk).limits))


def refused(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code for reason in caught.value.reasons]


def test_given_mean_and_sigma_judge_from_their_approval_on(approver: Actor, proof: Proof) -> None:
    plant = charted()
    record = give(plant, mean=10, sigma=0.2)
    assert (record.header.state, record.points, record.stable, record.why) == ("proposed", 0, None, SOURCE)
    assert held(record).lines(1) == known_limits("i-mr", mean=10, sigma=0.2).lines(1)
    assert Task.objects.get(header=record.header).what == "monitoring.task_given"
    assert StreamState.objects.get().limits is None, "nothing is judged by them before somebody signs"
    plant.put_limits_in_force(person=approver, proof=proof)
    plant.send(10.1, 10.7)
    assert plant.fired()[-1] == "i:1"
    assert verify().sound


def test_two_limits_say_mean_and_sigma() -> None:
    plant = charted(chart_kind="xbar-r", subgroup_size=4)
    limits = held(give(plant, lower_limit=9.7, upper_limit=10.3))
    assert limits.mean == 10.0
    assert limits.sigma == pytest.approx(0.2)
    assert limits.lines(4)[0][1:3] == pytest.approx((9.7, 10.3))


@pytest.mark.parametrize(
    ("about", "given", "codes"),
    [
        ({}, {"mean": 10, "sigma": 1, "source": " "}, ["monitoring.source_missing"]),
        ({}, {"mean": 10, "sigma": 1, "lower_limit": 7, "upper_limit": 13}, ["monitoring.given_twice"]),
        ({}, {"lower_limit": 7}, ["monitoring.given_one_limit"]),
        ({}, {"lower_limit": 13, "upper_limit": 7}, ["monitoring.given_order"]),
        ({"chart_kind": "ewma"}, {"lower_limit": 7, "upper_limit": 13}, ["monitoring.given_as_parameters"]),
        ({"chart_kind": "z-mr"}, {"mean": 10, "sigma": 1}, ["monitoring.given_several"]),
        ({}, {"mean": 10}, ["monitoring.given_impossible"]),
        ({}, {"mean": 10, "sigma": -1}, ["monitoring.given_impossible"]),
        ({}, {}, ["monitoring.given_impossible"]),
        ({}, {"mean": 10, "sigma": 1, "actor": OPERATOR}, ["records.no_right"]),
    ],
)
def test_what_cannot_be_limits_is_refused_with_every_reason(
    about: dict[str, Any], given: dict[str, Any], codes: list[str]
) -> None:
    plant = Plant(needed_subgroups=10, **about)
    beside: dict[str, Any] = {"part": "A"} if about.get("chart_kind") == "z-mr" else {}
    plant.deliver([plant.reading("10", sequence=None, **beside)])
    assert refused(lambda: give(plant, **given)) == codes
    assert not LimitSet.objects.exists()


def test_a_stream_has_one_proposal_at_a_time_and_given_limits_have_no_points_to_leave_out(
    approver: Actor, proof: Proof
) -> None:
    plant = charted()
    record = give(plant, mean=10, sigma=0.2)
    assert refused(lambda: give(plant, mean=10, sigma=0.3)) == ["monitoring.proposed_already"]
    edit = lambda: services.edit_limits(  # noqa: E731
        limit_set=record, excluded={"1": "tool broke"}, actor=CHECKER, now=plant.now
    )
    assert refused(edit) == ["monitoring.given_points"]
    plant.put_limits_in_force(person=approver, proof=proof)
    plant.send(10.1)
    point = name_of((plant.chart()[-1].position, plant.chart()[-1].sequence))
    out = lambda: services.leave_out(  # noqa: E731
        stream=plant.stream, point=point, cause="tool broke", actor=ENGINEER, now=plant.now
    )
    assert refused(out) == ["monitoring.given_points"]
