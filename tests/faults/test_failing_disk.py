"""The disk under a server fails or is full: no lie is told, pages can be read, and it goes on by itself."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from faults.senders import Sender
from faults.served import Plant, seed
from faults.small import SmallDisk, small_disk
from faults.stored import differences
from faults.test_killed import senders
from trials import Trials

Show = Callable[[str], None]
CLIENTS = 4
RATE = 200
MOST_WAIT = 60.0
PAGES = (
    "/",
    "/charts",
    "/records/characteristic",
    "/trail",
    "/charts.json",
    "/api/v1/records/characteristic",
)
FILE = bytes(range(32, 127)) * 400


@pytest.fixture(autouse=True)
def _store(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@dataclass
class Load:
    """A plant to which clients send all the time, and somebody who looks at its pages."""

    plant: Plant
    sending: list[Sender]
    headers: dict[str, str]

    @classmethod
    def begin(cls, plant: Plant) -> Load:
        cookies = plant.sign_in("ada")
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        load = cls(plant, senders(plant, CLIENTS, RATE), headers | {"X-CSRFToken": cookies["gemba-csrf"]})
        for sender in load.sending:
            sender.start()
        return load

    @property
    def acknowledged(self) -> list[int]:
        return [sender.acknowledged for sender in self.sending]

    @property
    def turned(self) -> list[int]:
        return [len(sender.turned) for sender in self.sending]

    def wait_for_more(self, more: int) -> None:
        wanted = [count + more for count in self.acknowledged]
        self.wait_until("senders are served", lambda: _reached(self.acknowledged, wanted))

    def wait_turned_away(self) -> None:
        wanted = [count + 1 for count in self.turned]
        self.wait_until("senders are turned away", lambda: _reached(self.turned, wanted))

    def wait_until(self, what: str, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + MOST_WAIT
        while not holds():
            wrong = [sender.wrong for sender in self.sending if sender.wrong]
            assert not wrong, (wrong, self.plant.tail())
            assert time.monotonic() < deadline, f"it takes longer than {MOST_WAIT:.0f} s until {what}"
            time.sleep(0.02)

    def ready(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.plant.ask("GET", "/ready")[2])
        return found

    def look(self) -> None:
        """Every page can be read, and says what is wrong; what somebody would change is turned away."""
        for path in PAGES:
            status, _, body = self.plant.ask("GET", path, **self.headers)
            assert status == 200, (path, status, self.plant.tail())
            if path == "/charts":
                assert b"The store cannot be written now" in body
        assert self.plant.ask("GET", "/health")[0] == 200

    def remark(self, text: str) -> int:
        path = f"/api/v1/records/{self.plant.number}/remarks"
        status, _, body = self.plant.ask("POST", path, {"text": text}, **self.headers)
        assert status in (201, 503), body
        return status

    def attach(self, content: bytes) -> tuple[int, Any]:
        """Keep a file with a record."""
        head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        kind = {"Content-Type": "multipart/form-data; boundary=b"}
        body = head + content + b"\r\n--b--\r\n"
        path = f"/api/v1/records/{self.plant.number}/attachments"
        status, _, answer = self.plant.ask("POST", path, body, **self.headers, **kind)
        return status, json.loads(answer)

    def finish(self) -> None:
        """Stop, and hold what is stored against what was sent."""
        for sender in self.sending:
            sender.finish()
        assert [sender.wrong for sender in self.sending] == [[]] * CLIENTS
        self.plant.stop()
        found = self.plant.verify()
        assert found["findings"] == []
        with self.plant.store():
            assert differences(self.sending) == []


def _reached(found: list[int], wanted: list[int]) -> bool:
    return all(have >= want for have, want in zip(found, wanted, strict=True))


def test_syncs_fail_while_a_server_works(recorder: Path, tmp_path: Path, trials: Trials, show: Show) -> None:
    folder, switch = tmp_path / "plant", tmp_path / "failing"
    seed(folder, CLIENTS, {})
    failing = {
        "LD_PRELOAD": str(recorder),
        "GEMBA_RECORD_FOLDER": str(folder),
        "GEMBA_FAIL_WHILE": str(switch),
    }
    plant = Plant(folder, failing)
    try:
        load = Load.begin(plant)
        times, remarks = trials(4, 40), 0
        for number in range(times):
            load.wait_for_more(20)
            switch.touch()
            load.wait_turned_away()
            told = load.acknowledged
            load.look()
            assert load.remark(f"failing {number}") == 503
            assert load.ready() | {"writing": False, "store": True, "status": "not ready"} == load.ready()
            load.wait_turned_away()
            assert load.acknowledged == told
            switch.unlink()
            load.wait_until("it is ready", plant.ready)
            remarks += load.remark(f"failing {number}") == 201
            load.wait_for_more(20)
        assert remarks == times
        load.finish()
    finally:
        plant.end()
    show(
        f"sync error under a server: {times} times every sync failed; 503 to {CLIENTS} clients and an "
        "office, 0 acknowledged in between, pages readable, writing again alone; "
        f"{sum(load.acknowledged)} readings acknowledged, each stored once"
    )


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[tuple[SmallDisk, Plant]]:
    """A plant served from a small disk."""
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(tmp_path / "disk", "96m"))
        folder = disk.place / "plant"
        seed(folder, CLIENTS, {})
        plant = Plant(folder)
        stack.callback(plant.end)
        yield disk, plant


def test_the_disk_is_full_while_readings_come(
    crowded: tuple[SmallDisk, Plant], trials: Trials, show: Show
) -> None:
    disk, plant = crowded
    chance = random.Random(31)  # noqa: S311
    load = Load.begin(plant)
    times = trials(2, 20)
    for number in range(times):
        load.wait_for_more(20)
        disk.fill(chance.randrange(0, 60_000))
        load.wait_turned_away()
        load.look()
        told = sum(load.acknowledged)
        disk.clear()
        load.wait_until("it is ready", plant.ready)
        load.wait_for_more(20)
        assert sum(load.acknowledged) > told, number
    load.finish()
    show(
        f"disk full in ingest: {times} times; {sum(load.acknowledged)} readings acknowledged, each stored "
        "once; pages readable, writing again alone"
    )


def test_the_disk_is_full_while_files_are_uploaded(
    crowded: tuple[SmallDisk, Plant], trials: Trials, show: Show
) -> None:
    disk, plant = crowded
    chance = random.Random(32)  # noqa: S311
    load = Load.begin(plant)
    times, refused = trials(2, 20), 0
    kept: dict[int, bytes] = {}
    while refused < times:
        content = FILE + str(len(kept) + refused).encode()
        disk.fill(chance.randrange(0, len(FILE) + 20_000))
        status, made = load.attach(content)
        assert status in (201, 503), (status, made, plant.tail())
        if status == 503:
            refused += 1
            assert made["type"] == "/problems/store"
        else:
            kept[made["id"]] = content
        assert plant.ask("GET", "/charts", **load.headers)[0] == 200
        disk.clear()
        load.wait_until("it is ready", plant.ready)
        status, made = load.attach(content + b"again")
        assert status == 201, (made, plant.tail())
        kept[made["id"]] = content + b"again"
    for identity, content in kept.items():
        status, _, found = plant.ask("GET", f"/api/v1/attachments/{identity}", **load.headers)
        assert (status, found) == (200, content)
    load.finish()
    names = [path for path in (plant.folder / "attachments").rglob("*") if path.is_file()]
    assert len(names) == len(kept)
    show(f"disk full in upload: {refused} files refused, {len(kept)} acknowledged and whole, none half kept")
