"""What a person does by pointing at a point, what one point tells, and which points a window shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charted.plant import CHECKER, ENGINEER, OPERATOR, Plant
from gemba.quality.control.monitoring import services
from gemba.quality.control.monitoring.drawn import drawn_chart
from gemba.quality.control.monitoring.happenings import Happening, events_of
from gemba.quality.control.monitoring.history import PointHistory, point_history
from gemba.quality.control.monitoring.models import LimitSet, Stage
from gemba.quality.control.monitoring.queries import chart_view, limit_set, streams_of
from gemba.quality.control.monitoring.screen import LIMIT_SET_SCREEN
from gemba.quality.control.monitoring.sparks import sparks_of
from gemba.quality.control.monitoring.stored import points_in
from gemba.quality.control.monitoring.window import WITHOUT_LIMITS, Window, key_of
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.signatures import Proof
from gemba.stats.charts import control_chart, known_limits

pytestmark = pytest.mark.django_db
STEADY = [10.0, 10.2, 9.9, 10.1, 9.8, 10.3, 10.0, 9.7, 10.1, 10.0]
LOWER = [9.0, 9.2, 8.9, 9.1, 8.8, 9.3, 9.0, 8.7, 9.1, 9.0]


def newest() -> LimitSet:
    return limit_set(LimitSet.objects.latest("pk").pk)


def names(plant: Plant) -> list[str]:
    return [f"{point.position}.{point.sequence}" for point in plant.chart()]


def codes(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code for reason in caught.value.reasons]


@pytest.fixture
def changed(approver: Actor, proof: Proof) -> Plant:
    """Limits in force, then the process is set lower; each reading has a moment of its own."""
    plant = Plant(needed_subgroups=10)
    plant.send_each(*STEADY)
    plant.work()
    plant.put_limits_in_force(person=approver, proof=proof)
    plant.send_each(*LOWER)
    return plant


def test_a_stage_begins_at_the_point_that_was_pointed_at_once_another_signs(
    changed: Plant, approver: Actor, proof: Proof
) -> None:
    first = names(changed)[10]
    made = services.start_stage(
        stream=changed.stream, point=first, why="new insert", actor=ENGINEER, now=changed.now
    )
    assert (made.header.state, made.points, made.why) == ("proposed", 10, "new insert")
    assert f'"mean":{control_chart("i-mr", LOWER).limits.mean}' in made.limits
    assert {point.limits for point in changed.chart()[10:]} == {made.replaces}
    approval = LIMIT_SET_SCREEN.moves["approve"]
    assert approval.present is not None
    wanted = approval.present(newest())
    assert wanted == {"valid_from": from_microseconds(changed.chart()[10].at), "why": "new insert"}
    own = lambda: services.approve_limits(  # noqa: E731
        limit_set=newest(), **wanted, actor=ENGINEER, now=changed.now, proof=proof
    )
    assert "records.same_person" in codes(own) or "records.role_missing" in codes(own)
    services.approve_limits(limit_set=newest(), **wanted, actor=approver, now=changed.now, proof=proof)
    changed.work()
    assert Stage.objects.latest("pk").position == changed.chart()[10].position
    assert {point.limits for point in changed.chart()[10:]} == {made.pk}
    assert made.pk not in {point.limits for point in changed.chart()[:10]}


@pytest.mark.parametrize(
    ("point", "why", "actor", "code"),
    [
        (10, " ", ENGINEER, "monitoring.why_missing"),
        (10, "new insert", OPERATOR, "records.no_right"),
        (19, "new insert", ENGINEER, "monitoring.no_limits"),
        ("7.8", "new insert", ENGINEER, "monitoring.point_unknown"),
        ("first", "new insert", ENGINEER, "monitoring.point_unknown"),
    ],
)
def test_a_stage_is_refused_in_words(
    changed: Plant, point: int | str, why: str, actor: Actor, code: str
) -> None:
    named = names(changed)[point] if isinstance(point, int) else point
    about: dict[str, Any] = {"stream": changed.stream, "actor": actor, "now": changed.now}
    assert codes(lambda: services.start_stage(point=named, why=why, **about)) == [code]
    assert LimitSet.objects.count() == 1


def test_a_point_is_left_out_of_the_limits_in_force_as_a_proposal_and_taken_back(changed: Plant) -> None:
    wild = names(changed)[5]
    about: dict[str, Any] = {"stream": changed.stream, "actor": ENGINEER, "now": changed.now}
    before = newest()
    made = services.leave_out(point=wild, cause="tool broke", **about)
    assert (made.replaces, made.points, made.why) == (before.pk, 9, "tool broke")
    assert [(item["point"], item["reason"]) for item in made.excluded] == [(wild, "tool broke")]
    other = services.leave_out(point=names(changed)[7], cause="wrong gauge", **about)
    assert (other.pk, other.points) == (made.pk, 8)
    back = services.take_back(point=wild, why="it was the gauge after all", **about)
    assert [item["reason"] for item in back.excluded] == ["wrong gauge"]
    assert {point.limits for point in changed.chart()[10:]} == {before.pk}
    history = point_history(changed.stream, key_of(names(changed)[7]) or (0, 0))
    assert history is not None
    assert [(item.state, item.reason) for item in history.excluded] == [("proposed", "wrong gauge")]


def test_what_cannot_be_left_out_is_refused_in_words(changed: Plant) -> None:
    about: dict[str, Any] = {"stream": changed.stream, "actor": ENGINEER, "now": changed.now}
    place = names(changed)
    assert codes(lambda: services.leave_out(point=place[3], cause=" ", **about)) == [
        "monitoring.exclusion_reason"
    ]
    assert codes(lambda: services.leave_out(point=place[15], cause="tool broke", **about)) == [
        "monitoring.point_unknown"
    ]
    assert codes(lambda: services.take_back(point=place[3], why="seen again", **about)) == [
        "monitoring.not_left_out"
    ]
    assert codes(lambda: services.take_back(point=place[3], why="", **about)) == ["monitoring.why_missing"]
    fresh = Plant(name="Length")
    fresh.sequence = 1000
    fresh.send(1.0, 2.0)
    about["stream"] = fresh.stream
    assert codes(lambda: services.leave_out(point=names(fresh)[0], cause="x", **about)) == [
        "monitoring.nothing_to_leave_out"
    ]


def test_a_stage_does_not_reach_back_over_another_kind_of_chart(changed: Plant) -> None:
    old = names(changed)[2]
    changed.change(chart_kind="xbar-r", subgroup_size=2)
    changed.send_each(*STEADY)
    call = lambda: services.start_stage(  # noqa: E731
        stream=changed.stream, point=old, why="new insert", actor=ENGINEER, now=changed.now
    )
    assert codes(call) == ["monitoring.other_chart"]


def test_a_point_tells_both_judgements_and_its_readings(changed: Plant) -> None:
    wrong = changed.send(505.0)[0]
    changed.amend(wrong, "9.1", "remeasure")
    changed.work()
    found = told(changed, names(changed)[-1])
    assert [item.panels[0].value for item in found.judgements] == [505.0, 9.1]
    assert [("i", "1") in item.fired for item in found.judgements] == [True, True]
    assert all(item.limit_set == str(newest().header.number) for item in found.judgements)
    assert found.judgements[0].at < found.judgements[1].at
    assert found.readings == (wrong,)
    assert found.holds.panels[0].ucl is not None
    assert (found.before, found.behind) == (names(changed)[-2], "")
    assert point_history(changed.stream, (7, 8)) is None


def test_a_subgroup_names_its_readings_in_their_order() -> None:
    plant = Plant(chart_kind="xbar-r", subgroup_size=3)
    ids = plant.send(*STEADY[:9])
    found = told(plant, names(plant)[1])
    assert found.readings == tuple(ids[3:6])
    assert (found.size, found.before, found.behind) == (3, names(plant)[0], names(plant)[2])


def told(plant: Plant, name: str) -> PointHistory:
    found = point_history(plant.stream, key_of(name) or (0, 0))
    assert found is not None
    return found


def test_a_window_shows_the_points_of_a_time_or_of_a_stage(changed: Plant) -> None:
    points = changed.chart()
    shown = points_in(changed.stream, Window(since=points[4].at, until=points[8].at))
    assert [item.point.key for item in shown] == [(p.position, p.sequence) for p in points[4:9]]
    assert len(points_in(changed.stream, Window(stage=WITHOUT_LIMITS))) == 10
    assert len(points_in(changed.stream, Window(stage=newest().pk))) == 10
    assert len(points_in(changed.stream, Window(last=3, stage=newest().pk))) == 3
    view = chart_view(changed.stream, window=Window(stage=newest().pk, last=4))
    assert view is not None
    assert [point.limits for point in view.points] == [newest().pk] * 4


def test_a_drawn_chart_names_its_points_and_shows_what_happened(changed: Plant) -> None:
    changed.send(9.0, lot="L-1", gauge="G-1", stream={"tool": "T1"})
    changed.send(9.1, lot="L-1", gauge="G-2", stream={"tool": "T1"})
    changed.send(9.1, lot="L-2", gauge="G-2", stream={"tool": "T2", "heat": "H-9"})
    services.leave_out(
        stream=changed.stream, point=names(changed)[5], cause="tool broke", actor=ENGINEER, now=changed.now
    )
    also = [Happening(changed.chart()[12].at, "CAPA-1 took effect"), Happening(1, "long before")]
    drawn = drawn_chart(changed.stream, window=Window(), also=also)
    assert drawn is not None
    assert list(drawn.names) == names(changed)
    text = json.dumps(drawn.figure.spec)
    for words in ("Gauge G-2", "Lot L-2", "Tool T2", "CAPA-1 took effect", "(tool broke)"):
        assert words in text, words
    assert "long before" not in text
    assert drawn_chart(changed.stream, window=Window(until=1)) is None
    assert "The newest" not in drawn.figure.alt
    newest = drawn_chart(changed.stream, window=Window(last=12))
    assert newest is not None
    assert newest.figure.alt.endswith("The newest 12 points.")
    assert newest.figure.spec["title"]["subtitle"][-1] == "The newest 12 points"


def test_what_changes_with_every_piece_is_no_event() -> None:
    plant = Plant()
    plant.deliver([plant.reading(10.0, lot=f"piece {i}", gauge="G") for i in range(30)])
    points = [item.point for item in points_in(plant.stream, Window())]
    assert events_of(points) == ()


def test_a_drawn_chart_takes_a_fixed_number_of_queries() -> None:
    plant = Plant(rules="nelson")
    plant.send(50.0)
    plant.know_limits(known_limits("i-mr", mean=50.0, sigma=1.0))
    plant.send(*[50.0 + (number % 7 - 3) / 2 for number in range(60)])

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            drawn_chart(plant.stream, window=Window(last=500))
        return len(captured)

    before = asked()
    plant.send(*[50.0 + (number % 5 - 2) / 2 for number in range(200)])
    assert asked() == before <= 10


@pytest.mark.parametrize(
    ("name", "key"),
    [("12.3", (12, 3)), ("12.-3", (12, -3)), ("12", None), ("a.b", None), ("1.2.3", None), ("²2.1", None)],
)
def test_a_name_of_a_point_is_two_plain_numbers(name: str, key: tuple[int, int] | None) -> None:
    assert key_of(name) == key


def test_whoever_may_not_study_leaves_nothing_out(changed: Plant) -> None:
    about: dict[str, Any] = {"stream": changed.stream, "actor": OPERATOR, "now": changed.now}
    assert codes(lambda: services.leave_out(point=names(changed)[3], cause="tool broke", **about)) == [
        "records.no_right"
    ]
    services.leave_out(
        stream=changed.stream, point=names(changed)[3], cause="tool broke", actor=CHECKER, now=changed.now
    )
    assert codes(lambda: services.take_back(point=names(changed)[3], why="no", **about)) == [
        "records.no_right"
    ]


def test_small_charts_of_many_streams_take_two_questions_and_say_what_they_show() -> None:
    plant = Plant(rules="1", stream_keys="machine")
    for machine in ("M1", "M2", "M3"):
        plant.send(50.0, stream={"machine": machine})
    plant.know_limits(known_limits("i-mr", mean=50.0, sigma=1.0))
    for machine in ("M1", "M2", "M3"):
        plant.send(*[50.0 + (n % 5 - 2) / 2 for n in range(60)], 56.0, stream={"machine": machine})
    streams = streams_of(plant.characteristic.pk)
    with CaptureQueriesContext(connection) as captured:
        found = sparks_of([*streams, 999_999])
    assert len(captured) == 2
    assert set(found) == set(streams)
    assert found[streams[0]].words == "40 points, the newest 56. 1 breaks a rule."
    assert 'class="spark-signal"' in found[streams[0]].svg
    fresh = Plant(name="Length")
    fresh.sequence = 1000
    fresh.send(1.0, 2.0)
    assert sparks_of([fresh.stream])[fresh.stream].words == "2 points, the newest 2. No limits yet."
    assert sparks_of([]) == {}
