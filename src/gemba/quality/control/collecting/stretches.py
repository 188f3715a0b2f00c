"""Reads for neighbours: what is suspect since the last good value of a stream, what was re-inspected.

A reading counts with the verdict that holds, that of its last correction or re-measurement; a voided one
does not count. Only what was made for use is suspect: production and first pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gemba.quality.records import store

LISTED = 50
"""How many lots and serials a stretch names at most."""
_VERDICT = """COALESCE((SELECT a.verdict FROM collecting_reading a WHERE a.about = r.id
    AND a.kind <> 'void' ORDER BY a.id + 0 DESC LIMIT 1), r.verdict)"""
_KEPT = """r.kind = 'reading' AND NOT EXISTS (
    SELECT 1 FROM collecting_reading v WHERE v.about = r.id AND v.kind = 'void')"""
_MADE = f"{_KEPT} AND r.purpose IN ('production', 'first-piece')"
_START = (-1, -1)


@dataclass(frozen=True)
class Stretch:
    """Readings of a stream in its order, after the last good one and up to the last suspect one.

    ``after`` is the last good reading before, ``since`` when it was measured or else received
    (microseconds), both ``None`` when nothing good is known. ``lots`` and ``serials`` name the first fifty;
    ``at``, ``operator`` and ``text`` are those of the last suspect reading.
    """

    after: int | None
    since: int | None
    last: int
    readings: int
    nonconforming: int
    lots: tuple[str, ...]
    serials: tuple[str, ...]
    at: int
    operator: str
    text: str


@dataclass(frozen=True)
class Reinspected:
    """One reading of a re-inspection with the verdict that holds."""

    id: int
    serial: str
    text: str
    unit: str
    verdict: str


def last_good(stream: int, *, before: Sequence[int] = (), up_to: int | None = None) -> int | None:
    """The last reading that conforms before all of these readings, and not after the one ``up_to``."""
    limits = [(*key, False) for key in _keys(before)]
    limits += [(*key, True) for key in _keys([] if up_to is None else [up_to])]
    if not limits:
        return None
    position, sequence, inclusive = min(limits)
    compare = "<=" if inclusive else "<"
    found = store.fetch(
        f"SELECT r.id FROM collecting_reading r WHERE r.stream_id = %s AND r.position <= %s "  # noqa: S608
        f"AND (r.position, r.sequence) {compare} (%s, %s) AND {_MADE} "
        f"AND {_VERDICT} NOT IN ('nonconform', 'undecided') "
        "ORDER BY r.position DESC, r.sequence DESC LIMIT 1",
        [stream, position, position, sequence],
    )
    return int(found[0][0]) if found else None


def still_bad(readings: Sequence[int]) -> tuple[int, ...]:
    """Which of these readings still do not conform, after all corrections and voids."""
    return tuple(
        identity
        for identity in readings
        if store.fetch(
            f"SELECT 1 FROM collecting_reading r WHERE r.id = %s AND {_KEPT} AND {_VERDICT} = 'nonconform'",  # noqa: S608
            [identity],
        )
    )


def stretch(stream: int, *, after: Sequence[int | None], to: Sequence[int]) -> Stretch:
    """The readings after the earliest good one (all, where one is not known) up to the last of ``to``."""
    known = [identity for identity in after if identity is not None]
    good = None if len(known) < len(after) else min(_places(known))[2]
    last = max(_places(to))[2]
    low = _START if good is None else _keys([good])[0]
    high = _keys([last])[0]
    where = (
        f"r.stream_id = %s AND r.position BETWEEN %s AND %s "
        f"AND (r.position, r.sequence) > (%s, %s) AND (r.position, r.sequence) <= (%s, %s) AND {_MADE}"
    )
    values = [stream, low[0], high[0], *low, *high]
    count, bad = store.fetch(
        f"SELECT COUNT(*), SUM(CASE WHEN {_VERDICT} = 'nonconform' THEN 1 ELSE 0 END) "  # noqa: S608
        f"FROM collecting_reading r WHERE {where}",
        values,
    )[0]
    row = store.fetch(
        "SELECT COALESCE(measured_at, received_at), operator, text, unit "
        "FROM collecting_reading WHERE id = %s",
        [last],
    )[0]
    return Stretch(
        after=good,
        since=None if good is None else _moment(good),
        last=last,
        readings=int(count),
        nonconforming=int(bad or 0),
        lots=_named("lot", where, values),
        serials=_named("serial", where, values),
        at=int(row[0]),
        operator=row[1],
        text=f"{row[2]} {row[3]}".strip(),
    )


def reinspections(characteristic: int, *, since: int, lot: str = "") -> list[Reinspected]:
    """The readings with the purpose of a re-inspection since a moment (microseconds), in their order."""
    about, values = ("AND r.lot = %s", [lot]) if lot else ("", [])
    rows = store.fetch(
        f"SELECT r.id, r.serial, r.text, r.unit, {_VERDICT} FROM collecting_reading r "  # noqa: S608
        "JOIN collecting_stream s ON s.id = r.stream_id "
        "WHERE s.characteristic_id = %s AND r.purpose = 're-inspection' AND r.received_at >= %s "
        f"AND {_KEPT} {about} ORDER BY r.id",
        [characteristic, since, *values],
    )
    return [Reinspected(*row) for row in rows]


def _keys(readings: Sequence[int]) -> list[tuple[int, int]]:
    return [(position, sequence) for position, sequence, _ in _places(readings)]


def _places(readings: Sequence[int]) -> list[tuple[int, int, int]]:
    if not readings:
        return []
    marks = ", ".join("%s" for _ in readings)
    statement = f"SELECT position, sequence, id FROM collecting_reading WHERE id IN ({marks})"  # noqa: S608
    return [(int(row[0]), int(row[1]), int(row[2])) for row in store.fetch(statement, list(readings))]


def _moment(reading: int) -> int:
    statement = "SELECT COALESCE(measured_at, received_at) FROM collecting_reading WHERE id = %s"
    return int(store.fetch(statement, [reading])[0][0])


def _named(column: str, where: str, values: Sequence[int]) -> tuple[str, ...]:
    rows = store.fetch(
        f"SELECT {column} FROM collecting_reading r WHERE {where} AND {column} <> '' "  # noqa: S608
        f"GROUP BY {column} ORDER BY MIN(r.id) LIMIT {LISTED}",
        values,
    )
    return tuple(str(row[0]) for row in rows)
