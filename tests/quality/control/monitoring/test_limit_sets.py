"""Limits: proposed once, changed by name and cause, signed by another, in force from a moment on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from charted.plant import CHECKER, ENGINEER, OPERATOR, Plant
from gemba.quality.control.monitoring import limit_sets, services
from gemba.quality.control.monitoring.models import LimitSet, Point, Signal, Stage, StreamState
from gemba.quality.control.monitoring.queries import limit_set
from gemba.quality.control.monitoring.study import name_of
from gemba.quality.records.actor import Actor
from gemba.quality.records.models import Event, Header, Signature, Task
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.signatures import Proof
from gemba.stats.charts import control_chart

pytestmark = pytest.mark.django_db
STEADY = [10.0, 10.2, 9.9, 10.1, 9.8, 10.3, 10.0, 9.7, 10.1, 10.0]


def newest() -> LimitSet:
    return limit_set(LimitSet.objects.latest("pk").pk)


def collected(**chart: object) -> Plant:
    plant = Plant(needed_subgroups=10, **chart)
    plant.send(*STEADY)
    plant.work()
    return plant


def name(plant: Plant, place: int) -> str:
    return name_of((plant.chart()[place].position, plant.chart()[place].sequence))


def codes(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code for reason in caught.value.reasons]


def test_limits_are_those_of_the_statistics_floor_and_wait_for_a_person() -> None:
    plant = collected()
    found = newest()
    chart = control_chart("i-mr", STEADY)
    held = chart.limits.to_dict()
    assert (found.header.state, found.points, found.stable) == ("proposed", 10, chart.stable)
    assert f'"sigma":{held["sigma"]}' in found.limits
    task = Task.objects.get(header=found.header)
    assert (task.what, task.assignee) == ("monitoring.task_limits", "role:approver")
    assert Event.objects.filter(name="LimitsProposed").count() == 1
    plant.send(*STEADY)
    plant.work()
    assert LimitSet.objects.count() == 1


def test_of_very_many_points_the_newest_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limit_sets, "MOST_STUDIED", 12)
    plant = Plant(needed_subgroups=10)
    plant.send(*STEADY, *STEADY, *STEADY[:5])
    plant.work()
    chart = control_chart("i-mr", [*STEADY[3:], *STEADY[:5]])
    assert newest().points == 12
    assert f'"sigma":{chart.limits.to_dict()["sigma"]}' in newest().limits


def test_subgroups_keep_their_values_in_the_study() -> None:
    plant = Plant(chart_kind="xbar-r", subgroup_size=2, needed_subgroups=5)
    plant.send(*STEADY)
    plant.work()
    chart = control_chart("xbar-r", STEADY, size=2)
    assert f'"sigma":{chart.limits.sigma}' in newest().limits
    assert newest().points == 5


def test_a_point_is_left_out_by_its_name_or_by_the_place_that_the_words_give_it() -> None:
    plant = collected()
    by_place = services.edit_limits(
        limit_set=newest(), excluded={"2": "tool broke"}, actor=ENGINEER, now=plant.now
    )
    assert [item["point"] for item in by_place.excluded] == [name(plant, 1)]
    unknown = lambda: services.edit_limits(  # noqa: E731
        limit_set=newest(), excluded={"11": "tool broke"}, actor=ENGINEER, now=plant.now
    )
    assert codes(unknown) == ["monitoring.point_unknown"]


def test_whoever_proposed_or_changed_limits_does_not_approve_them(approver: Actor, proof: Proof) -> None:
    plant = collected()
    both = Actor(approver.kind, approver.id, approver.name, approver.grants | {("engineer", "*")})
    services.edit_limits(
        limit_set=newest(), excluded={name(plant, 1): "tool broke"}, why="tool", actor=both, now=plant.now
    )
    approve = lambda: plant.put_limits_in_force(person=approver, proof=proof)  # noqa: E731
    assert codes(approve) == ["records.own_work"]


def test_approval_needs_a_signature_and_a_role(approver: Actor) -> None:
    plant = collected()
    unsigned = lambda: services.approve_limits(  # noqa: E731
        limit_set=newest(), valid_from=plant.now, actor=OPERATOR, now=plant.now
    )
    assert codes(unsigned) == ["records.role_missing", "records.signature_missing"]
    assert StreamState.objects.get().limits is None
    assert approver.has_role("approver", "HAL")


def test_approved_limits_are_signed_and_say_from_when_they_hold(approver: Actor, proof: Proof) -> None:
    plant = collected()
    found = plant.put_limits_in_force(person=approver, proof=proof)
    assert found.header.state == "approved"
    assert Signature.objects.get(header=found.header).meaning == "approved"
    assert Stage.objects.latest("pk").limits == found.pk
    plant.send(10.0, 14.0)
    assert plant.fired() == [*[""] * 11, "i:1;mr:1"]


def test_a_point_is_left_out_only_by_its_name_and_with_a_cause(approver: Actor, proof: Proof) -> None:
    plant = collected()

    def edit(excluded: dict[str, str]) -> LimitSet:
        about = {"actor": ENGINEER, "now": plant.now}
        return services.edit_limits(limit_set=newest(), excluded=excluded, **about)  # type: ignore[arg-type]

    assert codes(lambda: edit({"99.99": "x"})) == ["monitoring.point_unknown"]
    assert codes(lambda: edit({name(plant, 5): " "})) == ["monitoring.exclusion_reason"]
    edit({name(plant, 5): "tool broke"})
    assert (newest().points, newest().excluded[0]["reason"]) == (9, "tool broke")
    assert plant.put_limits_in_force(person=approver, proof=proof).header.state == "approved"


def test_limits_from_a_moment_that_has_passed_judge_the_points_since_then_anew(
    approver: Actor, proof: Proof
) -> None:
    plant = collected()
    began = plant.now
    plant.send(10.0, 14.0)
    assert not Signal.objects.exists()
    services.approve_limits(
        limit_set=newest(),
        valid_from=began + timedelta(seconds=1),
        actor=approver,
        now=plant.now,
        proof=proof,
    )
    plant.work()
    assert plant.fired()[-2:] == ["", "i:1;mr:1"]
    assert [point.limits for point in plant.chart()][:10] == [None] * 10
    assert Signal.objects.count() == 1
    assert Point.objects.filter(judgement=2).count() == 2


def test_limits_from_a_later_moment_begin_with_the_first_point_behind_it(
    approver: Actor, proof: Proof
) -> None:
    plant = collected()
    services.approve_limits(
        limit_set=newest(),
        valid_from=plant.now + timedelta(minutes=2),
        actor=approver,
        now=plant.now,
        proof=proof,
    )
    plant.send_each(14.0, 14.0, 14.0)
    assert [point.limits is not None for point in plant.chart()][-3:] == [False, True, True]


def test_new_limits_say_why_and_supersede_the_old_ones(approver: Actor, proof: Proof) -> None:
    plant = collected()
    first = plant.put_limits_in_force(person=approver, proof=proof)
    plant.send(*STEADY)
    plant.work()
    assert LimitSet.objects.count() == 1
    services.propose_limits(stream=plant.stream, actor=ENGINEER, now=plant.now)
    again = lambda: services.propose_limits(stream=plant.stream, actor=ENGINEER, now=plant.now)  # noqa: E731
    assert codes(again) == ["monitoring.proposed_already"]
    assert codes(lambda: plant.put_limits_in_force(person=approver, proof=proof)) == [
        "monitoring.why_missing"
    ]
    services.edit_limits(limit_set=newest(), excluded={}, why="new tool", actor=ENGINEER, now=plant.now)
    second = plant.put_limits_in_force(person=approver, proof=proof)
    assert Header.objects.get(pk=first.pk).state == "superseded"
    assert (second.replaces, second.why) == (first.pk, "new tool")


def test_rejected_limits_leave_the_chart_as_it_was_and_a_person_may_propose_again() -> None:
    plant = collected()
    services.reject_limits(limit_set=newest(), reason="two tools", actor=CHECKER, now=plant.now)
    plant.work()
    assert LimitSet.objects.count() == 1
    services.propose_limits(
        stream=plant.stream, excluded={name(plant, 5): "tool broke"}, actor=ENGINEER, now=plant.now
    )
    assert newest().points == 9


def test_limits_of_another_chart_are_refused(approver: Actor, proof: Proof) -> None:
    plant = collected()
    plant.change(chart_kind="xbar-r", subgroup_size=2)
    plant.send(10.0, 10.1)
    assert codes(lambda: plant.put_limits_in_force(person=approver, proof=proof)) == [
        "monitoring.other_chart"
    ]


def test_nobody_without_the_role_proposes() -> None:
    plant = Plant()
    plant.send(1.0)

    def propose(actor: Actor) -> LimitSet:
        return services.propose_limits(stream=plant.stream, actor=actor, now=plant.now)

    assert codes(lambda: propose(OPERATOR)) == ["records.no_right"]
    assert codes(lambda: propose(ENGINEER)) == ["monitoring.no_limits"]
