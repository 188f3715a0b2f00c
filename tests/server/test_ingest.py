"""Readings over the network: joined into one commit, answered after it, one bad request harms no other."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, DataError

from gemba.quality.control.collecting.reading import Reading, Receipt
from gemba.quality.records.actor import Actor, system
from gemba.server.ingest.bodies import BodyRefused, read_body, write_receipts
from gemba.server.ingest.writer import GroupWriter, QueueFull, Request, StoreUnavailable

SENDER = system("sender")
MOMENT = datetime(2026, 3, 2, tzinfo=UTC)


def reading(sequence: int, **more: Any) -> dict[str, Any]:
    return {"source": "g", "sequence": sequence, "characteristic": "CHR-HAL-26-0001", "value": "1.0", **more}


def receipt(item: Reading) -> Receipt:
    return Receipt(source=item.source, sequence=item.sequence, status="accepted", reading=item.sequence)


class Door:
    """A stand-in for ``loop.receive_joined`` that waits until it is let go."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.free = threading.Event()
        self.poison: set[int] = set()
        self.error: Exception = ValueError("bad")

    def __call__(
        self, batches: Sequence[tuple[Actor, Sequence[Reading]]], *, now: datetime
    ) -> list[list[Receipt]]:
        self.free.wait(10)
        self.calls.append([item.sequence for _, readings in batches for item in readings])
        if self.poison & set(self.calls[-1]):
            raise self.error
        return [[receipt(item) for item in readings] for _, readings in batches]


class Caller:
    """Waits for the answer of one request."""

    def __init__(self, writer: GroupWriter, *sequences: int) -> None:
        self.done = threading.Event()
        self.outcome: Any = None
        texts = [f'{{"source":"g","sequence":{n},"characteristic":"C","value":1}}' for n in sequences]
        readings, _ = read_body(("[" + ",".join(texts) + "]").encode(), "")
        writer.offer(Request(readings, SENDER, self.take))

    def take(self, outcome: Any) -> None:
        self.outcome = outcome
        self.done.set()

    def wait(self) -> Any:
        assert self.done.wait(10)
        return self.outcome


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def writer(door: Door) -> Iterator[GroupWriter]:
    made = GroupWriter(door, lambda: MOMENT, most_waiting=5)
    made.start()
    yield made
    door.free.set()
    made.close()


def test_what_waits_together_is_committed_together(writer: GroupWriter, door: Door) -> None:
    first = Caller(writer, 1)
    while writer.waiting:
        threading.Event().wait(0.001)
    others = [Caller(writer, 2), Caller(writer, 3, 4)]
    door.free.set()
    assert [item.sequence for item in first.wait()] == [1]
    assert [[item.sequence for item in caller.wait()] for caller in others] == [[2], [3, 4]]
    assert door.calls == [[1], [2, 3, 4]]


def test_senders_who_were_answered_together_are_awaited_together(writer: GroupWriter, door: Door) -> None:
    first = Caller(writer, 1)
    while writer.waiting:
        threading.Event().wait(0.001)
    others = [Caller(writer, 2), Caller(writer, 3)]
    writer.patience = 10
    door.free.set()
    assert first.wait()[0].sequence == 1
    others.append(Caller(writer, 4))  # as many as were in the house
    assert [caller.wait()[0].sequence for caller in others] == [2, 3, 4]
    again = [Caller(writer, sequence) for sequence in (5, 6, 7)]
    assert [caller.wait()[0].sequence for caller in again] == [5, 6, 7]
    assert door.calls == [[1], [2, 3, 4], [5, 6, 7]]


def test_who_does_not_come_again_is_not_waited_for(writer: GroupWriter, door: Door) -> None:
    first = Caller(writer, 1)
    while writer.waiting:
        threading.Event().wait(0.001)
    others = [Caller(writer, 2), Caller(writer, 3)]
    door.free.set()
    assert [caller.wait()[0].sequence for caller in (first, *others)] == [1, 2, 3]
    while writer._expecting:
        threading.Event().wait(0.001)
    assert [Caller(writer, sequence).wait()[0].sequence for sequence in (4, 5)] == [4, 5]
    assert door.calls == [[1], [2, 3], [4], [5]]


def test_a_request_that_fails_unexpectedly_harms_no_other(writer: GroupWriter, door: Door) -> None:
    door.poison = {3}
    first = Caller(writer, 1)
    while writer.waiting:
        threading.Event().wait(0.001)
    good, bad, fine = Caller(writer, 2), Caller(writer, 3), Caller(writer, 4)
    door.free.set()
    assert first.wait()[0].sequence == 1
    assert good.wait()[0].sequence == 2
    assert isinstance(bad.wait(), ValueError)
    assert fine.wait()[0].sequence == 4
    assert writer.figures.retried == 1


def test_a_full_queue_turns_away_and_a_stopped_writer_takes_nothing(writer: GroupWriter, door: Door) -> None:
    Caller(writer, 1)
    while writer.waiting:
        threading.Event().wait(0.001)
    Caller(writer, 2, 3, 4)
    with pytest.raises(QueueFull):
        Caller(writer, 5, 6, 7)
    door.free.set()
    writer.close()
    with pytest.raises(StoreUnavailable):
        Caller(writer, 8)


@pytest.mark.django_db
def test_a_store_that_cannot_be_written_is_said_and_nothing_is_acknowledged(
    writer: GroupWriter, door: Door
) -> None:
    door.poison, door.error = {1}, DatabaseError("database or disk is full")
    door.free.set()
    assert isinstance(Caller(writer, 1).wait(), StoreUnavailable)


@pytest.mark.django_db
def test_readings_that_the_store_does_not_take_keep_no_other_waiting(writer: GroupWriter, door: Door) -> None:
    door.poison, door.error = {3}, DataError("a character that the database does not know")
    first = Caller(writer, 1)
    while writer.waiting:
        threading.Event().wait(0.001)
    good, bad = Caller(writer, 2), Caller(writer, 3)
    door.free.set()
    assert first.wait()[0].sequence == 1
    assert good.wait()[0].sequence == 2
    assert isinstance(bad.wait(), DataError)


def test_a_value_is_kept_as_it_was_written() -> None:
    start = '{"source":"g","characteristic":"C",'
    lines = f'{start}"sequence":1,"value":9.980}}\n\n{start}"sequence":2,"value":"<0,05"}}\n'.encode()
    readings, single = read_body(lines, "application/x-ndjson; charset=utf-8")
    assert [item.text for item in readings] == ["9.980", "<0,05"]
    assert not single


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{", b"[1]", b'"x"', b"\xff",
        b'{"source":"","sequence":1,"characteristic":"C","value":1}',
        b'{"source":"g","sequence":-1,"characteristic":"C","value":1}',
        b'{"source":"g","sequence":1,"characteristic":"C","value":null}',
        b'{"source":"g","sequence":1,"characteristic":"C","value":true}',
        b'{"source":"g","sequence":1,"characteristic":"C","value":1,"colour":"red"}',
        b'{"source":"g","sequence":1,"characteristic":"C","value":1,"measured_at":"2026-03-01T10:00:00"}',
        b'{"source":"g","sequence":1,"characteristic":"C","value":"' + b"9" * 61 + b'"}',
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_refused_whole(body: Any) -> None:
    with pytest.raises(BodyRefused) as caught:
        read_body(body, "application/json")
    assert caught.value.status in (400, 422)


def test_counts_and_receipts_are_one_answer() -> None:
    found = [receipt(Reading(source="g", sequence=n, characteristic="C", text="1")) for n in (1, 2)]
    assert b'"accepted":2' in write_receipts(found, single=False)
    assert write_receipts(found, single=False, lines=True).count(b"\n") == 2
