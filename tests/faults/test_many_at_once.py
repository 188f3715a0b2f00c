"""Sixteen people and gauges at once on an embedded plant: nobody hears of a lock, nobody of an accident."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from faults.senders import Sender
from faults.served import Plant, seed
from faults.stored import differences
from trials import Trials

READERS, CHANGERS, SENDERS = 6, 5, 5
ROWS_A_SECOND = 250
RECORDS = "/api/v1/records/characteristic"
PAGES = (
    "/", "/charts", "/charts/1", "/charts/2.json", "/charts/1/figure.json", "/records/characteristic",
    "/records/signal", "/records/nonconformance.json", "/trail", "/tasks", "/quarantine", "/loop",
    "/search?q=bore", f"{RECORDS}?limit=20", "/api/v1/tasks",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _store(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@dataclass
class Person:
    """Somebody at a browser who does one thing after the other, without a pause."""

    plant: Plant
    name: str
    session: dict[str, str]
    until: float
    changes: bool
    seen: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.name)  # noqa: S311 (a test's people)
        self._connection = http.client.HTTPConnection("127.0.0.1", self.plant.port, timeout=60)
        self.thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def _run(self) -> None:
        while time.monotonic() < self.until and not self.wrong:
            if self.changes:
                self._change()
            else:
                self._ask("page", "GET", self._chance.choice(PAGES))
        self._connection.close()

    def _change(self) -> None:
        """Make a characteristic, change it twice, remark on it, give it a task that is then done."""
        fields = {"name": f"Width {self._chance.random():.6f}", "unit": "mm", "usl": "5"}
        made = self._ask("record made", "POST", RECORDS, {"site": "HAL", "fields": fields})
        if made is None:
            return
        for version in (1, 2):
            body = {"fields": {"usl": f"5.{version}"}, "reason": "drawing"}
            self._ask("record changed", "PATCH", f"{RECORDS}/{made['id']}", body, f'"{version}"')
        place = f"/api/v1/records/{made['id']}"
        self._ask("remark", "POST", f"{place}/remarks", {"text": "Burrs"})
        about = {"text": "Look", "assignee": "role:engineer", "due_minutes": 60}
        task = self._ask("task", "POST", f"{place}/tasks", about)
        if task is not None:
            self._ask("task done", "POST", f"/api/v1/tasks/{task['id']}/done", {"evidence": "seen"})

    def _ask(self, what: str, method: str, path: str, body: Any = None, version: str = "") -> Any:
        """The answer to something that must work, as JSON where it is JSON."""
        sent = None if body is None else json.dumps(body)
        cookie = f"gemba={self.session['gemba']}; gemba-csrf={self.session['gemba-csrf']}"
        headers = {"Cookie": cookie, "Content-Type": "application/json"}
        if method != "GET":
            origin = f"http://127.0.0.1:{self.plant.port}"
            headers |= {"X-CSRFToken": self.session["gemba-csrf"], "Origin": origin}
        if version:
            headers["If-Match"] = version
        began = time.monotonic()
        self._connection.request(method, path, sent, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.seen[what] += 1
        if answer.status not in (200, 201) or b"database is locked" in content:
            self.wrong.append(f"{method} {path}: {answer.status} {content[:300]!r}")
            return None
        return json.loads(content) if "json" in answer.getheader("Content-Type", "") else None


def work_together(plant: Plant, seconds: int) -> tuple[list[Person], list[Sender]]:
    """Let everybody work at once for so long."""
    session = plant.sign_in("ada")
    sending = [
        Sender(plant.port, plant.token, plant.charted, f"c{n}", f"M{n}", ROWS_A_SECOND / SENDERS)
        for n in range(1, SENDERS + 1)
    ]
    for sender in sending:
        sender.start()
    until = time.monotonic() + seconds
    people = [Person(plant, f"p{n}", session, until, changes=n >= READERS) for n in range(READERS + CHANGERS)]
    for person in people:
        person.thread.start()
    for person in people:
        person.thread.join()
    for sender in sending:
        sender.finish()
    return people, sending


def test_nobody_among_many_hears_of_a_lock(
    tmp_path: Path, trials: Trials, show: Callable[[str], None]
) -> None:
    seconds = trials(20, 600)
    seed(tmp_path / "plant", SENDERS, {})
    plant = Plant(tmp_path / "plant")
    try:
        people, sending = work_together(plant, seconds)
        plant.stop()
    finally:
        plant.end()
    assert [person.wrong for person in people] == [[]] * len(people)
    assert [(sender.wrong, sender.turned, sender.cut) for sender in sending] == [([], [], [])] * SENDERS
    assert plant.errors() == []
    seen = sum((person.seen for person in people), Counter[str]())
    least = trials(10, 200)
    assert {what for what, count in seen.items() if count >= least} >= {"page", "record changed", "remark"}
    with plant.store():
        assert differences(sending) == []
    found = plant.verify()
    assert found["sound"], found["findings"]
    show(
        f"{READERS + CHANGERS + SENDERS} clients at once for {seconds} s, embedded: "
        f"{', '.join(f'{count} x {what}' for what, count in sorted(seen.items()))}, "
        f"{sum(len(sender.texts) for sender in sending)} readings; 0 locked, 0 answers of status 500 or "
        f"more; the slowest answer took {max(person.slowest for person in people):.1f} s"
    )
