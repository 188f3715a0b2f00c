"""The newest readings of many streams in one query: what holds of them now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gemba.quality.records import store

CHUNK = 1000
_RECENT = """
    SELECT s.characteristic_id, r.stream_id, COALESCE(r.measured_at, r.received_at), r.kind, r.purpose,
        r.validity, r.verdict, r.value, a.kind, a.purpose, a.validity, a.verdict, a.value
    FROM collecting_stream s
    JOIN collecting_reading r ON r.stream_id = s.id AND r.position >= COALESCE((
        SELECT q.position FROM collecting_reading q WHERE q.stream_id = s.id
        ORDER BY q.position DESC, q.sequence DESC LIMIT 1 OFFSET %s), 0)
    LEFT JOIN collecting_reading a ON a.id = (
        SELECT MAX(b.id + 0) FROM collecting_reading b WHERE b.about = r.id)
    WHERE s.{column} IN ({marks}) AND r.kind = 'reading'
    ORDER BY r.stream_id, r.position, r.sequence
"""


class Recent(NamedTuple):
    """One reading of production with the verdict and the value that hold now."""

    characteristic: int
    stream: int
    at: int
    verdict: str
    value: float | None


def recent_readings(characteristics: Sequence[int], *, last: int, since: int) -> list[Recent]:
    """The last readings of each stream of these characteristics, no older than a moment, oldest first.

    Only valid readings of production count; what was voided or excluded since is left out.
    """
    return _recent("characteristic_id", characteristics, last=last, since=since)


def recent_of_streams(streams: Sequence[int], *, last: int, since: int = 0) -> list[Recent]:
    """The same of some streams."""
    parts = [streams[start : start + CHUNK] for start in range(0, len(streams), CHUNK)]
    return [item for part in parts for item in _recent("id", part, last=last, since=since)]


def _recent(column: str, wanted: Sequence[int], *, last: int, since: int) -> list[Recent]:
    if not wanted:
        return []
    statement = _RECENT.format(column=column, marks=", ".join("%s" for _ in wanted))
    found = []
    for characteristic, stream, at, *held in store.fetch(statement, [last - 1, *wanted]):
        kind, purpose, validity, verdict, value = held[:5] if held[5] is None else held[5:]
        if kind != "void" and purpose == "production" and validity == "valid" and at >= since:
            found.append(Recent(characteristic, stream, at, verdict, value))
    return found
