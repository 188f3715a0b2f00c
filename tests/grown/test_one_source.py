"""What two programs take of one source at the same moment: whoever comes second waits, and then knows."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from django.db import connection, transaction

from collected.door import NOW, PRESS, Door, codes
from gemba.quality import loop
from gemba.quality.control.collecting import queries
from gemba.quality.control.collecting.reading import Reading, Receipt
from gemba.quality.records import store
from gemba.quality.records.trail import verify

WAITING = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def received(readings: Sequence[Reading]) -> list[Receipt]:
    try:
        return loop.receive(readings, actor=PRESS, now=NOW)
    finally:
        connection.close()


def test_a_run_of_keys_is_taken_while_another_that_overlaps_it_waits(transactional_db: None) -> None:
    door = Door(stream_keys="machine")
    for machine in ("M1", "M2"):
        door.send(door.reading(source="lathe", stream={"machine": machine}))
    mine = [door.reading(sequence=n, stream={"machine": "M1"}) for n in range(1, 11)]
    others = [door.reading(sequence=n, stream={"machine": "M2"}) for n in range(5, 16)]
    with ThreadPoolExecutor(1) as elsewhere:
        with transaction.atomic():
            assert {receipt.status for receipt in loop.receive(mine, actor=PRESS, now=NOW)} == {"accepted"}
            second = elsewhere.submit(received, others)
            began = monotonic()
            while store.fetch(WAITING) == [(0,)]:
                assert monotonic() - began < 60, "nobody waits"
        receipts = second.result()
    assert codes(receipts) == [("refused", "collecting.key_used")] * 6 + [("accepted",)] * 5
    assert queries.control_totals("press").readings == 15
    assert verify().sound
