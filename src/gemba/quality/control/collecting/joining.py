"""Readings that are judged together: to which chart over several each belongs, and to which item.

An item is told by its serial number, else by its lot and subgroup. A reading with neither belongs to none:
nobody guesses which readings are of one piece.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b

import msgspec

from gemba.quality.control.collecting.definitions import Streams, ids_of, known_by_id
from gemba.quality.control.collecting.models import Stream
from gemba.quality.control.collecting.queries import keys_of
from gemba.quality.control.collecting.reading import AcceptedReading
from gemba.quality.control.collecting.rules import key_parts
from gemba.quality.control.collecting.verdict import Asked
from gemba.quality.planning.products import queries as products
from gemba.quality.records import store
from gemba.quality.records.work import Work

LONGEST_NAME = 80
_Charts = Mapping[int, Sequence[tuple[Asked, str]]]
"""The id of a characteristic -> what asks for it together with others, and its number."""


def joined(
    work: Work, accepted: Sequence[AcceptedReading], together: Callable[[], list[int]]
) -> list[AcceptedReading]:
    """The same readings once more for each chart that judges them ``together`` with others."""
    charts = _charts(work, together()) if accepted else {}
    if not charts:
        return []
    asked = [(reading, *one) for reading in accepted for one in charts.get(reading.characteristic, ())]
    if not asked:
        return []
    apart = {reading.stream for reading, chart, _ in asked if chart.spec.stream_keys}
    keys = {stream: key_parts(key) for stream, key in keys_of(apart).items()} if apart else {}
    streams, found = Streams(work, turn="gemba.collecting.together"), []
    for reading, chart, number in asked:
        name = item_name(reading.serial, reading.lot, reading.subgroup)
        if not name and reading.kind == "reading":
            continue
        held = keys.get(reading.stream, {})
        given = {key: held.get(key, "") for key in chart.spec.stream_keys}
        known = chart.streams.get(tuple(given.items()))
        found.append(
            msgspec.structs.replace(
                reading,
                characteristic=chart.spec.characteristic,
                stream=streams.find(chart, given) if known is None else known,
                subgroup=name,
                spec_version=chart.version,
                beside=None,
                member=number,
            )
        )
    return found


def item_name(serial: str, lot: str, subgroup: str) -> str:
    """What an item is called: its serial number, else its lot and subgroup; empty where it has no name."""
    name = serial or (subgroup and f"{lot} {subgroup}".strip())
    if len(name) <= LONGEST_NAME:
        return name
    digest = blake2b(name.encode(), digest_size=8).hexdigest()
    return f"{name[: LONGEST_NAME - 17]}~{digest}"


def member_streams(stream: int) -> dict[int, str]:
    """The streams whose readings are judged together on this one, each with the number of its characteristic.

    Empty for a stream that has readings of its own.
    """
    together = products.judged_together()
    row = Stream.objects.filter(pk=stream, characteristic__in=together).first() if together else None
    if row is None:
        return {}
    released = products.specifications([row.characteristic_id]).get(row.characteristic_id, ())
    charts = [spec.chart for spec in released if spec.chart is not None]
    ids = products.ids_by_number({number for chart in charts for number in chart.members})
    numbers = {identity: number for number, identity in ids.items()}
    wanted = key_parts(row.key).items()
    return {
        held.pk: numbers[held.characteristic_id]
        for held in Stream.objects.filter(characteristic__in=numbers)
        if wanted <= key_parts(held.key).items()
    }


def unnamed(streams: Iterable[int], *, last: int = 100) -> int:
    """How many of the newest readings of these streams name no item."""
    statement = (
        "SELECT COUNT(*) FROM (SELECT serial, subgroup FROM collecting_reading WHERE stream_id = %s "
        "AND kind = 'reading' ORDER BY position DESC, sequence DESC LIMIT %s) newest "
        "WHERE serial = '' AND subgroup = ''"
    )
    return sum(int(store.fetch(statement, [stream, last])[0][0]) for stream in streams)


def _charts(work: Work, together: Sequence[int]) -> _Charts:
    """Which characteristics are judged together by what is in force now."""
    known = known_by_id(work, together).values() if together else ()
    now = [known_one.asked(work.at) for known_one in known]
    begun = [one for one in now if one.spec.effective_from <= work.at and one.spec.chart is not None]
    ids = ids_of(work, {number for one in begun for number in _members(one)}) if begun else {}
    found: dict[int, list[tuple[Asked, str]]] = {}
    for one in begun:
        for number in _members(one):
            if number in ids:
                found.setdefault(ids[number], []).append((one, number))
    return found


def _members(asked: Asked) -> tuple[str, ...]:
    return () if asked.spec.chart is None else asked.spec.chart.members
