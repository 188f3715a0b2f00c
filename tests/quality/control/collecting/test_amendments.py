from __future__ import annotations

import pytest

from collected.door import ANNA, BERT, PRESS, Door, codes
from gemba.quality.control.collecting import queries
from gemba.quality.control.collecting.models import StoredReading
from gemba.quality.records.models import Event
from gemba.quality.records.reasons import Refused
from gemba.quality.records.trail import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def door() -> Door:
    return Door()


def row(identity: int) -> queries.Row:
    found = queries.reading(identity)
    assert found is not None
    return found


def test_a_correction_is_a_row_of_its_own_and_the_first_one_stays(door: Door) -> None:
    first = door.take("10.05", lot="L1", subgroup="S1", purpose="study")
    door.take("10.06", kind="correction", about=first, note="typed wrongly", actor=ANNA)
    found = row(first)
    assert (found.text, found.holds.text, found.void) == ("10.05", "10.06", False)
    assert (found.holds.purpose, found.holds.subgroup, found.holds.note) == ("study", "S1", "typed wrongly")
    assert [item.kind for item in found.amendments] == ["correction"]
    assert verify().sound


def test_an_amendment_of_an_amendment_is_about_the_first_reading(door: Door) -> None:
    first = door.take("10.05")
    second = door.take("10.06", kind="correction", about=first, note="typed wrongly", actor=ANNA)
    door.take("10.07", kind="remeasure", about=second, note="checked", actor=ANNA)
    assert StoredReading.objects.filter(about=first).count() == 2
    assert row(first).holds.text == "10.07"
    assert row(second).id == first


def test_a_remeasurement_of_a_bad_piece_leaves_the_first_value_in_sight(door: Door) -> None:
    first = door.take("10.20")
    door.take("10.05", kind="remeasure", about=first, note="burr removed", actor=ANNA)
    found = row(first)
    assert (found.verdict, found.holds.verdict) == ("nonconform", "conform")
    stream = found.stream
    assert [(item.id, len(item.amendments)) for item in queries.latest_readings(stream)] == [(first, 1)]
    counts = queries.counts_of_stream(stream)
    assert (counts.readings, counts.nonconform, counts.amendments) == (1, 1, 1)


def test_to_void_needs_a_reason_and_a_second_person(door: Door) -> None:
    first = door.take("10.00")
    missing = door.send(door.reading("", kind="void", about=first), actor=ANNA)
    assert codes(missing) == [("quarantined", "collecting.note_missing", "collecting.second_person")]
    held = door.hold("", kind="void", about=first, note="dropped on the floor", actor=ANNA)
    assert not row(first).void
    with pytest.raises(Refused) as caught:
        door.release(held, actor=ANNA)
    assert [reason.code for reason in caught.value.reasons] == ["collecting.second_person"]
    door.release(held, actor=BERT)
    found = row(first)
    assert found.void
    void = found.amendments[0]
    assert (void.value, void.text, void.actor, void.verdict) == (None, "", "person:3", "")
    assert verify().sound


def test_a_bad_value_is_not_corrected_to_a_good_one_by_one_person(door: Door) -> None:
    first = door.take("10.20")
    held = door.hold("10.02", kind="correction", about=first, note="typed wrongly", actor=ANNA)
    assert row(first).holds.verdict == "nonconform"
    door.release(held, actor=BERT)
    assert row(first).holds.verdict == "conform"


def test_a_machine_amends_nothing(door: Door) -> None:
    first = door.take("10.00")
    receipts = door.send(door.reading("10.01", kind="correction", about=first, note="why"), actor=PRESS)
    assert codes(receipts) == [("quarantined", "records.role_missing")]


def test_a_reading_that_was_excluded_is_not_brought_back_by_an_amendment(door: Door) -> None:
    first = door.take("10.00", validity="excluded", note="chip on the anvil")
    door.take("10.01", kind="correction", about=first, note="typed wrongly", actor=ANNA)
    assert row(first).holds.validity == "excluded"


def test_a_reading_is_excluded_later_by_a_correction_that_says_why(door: Door) -> None:
    first = door.take("10.00")
    door.take("10.00", kind="correction", about=first, validity="excluded", note="wrong part", actor=ANNA)
    assert (row(first).validity, row(first).holds.validity) == ("valid", "excluded")


def test_a_correction_keeps_the_moment_and_the_specification_of_its_reading(door: Door) -> None:
    first = door.take("10.00", measured_at=door.now)
    moment = row(first).measured_at
    door.take("10.01", kind="correction", about=first, note="typed wrongly", actor=ANNA)
    assert row(first).holds.measured_at == moment
    assert row(first).holds.spec_version == row(first).spec_version


def test_a_correction_that_turns_out_bad_is_told_like_any_bad_value(door: Door) -> None:
    first = door.take("10.00")
    door.take("10.20", kind="correction", about=first, note="typed wrongly", actor=ANNA)
    assert Event.objects.filter(name="ReadingNonconforming").count() == 1


def test_an_amendment_is_in_time_whatever_its_number(door: Door) -> None:
    first = door.take("10.00", sequence=50)
    receipt = door.send(
        door.reading("10.01", sequence=10, kind="correction", about=first, note="why"), actor=ANNA
    )[0]
    assert (receipt.status, receipt.late) == ("accepted", False)
    assert door.send(door.reading("10.02", sequence=51), actor=ANNA)[0].late is False
