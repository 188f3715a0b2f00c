"""The server is killed while readings come: nothing acknowledged is lost, nothing resent is doubled."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from faults.senders import Sender, cut_by
from faults.served import Plant, seed
from faults.stored import differences
from trials import Trials

Show = Callable[[str], None]
CLIENTS = 4
ROWS_A_SECOND = 500


@pytest.fixture(autouse=True)
def _store(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def senders(plant: Plant, count: int = CLIENTS, rows: float = ROWS_A_SECOND) -> list[Sender]:
    return [
        Sender(plant.port, plant.token, plant.charted, f"c{n}", f"M{n}", rows / count)
        for n in range(1, count + 1)
    ]


def kill_in_flight(plant: Plant, sending: Sequence[Sender], chance: random.Random) -> float:
    """Kill the server at a chance moment at which somebody waits for an answer; says when."""
    time.sleep(chance.uniform(0.3, 0.8))
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if any(sender.flying for sender in sending):
            time.sleep(chance.uniform(0.0, 0.003))  # somewhere between the first byte and the answer
            if any(sender.flying for sender in sending):
                break
        time.sleep(0.0002)
    moment = time.monotonic()
    plant.kill()
    return moment


def test_no_kill_loses_or_doubles_a_reading(tmp_path: Path, trials: Trials, show: Show) -> None:
    folder = tmp_path / "plant"
    seed(folder, CLIENTS, {})
    chance = random.Random(31)  # noqa: S311 (kills for a test)
    plant = Plant(folder)
    sending = senders(plant)
    moments = [0.0]
    try:
        for sender in sending:
            sender.start()
        serving = 0.0
        for _ in trials.each("kills", 8, 200):
            began = time.monotonic()
            moments.append(kill_in_flight(plant, sending, chance))
            serving += moments[-1] - began
            plant.start()
        for sender in sending:
            sender.finish()
        plant.stop()
    finally:
        plant.end()
    assert [sender.wrong for sender in sending] == [[]] * CLIENTS
    kills = len(moments) - 1
    hit = [cut_by(sending, moment, before) for before, moment in pairwise(moments)]
    in_flight = sum(count > 0 for count in hit)
    assert in_flight >= 0.75 * kills
    with plant.store():
        assert differences(sending) == []
    found = plant.verify()
    assert found["sound"], found["findings"]
    assert plant.errors() == []
    sent = sum(len(sender.texts) for sender in sending)
    show(
        f"kill -9: {kills} kills, {in_flight} of them with a request in flight ({sum(hit)} requests cut), "
        f"{sent} readings of {CLIENTS} clients at {sent / serving:.0f} a second of serving; "
        "0 acknowledged lost, "
        f"0 doubled, every key once, {found['seals']} seals sound, charts as of the tidy series; "
        f"a start takes {sorted(plant.starts)[len(plant.starts) // 2]:.1f} s"
    )
