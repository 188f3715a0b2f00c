from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from collected.door import (
    ANNA,
    BERT,
    ELSEWHERE,
    EMIL,
    NOW,
    PIA,
    PRESS,
    STRANGER,
    Door,
    changed,
    codes,
)
from gemba.quality.control.collecting import queries
from gemba.quality.control.collecting.models import (
    Decision,
    Intake,
    Progress,
    Quarantined,
    StoredReading,
    Waiting,
)
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.collecting.reasons import COLLECTING
from gemba.quality.planning.products import services as products
from gemba.quality.records import store
from gemba.quality.records.models import Entry, Event
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.trail import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def door() -> Door:
    return Door(natural_low=Decimal(0), plausible_high=Decimal(20))


def obsolete(door: Door) -> dict[str, Any]:
    other = door.make()
    products.retire(characteristic=other, reason="end of series", actor=PIA, now=NOW)
    return {"characteristic": other.header.number}


def pass_or_fail(door: Door) -> dict[str, Any]:
    other = door.make(data_kind="pass-fail", criterion="no crack", lsl=None, usl=None)
    return {"characteristic": other.header.number, "text": "pass"}


def counted(door: Door, text: str, chart: str = "p", **more: Any) -> dict[str, Any]:
    kinds = {"p": "nonconforming-units", "np": "nonconforming-units", "u": "nonconformities"}
    data = kinds.get(chart, "time-to-event")
    about: dict[str, Any] = {"data_kind": data, "criterion": "no burr", "lsl": None, "usl": None}
    about |= {"natural_low": None, "plausible_high": None, "chart_kind": chart}
    if chart == "np":
        about["subgroup_size"] = 50
    return {"characteristic": door.make(**about).header.number, "text": text, "unit": "", **more}


def short_run(door: Door, chart: str = "difference", **more: Any) -> dict[str, Any]:
    return {"characteristic": door.make(chart_kind=chart).header.number, **more}


def by_machine(door: Door) -> dict[str, Any]:
    return {
        "characteristic": door.make(stream_keys="machine, cavity").header.number,
        "stream": {"machine": " "},
    }


def about_another(door: Door) -> dict[str, Any]:
    other = str(door.make().header.number)
    return {"kind": "remeasure", "note": "again", "about": door.take(characteristic=other)}


def about_void(door: Door) -> dict[str, Any]:
    first = door.take()
    void = door.hold("", kind="void", about=first, note="dropped", actor=ANNA)
    door.release(void, actor=BERT)
    return {"kind": "remeasure", "note": "again", "about": first}


LOCAL = datetime(2026, 3, 2, 9, 30)
CASES: list[tuple[dict[str, Any] | Callable[[Door], dict[str, Any]], list[str]]] = [
    ({"operator": "x" * 81}, ["too_long"]),
    ({"lot": "L\x00"}, ["unreadable"]),
    ({"kind": "guess"}, ["kind_unknown", "note_missing"]),
    ({"purpose": "party"}, ["purpose_unknown"]),
    ({"validity": "maybe"}, ["validity_unknown"]),
    ({"validity": "excluded"}, ["note_missing"]),
    ({"measured_at": LOCAL}, ["time_zone"]),
    ({"characteristic": "CHR-HAL-26-9999"}, ["characteristic_unknown"]),
    (obsolete, ["not_released"]),
    (pass_or_fail, ["attribute_data"]),
    (lambda door: counted(door, "3.5", size="50"), ["not_a_count"]),
    (lambda door: counted(door, "-1", size="50"), ["not_a_count"]),
    (lambda door: counted(door, "<3", size="50"), ["not_a_count"]),
    (lambda door: counted(door, "three", size="50"), ["not_a_number"]),
    (lambda door: counted(door, "1e301", "u", size="50"), ["out_of_range"]),
    (lambda door: counted(door, "-0.5", "t"), ["not_a_time"]),
    (lambda door: counted(door, "51", size="50"), ["above_size"]),
    (lambda door: counted(door, "3"), ["size_missing"]),
    (lambda door: counted(door, "3", size="0"), ["size_invalid"]),
    (lambda door: counted(door, "3", size="1e999"), ["size_invalid"]),
    (lambda door: counted(door, "3", size="2.5"), ["size_invalid"]),
    (lambda door: counted(door, "3", size="many"), ["size_invalid"]),
    (lambda door: counted(door, "3", "np", size="40"), ["size_other"]),
    (lambda door: counted(door, "3", "g", size="40"), ["beside_unexpected"]),
    ({"size": "5"}, ["beside_unexpected"]),
    ({"nominal": "5"}, ["beside_unexpected"]),
    (short_run, ["nominal_missing"]),
    (lambda door: short_run(door, nominal="ten"), ["nominal_invalid"]),
    (lambda door: short_run(door, "z-mr"), ["part_missing"]),
    ({"part": "A"}, ["beside_unexpected"]),
    (by_machine, ["stream_key_missing", "stream_key_missing"]),
    ({"text": ""}, ["value_missing"]),
    ({"text": "ten"}, ["not_a_number"]),
    ({"text": "9,98"}, ["comma"]),
    ({"text": "1e400"}, ["out_of_range"]),
    ({"unit": "furlong"}, ["unit_unknown"]),
    ({"unit": "kg"}, ["unit_other"]),
    ({"text": "-1"}, ["impossible"]),
    ({"text": "99.8"}, ["implausible"]),
    ({"kind": "remeasure", "note": "again"}, ["about_missing"]),
    ({"about": 1}, ["about_unexpected"]),
    ({"kind": "remeasure", "note": "again", "about": 4711}, ["about_unknown"]),
    (about_another, ["about_unknown"]),
    (about_void, ["about_void"]),
    (
        {"text": "ten", "unit": "furlong", "purpose": "party", "measured_at": LOCAL},
        ["purpose_unknown", "time_zone", "not_a_number", "unit_unknown"],
    ),
    (
        {"characteristic": "?", "operator": "x" * 81, "stream": {"a\x00": "1"}},
        ["too_long", "characteristic_unknown", "unreadable"],
    ),
]


@pytest.mark.parametrize(("more", "expected"), CASES)
def test_what_cannot_be_taken_waits_with_every_reason(
    door: Door, more: dict[str, Any] | Callable[[Door], dict[str, Any]], expected: list[str]
) -> None:
    given = more(door) if callable(more) else more
    before = StoredReading.objects.count()
    reading = door.reading(**({"text": "10"} | given))
    good = door.reading("10")
    receipt, other = door.send(reading, good, actor=ANNA)
    assert [reason.code.removeprefix("collecting.") for reason in receipt.reasons] == expected
    assert (receipt.status, other.status) == ("quarantined", "accepted")
    assert all(in_words(reason) for reason in receipt.reasons)
    assert StoredReading.objects.count() == before + 1
    kept = queries.quarantined_reading(receipt.quarantine or 0)
    assert kept is not None
    assert (kept.reading, kept.reasons) == (reading, receipt.reasons)
    again = door.send(reading, actor=ANNA)[0]
    assert (again.repeated, again.quarantine, again.reasons) == (True, receipt.quarantine, receipt.reasons)
    assert verify().sound


def test_a_person_mends_and_releases_and_the_original_stays(door: Door) -> None:
    held = door.hold("9,98", lot="L7")
    kept = queries.quarantined_reading(held)
    assert kept is not None
    receipt = door.release(held, mended=changed(kept.reading, text="9.98"))
    assert (receipt.status, receipt.quarantine, receipt.verdict) == ("accepted", held, "conform")
    row = queries.reading(receipt.reading or 0)
    assert row is not None
    assert (row.text, row.lot, row.actor, row.sequence) == ("9.98", "L7", "token:5", kept.reading.sequence)
    after = queries.quarantined_reading(held)
    assert after is not None
    assert after.reading.text == "9,98"
    assert after.decision is not None
    assert (after.decision.action, after.decision.actor, after.decision.reading) == (
        "released",
        "person:3",
        receipt.reading,
    )
    assert json.loads(after.decision.mended)["text"] == "9.98"
    assert Entry.objects.get(action="quarantine:released").reason == "seen"
    again = door.send(kept.reading)[0]
    assert (again.status, again.reading, again.repeated) == ("accepted", receipt.reading, True)
    assert queries.waiting_count(sites=frozenset({"*"})) == 0
    assert verify().sound


def test_a_second_look_confirms_an_implausible_value(door: Door) -> None:
    held = door.hold("99.8")
    with pytest.raises(Refused) as caught:
        door.release(held)
    assert [reason.code for reason in caught.value.reasons] == ["collecting.implausible"]
    kept = queries.quarantined_reading(held)
    assert kept is not None
    assert door.release(held, mended=changed(kept.reading, confirmed=True)).verdict == "nonconform"


def test_what_a_source_has_confirmed_is_taken_at_once(door: Door) -> None:
    assert door.take("99.8", confirmed=True)


def test_a_released_reading_counts_where_its_number_stands(door: Door) -> None:
    held = door.hold("ten")
    door.take("10.01")
    kept = queries.quarantined_reading(held)
    assert kept is not None
    receipt = door.release(held, mended=changed(kept.reading, text="10.00"))
    row = queries.reading(receipt.reading or 0)
    assert row is not None
    assert receipt.late
    assert [r.text for r in queries.latest_readings(row.stream)] == ["10.00", "10.01"]


def test_a_mended_reading_keeps_its_key(door: Door) -> None:
    held = door.hold("ten")
    kept = queries.quarantined_reading(held)
    assert kept is not None
    for other in ({"sequence": 99}, {"source": "another"}):
        with pytest.raises(Refused) as caught:
            door.release(held, mended=changed(kept.reading, text="10", **other))
        assert [reason.code for reason in caught.value.reasons] == ["collecting.key_changed"]


def test_a_mended_reading_is_looked_at_like_any_other(door: Door) -> None:
    held = door.hold("ten")
    kept = queries.quarantined_reading(held)
    assert kept is not None
    with pytest.raises(Refused) as caught:
        door.release(held, mended=changed(kept.reading, text="eleven", unit="kg", lot="\x00"))
    assert [reason.code for reason in caught.value.reasons] == [
        "collecting.unreadable",
        "collecting.not_a_number",
        "collecting.unit_other",
    ]
    assert Waiting.objects.count() == 1
    assert StoredReading.objects.count() == Decision.objects.count() == 0


def test_a_discarded_reading_stays_readable_and_is_decided_once(door: Door) -> None:
    held = door.hold("ten")
    with pytest.raises(Refused) as caught:
        door.discard(held, reason=" ")
    assert [reason.code for reason in caught.value.reasons] == ["records.reason_missing"]
    door.discard(held, reason="a test piece")
    kept = queries.quarantined_reading(held)
    assert kept is not None
    assert kept.decision is not None
    assert (kept.decision.action, kept.decision.reason) == ("discarded", "a test piece")
    for decide in (door.discard, door.release):
        with pytest.raises(Refused) as caught:
            decide(held)
        assert [reason.code for reason in caught.value.reasons] == ["collecting.decided"]
    assert codes(door.send(kept.reading)) == [("quarantined", "collecting.not_a_number")]
    assert verify().sound


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (PRESS, ["collecting.person_needed", "collecting.quarantine_unknown"]),
        (ELSEWHERE, ["collecting.person_needed", "collecting.quarantine_unknown"]),
        (STRANGER, ["collecting.quarantine_unknown"]),
        (PIA, ["collecting.quarantine_unknown"]),
    ],
)
def test_only_a_person_of_the_site_decides(door: Door, actor: Any, expected: list[str]) -> None:
    held = door.hold("ten")
    for decide in (lambda: door.release(held, actor=actor), lambda: door.discard(held, actor=actor)):
        with pytest.raises(Refused) as caught:
            decide()
        assert [reason.code for reason in caught.value.reasons] == expected
        assert all(in_words(reason) for reason in caught.value.reasons)


def test_there_is_nothing_to_decide_about_what_never_waited(door: Door) -> None:
    with pytest.raises(Refused) as caught:
        door.release(4711, actor=EMIL)
    assert [reason.code for reason in caught.value.reasons] == ["collecting.quarantine_unknown"]


def test_the_list_shows_a_site_its_own_and_what_nobody_can_place(door: Door) -> None:
    own = door.hold("ten")
    nowhere = door.hold(characteristic="?", actor=EMIL)
    there = frozenset({"BER"})
    assert [item.id for item in queries.waiting_readings(sites=frozenset({"HAL"}))] == [own, nowhere]
    assert [item.id for item in queries.waiting_readings(sites=there)] == [nowhere]
    assert [item.id for item in queries.waiting_readings(sites=frozenset({"*"}), after=own)] == [nowhere]
    assert queries.waiting_count(sites=there) == 1


def test_one_event_tells_of_all_that_a_batch_left_waiting(door: Door) -> None:
    door.send(door.reading("ten"), door.reading(""), door.reading("10"))
    payload = json.loads(Event.objects.get(name="ReadingsQuarantined").payload)
    assert (payload["count"], len(payload["quarantined"]), payload["sites"]) == (2, 2, ["HAL"])


def test_words_that_cannot_be_written_anywhere_are_kept_word_for_word(door: Door) -> None:
    reading = door.reading("10", lot="a\ud800b", note="\x00\uffff")
    receipt = door.send(reading)[0]
    kept = queries.quarantined_reading(receipt.quarantine or 0)
    assert kept is not None
    assert kept.reading == reading
    assert Quarantined.objects.get().content.isascii()
    assert door.send(reading)[0].repeated
    assert codes(door.send(changed(reading, lot="a\ud801b"))) == [("refused", "collecting.key_used")]


def test_the_company_of_a_reading_does_not_change_what_it_is(door: Door) -> None:
    beside, odd = door.reading("ten"), door.reading("10", lot="a\ud800b")
    door.send(beside, odd)
    assert [receipt.repeated for receipt in (*door.send(beside), *door.send(odd))] == [True, True]


def test_what_was_held_back_stays_on_the_work_list_and_its_key_stands_for_it(door: Door) -> None:
    held, other = door.hold("ten"), door.hold("eleven")
    door.discard(other)
    assert verify().sound
    kept = Waiting.objects.filter(quarantined=held).values().get()
    Waiting.objects.all().delete()
    assert [(found.table, found.row) for found in verify().findings] == [("collecting_waiting", held)]
    Waiting.objects.create(**kept)
    Intake.objects.filter(quarantine=other).update(digest=Intake.objects.get(quarantine=held).digest)
    assert [(found.table, found.row) for found in verify().findings] == [("collecting_intake", other)]


def test_a_stream_that_is_gone_is_missed(door: Door) -> None:
    reading = door.send(door.reading("10"))[0].reading
    stream = StoredReading.objects.get(pk=reading or 0).stream_id
    assert verify().sound
    with transaction.atomic():  # behind the program's back, and undone
        Progress.objects.filter(stream=stream).delete()
        store.fetch("DELETE FROM collecting_stream WHERE id = %s RETURNING id", [stream])
        assert [(found.kind, found.table, found.row) for found in verify().findings] == [
            ("row deleted", "collecting_stream", stream)
        ]
        transaction.set_rollback(True)


def test_every_reason_is_met_in_these_tests() -> None:
    folder = Path(__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("test_*.py"))
    short = [code.removeprefix("collecting.") for code in COLLECTING]
    assert [
        code for code in short if f'"{code}"' not in source and f'"collecting.{code}"' not in source
    ] == []


def test_a_reading_comes_back_from_its_text_whole(door: Door) -> None:
    whole = Reading(
        source="press", sequence=1, characteristic="C", text="1", unit="mm", stream={"machine": "M2"},
        measured_at=NOW, operator="o", gauge="g", lot="l", serial="s", subgroup="b", purpose="study",
        validity="excluded", confirmed=True, kind="correction", about=3, note="n",
        size="5", nominal="9.9",
    )  # fmt: skip
    from gemba.quality.control.collecting.intake import read_reading, write_reading

    assert read_reading(write_reading(whole)) == whole
