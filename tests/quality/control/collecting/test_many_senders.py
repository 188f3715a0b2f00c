"""Several senders at once, each with its own connection, sending the same readings in their own order."""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connection

from collected.committed import emptied_afterwards
from collected.door import NOW, PRESS, Door
from gemba.quality import loop
from gemba.quality.control.collecting import queries
from gemba.quality.control.collecting.reading import Reading, Receipt
from gemba.quality.records.trail import verify

SENDERS, READINGS = 6, 600


@pytest.fixture
def door(transactional_db: None) -> Iterator[Door]:
    with emptied_afterwards():
        yield Door(stream_keys="machine")


class Sender(threading.Thread):
    """Sends its readings in batches of random size; a batch whose answer is lost is sent again."""

    def __init__(self, number: int, readings: list[Reading]) -> None:
        super().__init__()
        self.random = random.Random(number)  # noqa: S311 (a test that can be repeated)
        self.readings = readings
        self.receipts: list[Receipt] = []
        self.fault: BaseException | None = None

    def run(self) -> None:
        try:
            waiting = list(self.readings)
            while waiting:
                size = self.random.choice((1, 7, 150))
                receipts = loop.receive(waiting[:size], actor=PRESS, now=NOW)
                self.receipts += receipts
                if self.random.random() > 0.1:
                    del waiting[:size]
        except BaseException as fault:
            self.fault = fault
        finally:
            connection.close()


def sent_by(number: int, readings: list[Reading]) -> list[Reading]:
    """Two thirds of all readings, nearly in order, so that senders overlap and come late."""
    mine = random.Random(number)  # noqa: S311
    chosen = [reading for reading in readings if mine.random() < 0.67]
    return sorted(chosen, key=lambda reading: reading.sequence + mine.uniform(0, 40))


def test_senders_that_repeat_each_other_give_exact_count_sum_order_and_tally(door: Door) -> None:
    plan = random.Random(1)  # noqa: S311
    readings = [
        door.reading(
            f"{plan.uniform(9.85, 10.15):.3f}",
            source=f"press-{number % 2}",
            sequence=number,
            stream={"machine": f"M{number % 3}"},
        )
        for number in range(READINGS)
    ]
    senders = [Sender(number, sent_by(number, readings)) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert [sender.fault for sender in senders] == [None] * SENDERS
    answers: dict[tuple[str, int], set[tuple[int | None, str, bool]]] = defaultdict(set)
    for receipt in (receipt for sender in senders for receipt in sender.receipts):
        assert receipt.status == "accepted"
        answers[receipt.source, receipt.sequence].add((receipt.reading, receipt.verdict, receipt.late))
    assert all(len(given) == 1 for given in answers.values())
    sent = {(r.source, r.sequence): Decimal(r.text) for sender in senders for r in sender.readings}
    totals = [queries.control_totals(source) for source in ("press-0", "press-1")]
    assert sum(total.readings for total in totals) == len(sent)
    assert sum(total.total for total in totals) == sum(sent.values())
    for stream in queries.streams_of(door.characteristic.pk):
        rows = queries.readings_from(stream.pk, limit=READINGS)
        for source in ("press-0", "press-1"):
            numbers = [row.sequence for row in rows if row.source == source]
            assert numbers == sorted(numbers)
        counts = queries.counts_of_stream(stream.pk)
        verdicts = [row.verdict for row in rows]
        assert (counts.readings, counts.nonconform) == (len(rows), verdicts.count("nonconform"))
        assert counts.late == sum(row.late for row in rows)
    assert verify().sound


def test_one_key_that_senders_use_for_different_streams_is_taken_once(door: Door) -> None:
    texts = ["10.00", "10.01", "9.99"]
    each = [
        [door.reading(texts[machine], sequence=n, stream={"machine": f"M{machine}"}) for n in range(200)]
        for machine in range(3)
    ]
    senders = [Sender(number, each[number % 3]) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert [sender.fault for sender in senders] == [None] * SENDERS
    taken: dict[int, set[tuple[int, int | None]]] = defaultdict(set)
    for number, sender in enumerate(senders):
        for receipt in sender.receipts:
            if receipt.status == "accepted":
                taken[receipt.sequence].add((number % 3, receipt.reading))
    assert {number: len(winners) for number, winners in taken.items()} == dict.fromkeys(range(200), 1)
    totals = queries.control_totals("press")
    won = [texts[machine] for winners in taken.values() for machine, _ in winners]
    assert (totals.readings, totals.total) == (200, sum(map(Decimal, won)))
    assert verify().sound
