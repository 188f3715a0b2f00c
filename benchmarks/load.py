"""One client for all servers, for a time it sends readings or opens pages: ``load.py '{"port": 8000}'``.

It keeps its connections open, sends the next request when the answer to the last one has come, and prints
what it saw as one JSON line. It knows nothing of who answers, so that all are measured alike. It needs no
library.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import random
import statistics
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(kw_only=True)
class Load:
    """What to send: ``batch`` readings a request, on ``streams`` machines, or the pages named in turn.

    Of several loads each may have every ``apart``-th machine, from the ``first`` on.
    """

    port: int
    path: str = "/api/v1/readings"
    headers: dict[str, str] = field(default_factory=dict)
    characteristics: list[str] = field(default_factory=list)
    connections: int = 16
    seconds: float = 4.0
    warm: float = 0.5
    batch: int = 1
    streams: int = 40
    first: int = 0
    apart: int = 1
    name: str = "bench"
    pages: list[str] = field(default_factory=list)


@dataclass
class Seen:
    """What came back in the time that counts: requests, readings, latencies in milliseconds."""

    requests: int
    readings: int
    seconds: float
    p50: float
    p99: float
    worst: float
    failed: int
    failure: str


class Sender(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, load: Load, number: int, run: Run) -> None:
        self.load, self.number, self.run = load, number, run
        self.sequence = 0
        self.bodies = _bodies(load, number)
        lines = [f"POST {load.path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in load.headers.items()]
        self.head = "\r\n".join(lines).encode() + b"\r\nContent-Length: %d\r\n\r\n"
        self.buffer = b""
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.send()

    def send(self) -> None:
        first, count = self.sequence, self.load.batch
        self.sequence += count
        template = self.bodies[first // count % len(self.bodies)]
        body = template % tuple(range(first, first + count))
        self.sent_at = time.perf_counter()
        self.transport.write(self.head % len(body) + body)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0 or len(self.buffer) < end + 4 + _length(self.buffer[:end]):
            return
        self.run.count(time.perf_counter() - self.sent_at, self.buffer)
        self.buffer = b""
        if time.perf_counter() < self.run.until:
            self.send()
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.run.end(exc)


class Run:
    """The connections of one load, and what they have seen so far."""

    def __init__(self, load: Load) -> None:
        self.load, self.open = load, load.connections
        self.since = time.perf_counter() + load.warm
        self.until = self.since + load.seconds
        self.latencies: list[float] = []
        self.failed, self.failure = 0, ""
        self.ended = asyncio.Event()

    def count(self, latency: float, answer: bytes) -> None:
        if time.perf_counter() < self.since:
            return
        self.latencies.append(latency)
        if not answer.startswith(b"HTTP/1.1 2"):
            self.failed, self.failure = self.failed + 1, answer[-300:].decode(errors="replace")

    def end(self, error: Exception | None) -> None:
        if time.perf_counter() < self.until:
            self.failed, self.failure = self.failed + 1, str(error or "the connection was closed")
        self.open -= 1
        if not self.open:
            self.ended.set()


async def send_readings(load: Load) -> Seen:
    """Send until the time is over."""
    loop, run = asyncio.get_running_loop(), Run(load)
    for number in range(load.connections):
        await loop.create_connection(lambda n=number: Sender(load, n, run), "127.0.0.1", load.port)  # type: ignore[misc]
    await run.ended.wait()
    seconds = time.perf_counter() - run.since
    return _seen(run.latencies, seconds, load.batch, run.failed, run.failure)


def open_pages(load: Load) -> Seen:
    """Open the pages in turn, without pause, on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", load.port, timeout=60)
    latencies: list[float] = []
    failed, failure, began = 0, "", time.perf_counter()
    while time.perf_counter() < began + load.seconds:
        path = load.pages[len(latencies) % len(load.pages)]
        sent_at = time.perf_counter()
        connection.request("GET", path, headers=load.headers)
        answer = connection.getresponse()
        answer.read()
        latencies.append(time.perf_counter() - sent_at)
        if answer.status != http.HTTPStatus.OK:
            failed, failure = failed + 1, f"{path}: {answer.status}"
    return _seen(latencies, time.perf_counter() - began, 0, failed, failure)


def _seen(latencies: list[float], seconds: float, batch: int, failed: int, failure: str) -> Seen:
    cuts = statistics.quantiles(latencies, n=100, method="inclusive") if len(latencies) > 1 else [0.0] * 99
    cuts = [1000 * cut for cut in cuts]
    worst, good = 1000 * max(latencies, default=0.0), len(latencies) - failed
    return Seen(good, good * batch, round(seconds, 3), cuts[49], cuts[98], worst, failed, failure)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError("an answer without its length")


def _bodies(load: Load, number: int) -> list[bytes]:
    """A few bodies with a place for each sequence number; every value is one that a stable process gives."""
    chance = random.Random(f"{load.name} {number}")  # noqa: S311 (no secret)
    made = []
    for turn in range(1 if load.batch > 1 else 50):
        texts = []
        for place in range(load.batch):
            turned = (number + place + turn * load.batch) % (load.streams // load.apart)
            machine = load.first + load.apart * turned
            known = load.characteristics[turned % len(load.characteristics)]
            about = {"characteristic": known, "stream": {"machine": f"M{machine}"}, "unit": "mm"}
            about |= {"value": f"{chance.gauss(10, 0.02):.3f}", "measured_at": "2026-11-02T06:00:00Z"}
            texts.append(f'{{"source": "{load.name}-{number}", "sequence": %d, {json.dumps(about)[1:]}')
        made.append((texts[0] if load.batch == 1 else f"[{', '.join(texts)}]").encode())
    return made


def main(text: str) -> None:
    """Do what the JSON text asks for."""
    given: dict[str, Any] = json.loads(text)
    load = Load(**given)
    seen = open_pages(load) if load.pages else asyncio.run(send_readings(load))
    print(json.dumps(asdict(seen)))


if __name__ == "__main__":
    main(sys.argv[1])
