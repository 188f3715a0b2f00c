"""The clock is set: it is noted, told to whom it concerns, and nothing lives longer by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from gemba.quality.people.models import OneTimeLink, Person
from gemba.quality.people.services import make_link
from gemba.quality.records import clockwork
from gemba.quality.records.models import Entry, Task
from gemba.quality.records.tasks import task_in_words
from gemba.quality.records.work import recording
from gemba.server import clock
from gemba.server.clock import Jump, Watch
from gemba.server.identity import identify
from gemba.server.jobs.clock import ClockKeeper
from server.conftest import SETUP, client_of, now

MOMENT = datetime(2026, 3, 2, 6, tzinfo=UTC)


class Hands:
    """Two clocks of a test."""

    def __init__(self) -> None:
        self.wall, self.steady = MOMENT, 100.0

    def pass_by(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.steady += seconds

    def watch(self) -> Watch:
        return Watch(lambda: self.wall, lambda: self.steady)


@pytest.fixture
def hands() -> Hands:
    return Hands()


def test_time_that_passes_is_no_jump(hands: Hands) -> None:
    watch = hands.watch()
    for seconds in (0.0, 1.0, 3600.0):
        hands.pass_by(seconds)
        assert watch.look() is None


@pytest.mark.parametrize("hours", [-3, 24, -493_000])
def test_a_jump_is_seen_once_with_what_the_clock_would_have_shown(hands: Hands, hours: int) -> None:
    watch = hands.watch()
    hands.pass_by(10)
    hands.wall += timedelta(hours=hours)
    right = MOMENT + timedelta(seconds=10)
    assert watch.look() == Jump(right, right + timedelta(hours=hours))
    assert watch.look() is None


def test_what_ends_does_not_live_longer_by_a_clock_that_was_set_back(
    people: dict[str, Person], token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert identify(token=token) is not None
    real = clock.now()
    monkeypatch.setattr(clock, "now", lambda: real - timedelta(days=20_000))
    assert abs(clock.lasting() - real) < timedelta(minutes=1)
    monkeypatch.setattr(clock, "_began", clock._began + timedelta(hours=25))
    assert identify(token=token, client="afresh") is None


def test_a_clock_that_was_set_back_ends_sessions_and_links_and_is_a_task(
    people: dict[str, Person], hands: Hands
) -> None:
    reader = client_of(people["reader"])
    make_link(person=people["operator"], purpose="password", actor=SETUP, now=now())
    assert reader.get("/charts.json").status_code == 200
    keeper = ClockKeeper(hands.watch())
    hands.wall -= timedelta(hours=3)
    keeper.look(hands.wall)
    assert reader.get("/charts.json").status_code == 401
    assert not Session.objects.exists()
    assert not OneTimeLink.objects.filter(used_at=None).exists()
    entry = Entry.objects.get(action="clock.set")
    assert entry.reason == "2026-03-02 06:00:00 UTC → 2026-03-02 03:00:00 UTC"
    task = Task.objects.get(subject="clock")
    assert "2026-03-02 06:00:00 UTC" in task_in_words(task)
    assert (keeper.jumps, keeper.last) == (1, Jump(MOMENT, MOMENT - timedelta(hours=3)))


@pytest.mark.parametrize("seconds", [-20, 20, 86_400])
def test_other_jumps_are_noted_and_end_nothing(people: dict[str, Person], hands: Hands, seconds: int) -> None:
    reader = client_of(people["reader"])
    keeper = ClockKeeper(hands.watch())
    hands.wall += timedelta(seconds=seconds)
    keeper.look(hands.wall)
    assert reader.get("/charts.json").status_code == 200
    assert Entry.objects.filter(action="clock.set").count() == 1
    assert Task.objects.filter(subject="clock").exists() == (abs(seconds) >= 60)


def test_a_jump_that_could_not_be_noted_is_noted_later(
    people: dict[str, Person], hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_about: datetime) -> None:
        raise OSError("the store is away")

    keeper = ClockKeeper(hands.watch())
    hands.wall += timedelta(hours=1)
    with monkeypatch.context() as patched:
        patched.setattr("gemba.server.jobs.clock.note_clock", fail)
        with pytest.raises(OSError, match="away"):
            keeper.look(hands.wall)
    keeper.look(hands.wall)
    assert Entry.objects.filter(action="clock.set").count() == 1


def test_a_start_with_a_clock_behind_the_last_entry_says_so(people: dict[str, Person], hands: Hands) -> None:
    with recording(actor=SETUP, now=MOMENT + timedelta(hours=5)) as work:
        work.enter("test")
    assert clockwork.newest_moment() == MOMENT + timedelta(hours=5)
    assert "by 5:00:00" in ClockKeeper(hands.watch()).begin(MOMENT)
    assert Entry.objects.filter(action="clock.set").count() == 1
    assert ClockKeeper(hands.watch()).begin(MOMENT + timedelta(minutes=1)) == ""
