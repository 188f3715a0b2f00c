"""Whatever is sent again, in whatever order and company: each reading counts once."""

from __future__ import annotations

from decimal import Decimal
from hashlib import blake2b
from itertools import count

import msgspec
import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collected.door import Door, changed, codes
from gemba.quality.control.collecting import queries
from gemba.quality.control.collecting.intake import as_taken, digest_of, read_reading, write_reading
from gemba.quality.control.collecting.models import Intake, StoredReading
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.monitoring.models import Point
from gemba.quality.records import store
from gemba.quality.records.trail import verify
from gemba.server.ingest.bodies import SentReading, read_body

pytestmark = pytest.mark.django_db
_sources = count(1)


@pytest.fixture
def door() -> Door:
    return Door(stream_keys="machine")


@pytest.fixture
def press() -> Door:
    return Door()


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
def test_what_is_new_beside_what_came_before_and_what_comes_twice(count: int) -> None:
    door = Door(stream_keys="machine", chart_kind="i-mr")
    readings = [door.reading("10.0", stream={"machine": f"M{n % 2}"}) for n in range(2 * count)]
    door.send(*readings[:count])
    receipts = door.send(*readings, readings[-1])
    assert [receipt.repeated for receipt in receipts] == [True] * count + [False] * count + [True]
    assert {receipt.status for receipt in receipts} == {"accepted"}
    for reading in (readings[0], readings[count - 1], readings[count], readings[-1]):
        assert door.send(reading)[0].repeated
        assert codes(door.send(changed(reading, text="9.999"))) == [("refused", "collecting.key_used")]
    assert queries.control_totals("press").readings == 2 * count
    assert list(Point.objects.values_list("judgement", flat=True)) == [1] * 2 * count
    assert verify().sound


def each_key() -> dict[tuple[str, int], tuple[bytes, int | None, int | None]]:
    """Every key by itself, of the runs in which they are stored; none of them stands there twice."""
    found: dict[tuple[str, int], tuple[bytes, int | None, int | None]] = {}
    for row in Intake.objects.all():
        assert len(row.digest) == 16 * row.count
        for place in range(row.count):
            key = row.source, row.sequence - row.count + 1 + place
            reading = None if row.reading is None else row.reading - row.count + 1 + place
            assert key not in found
            found[key] = bytes(row.digest[16 * place : 16 * place + 16]), reading, row.quarantine
    return found


def test_the_numbers_of_a_batch_are_one_row_and_each_leads_to_its_own_reading(press: Door) -> None:
    batch = [press.reading(source=source, sequence=n) for source in ("a", "b") for n in range(100, 150)]
    held = [press.reading("ten", source="a", sequence=n) for n in (7, 8)]
    press.send(*held, *batch)
    assert list(Intake.objects.values_list("source", "sequence", "count").order_by("source", "sequence")) == [
        ("a", 7, 1), ("a", 8, 1), ("a", 149, 50), ("b", 149, 50),
    ]  # fmt: skip
    press.send(*(press.reading(source=f"c{n % 2}", sequence=n // 2) for n in range(6)))
    press.send(press.reading(source="d", sequence=5), press.reading(source="d", sequence=4))
    press.send(
        press.reading(source="a", sequence=150), *batch[49:51], press.reading(source="a", sequence=152)
    )
    stored = {(row.source, row.sequence): row.pk for row in StoredReading.objects.all()}
    assert {key: reading for key, (_, reading, _) in each_key().items() if reading is not None} == stored
    assert {key: digest for key, (digest, _, _) in each_key().items() if key[0] in "ab" and key[1] < 150} == {
        (reading.source, reading.sequence): digest_of(reading) for reading in (*batch, *held)
    }
    assert verify().sound
    assert all(receipt.repeated for receipt in press.send(*reversed(batch), *held))


def test_a_key_in_the_midst_of_a_run_is_known_again_and_a_gap_is_filled_late(door: Door) -> None:
    batch = [door.reading(f"10.{n:02}", sequence=n, stream={"machine": f"M{n % 3}"}) for n in range(1, 10)]
    door.send(*batch[:3], *batch[5:])
    assert Intake.objects.count() == 2
    late = door.send(batch[4])[0]
    assert (late.late, late.repeated) == (True, False)
    again = door.send(*batch)
    assert [receipt.repeated for receipt in again] == [True] * 3 + [False, True] + [True] * 4
    assert codes(door.send(changed(batch[6], text="9.99"))) == [("refused", "collecting.key_used")]
    assert door.send(*(changed(batch[0], sequence=n) for n in (10, 0)))[1].late
    stream = next(row.pk for row in queries.streams_of(door.characteristic.pk) if row.key == "machine=M2")
    assert [row.sequence for row in queries.readings_from(stream)] == [2, 5, 8]
    totals = queries.control_totals("press", first=3, last=6)
    assert (totals.readings, totals.total) == (4, Decimal("40.18"))
    assert verify().sound


def test_keys_of_a_store_of_before_lie_one_by_one_and_are_known_the_same(door: Door) -> None:
    batch = [door.reading(f"10.{n:02}", stream={"machine": f"M{n % 2}"}) for n in range(8)]
    batch.pop(4)
    door.send(*batch)
    rows = [(*key, digest, reading, held) for key, (digest, reading, held) in each_key().items()]
    Intake.objects.all().delete()
    store.insert_many("collecting_intake", ("source", "sequence", "digest", "reading", "quarantine"), rows)
    assert set(Intake.objects.values_list("count", flat=True)) == {1}
    assert verify().sound
    assert all(receipt.repeated for receipt in door.send(*batch))
    assert queries.control_totals("press").readings == 7
    assert door.send(door.reading(sequence=5, stream={"machine": "M0"}))[0].late
    stream = next(row.pk for row in queries.streams_of(door.characteristic.pk) if row.key == "machine=M0")
    assert [row.sequence for row in queries.readings_from(stream)] == [1, 3, 5, 7]


TURNED: dict[str, dict[str, object]] = {
    "one number is left out": {"count": F("count") - 1},
    "one number too many": {"count": F("count") + 1},
    "the digests are cut": {"digest": b"\0" * 16},
    "it leads to other readings": {"reading": F("reading") - 1},
    "its numbers are others": {"sequence": F("sequence") + 1},
    "it is of another source": {"source": "lathe"},
    "it is held back": {"reading": None, "quarantine": 1},
}


@pytest.mark.parametrize("change", TURNED.values(), ids=TURNED.keys())
def test_a_run_that_somebody_turned_is_found(press: Door, change: dict[str, object]) -> None:
    press.send(*(press.reading() for _ in range(9)))
    press.sequence += 1
    press.send(*(press.reading() for _ in range(9)))
    assert verify().sound
    run = Intake.objects.order_by("sequence").last()
    assert run is not None
    Intake.objects.filter(sequence=run.sequence).update(**change)
    assert ("collecting_intake", run.reading) in {(found.table, found.row) for found in verify().findings}


def test_a_key_that_stands_in_two_runs_is_found(press: Door) -> None:
    press.send(*(press.reading() for _ in range(9)))
    run = Intake.objects.get()
    kept = {"digest": bytes(run.digest[:16]), "reading": (run.reading or 0) - 4}
    Intake.objects.create(source=run.source, sequence=run.sequence - 4, count=1, **kept)
    assert ("collecting_intake", run.reading) in {(found.table, found.row) for found in verify().findings}


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
