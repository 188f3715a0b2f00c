"""Whatever is sent again, in whatever order and company: each reading counts once."""

from __future__ import annotations

from decimal import Decimal
from hashlib import blake2b
from itertools import count

import msgspec
import pytest
from django.db import DatabaseError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collected.door import Door, changed
from gemba.quality.control.collecting import queries
from gemba.quality.control.collecting.intake import as_taken, digest_of, read_reading, write_reading
from gemba.quality.control.collecting.models import Intake
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.monitoring.models import Point
from gemba.quality.records import store
from gemba.quality.records.store import texted
from gemba.quality.records.trail import verify
from gemba.server.ingest.bodies import SentReading, read_body

pytestmark = pytest.mark.django_db
_sources = count(1)


@pytest.fixture
def door() -> Door:
    return Door(stream_keys="machine")


values = st.decimals("9.80", "10.20", places=3).map(str)
SENT = st.lists(st.tuples(values, st.sampled_from(["M1", "M2"]), st.integers(1, 5)), min_size=1, max_size=25)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sent=SENT, shuffle=st.randoms(use_true_random=False), size=st.integers(1, 12), forged=st.integers(0, 4)
)
def test_random_repeats_in_random_order_give_exact_count_sum_and_order(
    door: Door, sent: list[tuple[str, str, int]], shuffle: object, size: int, forged: int
) -> None:
    source = f"press-{next(_sources)}"
    readings = [
        door.reading(text, source=source, sequence=number, stream={"machine": machine})
        for number, (text, machine, _) in enumerate(sent)
    ]
    deliveries = [number for number, (_, _, times) in enumerate(sent) for _ in range(times)]
    shuffle.shuffle(deliveries)  # type: ignore[attr-defined]
    answers: dict[int, set[int | None]] = {}
    for start in range(0, len(deliveries), size):
        batch = deliveries[start : start + size]
        for number, receipt in zip(batch, door.send(*(readings[n] for n in batch)), strict=True):
            assert receipt.status == "accepted"
            answers.setdefault(number, set()).add(receipt.reading)
    for receipt in door.send(*(changed(reading, text="9.999") for reading in readings[:forged])):
        assert receipt.status == "refused" or readings[receipt.sequence].text == "9.999"
    assert all(len(ids) == 1 for ids in answers.values())
    totals = queries.control_totals(source)
    assert (totals.readings, totals.held, totals.gaps) == (len(sent), 0, ())
    assert totals.total == sum(Decimal(text) for text, _, _ in sent)
    for stream in queries.streams_of(door.characteristic.pk):
        rows = [row for row in queries.readings_from(stream.pk, limit=10_000) if row.source == source]
        assert [row.sequence for row in rows] == sorted(row.sequence for row in rows)
        assert [row.text for row in rows] == [sent[row.sequence][0] for row in rows]
    assert verify().sound


def test_a_batch_of_a_thousand_with_one_old_key_stores_the_others(door: Door) -> None:
    readings = [door.reading(stream={"machine": "M1"}) for _ in range(1000)]
    door.send(readings[500])
    receipts = door.send(*readings)
    assert [receipt.repeated for receipt in receipts].count(True) == 1
    assert receipts[500].repeated
    assert queries.control_totals("press").readings == 1000
    stream = queries.streams_of(door.characteristic.pk)[0].pk
    assert [row.sequence for row in queries.readings_from(stream)] == list(range(1, 1001))
    assert queries.counts_of_stream(stream).late == 500


@pytest.mark.parametrize("count", [3, 400])
def test_what_was_hoped_to_be_new_and_was_not_is_done_again(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texted, "_wary", {})
    door = Door(stream_keys="machine", chart_kind="i-mr")
    readings = [door.reading("10.0", stream={"machine": f"M{n % 2}"}) for n in range(2 * count)]
    door.send(*readings[:count])
    texted._wary.clear()
    receipts = door.send(*readings, readings[-1])
    assert bool(texted._wary) == (connection.vendor == "postgresql")
    assert [receipt.repeated for receipt in receipts] == [True] * count + [False] * count + [True]
    assert {receipt.status for receipt in receipts} == {"accepted"}
    for turn in range(texted.WARY + 2):
        assert door.send(readings[turn % count])[0].repeated
        assert door.send(changed(readings[0], text="9.999"))[0].status == "refused"
    assert queries.control_totals("press").readings == 2 * count
    assert list(Point.objects.values_list("judgement", flat=True)) == [1] * 2 * count
    assert verify().sound


def test_a_failure_of_another_kind_is_no_key_that_was_there(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[bool] = []

    def fail(*_: object, hoping: bool, **__: object) -> None:
        tried.append(hoping)
        store.fetch("SELECT no_such_column FROM collecting_intake")

    monkeypatch.setattr("gemba.quality.loop.collecting.accept", fail)
    with pytest.raises(DatabaseError, match="no_such_column"):
        door.send(door.reading())
    assert tried == [True]


def test_what_a_door_makes_of_a_reading_has_the_digest_of_the_reading(door: Door) -> None:
    body = (
        '{"source": "press", "sequence": 3, "characteristic": "%s", "value": 10.50, "unit": "mm", '
        '"stream": {"machine": "M1"}, "measured_at": "2026-11-02T06:00:00Z"}'
    )
    sent = read_body((body % door.number).encode(), "application/json")[0][0]
    plain = as_taken(sent)
    assert SentReading.__struct_fields__ == Reading.__struct_fields__
    assert (type(sent), type(plain)) == (SentReading, Reading)
    assert plain.text == "10.50"
    assert digest_of(sent) == digest_of(plain)
    assert write_reading(sent) == write_reading(plain)
    assert read_reading(write_reading(sent)) == plain


def test_a_key_claimed_by_an_earlier_version_knows_its_content_again(door: Door) -> None:
    reading = door.reading(source="press", sequence=1)
    first = door.send(reading)[0]
    former = blake2b(msgspec.msgpack.Encoder(order="deterministic").encode(reading), digest_size=16).digest()
    assert former != digest_of(reading)
    claimed = Intake.objects.filter(source="press", sequence=1)
    assert claimed.update(digest=former) == 1
    again = door.send(reading)[0]
    assert (again.repeated, again.reading) == (True, first.reading)
    assert door.send(changed(reading, text="9.999"))[0].status == "refused"


def test_the_digest_of_a_content_stays_what_it_is() -> None:
    reading = Reading(
        source="press", sequence=1, characteristic="CH-1", text="10.0", stream={"b": "2", "a": "1"}
    )
    assert digest_of(reading).hex() == "ecf8485bf108406207dca26d276e9f81"
