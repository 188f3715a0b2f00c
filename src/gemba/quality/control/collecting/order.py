"""The order in which readings count: each source by its own numbers, sources by arrival."""

from __future__ import annotations

from collections.abc import Sequence, Set

from gemba.quality.control.collecting.examining import Taken
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.records import store

TALLY = ("sequence", "readings", "nonconform", "undecided", "late", "amendments")
_AFTER = """
    SELECT r.position FROM collecting_intake i JOIN collecting_reading r ON r.id = i.reading
    WHERE i.source = %s AND i.sequence > %s AND r.stream_id = %s AND r.kind = 'reading'
    ORDER BY i.sequence LIMIT 1
"""


def arrange(readings: Sequence[Reading]) -> Sequence[int]:
    """The places of readings in the order in which they count.

    The places that a source holds in the batch stay its own; its readings fill them by their numbers.
    """
    last: dict[str, int] = {}
    for reading in readings:
        if reading.sequence < last.get(reading.source, reading.sequence):
            return _rearranged(readings)
        last[reading.source] = reading.sequence
    return range(len(readings))


def _rearranged(readings: Sequence[Reading]) -> Sequence[int]:
    held: dict[str, list[int]] = {}
    for place, reading in enumerate(readings):
        held.setdefault(reading.source, []).append(place)
    order = list(range(len(readings)))
    for places in held.values():
        ascending = sorted(places, key=lambda place: readings[place].sequence)
        for place, filled in zip(places, ascending, strict=True):
            order[place] = filled
    return order


def lock_streams(taken: Sequence[Taken]) -> None:
    """Let one transaction at a time add to a stream; before ids are given, so that they ascend in it."""
    store.lock_ids("collecting_stream", sorted({item.stream for item in taken}))


def positions(ids: Sequence[int], taken: Sequence[Taken]) -> list[int]:
    """Where each reading stands in its stream: its own id, or before the one it should have come before.

    Counts what each source has brought to each stream.
    """
    keys = [(item.stream, item.reading.source) for item in taken]
    tallies = _tallies(set(keys))
    touched: dict[tuple[int, str], list[int]] = {}
    found: list[int] = []
    for identity, item, key in zip(ids, taken, keys, strict=True):
        tally = touched.get(key)
        if tally is None:
            tally = touched[key] = tallies.get(key, [-1, 0, 0, 0, 0, 0])
        sequence = item.reading.sequence
        if sequence > tally[0] and item.verdict == "conform" and item.about is None:
            tally[0] = sequence
            tally[1] += 1
            found.append(identity)
        else:
            found.append(_count_in(tally, identity, item))
    rows = [(*key, *touched[key]) for key in sorted(touched)]
    store.put_many("collecting_progress", ("stream_id", "source"), TALLY, rows)
    return found


def _count_in(tally: list[int], identity: int, item: Taken) -> int:
    """Count a reading in; returns its position."""
    if item.about is not None:
        tally[5] += 1
        return identity
    tally[1] += 1
    if item.verdict != "conform":
        tally[2 if item.verdict == "nonconform" else 3] += 1
    if item.reading.sequence > tally[0]:
        tally[0] = item.reading.sequence
        return identity
    tally[4] += 1
    after = store.fetch(_AFTER, [item.reading.source, item.reading.sequence, item.stream])
    return int(after[0][0])


def _tallies(keys: Set[tuple[int, str]]) -> dict[tuple[int, str], list[int]]:
    """What is known of these pairs of stream and source; a stream may have had thousands of sources."""
    rows = store.fetch_paired("collecting_progress", ("stream_id", "source"), TALLY, sorted(keys))
    return {(row[0], row[1]): list(row[2:]) for row in rows}
