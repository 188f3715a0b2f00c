"""Readings are sent again and again, and answers are lost: each is stored exactly once, as it was sent."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from faults.database import postgres
from faults.dropping import DroppingProxy, dropping
from faults.served import Plant, seed
from gemba.quality.records.store import fetch, stream
from trials import Trials

CLIENTS = 8
SOURCES = 20
SIZES = (1, 1, 1, 20, 20, 20, 100, 100, 1000, 1000)
DROPPED = 0.1


@pytest.fixture(autouse=True)
def _store(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def variables(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Which store the plant has."""
    if request.param == "SQLite":
        yield {}
        return
    with postgres() as database:
        yield {"GEMBA_DATABASE": database.address}


@dataclass
class Sending:
    """Numbered readings, cut into requests that several clients work off; each is sent until it is answered.

    ``identities`` are the ids that the receipts named, by number; an answer that contradicts an earlier one
    is ``wrong``.
    """

    plant: Plant
    proxy: DroppingProxy
    values: Sequence[int]
    identities: list[int]
    wrong: list[str] = field(default_factory=list)
    refused: int = 0
    requests: int = 0

    def __post_init__(self) -> None:
        self._mutex = threading.Lock()

    def reading(self, number: int) -> dict[str, Any]:
        """A reading as its source sends it; values are whole ten-thousandths."""
        source = number % SOURCES
        return {
            "source": f"s{source}",
            "sequence": number // SOURCES + 1,
            "characteristic": self.plant.number,
            "stream": {"machine": f"E{source % 4}"},
            "value": f"{Decimal(self.values[number]).scaleb(-4):.4f}",
        }

    def send(self, parts: Iterator[list[int]], *, used: random.Random | None = None) -> None:
        """Let all clients work requests off; where a chance is given, with used keys and other content."""

        def work() -> None:
            connection = http.client.HTTPConnection("127.0.0.1", self.proxy.port, timeout=120)
            while not self.wrong:
                with self._mutex:
                    numbers = next(parts, [])
                    readings = [self.reading(number) for number in numbers]
                    if used is not None:
                        readings = [other(reading, used) for reading in readings]
                if not numbers:
                    break
                self._deliver(connection, numbers, readings, used is not None)
            connection.close()

        threads = [threading.Thread(target=work, daemon=True) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _deliver(
        self,
        connection: http.client.HTTPConnection,
        numbers: Sequence[int],
        readings: list[dict[str, Any]],
        used: bool,
    ) -> None:
        body = msgspec.json.encode(readings[0] if len(readings) == 1 else readings)
        headers = {"Authorization": f"Bearer {self.plant.token}", "Content-Type": "application/json"}
        while True:
            try:
                connection.request("POST", "/api/v1/readings", body, headers)
                answer = connection.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                continue
            if answer.status in (429, 503):
                time.sleep(0.05)  # as the answer asks, but sooner
                continue
            break
        found = msgspec.json.decode(content)
        receipts = [found] if len(readings) == 1 else found.get("receipts", [])
        with self._mutex:
            self.requests += 1
            if answer.status != 200 or len(receipts) != len(readings):
                self.wrong.append(f"{answer.status} {content[:300]!r}")
                return
            for number, receipt in zip(numbers, receipts, strict=True):
                self._note(number, receipt, used)

    def _note(self, number: int, receipt: dict[str, Any], used: bool) -> None:
        if used:
            codes = [reason["code"] for reason in receipt["reasons"]]
            if (receipt["status"], codes) != ("refused", ["collecting.key_used"]):
                self.wrong.append(f"used key: {receipt}")
            self.refused += 1
        elif receipt["status"] != "accepted" or self.identities[number] not in (0, receipt["reading"]):
            self.wrong.append(f"{self.identities[number]}: {receipt}")
        else:
            self.identities[number] = receipt["reading"]


def cut(numbers: Sequence[int], chance: random.Random) -> Iterator[list[int]]:
    """Requests of one, of some and of many readings."""
    start = 0
    while start < len(numbers):
        size = chance.choice(SIZES)
        yield list(numbers[start : start + size])
        start += size


def other(reading: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The same key with other content."""
    change = chance.choice(
        ({"value": "10.0501"}, {"lot": "L2"}, {"stream": {"machine": "E9"}}, {"note": "x"})
    )
    return reading | change


def stored() -> tuple[int, int, Decimal]:
    """How many readings there are, of how many keys, and their exact sum."""
    source = "FROM collecting_reading WHERE source LIKE 's%%'"
    count = fetch(f"SELECT COUNT(*) {source}")[0][0]
    keys = fetch(f"SELECT COUNT(*) FROM (SELECT DISTINCT source, sequence {source}) k")[0][0]  # noqa: S608
    return count, keys, sum((Decimal(row[0]) for row in stream(f"SELECT text {source}")), Decimal())


def test_each_reading_is_stored_once_however_often_it_is_sent(
    tmp_path: Path, variables: dict[str, str], trials: Trials, show: Callable[[str], None]
) -> None:
    count, others = trials(20_000, 1_000_000), trials(300, 10_000)
    chance = random.Random(41)  # noqa: S311 (data for a test)
    folder = tmp_path / "plant"
    seed(folder, 1, variables)
    values = [chance.randint(99_500, 100_500) for _ in range(count)]
    copies = [number for number in range(count) for _ in range(chance.randint(1, 5))]
    chance.shuffle(copies)
    used = [chance.randrange(count) for _ in range(others)]
    plant = Plant(folder, variables)
    try:
        with dropping(plant.port, DROPPED) as proxy:
            sending = Sending(plant, proxy, values, [0] * count)
            began = time.monotonic()
            sending.send(cut(copies, chance))
            seconds = time.monotonic() - began
            sending.send(cut(used, chance), used=chance)
        plant.stop()
    finally:
        plant.end()
    assert sending.wrong == []
    assert sending.refused == others
    assert proxy.dropped >= 0.05 * proxy.answered
    assert 0 not in sending.identities
    with plant.store():
        assert stored() == (count, count, Decimal(sum(values)).scaleb(-4))
        assert len(set(sending.identities)) == count
    found = plant.verify()
    assert found["sound"], found["findings"]
    assert plant.errors() == []
    where = "PostgreSQL" if variables else "SQLite"
    show(
        f"exactly once over HTTP, {where}: {count} readings sent {len(copies)} times in chance order by "
        f"{CLIENTS} clients in {sending.requests} requests, {proxy.dropped} of {proxy.answered} answers lost "
        f"after the commit: count and exact sum as sent ({len(copies) / seconds:.0f} readings a second); "
        f"{others} used keys with other content, each refused with its reason, 0 stored"
    )
