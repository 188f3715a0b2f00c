"""The order in which readings count: each source by its own numbers, sources by arrival."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from gemba.quality.control.collecting.accepted import by_stream
from gemba.quality.control.collecting.examining import Taken
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.collecting.sheet import Sheet
from gemba.quality.records import store

Tallies = Callable[[], dict[tuple[int, str], list[int]]]
TALLY = ("sequence", "readings", "nonconform", "undecided", "late", "amendments")
_AFTER = """
    SELECT position FROM (
        SELECT (
            SELECT r.position FROM collecting_reading r
            WHERE r.id <= i.reading AND r.id > i.reading - i.count AND r.id > i.reading - (i.sequence - %s)
                AND r.stream_id + 0 = %s AND r.kind = 'reading'
            ORDER BY r.id LIMIT 1
        ) AS position
        FROM collecting_intake i WHERE i.source = %s AND i.sequence > %s ORDER BY i.sequence
    ) later WHERE position IS NOT NULL LIMIT 1
"""
"""Each run of keys looks its readings up by id; ``+ 0`` keeps PostgreSQL from going along the stream.

It would where a table is new to it.
"""


def arrange(sheet: Sheet) -> Sequence[int]:
    """The places of readings in the order in which they count.

    The places that a source holds in the batch stay its own; its readings fill them by their numbers.
    """
    last: dict[str, int] = {}
    for source, sequence in zip(sheet["source"], sheet["sequence"], strict=True):
        if sequence < last.get(source, sequence):
            return _rearranged(sheet.readings)
        last[source] = sequence
    return range(len(sheet))


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


def lock_streams(taken: Sequence[Taken]) -> list[int]:
    """Let one transaction at a time add to a stream; before ids are given, so that they ascend in it.

    Returns the streams.
    """
    streams = sorted({item.stream for item in taken})
    store.lock_ids("collecting_stream", streams)
    return streams


@dataclass(frozen=True)
class Bound:
    """Readings that are bound for their streams: the places of each stream, and of what a source brings it.

    ``tallies`` are asked for along with the next question.
    """

    taken: Sequence[Taken]
    streams: Mapping[int, Sequence[int]]
    parts: Mapping[tuple[int, str], Sequence[int]]
    tallies: Tallies


def bind(taken: Sequence[Taken], sheet: Sheet) -> Bound:
    """Find the places of each stream and source; the streams are locked."""
    streams = by_stream(taken)
    parts = _parts(streams, sheet["source"])
    return Bound(taken, streams, parts, _tallies(parts.keys()))


def positions(ids: Sequence[int], bound: Bound, sheet: Sheet) -> list[int]:
    """Where each reading stands in its stream: its own id, or before the one it should have come before.

    Counts what each source has brought to each stream.
    """
    found, taken = list(ids), bound.taken
    tallies = bound.tallies()
    verdicts = [item.verdict for item in taken]
    first, sequences = sheet.holds_only("about", None), sheet["sequence"]
    rows = []
    for key, places in sorted(bound.parts.items()):
        tally = tallies.get(key, [-1, 0, 0, 0, 0, 0])
        conform = [verdicts[place] for place in places].count("conform") == len(places)
        if first and conform and sequences[places[0]] > tally[0]:
            tally[0] = sequences[places[-1]]
            tally[1] += len(places)
        else:
            for place in places:
                found[place] = _count_in(tally, ids[place], taken[place])
        rows.append((*key, *tally))
    store.put_many("collecting_progress", ("stream_id", "source"), TALLY, rows)
    return found


def _parts(
    streams: Mapping[int, Sequence[int]], sources: Sequence[str]
) -> dict[tuple[int, str], Sequence[int]]:
    """The places of what each source brings to each stream; its numbers ascend in them, each once."""
    found: dict[tuple[int, str], Sequence[int]] = {}
    for stream, places in streams.items():
        here = {sources[place] for place in places}
        if len(here) == 1:
            found[stream, here.pop()] = places
            continue
        apart: dict[str, list[int]] = {source: [] for source in here}
        for place in places:
            apart[sources[place]].append(place)
        found |= {(stream, source): held for source, held in apart.items()}
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
    number = item.reading.sequence
    after = store.fetch(_AFTER, [number, item.stream, item.reading.source, number])
    return int(after[0][0])


def _tallies(keys: Set[tuple[int, str]]) -> Tallies:
    """What is known of these pairs of stream and source; a stream may have had thousands of sources."""
    key = ("stream_id", "source")
    rows = store.fetch_paired_later("collecting_progress", key, TALLY, sorted(keys))
    return lambda: {(row[0], row[1]): list(row[2:]) for row in rows()}
