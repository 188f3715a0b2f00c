from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from collected.door import Door
from gemba.quality.control.collecting import queries
from gemba.quality.control.collecting.models import StoredReading, Stream
from gemba.quality.records.canonical import to_microseconds

pytestmark = pytest.mark.django_db


@pytest.fixture
def door() -> Door:
    return Door()


def test_a_stream_is_paged_both_ways_without_gap_or_repeat(door: Door) -> None:
    door.send(*(door.reading() for _ in range(25)))
    stream = Stream.objects.get().pk
    forward: list[int] = []
    after = (0, -1)
    while rows := queries.readings_from(stream, after=after, limit=7):
        forward += [row.sequence for row in rows]
        after = (rows[-1].position, rows[-1].sequence)
    assert forward == list(range(1, 26))
    backward: list[int] = []
    before = None
    while rows := queries.latest_readings(stream, limit=7, before=before):
        backward = [row.sequence for row in rows] + backward
        before = (rows[0].position, rows[0].sequence)
    assert backward == forward


def test_a_window_holds_what_was_received_in_it(door: Door) -> None:
    start = door.now
    for _ in range(10):
        door.take()
    stream = Stream.objects.get().pk

    def window(first: float, last: float) -> list[int]:
        begin, end = (to_microseconds(start + timedelta(minutes=at)) for at in (first, last))
        return [row.sequence for row in queries.readings_between(stream, begin, end)]

    assert window(0, 99) == list(range(1, 11))
    assert window(3, 6) == [3, 4, 5]
    assert window(2.5, 3.5) == [3]
    assert window(10.5, 99) == []
    assert window(0, 1) == []


def test_the_tally_is_what_one_counts(door: Door) -> None:
    for text in ("10.00", "10.20", "9.00", "10.00", "<10.2"):
        door.take(text)
    door.take("10.00", source="other", sequence=7)
    door.take("9.80", source="other", sequence=3)
    counts = queries.counts_of_stream(Stream.objects.get().pk)
    rows = StoredReading.objects.all()
    assert counts.readings == rows.count() == 7
    assert counts.nonconform == rows.filter(verdict="nonconform").count() == 3
    assert counts.undecided == rows.filter(verdict="undecided").count() == 1
    assert counts.late == 1
    assert queries.counts_of_characteristic(door.characteristic.pk) == counts
    assert queries.counts_of_stream(4711) == queries.Counts(0, 0, 0, 0, 0)


def test_a_source_can_compare_its_count_its_sum_and_its_numbers(door: Door) -> None:
    for sequence, text in ((3, "0.1"), (4, "0.2"), (7, "<0.3"), (8, "ten"), (12, "1e-30")):
        door.send(door.reading(text, sequence=sequence))
    totals = queries.control_totals("press")
    assert (totals.first, totals.last, totals.readings, totals.held) == (3, 12, 4, 1)
    assert totals.total == Decimal("0.600000000000000000000000000001")
    assert totals.gaps == ((5, 6), (9, 11))
    part = queries.control_totals("press", first=4, last=7)
    assert (part.readings, part.total, part.gaps) == (2, Decimal("0.5"), ((5, 6),))
    assert queries.control_totals("nobody").first is None


def test_nothing_is_found_where_nothing_is(door: Door) -> None:
    assert queries.reading(4711) is None
    assert queries.quarantined_reading(4711) is None
    assert queries.streams_of(door.characteristic.pk) == []
    assert queries.readings_between(1, 0, 10) == []


def test_a_stream_tells_its_characteristic(door: Door) -> None:
    door.take()
    stream = queries.stream(Stream.objects.get().pk)
    assert stream.characteristic.number == door.number
    assert str(stream) == ""
