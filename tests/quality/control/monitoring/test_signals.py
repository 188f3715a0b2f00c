"""A signal is an episode: one for a shift, with its cause, its action and its end."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from charted.plant import ENGINEER, INSPECTOR, OPERATOR, Plant
from gemba.quality.control.monitoring import services
from gemba.quality.control.monitoring.models import Point, Signal
from gemba.quality.control.monitoring.queries import open_signals, words_of
from gemba.quality.control.monitoring.queries import signal as signal_by_id
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.advance import advance, answers
from gemba.quality.records.models import Event
from gemba.quality.records.reasons import Refused, in_words
from gemba.stats.charts import known_limits

pytestmark = pytest.mark.django_db
GOOD = [50.3, 48.9, 49.6, 51.1, 50.5, 49.2, 49.8, 51.2, 50.4, 48.8, 49.7, 50.9]
NOBODY = Actor("person", "person:999", "Nemo")


@pytest.fixture
def plant() -> Plant:
    made = Plant(rules="platform")
    made.send(50.0)
    made.know_limits(known_limits("i-mr", mean=50.0, sigma=1.0))
    return made


def raised() -> list[dict[str, object]]:
    return [json.loads(event.payload) for event in Event.objects.filter(name="SignalRaised").order_by("id")]


def only() -> Signal:
    return signal_by_id(Signal.objects.latest("pk").pk)


def codes(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code for reason in caught.value.reasons]


def finish(plant: Plant, cause: str = "worn stop") -> Signal:
    """Take the open signal to its end."""
    about = {"actor": ENGINEER, "now": plant.now}
    services.acknowledge_signal(signal=only(), **about)  # type: ignore[arg-type]
    services.state_cause(signal=only(), cause=cause, event_code="E12", **about)  # type: ignore[arg-type]
    services.record_action(signal=only(), action="stop changed", reaction_step="2", **about)  # type: ignore[arg-type]
    return services.close_signal(signal=only(), **about)  # type: ignore[arg-type]


def test_one_shift_gives_one_signal_and_one_event_and_its_points_say_so(plant: Plant) -> None:
    for _ in range(8):
        plant.send(*[54.0, 54.3, 53.9, 54.1, 54.2] * 10)
    signal = only()
    assert Signal.objects.count() == 1
    assert len(raised()) == 1
    assert Point.objects.filter(signal=signal.pk).count() == 400
    assert {(item["panel"], item["rule"]) for item in signal.rules} >= {("i", "1"), ("i", "2"), ("i", "5")}


def test_an_event_says_that_the_severity_rises(plant: Plant) -> None:
    plant.send(*[51.0, 50.8, 51.2, 50.9, 51.1, 50.7, 51.0, 50.9, 51.1])
    plant.send(56.0)
    assert [(event["severity"], event["rise"]) for event in raised()] == [(2, False), (3, True)]
    assert only().severity == 3


def test_the_suspect_range_begins_behind_the_last_good_point(plant: Plant) -> None:
    ids = plant.send(49.9, 50.1, 51.0, 50.8, 51.2, 50.9, 51.1, 50.7, 51.0, 50.9)
    signal = only()
    assert (signal.suspect_after, signal.suspect_to) == (ids[0], ids[-1])
    assert [point[0] for point in signal.rules[0]["points"]] == ids[1:]


def test_a_signal_goes_its_way_and_closing_asks_for_event_code_and_reaction(plant: Plant) -> None:
    plant.send(56.0)
    now = plant.now
    services.acknowledge_signal(signal=only(), actor=OPERATOR, now=now)
    none = lambda: services.state_cause(signal=only(), cause=" ", actor=ENGINEER, now=now)  # noqa: E731
    assert codes(none) == ["records.field_missing"]
    services.state_no_cause(signal=only(), reason="looked at tool and coolant", actor=INSPECTOR, now=now)
    services.state_cause(signal=only(), cause="worn stop", actor=ENGINEER, now=now)
    services.record_action(signal=only(), action="stop changed", actor=OPERATOR, now=now)
    close = lambda: services.close_signal(signal=only(), actor=ENGINEER, now=now)  # noqa: E731
    assert codes(close) == ["monitoring.event_code_missing", "monitoring.reaction_missing"]
    services.close_signal(signal=only(), event_code="E12", reaction_step="2", actor=ENGINEER, now=now)
    assert only().header.state == "closed"
    assert open_signals(stream=plant.stream) == []


def test_nobody_without_a_role_takes_a_step_and_no_person_withdraws(plant: Plant) -> None:
    plant.send(56.0)
    seen = lambda: services.acknowledge_signal(signal=only(), actor=NOBODY, now=plant.now)  # noqa: E731
    assert codes(seen) == ["records.role_missing"]
    gone = {answer.move.name: answer for answer in answers(only(), actor=ENGINEER, now=plant.now)}
    assert not gone["withdraw"].allowed
    withdrawn = lambda: advance(  # noqa: E731
        only(), "withdraw", actor=ENGINEER, now=plant.now, inputs={"reason": "unwanted"}
    )
    assert codes(withdrawn) == ["records.role_missing"]
    advance(only(), "withdraw", actor=system("x"), now=plant.now, inputs={"reason": "basis corrected"})


def test_the_aftermath_of_a_closed_signal_raises_no_other(plant: Plant) -> None:
    plant.send(56.0)
    finish(plant)
    plant.send(50.2, 56.1)
    assert Signal.objects.count() == 1
    assert plant.fired()[-2:] == ["mr:1", "i:1,5;mr:1"]
    assert Point.objects.filter(signal=only().pk).count() == 3


def test_a_clean_window_after_closing_ends_the_episode(plant: Plant) -> None:
    plant.send(56.0)
    finish(plant)
    plant.send(*GOOD)
    plant.send(56.0)
    assert Signal.objects.count() == 2


def test_a_process_that_stays_bad_after_closing_raises_a_new_signal(plant: Plant) -> None:
    plant.send(56.0)
    finish(plant)
    plant.send(*[56.0] * 20)
    assert Signal.objects.count() == 2
    assert len(raised()) == 2


def test_what_is_more_severe_than_a_closed_signal_is_a_new_one(plant: Plant) -> None:
    plant.send(*[51.0, 50.8, 51.2, 50.9, 51.1, 50.7, 51.0, 50.9, 51.1])
    finish(plant)
    plant.send(56.0)
    assert [signal.severity for signal in Signal.objects.order_by("pk")] == [2, 3]


def test_words_say_rule_points_and_what_was_found_the_last_time(plant: Plant) -> None:
    plant.send(56.0)
    first = words_of(only())
    assert first[0] == (
        "Rule 1 on the value: beyond a control limit, at 2026-03-02 07:02. "
        "This rule fires on this characteristic for the first time."
    )
    finish(plant)
    plant.send(*GOOD)
    plant.send(56.0)
    assert words_of(only())[0].endswith(
        "Last time (SIG-HAL-26-0001, 2026-03-02 07:02): worn stop. Done: stop changed."
    )


def test_a_late_violation_near_a_signal_joins_it_and_far_from_it_opens_another(plant: Plant) -> None:
    far = plant.skip()
    plant.send(*GOOD, *GOOD)
    near = plant.skip()
    plant.send(50.1, 56.0)
    plant.deliver([plant.reading(44.0, sequence=near)])
    plant.work()
    assert Signal.objects.count() == 1
    assert Point.objects.filter(signal=only().pk, judgement=1).count() >= 2
    plant.deliver([plant.reading(44.0, sequence=far)])
    plant.work()
    assert Signal.objects.count() == 2
