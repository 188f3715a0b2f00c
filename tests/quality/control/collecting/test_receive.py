from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import msgspec
import pytest

from collected.door import ANNA, ELSEWHERE, EMIL, NOW, PIA, PRESS, STRANGER, Door, changed, codes
from gemba.quality import loop
from gemba.quality.control.collecting import queries
from gemba.quality.control.collecting.accepted import Accepted
from gemba.quality.control.collecting.examining import USUAL
from gemba.quality.control.collecting.models import Intake, Quarantined, StoredReading, Stream
from gemba.quality.control.collecting.reading import AcceptedReading
from gemba.quality.planning.products import queries as products_queries
from gemba.quality.planning.products import services as products
from gemba.quality.records import store
from gemba.quality.records.models import Entry, Event, Site
from gemba.quality.records.store.health import find_damage
from gemba.quality.records.trail import verify

pytestmark = pytest.mark.django_db
JUDGE = "gemba.quality.control.monitoring.services.judge"


@pytest.fixture
def door() -> Door:
    return Door()


def test_a_reading_is_stored_as_typed_with_all_that_came_with_it(door: Door) -> None:
    measured = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    taken = door.take(
        "9.980",
        measured_at=measured,
        operator="anna",
        gauge="CAL-0231",
        lot="L26-117",
        serial="S7",
        note="first of the day",
    )
    row = queries.reading(taken)
    assert row is not None
    assert (row.text, row.value, row.unit, row.verdict) == ("9.980", 9.98, "mm", "conform")
    assert (row.operator, row.gauge, row.lot, row.serial) == ("anna", "CAL-0231", "L26-117", "S7")
    assert (row.actor, row.note, row.source, row.sequence) == ("token:5", "first of the day", "press", 1)
    assert row.measured_at == int(measured.timestamp()) * 1_000_000
    assert row.offset == 60
    assert row.spec_version == products_queries.specification(door.characteristic.pk, NOW).version  # type: ignore[union-attr]
    assert verify().sound


def test_a_time_that_nobody_knows_stays_unknown(door: Door) -> None:
    row = queries.reading(door.take(measured_at=None))
    assert row is not None
    assert (row.measured_at, row.offset) == (None, None)


def test_one_moment_told_in_several_zones_is_stored_as_each_sender_told_it(door: Door) -> None:
    door.take()
    noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    told = [noon, noon.astimezone(timezone(timedelta(hours=1))), noon, None, noon]
    receipts = door.send(*(door.reading(measured_at=moment) for moment in told))
    rows = [queries.reading(receipt.reading or 0) for receipt in receipts]
    at = int(noon.timestamp()) * 1_000_000
    found = [(row.measured_at, row.offset) for row in rows if row is not None]
    assert found == [(at, 0), (at, 60), (at, 0), (None, None), (at, 0)]


def test_the_second_reading_takes_the_short_way_and_is_stored_alike(door: Door) -> None:
    first, second = queries.reading(door.take("9.95")), queries.reading(door.take("9.95"))
    assert first is not None
    assert second is not None
    again = replace(
        first,
        id=second.id,
        position=second.position,
        sequence=second.sequence,
        received_at=second.received_at,
    )
    assert again == second


def test_the_same_reading_sent_again_changes_nothing_and_gets_the_same_answer(door: Door) -> None:
    reading = door.reading("10.00")
    first = door.send(reading)[0]
    again = door.send(reading, reading)
    assert [msgspec.structs.replace(receipt, repeated=False) for receipt in again] == [first, first]
    assert [receipt.repeated for receipt in again] == [True, True]
    assert StoredReading.objects.count() == Intake.objects.count() == 1
    assert verify().sound


def test_a_key_that_was_used_for_something_else_is_refused_and_nothing_is_stored(door: Door) -> None:
    reading = door.reading("10.00")
    door.send(reading)
    fresh = door.reading("9.99")
    other = door.send(changed(reading, text="10.01"), fresh, changed(reading, lot="L2"))
    assert codes(other) == [
        ("refused", "collecting.key_used"),
        ("accepted",),
        ("refused", "collecting.key_used"),
    ]
    assert StoredReading.objects.count() == 2
    assert Entry.objects.filter(action="refused:receive").count() == 1
    assert verify().sound


def test_within_one_batch_the_first_of_a_key_counts(door: Door) -> None:
    reading = door.reading("10.00")
    receipts = door.send(reading, reading, changed(reading, text="9"))
    assert codes(receipts) == [("accepted",), ("accepted",), ("refused", "collecting.key_used")]
    assert [receipt.repeated for receipt in receipts[:2]] == [False, True]
    assert receipts[0].reading == receipts[1].reading


def test_a_default_that_is_spelled_out_is_the_same_content(door: Door) -> None:
    reading = door.reading("10.00", stream={"shift": "A", "line": "7"})
    door.send(reading)
    spelled = changed(reading, stream={"line": "7", "shift": "A"}, note="", purpose="production")
    assert [receipt.repeated for receipt in door.send(spelled)] == [True]


def test_old_readings_keep_the_specification_they_were_judged_by(door: Door) -> None:
    door.take("10.08", measured_at=door.now)
    products.start_change(characteristic=door.characteristic, reason="tighter", actor=EMIL, now=door.now)
    given = replace(products_queries.inputs_of(door.characteristic), usl=Decimal("10.05"))
    products.edit_characteristic(characteristic=door.characteristic, given=given, actor=EMIL, now=door.now)
    meanwhile = queries.reading(door.take("10.08"))
    change = door.now + timedelta(minutes=5)
    products.release(characteristic=door.characteristic, actor=PIA, now=change)
    door.now = change
    late = queries.reading(door.take("10.08", measured_at=change - timedelta(minutes=2)))
    after = queries.reading(door.take("10.08", measured_at=change))
    found = [(row.verdict, row.spec_version) for row in (meanwhile, late, after) if row]
    assert found == [("conform", 2), ("conform", 2), ("nonconform", 5)]
    counts = queries.counts_of_characteristic(door.characteristic.pk)
    assert (counts.readings, counts.nonconform) == (4, 1)


def test_a_clock_that_runs_ahead_does_not_choose_a_specification_of_the_future(door: Door) -> None:
    products.start_change(characteristic=door.characteristic, reason="x", actor=EMIL, now=door.now)
    products.release(
        characteristic=door.characteristic,
        actor=PIA,
        now=door.now,
        effective_from=door.now + timedelta(days=30),
    )
    row = queries.reading(door.take(measured_at=door.now + timedelta(days=365)))
    assert row is not None
    assert row.spec_version == 2


def test_units_are_converted_and_the_original_is_kept(door: Door) -> None:
    row = queries.reading(door.take("0.3937007874015748", unit="in"))
    assert row is not None
    assert (row.text, row.unit, row.value, row.verdict) == ("0.3937007874015748", "in", 10.0, "conform")


def test_a_qualified_value_is_kept_and_does_not_enter_statistics(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[AcceptedReading] = []
    monkeypatch.setattr(JUDGE, lambda _work, accepted, *_: judged.extend(accepted))
    door.take("<10.05")
    door.take("10.00", purpose="study")
    door.take("10.00", validity="excluded", note="chip on the anvil")
    door.take("10.00")
    assert [(r.value, r.usable) for r in judged] == [
        (10.05, False),
        (10.0, False),
        (10.0, False),
        (10.0, True),
    ]
    row = queries.reading(judged[0].id)
    assert row is not None
    assert (row.qualifier, row.text, row.verdict) == ("<", "<10.05", "undecided")


def test_streams_are_told_apart_by_their_keys_and_the_rest_is_kept_as_context() -> None:
    door = Door(stream_keys="machine, cavity")
    ids = [
        door.take(stream={"machine": machine, "cavity": cavity, "shift": "A"})
        for machine, cavity in (("M1", "1"), ("M1", "2"), ("M1 ", "1"))
    ]
    ids.append(door.take(stream={"cavity": "1", "machine": "M1"}))
    ids.append(door.take(stream={"cavity": "1", "machine": "M1"}))
    rows = [queries.reading(identity) for identity in ids]
    assert [row.context for row in rows if row] == ['{"shift":"A"}'] * 3 + ["", ""]
    streams = [row.stream for row in rows if row]
    assert streams[0] == streams[2] == streams[3] == streams[4] != streams[1]
    keys = [item.key for item in queries.streams_of(door.characteristic.pk)]
    assert keys == ["machine=M1;cavity=1", "machine=M1;cavity=2"]


def test_a_late_reading_finds_its_place_and_no_other_one_moves(door: Door) -> None:
    for sequence in (1, 2, 5, 9):
        door.take(sequence=sequence)
    late = door.send(door.reading("10.01", sequence=7), door.reading("10.02", sequence=3))
    assert [receipt.late for receipt in late] == [True, True]
    door.take("10.03", sequence=4)
    door.take("10.04", sequence=12)
    stream = Stream.objects.get().pk
    rows = queries.latest_readings(stream)
    assert [row.sequence for row in rows] == [1, 2, 3, 4, 5, 7, 9, 12]
    assert [row.sequence for row in rows if row.late] == [3, 4, 7]
    assert queries.counts_of_stream(stream).late == 3


def test_sources_stand_side_by_side_in_the_order_of_arrival(door: Door) -> None:
    door.take(source="a", sequence=10)
    door.take(source="b", sequence=5)
    door.take(source="a", sequence=11)
    door.take(source="b", sequence=4)
    stream = Stream.objects.get().pk
    rows = queries.latest_readings(stream)
    assert [(row.source, row.sequence) for row in rows] == [("a", 10), ("b", 4), ("b", 5), ("a", 11)]
    asked = [(stream, "b"), (stream, "c")]
    told = store.fetch_paired_later(
        "collecting_progress", ("stream_id", "source"), ("readings", "late"), asked
    )()
    assert told == [(stream, "b", 2, 1)]


def test_a_batch_that_is_shuffled_is_not_late(door: Door) -> None:
    readings = [door.reading() for _ in range(6)]
    shuffled = [readings[place] for place in (3, 0, 5, 1, 4, 2)]
    receipts = door.send(*shuffled)
    assert [receipt.sequence for receipt in receipts] == [4, 1, 6, 2, 5, 3]
    assert not any(receipt.late for receipt in receipts)
    rows = queries.latest_readings(Stream.objects.get().pk)
    assert [row.sequence for row in rows] == [1, 2, 3, 4, 5, 6]


def test_values_outside_the_specification_are_told_once_for_a_stream_and_a_batch(door: Door) -> None:
    door.send(*(door.reading("10.2", lot="L1") for _ in range(150)), door.reading("10.0", lot="L2"))
    door.send(door.reading("9.0", purpose="study"), door.reading("9.0", purpose="set-up"))
    event = Event.objects.get(name="ReadingNonconforming")
    payload = json.loads(event.payload)
    assert event.header_id == door.characteristic.pk
    assert (payload["count"], len(payload["readings"]), payload["lots"]) == (150, 100, ["L1"])
    assert (payload["number"], payload["site"]) == (door.number, "HAL")


def test_who_may_not_collect_stores_nothing_and_leaves_a_trace(door: Door) -> None:
    assert codes(door.send(door.reading(), actor=STRANGER)) == [("refused", "records.role_missing")]
    assert StoredReading.objects.count() == Quarantined.objects.count() == 0
    assert Entry.objects.filter(action="refused:receive", actor="person:6").count() == 1


def test_another_site_learns_nothing_of_a_characteristic(door: Door) -> None:
    Site.objects.create(code="BER", name="Berlin", zone="Europe/Berlin")
    known, unknown = door.reading(), door.reading(characteristic="CHR-HAL-26-9999")
    receipts = door.send(known, unknown, actor=ELSEWHERE)
    assert codes(receipts) == [("quarantined", "collecting.characteristic_unknown")] * 2
    assert [row.site for row in Quarantined.objects.order_by("pk")] == ["BER", "BER"]


def test_several_senders_share_one_commit_and_keep_their_names(door: Door) -> None:
    one, two, bad = door.reading(), door.reading(source="anna", sequence=1), door.reading(sequence=-1)
    batches = [(PRESS, [one]), (ANNA, [two, bad]), (STRANGER, [door.reading()])]
    receipts = loop.receive_joined(batches, now=NOW)
    assert [codes(given) for given in receipts] == [
        [("accepted",)],
        [("accepted",), ("refused", "collecting.key_sequence")],
        [("refused", "records.role_missing")],
    ]
    assert sorted(StoredReading.objects.values_list("actor", flat=True)) == ["person:3", "token:5"]
    assert verify().sound


def test_nothing_of_a_transaction_that_fails_is_kept_or_remembered(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_given: object) -> None:
        raise ZeroDivisionError

    reading = door.reading()
    with monkeypatch.context() as broken:
        broken.setattr(JUDGE, break_down)
        with pytest.raises(ZeroDivisionError):
            door.send(reading)
    assert StoredReading.objects.count() == Stream.objects.count() == Intake.objects.count() == 0
    receipt = door.send(reading)[0]
    assert (receipt.status, receipt.repeated) == ("accepted", False)


def test_what_the_judge_is_given_is_what_was_stored(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[AcceptedReading] = []
    monkeypatch.setattr(JUDGE, lambda _work, accepted, *_: judged.extend(accepted))
    door.send(door.reading("10.05", subgroup="S1", measured_at=NOW), door.reading("abc"))
    root = judged[0]
    row = queries.reading(root.id)
    assert row is not None
    assert (root.value, root.verdict, root.subgroup, root.late) == (10.05, "conform", "S1", False)
    assert (root.stream, root.position, root.spec_version) == (row.stream, row.position, row.spec_version)
    assert (root.measured_at, root.received_at) == (row.measured_at, row.received_at)
    door.take("10.06", kind="remeasure", about=root.id, note="again", actor=ANNA)
    quarantined = door.hold("", kind="void", about=root.id, note="dropped", actor=ANNA)
    door.release(quarantined, actor=EMIL)
    assert [(r.kind, r.about, r.usable, r.subgroup) for r in judged[1:]] == [
        ("remeasure", root.id, True, "S1"),
        ("void", root.id, False, "S1"),
    ]
    assert math.isnan(judged[2].value)


def test_the_first_moment_of_1970_is_a_moment_like_any_other(door: Door) -> None:
    row = queries.reading(door.take(measured_at=datetime(1970, 1, 1, tzinfo=UTC)))
    assert row is not None
    assert row.measured_at == 0


def test_a_store_with_readings_is_sound_to_the_database_itself(door: Door) -> None:
    """SQLite before 3.41 calls a table damaged whose rows lie in the order of a key that comes later."""
    door.take("9.98")
    assert find_damage(quick=True) == []
    assert find_damage() == []


def test_what_usual_readings_have_is_stored_without_a_look(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[Accepted] = []
    monkeypatch.setattr(JUDGE, lambda _work, accepted, *_: judged.append(accepted))
    door.send(door.reading("10.00"))  # from the second on its stream is known at a glance
    more = {"subgroup": "S1", "measured_at": NOW, "unit": "mm", "lot": "L1", "note": "as ever"}
    for readings in ([door.reading("10.05")], [door.reading("10.05"), door.reading("9.5", **more)]):
        door.send(*readings)
        assert judged[-1].usual
        assert {name: {getattr(item, name) for item in judged[-1].taken} for name in USUAL} == {
            name: {value} for name, value in USUAL.items()
        }
        rows = StoredReading.objects.order_by("-id")[: len(readings)].values(*USUAL)
        assert all(row == dict(USUAL) for row in rows)
    door.send(door.reading("10.05"), door.reading("<9.99"))
    assert not judged[-1].usual
    assert StoredReading.objects.latest("id").qualifier == "<"
