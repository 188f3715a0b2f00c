"""Readings in order: collected, judged, cut into subgroups, and what happens when judging fails."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import transaction

from charted.plant import OPERATOR, Plant
from gemba.quality import loop
from gemba.quality.control.collecting.models import StoredReading
from gemba.quality.control.monitoring import services
from gemba.quality.control.monitoring.judging import Judge
from gemba.quality.control.monitoring.keeping import read_stream
from gemba.quality.control.monitoring.models import Closing, LimitSet, Point, Signal, Stage, StreamState
from gemba.quality.control.monitoring.points import Passed
from gemba.quality.control.monitoring.points import Point as Judged
from gemba.quality.control.monitoring.queries import chart_view
from gemba.quality.records.actor import Actor
from gemba.quality.records.reasons import Refused
from gemba.quality.records.signatures import Proof
from gemba.quality.records.trail import verify
from gemba.stats.charts import known_limits

pytestmark = pytest.mark.django_db
STEADY = [10.0, 10.2, 9.9, 10.1, 9.8] * 5


def known(plant: Plant, *, sigma: float = 1.0, **chart: object) -> Plant:
    """The plant with a first reading and known limits around 50."""
    plant.send(50.0)
    plant.know_limits(known_limits(plant.input.chart_kind, mean=50.0, sigma=sigma))
    return plant


def test_a_chart_collects_proposes_limits_and_judges_by_them(approver: Actor, proof: Proof) -> None:
    plant = Plant(needed_subgroups=25)
    plant.send(*STEADY)
    plant.work()
    assert LimitSet.objects.get().points == 25
    plant.put_limits_in_force(person=approver, proof=proof)
    plant.send(10.0, 10.1, 30.0, 31.0)
    assert plant.fired()[-4:] == ["", "", "i:1;mr:1", "i:1,5;mr:1"]
    signal = Signal.objects.get()
    assert (signal.points, signal.suspect_after, signal.suspect_to) == (2, plant.ids[-3], plant.ids[-1])
    assert verify().sound


def test_a_chart_without_limits_says_how_many_of_how_many_and_raises_nothing() -> None:
    plant = Plant(needed_subgroups=25)
    plant.send(10.0, 10.1, 99.0, 10.0, 10.2, 9.9, 10.1)
    view = chart_view(plant.stream)
    assert view is not None
    assert (view.collected, view.needed, view.limits) == (7, 25, None)
    assert all(line.center is None for point in view.points for line in point.lines)
    assert not Signal.objects.exists()
    assert [point.second for point in plant.chart()][:2] == [None, pytest.approx(0.1)]


def test_readings_that_are_not_for_statistics_are_no_points() -> None:
    plant = Plant()
    plant.send(10.0, purpose="set-up")
    plant.send(10.0, validity="excluded", note="wrong part")
    plant.send(11.0)
    assert [point.first for point in plant.chart()] == [11.0]


def test_a_characteristic_without_a_chart_is_stored_and_not_judged_until_it_has_one() -> None:
    plant = Plant(chart_kind="")
    plant.send(1.0, 2.0)
    assert not Point.objects.exists()
    plant.change(chart_kind="i-mr")
    plant.send(3.0, 4.0)
    assert [point.first for point in plant.chart()] == [3.0, 4.0]


def test_a_subgroup_closes_when_it_is_full() -> None:
    plant = known(Plant(chart_kind="xbar-r", subgroup_size=3))
    plant.send(51.0)
    assert plant.chart() == []
    plant.send(52.0, 49.0)
    assert [(point.n, point.first, point.second) for point in plant.chart()] == [(3, 51.0, 2.0)]
    assert plant.chart()[0].first_reading == plant.ids[0]


def test_a_subgroup_closes_when_it_is_due_and_is_judged_with_the_members_it_has() -> None:
    plant = known(Plant(chart_kind="xbar-r", subgroup_size=3, subgroup_minutes=10))
    plant.send(52.0)
    assert services.close_due(plant.now + timedelta(minutes=8)) == 0
    assert services.close_due(plant.now + timedelta(minutes=10)) == 1
    assert [(point.n, point.slots, point.first) for point in plant.chart()] == [(2, 2, 51.0)]
    assert Closing.objects.get().how == "due"


def test_a_subgroup_that_is_due_is_closed_before_the_next_reading_even_without_the_job() -> None:
    plant = known(Plant(chart_kind="xbar-r", subgroup_size=2, subgroup_minutes=10))
    plant.now += timedelta(minutes=30)
    plant.send(60.0)
    assert [(point.n, point.first) for point in plant.chart()] == [(1, 50.0)]


def test_what_a_judge_of_an_earlier_version_remembers_is_read() -> None:
    plant = known(Plant(rules="nelson"))
    plant.send(50.1, 52.4, 50.2)
    row = StreamState.objects.get()
    held = json.loads(row.state)
    whole = [[getattr(point, name) for name in Passed._fields] for point in plant.chart()[1:]]
    assert [item for item in held["judge"]["recent"] if item in whole] == whole
    held["judge"]["recent"] = [[getattr(p, name) for name in Judged._fields] for p in plant.chart()]
    StreamState.objects.update(state=json.dumps(held), stamp=row.stamp + 1)
    plant.send(52.5)
    assert plant.fired()[-1].startswith("i:5")
    signal = Signal.objects.get()
    assert signal.rules[0]["points"] == [list(p[:3]) for p in points_named(plant, 2, 4)]
    assert signal.suspect_after == plant.ids[1]


def points_named(plant: Plant, *places: int) -> list[tuple[int, int, int]]:
    chart = plant.chart()
    return [(chart[place].position, chart[place].sequence, chart[place].at) for place in places]


def test_a_person_closes_a_subgroup() -> None:
    plant = known(Plant(chart_kind="xbar-r", subgroup_size=5))
    services.close_subgroup(stream=plant.stream, reason="shift ends", actor=OPERATOR, now=plant.now)
    assert [(point.n, point.first) for point in plant.chart()] == [(1, 50.0)]
    assert (Closing.objects.get().how, Closing.objects.get().actor) == ("person", OPERATOR.id)
    with pytest.raises(Refused) as caught:
        services.close_subgroup(stream=plant.stream, actor=OPERATOR, now=plant.now)
    assert [reason.code for reason in caught.value.reasons] == ["monitoring.no_open_subgroup"]


def test_subgroups_of_two_names_fill_side_by_side() -> None:
    plant = Plant(chart_kind="xbar-r", subgroup_size=2)
    readings = [plant.reading(v, subgroup=s) for v, s in ((1, "a"), (5, "b"), (3, "a"), (9, "b"))]
    plant.deliver(readings)
    assert [(point.subgroup, point.first) for point in plant.chart()] == [("a", 2.0), ("b", 7.0)]


def test_a_straggler_joins_its_closed_subgroup_and_both_judgements_stay() -> None:
    plant = Plant(chart_kind="xbar-r", subgroup_size=3, subgroup_minutes=10)
    plant.send(1.0, 2.0, subgroup="lot 7")
    services.close_due(plant.now + timedelta(minutes=10))
    plant.send(9.0, subgroup="lot 7")
    assert [(point.n, point.first) for point in plant.chart()] == [(2, 1.5)]
    plant.work()
    assert [(point.n, point.first) for point in plant.chart()] == [(3, 4.0)]
    assert list(Point.objects.order_by("judgement").values_list("judgement", "n")) == [(1, 2), (2, 3)]


def test_a_late_reading_is_judged_at_its_place() -> None:
    plant = known(Plant())
    missing = plant.skip()
    plant.send(51.0, 52.0)
    plant.deliver([plant.reading(58.0, sequence=missing)])
    assert chart_view(plant.stream).rejudging  # type: ignore[union-attr]
    plant.work()
    assert [point.first for point in plant.chart()] == [50.0, 58.0, 51.0, 52.0]
    assert plant.fired()[1] == "i:1;mr:1"
    assert Signal.objects.get().suspect_to == plant.ids[-1]


def test_two_senders_are_in_the_order_of_arrival_each_in_its_own() -> None:
    plant = Plant()
    for value, source, sequence in ((1, "a", 1), (2, "b", 1), (3, "a", 3), (4, "a", 2), (5, "b", 2)):
        plant.deliver([plant.reading(value, source=source, sequence=sequence)])
    plant.work()
    assert [point.first for point in plant.chart()] == [1.0, 2.0, 4.0, 3.0, 5.0]


def test_other_rules_begin_a_stage_and_keep_the_limits_another_chart_collects_anew() -> None:
    plant = known(Plant(rules="1"))
    plant.send(50.4)
    plant.change(rules="nelson")
    plant.send(*[50.5, 50.4] * 4, 50.7)
    assert plant.fired()[-2:] == ["", "i:2"]
    plant.change(chart_kind="xbar-r", subgroup_size=2)
    plant.send(50.0, 51.0)
    held = read_stream(plant.stream)
    assert held is not None
    assert (held.judge.limits, held.collected) == (None, 1)
    assert Stage.objects.count() == 4


def test_a_judge_that_fails_loses_no_reading_and_raises_a_signal_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant = known(Plant())
    whole = Judge.judge_ready

    def broken(*given: object) -> None:
        raise ZeroDivisionError("float division by zero")

    monkeypatch.setattr(Judge, "judge_ready", broken)
    plant.send(51.0, 52.0)
    plant.send(53.0)
    assert StoredReading.objects.count() == 4
    assert Point.objects.filter(fault__contains="float division by zero").count() == 2
    signal = Signal.objects.select_related("header").get()
    assert (signal.about, signal.severity, signal.header.state) == ("judge", 3, "open")
    assert services.rejudge_due(plant.now) == 0
    monkeypatch.setattr(Judge, "judge_ready", whole)
    plant.send(54.0)
    plant.work()
    assert [point.first for point in plant.chart()] == [50.0, 51.0, 52.0, 53.0, 54.0]
    assert plant.fired()[-1] == "i:1,5"
    assert Signal.objects.get(about="judge").header.state == "withdrawn"
    assert verify().sound


def test_a_state_that_cannot_be_read_is_built_anew_from_the_readings() -> None:
    plant = known(Plant())
    plant.send(51.0, 49.0)
    StreamState.objects.update(state='{"judge": 1}', stamp=7)
    plant.send(57.0)
    plant.work()
    assert [point.first for point in plant.chart()] == [50.0, 51.0, 49.0, 57.0]
    assert plant.fired()[-1] == "i:1;mr:1"


def test_what_a_rolled_back_batch_did_to_the_chart_is_forgotten() -> None:
    plant = known(Plant())
    plant.send(51.0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 (fails at its end)
        loop.receive([plant.reading(99.0)], actor=OPERATOR, now=plant.now)
        _ = 1 / 0
    plant.sequence -= 1
    plant.send(52.0)
    assert [point.first for point in plant.chart()] == [50.0, 51.0, 52.0]
    assert plant.chart()[-1].second == 1.0
    assert not Signal.objects.exists()
