"""Clients that send readings as gauges do: one request after the other, again until it is acknowledged."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from faults.charting import MEAN, SIGMA

MOST_WAIT = 90.0
TIMEOUT = 20


@dataclass
class Sender:
    """One source with a stream of its own; ``rate`` readings a second.

    ``texts`` are the values by their numbers, from 1 on; ``acknowledged`` the last number whose receipt came.
    ``cut`` says when requests were sent whose answers never came, ``turned`` which answers said to come back,
    by one of the statuses ``comes_back``.
    """

    port: int
    token: str
    characteristic: str
    name: str
    machine: str
    rate: float
    comes_back: tuple[int, ...] = (429, 503)
    texts: list[str] = field(default_factory=list)
    acknowledged: int = 0
    requests: int = 0
    cut: list[float] = field(default_factory=list)
    turned: list[tuple[int, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    flying: bool = False

    def __post_init__(self) -> None:
        self._chance = random.Random(self.name)  # noqa: S311 (data for a test)
        self._stop = threading.Event()
        self._connection: http.client.HTTPConnection | None = None
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def finish(self) -> None:
        """Let the request at hand be acknowledged, then stop."""
        self._stop.set()
        self._thread.join(MOST_WAIT)
        assert not self._thread.is_alive(), f"{self.name} is still sending"

    def _run(self) -> None:
        due = time.monotonic()
        while not self._stop.is_set():
            kind = self._chance.choice(("single", "batch", "lines"))
            count = 1 if kind == "single" else self._chance.randint(2, 25)
            self.texts += [f"{self._chance.gauss(MEAN, SIGMA):.3f}" for _ in range(count)]
            self._send_until_acknowledged(kind)
            due = max(due + count / self.rate, time.monotonic() - 0.1)
            self._stop.wait(max(0.0, due - time.monotonic()))
        self._hang_up()

    def _send_until_acknowledged(self, kind: str) -> None:
        body, headers = self._request(kind)
        while not self.wrong:
            status, answer, retry = self._post(body, headers)
            if status == 200:
                self._take(answer, kind)
                return
            if status in self.comes_back:
                self.turned.append((status, retry))
            elif status:
                self.wrong.append(f"{status} {answer[:300]!r}")
            time.sleep(0.02)  # as a gauge does before it tries again

    def _request(self, kind: str) -> tuple[bytes, dict[str, str]]:
        first = self.acknowledged + 1
        readings = [self.reading(number) for number in range(first, len(self.texts) + 1)]
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if kind == "single":
            return json.dumps(readings[0]).encode(), headers
        if kind == "batch":
            return json.dumps(readings).encode(), headers
        lines = "\n".join(json.dumps(reading) for reading in readings)
        return lines.encode(), headers | {"Content-Type": "application/x-ndjson"}

    def reading(self, number: int) -> dict[str, Any]:
        """The reading with this number."""
        return {
            "source": self.name,
            "sequence": number,
            "characteristic": self.characteristic,
            "stream": {"machine": self.machine},
            "value": self.texts[number - 1],
        }

    def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
        sent = 0.0
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
            self._connection.request("POST", "/api/v1/readings", body, headers)
            sent = time.monotonic()
            self.flying = True
            answer = self._connection.getresponse()
            found = answer.status, answer.read(), answer.getheader("Retry-After", "")
        except (OSError, http.client.HTTPException):
            if sent:
                self.cut.append(sent)
            self._hang_up()
            return 0, b"", ""
        finally:
            self.flying = False
        self.requests += 1
        return found

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _take(self, answer: bytes, kind: str) -> None:
        if kind == "single":
            receipts = [json.loads(answer)]
        elif kind == "batch":
            receipts = json.loads(answer)["receipts"]
        else:
            receipts = [json.loads(line) for line in answer.splitlines()]
        expected = list(range(self.acknowledged + 1, len(self.texts) + 1))
        if [receipt["sequence"] for receipt in receipts] != expected:
            self.wrong.append(f"receipts of other readings: {answer[:300]!r}")
        elif any(receipt["status"] != "accepted" for receipt in receipts):
            self.wrong.append(f"not accepted: {answer[:300]!r}")
        else:
            self.acknowledged = len(self.texts)


def cut_by(senders: Sequence[Sender], moment: float, before: float) -> int:
    """How many requests were sent after the fault ``before`` and in flight at the fault of a moment."""
    return sum(before < sent <= moment for sender in senders for sent in sender.cut)
