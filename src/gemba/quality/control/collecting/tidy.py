"""The tidy series of a stream: its readings in their order, each with the value that holds now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from gemba.quality.control.collecting.joining import item_name, member_streams
from gemba.quality.records import store

# With "+ 0" the newest amendment is looked up by what it amends. Of a table that is new to it, PostgreSQL
# believes that the ids from the newest on soon come to one, and reads all of them for each reading.
_SERIES = """
    SELECT r.position, r.sequence, r.id, r.value, r.subgroup, COALESCE(r.measured_at, r.received_at),
        r.purpose, r.validity, r.qualifier, r.beside,
        (SELECT MAX(a.id + 0) FROM collecting_reading a WHERE a.about = r.id), r.serial, r.lot
    FROM collecting_reading r
    WHERE r.stream_id = %s AND r.kind = 'reading' AND (r.position, r.sequence) >= (%s, %s) {named}
    ORDER BY r.position, r.sequence LIMIT %s
"""
_ALL = _SERIES.format(named="")
_NAMED = _SERIES.format(named="AND (r.serial <> '' OR r.subgroup <> '')")


class Measured(NamedTuple):
    """A first reading with the value that holds now.

    ``usable`` says whether it had a place in statistics when it was taken; ``value`` is ``None`` where it
    has none now, because it was voided or excluded since; ``beside`` is what the value stands beside. Where
    it is judged together with others, ``member`` is the number of its characteristic and ``subgroup`` names
    the item.
    """

    position: int
    sequence: int
    id: int
    value: float | None
    subgroup: str
    at: int
    usable: bool
    beside: str | None
    member: str = ""


def series(stream: int, first: tuple[int, int], *, limit: int) -> list[Measured]:
    """The readings of a stream from a place in its order on, oldest first.

    Those of several streams in one order, where they are judged together; readings of no item are left out.
    """
    together = member_streams(stream)
    if not together:
        return _measured(store.fetch(_ALL, [stream, *first, limit]), "")
    found = [
        item
        for held, member in together.items()
        for item in _measured(store.fetch(_NAMED, [held, *first, limit]), member)
    ]
    return sorted(found)[:limit]


def _measured(rows: Sequence[Sequence[Any]], member: str) -> list[Measured]:
    amended = _amendments([row[10] for row in rows if row[10] is not None])
    found = []
    for row in rows:
        position, sequence, identity, value, subgroup, at, purpose, validity, qualifier, by, last = row[:11]
        taken = _usable(value, purpose, validity, qualifier)
        now, beside = amended[last] if last is not None else (value if taken else None, by)
        name = item_name(row[11], row[12], subgroup) if member else subgroup
        found.append(Measured(position, sequence, identity, now, name, at, taken, beside, member))
    return found


def places(readings: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Where first readings stand in their streams, by id."""
    found: dict[int, tuple[int, int]] = {}
    for rows in store.fetch_among(
        "SELECT id, position, sequence FROM collecting_reading WHERE id", list(readings)
    ):
        found[rows[0]] = (rows[1], rows[2])
    return found


def _amendments(identities: Sequence[int]) -> dict[int, tuple[float | None, str | None]]:
    """The value that each of these amendments gives its reading in statistics, and what it stands beside."""
    statement = "SELECT id, value, purpose, validity, qualifier, beside FROM collecting_reading WHERE id"
    return {
        identity: (value if _usable(value, purpose, validity, qualifier) else None, beside)
        for identity, value, purpose, validity, qualifier, beside in store.fetch_among(statement, identities)
    }


def _usable(value: float | None, purpose: str, validity: str, qualifier: str) -> bool:
    return value is not None and purpose == "production" and validity == "valid" and not qualifier
