"""The short way of a reading: the same answer as on the long way, and what is not plain goes the long way."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
import uvicorn
from django.db import OperationalError
from uvicorn.server import ServerState

from gemba.quality.control.collecting.reading import Reading, Receipt
from gemba.quality.records.actor import Actor
from gemba.quality.records.reasons import Reason
from gemba.server.identity.asking import Identity
from gemba.server.ingest.route import receipted
from gemba.server.ingest.writer import GroupWriter, QueueFull
from gemba.server.lane import MOST_BYTES, lane_of

MOMENT = datetime(2026, 3, 2, tzinfo=UTC)
SENDER = Actor("token", "token:1", "Gauge", frozenset({("operator", "*")}))
LOOKER = Actor("token", "token:2", "Display", frozenset({("reader", "*")}))
KNOWN = {"good": Identity(SENDER, None, ""), "looker": Identity(LOOKER, None, "")}
BODY = b'{"source":"g","sequence":%d,"characteristic":"C","value":1}'
LONG_WAY = b"the long way"
CHUNKED = (
    b"POST /api/v1/readings HTTP/1.1\r\nHost: plant\r\nAuthorization: Bearer good\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
)


class Line(asyncio.Transport):
    """A connection in memory: what was written to it, and whether it was closed."""

    def __init__(self) -> None:
        super().__init__({"peername": ("10.0.0.7", 5), "sockname": ("10.0.0.1", 80)})
        self.said, self.closed, self.heard = b"", False, asyncio.Event()

    def write(self, data: Any) -> None:
        self.said += data
        self.heard.set()

    async def until(self, enough: Callable[[bytes], bool]) -> bytes:
        """What was written, as soon as it is enough."""
        while not enough(self.said):
            await asyncio.wait_for(self.heard.wait(), 20)
            self.heard.clear()
        return self.said

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        """Tests send what they like."""

    resume_reading = pause_reading


def receive(batches: Sequence[tuple[Actor, Sequence[Reading]]], *, now: datetime) -> list[list[Receipt]]:
    """A door for which 13 waits in quarantine and 99 goes wrong."""
    assert now == MOMENT
    return [[_receipt(reading) for reading in readings] for _, readings in batches]


def _receipt(item: Reading) -> Receipt:
    if item.sequence == 99:
        raise ValueError("bad")
    if item.sequence == 13:
        reason = Reason("collecting.not_a_number", {"text": "x"})
        return Receipt(source="g", sequence=13, status="quarantined", quarantine=1, reasons=(reason,))
    return Receipt(source="g", sequence=item.sequence, status="accepted", reading=item.sequence)


async def long_way(scope: Any, take: Callable[[], Any], send: Callable[[Any], Any]) -> None:
    while (await take()).get("more_body"):
        pass
    said = LONG_WAY + b" of " + scope["method"].encode()
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(said))]}
    )
    await send({"type": "http.response.body", "body": said})


class Talk:
    """One connection to a lane: what is said on it, and what comes back."""

    def __init__(self, writer: GroupWriter) -> None:
        config = uvicorn.Config(long_way, http=lane_of(writer), ws="none", log_config=None, date_header=False)
        config.load()
        self.line, self.state = Line(), ServerState()
        self.lane = lane_of(writer)(config=config, server_state=self.state, app_state={})
        self.lane.connection_made(self.line)

    async def hear(self, data: bytes, answers: int = 1) -> list[tuple[int, dict[str, str], bytes]]:
        """Say something and wait for so many answers."""
        self.line.said = b""
        self.lane.data_received(data)
        return list(_answers(await self.line.until(lambda said: len(list(_answers(said))) >= answers)))


def _answers(said: bytes) -> Iterator[tuple[int, dict[str, str], bytes]]:
    while b"\r\n\r\n" in said:
        head, _, rest = said.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        size = int(headers["content-length"])
        if len(rest) < size:
            return
        yield int(first.split()[1]), headers, rest[:size]
        said = rest[size:]


def post(body: bytes, *more: str, known: str = "good", path: str = "/api/v1/readings") -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: plant", f"Authorization: Bearer {known}", *more]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> Iterator[GroupWriter]:
    def kept(*, token: str, client: str) -> tuple[bool, Identity | None]:
        assert client == "10.0.0.7"
        return token in KNOWN, KNOWN.get(token)

    monkeypatch.setattr("gemba.server.lane.kept", kept)
    made = GroupWriter(receive, lambda: MOMENT)
    made.start()
    yield made
    made.close()


def talk(writer: GroupWriter, *said: bytes, answers: int = 1) -> tuple[list[Any], Talk]:
    async def talking() -> tuple[list[Any], Talk]:
        made = Talk(writer)
        heard = []
        for data in said:
            heard += await made.hear(data, answers)
        return heard, made

    return asyncio.run(talking())


def test_a_reading_gets_its_receipt_and_the_line_stays_open(writer: GroupWriter) -> None:
    heard, made = talk(writer, post(BODY % 1), post(BODY % 2))
    assert [(status, json.loads(body)["sequence"]) for status, _, body in heard] == [(200, 1), (200, 2)]
    headers = heard[0][1]
    assert headers["content-type"] == "application/json"
    assert headers["x-content-type-options"] == "nosniff"
    assert "connection" not in headers
    assert not made.line.closed
    assert made.state.total_requests == 2


def test_several_readings_and_lines_of_them(writer: GroupWriter) -> None:
    array, lines = b"[%b]" % (BODY % 1), b"\n".join(BODY % n for n in (3, 4))
    heard, _ = talk(writer, post(array), post(lines, "Content-Type: application/x-ndjson"))
    assert json.loads(heard[0][2])["counts"]["accepted"] == 1
    assert [json.loads(line)["sequence"] for line in heard[1][2].splitlines()] == [3, 4]
    assert heard[1][1]["content-type"] == "application/x-ndjson"


def test_a_request_may_come_in_pieces(writer: GroupWriter) -> None:
    async def in_pieces() -> Any:
        made, whole = Talk(writer), post(BODY % 5)
        for place in range(len(whole) - 1):
            made.lane.data_received(whole[place : place + 1])
        return await made.hear(whole[-1:])

    assert json.loads(asyncio.run(in_pieces())[0][2])["sequence"] == 5


def test_requests_that_do_not_wait_are_answered_in_their_order(writer: GroupWriter) -> None:
    said = post(BODY % 1) + post(BODY % 2) + b"GET / HTTP/1.1\r\nHost: plant\r\n\r\n" + post(BODY % 4)
    heard, _ = talk(writer, said, answers=4)
    first, second, third, fourth = (body for _, _, body in heard)
    assert json.loads(first)["sequence"] == 1
    assert second == LONG_WAY + b" of POST"  # it came while another was under way
    assert third == LONG_WAY + b" of GET"
    assert fourth == LONG_WAY + b" of POST"


def test_the_line_is_closed_when_the_sender_wants_it(writer: GroupWriter) -> None:
    heard, made = talk(writer, post(BODY % 1, "Connection: close"))
    assert heard[0][1]["connection"] == "close"
    assert made.line.closed


def test_a_server_that_stops_answers_first(writer: GroupWriter) -> None:
    async def stopping() -> tuple[Any, Line]:
        made = Talk(writer)
        made.line.said = b""
        made.lane.data_received(post(BODY % 1))
        made.lane.shutdown()
        assert not made.line.closed
        return (await made.hear(b""))[0], made.line

    (status, headers, _), line = asyncio.run(stopping())
    assert (status, headers["connection"], line.closed) == (200, "close", True)


def test_who_went_away_is_not_answered(writer: GroupWriter) -> None:
    async def leaving() -> tuple[bytes, int]:
        made, other = Talk(writer), Talk(writer)
        made.lane.data_received(post(BODY % 1))
        made.lane.connection_lost(ConnectionResetError())
        await other.hear(post(BODY % 2))
        return made.line.said, writer.figures.readings

    assert asyncio.run(leaving()) == (b"", 2)


def test_why_a_reading_waits_is_said_in_the_language_of_the_sender(writer: GroupWriter) -> None:
    english, german = post(BODY % 13), post(BODY % 13, "Accept-Language: de")
    heard, _ = talk(writer, english, german)
    texts = [json.loads(body)["reasons"][0]["text"] for _, _, body in heard]
    assert len(set(texts)) == 2


def test_what_cannot_be_read_is_refused_in_the_language_of_the_sender(writer: GroupWriter) -> None:
    body = b'{"source":"g","sequence":1,"characteristic":"C","value":[]}'
    heard, _ = talk(writer, post(body), post(body, "Accept-Language: de"), post(b"{"), post(b""))
    assert [status for status, _, _ in heard] == [422, 422, 400, 400]
    details = [json.loads(body)["detail"] for _, _, body in heard]
    assert details[0] != details[1]
    assert heard[0][1]["content-type"] == "application/problem+json"


def test_a_full_queue_and_a_fault_are_answered(writer: GroupWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    heard, _ = talk(writer, post(BODY % 99))
    assert heard[0][0] == 500

    def full(_request: Any) -> None:
        raise QueueFull

    monkeypatch.setattr(writer, "offer", full)
    heard, _ = talk(writer, post(BODY % 1))
    assert (heard[0][0], heard[0][1]["retry-after"]) == (429, "1")


def test_a_fault_while_answering_closes_the_line_and_harms_no_other(
    writer: GroupWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = receipted

    def breaking(receipts: Sequence[Receipt], **more: Any) -> Any:
        if receipts[0].sequence == 7:
            raise RuntimeError
        return written(receipts, **more)

    monkeypatch.setattr("gemba.server.lane.receipted", breaking)

    async def together() -> tuple[bool, int]:
        bad, good = Talk(writer), Talk(writer)
        gate = threading.Event()
        monkeypatch.setattr(writer, "clock", lambda: MOMENT if gate.wait(5) else None)
        bad.lane.data_received(post(BODY % 7))
        good.lane.data_received(post(BODY % 8))
        gate.set()
        heard = await good.hear(b"")
        return bad.line.closed, heard[0][0]

    assert asyncio.run(together()) == (True, 200)


@pytest.mark.parametrize(
    "said",
    [
        post(BODY % 1, known="strange"),
        post(BODY % 1, known="looker"),
        post(BODY % 1, known=""),
        post(BODY % 1, path="/api/v1/readings?x=1"),
        post(BODY % 1, "Expect: 100-continue"),
        post(BODY % 1, "Connection: upgrade", "Upgrade: h2c"),
        post(b" " * MOST_BYTES + BODY % 1),
        post(BODY % 1).replace(b"HTTP/1.1", b"HTTP/1.0", 1),
        CHUNKED,
        post(BODY % 1).replace(b"POST", b"PUT", 1),
    ],
    ids=["unknown", "role", "none", "query", "expect", "upgrade", "large", "old", "chunked", "method"],
)
def test_what_is_not_plain_goes_the_long_way(writer: GroupWriter, said: bytes) -> None:
    async def asking() -> bytes:
        made = Talk(writer)
        made.lane.data_received(said)
        return await made.line.until(lambda heard: LONG_WAY in heard)

    assert LONG_WAY in asyncio.run(asking())
    assert writer.figures.requests == 0


@pytest.mark.parametrize("error", [None, OperationalError("away"), ValueError("bad")])
def test_a_token_is_looked_up_again_beside_its_readings(
    writer: GroupWriter,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception | None,
) -> None:
    asked: list[dict[str, str]] = []

    async def ask(question: Callable[[], Any]) -> None:
        question()

    def again(**about: str) -> None:
        asked.append(about)
        if error is not None:
            raise error

    monkeypatch.setattr("gemba.server.lane.is_ageing", lambda **_: not asked)
    monkeypatch.setattr("gemba.server.lane.ask_store", ask)
    monkeypatch.setattr("gemba.server.lane.identify_anew", again)
    heard, _ = talk(writer, post(BODY % 1), post(BODY % 2))
    assert [status for status, _, _ in heard] == [200, 200]
    assert asked == [{"token": "good", "client": "10.0.0.7"}]
    assert ("looked up" in caplog.text) is isinstance(error, ValueError)
