"""PostgreSQL is gone while readings come, or the server before it is killed: nobody is told a lie."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from faults.database import Postgres, postgres
from faults.senders import Sender, cut_by
from faults.served import Plant, seed
from faults.stored import differences
from faults.test_killed import kill_in_flight, senders
from trials import Trials

Show = Callable[[str], None]
CLIENTS = 4
RATE = 300
MOST_WAIT = 60.0


@pytest.fixture(autouse=True)
def _store(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def database() -> Iterator[Postgres]:
    with postgres() as found:
        yield found


@pytest.fixture
def plant(database: Postgres, tmp_path: Path) -> Iterator[Plant]:
    """A plant in a database of its own."""
    import psycopg

    name = f"plant_{tmp_path.name[-20:].lower().replace('-', '_')}"
    with psycopg.connect(database.address, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
    variables = {"GEMBA_DATABASE": database.address.replace("/postgres?", f"/{name}?")}
    folder = tmp_path / "plant"
    seed(folder, CLIENTS, variables)
    found = Plant(folder, variables)
    try:
        yield found
    finally:
        found.end()


def wait_for(what: str, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + MOST_WAIT
    while not holds():
        assert time.monotonic() < deadline, f"{what} takes longer than {MOST_WAIT:.0f} s"
        time.sleep(0.02)


def all_acknowledged(sending: Sequence[Sender], more: int) -> Callable[[], bool]:
    """Whether every sender has had so many more readings acknowledged than now."""
    wanted = [sender.acknowledged + more for sender in sending]
    return lambda: all(sender.acknowledged >= number for sender, number in zip(sending, wanted, strict=True))


def look_while_gone(plant: Plant, cookie: str) -> None:
    """Pages, the API and the door say in a readable way that the store is away, and when to come back."""
    assert plant.ask("GET", "/health")[0] == 200
    status, _, body = plant.ask("GET", "/ready")
    assert (status, json.loads(body)["store"]) == (503, False)
    for path in ("/charts", "/", "/account/login", "/records/characteristic"):
        status, headers, page = plant.ask("GET", path, Cookie=cookie, Accept="text/html")
        text = page.decode()
        if path == "/account/login" and status == 200:
            continue  # a stranger's form needs no store
        assert (status, headers.get("retry-after")) == (503, "5"), (path, status, plant.tail())
        assert headers["content-type"].startswith("text/html")
        assert "<h1" in text
        assert "The store cannot be reached now" in text
        assert "Traceback" not in text
        assert "psycopg" not in text
    for path in ("/charts.json", "/api/v1/records/characteristic", "/live?charts=1", "/metrics"):
        status, headers, body = plant.ask("GET", path, Cookie=cookie)
        assert (status, headers.get("retry-after")) == (503, "5"), (path, status, plant.tail())
        assert json.loads(body)["type"] == "/problems/store"


def test_the_database_goes_and_comes_back(
    database: Postgres, plant: Plant, trials: Trials, show: Show
) -> None:
    times = trials(3, 20)
    sending = senders(plant, CLIENTS, RATE)
    cookie = f"gemba={plant.sign_in('ada')['gemba']}"
    for sender in sending:
        sender.start()
    back: list[float] = []
    for number in range(times):
        wait_for("sending", all_acknowledged(sending, 30))
        turned = [len(sender.turned) for sender in sending]
        (database.stop_at_once if number % 2 else database.kill)()
        wait_for("being turned away", lambda turned=turned: all(  # type: ignore[misc]
            len(sender.turned) > before for sender, before in zip(sending, turned, strict=True)))  # fmt: skip
        look_while_gone(plant, cookie)
        database.start()
        began = time.monotonic()
        wait_for("recovery", all_acknowledged(sending, 30))
        back.append(time.monotonic() - began)
        assert plant.ask("GET", "/charts", Cookie=cookie)[0] == 200
    for sender in sending:
        sender.finish()
    wait_for("being ready", plant.ready)
    plant.stop()
    assert [sender.wrong for sender in sending] == [[]] * CLIENTS
    refusals = [answer for sender in sending for answer in sender.turned]
    assert {answer for answer in refusals if answer[0] == 503} == {(503, "5")}
    with plant.store():
        assert differences(sending) == []
    found = plant.verify()
    assert found["sound"], found["findings"]
    show(
        f"PostgreSQL gone: {times} times killed or stopped at once under {RATE} readings a second; "
        f"{len(refusals)} requests turned away with 503 and Retry-After, 0 false acknowledgements among "
        f"{sum(len(sender.texts) for sender in sending)} readings, pages said so; readings were taken again "
        f"{max(back):.1f} s after it was back at most"
    )


def test_the_server_is_killed_before_postgresql(plant: Plant, trials: Trials, show: Show) -> None:
    kills = trials(3, 30)
    chance = random.Random(32)  # noqa: S311 (kills for a test)
    sending = senders(plant, CLIENTS, RATE)
    for sender in sending:
        sender.start()
    before, cut = 0.0, 0
    moments = []
    for _ in range(kills):
        moments.append(kill_in_flight(plant, sending, chance))
        plant.start()
    for sender in sending:
        sender.finish()
    plant.stop()
    for moment in moments:
        cut += cut_by(sending, moment, before) > 0
        before = moment
    assert cut >= 0.6 * kills
    assert [sender.wrong for sender in sending] == [[]] * CLIENTS
    with plant.store():
        assert differences(sending) == []
    found = plant.verify()
    assert found["sound"], found["findings"]
    show(
        f"kill -9 before PostgreSQL: {kills} kills, {cut} with a request in flight, "
        f"{sum(len(sender.texts) for sender in sending)} readings, each stored once and judged in order"
    )
