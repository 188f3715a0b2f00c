"""The clock of the server is set while readings come: their order is kept, and nothing lives longer by it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from faults.senders import Sender
from faults.served import Plant, seed
from faults.stepping import SteppedClock
from faults.stored import differences
from gemba.quality.records.models import Entry, Task

Show = Callable[[str], None]
Step = tuple[str, Callable[[datetime], datetime]]
BERLIN = ZoneInfo("Europe/Berlin")
SENDERS = 3
ROWS_A_SECOND = 100
MOST_WAIT = 30.0


def at(*moment: int) -> Callable[[datetime], datetime]:
    """This moment of a clock at the plant."""
    return lambda _now: datetime(*moment, tzinfo=BERLIN)  # type: ignore[misc,arg-type]


STEPS: Sequence[Step] = (
    ("three hours back", lambda now: now - timedelta(hours=3)),
    ("right again", lambda now: now + timedelta(hours=3)),
    ("a day ahead", lambda now: now + timedelta(days=1)),
    ("before summer time", at(2027, 3, 28, 1, 59, 58)),
    ("before winter time", at(2026, 10, 25, 2, 59, 58)),
    ("before the year ends", at(2026, 12, 31, 23, 59, 58)),
    ("1970", at(1970, 1, 1, 1, 0, 2)),
    ("before 32 bits end", at(2038, 1, 19, 4, 14, 5)),
    ("right at last", lambda _now: datetime.now(UTC)),
)
TOKEN_ENDED = {"before 32 bits end"}


@pytest.fixture(autouse=True)
def _store(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def wait_for(what: str, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + MOST_WAIT
    while not holds():
        assert time.monotonic() < deadline, f"{what} takes longer than {MOST_WAIT:.0f} s"
        time.sleep(0.02)


def clock_of(plant: Plant) -> dict[str, Any]:
    """What the health page says of the clock."""
    clock: dict[str, Any] = json.loads(plant.ask("GET", "/ready")[2])["clock"]
    return clock


def flows(sending: Sequence[Sender]) -> Callable[[], bool]:
    """Whether every sender has had readings of three more seconds acknowledged than now."""
    wanted = [sender.acknowledged + 3 * ROWS_A_SECOND // SENDERS for sender in sending]
    return lambda: all(sender.acknowledged >= n for sender, n in zip(sending, wanted, strict=True))


def is_turned_away(sending: Sequence[Sender]) -> Callable[[], bool]:
    """Whether the token of every sender has ended."""
    known = [len(sender.turned) for sender in sending]
    return lambda: all(
        any(status == 401 for status, _ in sender.turned[before:])
        for sender, before in zip(sending, known, strict=True)
    )


def nothing_waits(plant: Plant) -> Callable[[], bool]:
    """Whether every reaction has run, also those to facts of a later moment."""
    return lambda: "gemba_outbox_waiting 0\n" in plant.ask("GET", "/metrics")[2].decode()


def is_known(plant: Plant, cookie: str) -> bool:
    return plant.ask("GET", "/charts.json", Cookie=cookie)[0] == 200


def look(plant: Plant, cookie: str) -> None:
    """The pages work, and nothing on them has lasted less than nothing."""
    for path in ("/", "/charts/1", "/trail", "/tasks", "/records/signal", "/people"):
        status, _, page = plant.ask("GET", path, Cookie=cookie)
        assert status == 200, (path, plant.tail())
        words = re.sub(r"<[^>]*>", " ", page.decode())
        assert not re.search(r"(^|\s)[-−]\d+(\.\d+)?\s*(s|ms|min|minutes|h|hours|d|days)\b", words), path
    for line in plant.ask("GET", "/metrics")[2].decode().splitlines():
        assert float(line.rpartition(" ")[2]) >= 0, line


def take(plant: Plant, clock: SteppedClock, sending: Sequence[Sender], step: Step) -> timedelta:
    """Set the clock; says by how much, once all that follows from it has been seen."""
    name, moved = step
    cookie = f"gemba={plant.sign_in('ada')['gemba']}"
    assert is_known(plant, cookie)
    known = clock_of(plant)["set"]
    before = clock.now()
    clock.set(moved(before))
    by = clock.now() - before
    wait_for(f"noticing {name}", lambda: clock_of(plant)["set"] > known)
    ends = by < -timedelta(minutes=1) or by > timedelta(hours=12)
    wait_for(f"the end of the session, {name}", lambda: is_known(plant, cookie) != ends)
    wait_for(f"reacting, {name}", nothing_waits(plant))
    wait_for(name, (is_turned_away if name in TOKEN_ENDED else flows)(sending))
    look(plant, f"gemba={plant.sign_in('ada')['gemba']}")
    return by


def test_the_clock_is_set_while_readings_come(tmp_path: Path, show: Show) -> None:
    clock = SteppedClock(tmp_path)
    seed(tmp_path / "plant", SENDERS, {})
    plant = Plant(tmp_path / "plant", clock.variables)
    sending = [
        Sender(plant.port, plant.token, plant.charted, f"c{n}", f"M{n}", ROWS_A_SECOND / SENDERS,
               comes_back=(401, 429, 503))
        for n in range(1, SENDERS + 1)
    ]  # fmt: skip
    try:
        for sender in sending:
            sender.start()
        by = [take(plant, clock, sending, step) for step in STEPS]
        for sender in sending:
            sender.finish()
        plant.stop()
    finally:
        plant.end()
    assert [sender.wrong for sender in sending] == [[]] * SENDERS
    assert {status for sender in sending for status, _ in sender.turned} == {401}
    assert plant.errors() == []
    with plant.store():
        assert differences(sending) == []
        noted = [json.loads(entry.detail)["seconds"] for entry in Entry.objects.filter(action="clock.set")]
        assert [round(float(seconds)) for seconds in noted] == pytest.approx(
            [jump.total_seconds() for jump in by], abs=3
        )
        assert Task.objects.get(subject="clock").assignee == "role:system_administrator"
    found = plant.verify()
    assert found["sound"], found["findings"]
    show(
        f"clock set {len(by)} times while {sum(len(sender.texts) for sender in sending)} readings came "
        f"({', '.join(name for name, _ in STEPS)}): order kept, each reading once, each jump noted, sessions "
        "ended, a token of 2026 refused in 2038"
    )
