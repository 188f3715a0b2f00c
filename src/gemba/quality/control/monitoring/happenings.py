"""What happened while the points of a chart came: new lots, tools, gauges, and what others know."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gemba.quality.control.collecting import queries as collecting
from gemba.quality.control.monitoring.points import Point
from gemba.stats.charts import Event, events_where_changed
from gemba.stats.results import N_, translator

TOOLS = ("tool", "insert", "die", "mould", "mold")
"""Names of traceability under which a tool stands."""
SHARE = 3
FEW = 3
"""What changes more often than at every third point, and more than a few times, is a property of each piece
and no event: a serial number in the field of the lot, the temperature of the hall."""


@dataclass(frozen=True)
class Happening:
    """Something that took effect at a moment (microseconds), such as a corrective action."""

    at: int
    words: str
    kind: str = "action"


def events_of(
    points: Sequence[Point], also: Sequence[Happening] = (), language: str | None = None
) -> tuple[Event, ...]:
    """The events of these points, in their order."""
    known = collecting.circumstances([point.first_reading for point in points])
    rows = [known.get(point.first_reading, ("", "", "")) for point in points]
    t = translator(language)
    found = [
        *_seldom([row[0] for row in rows], "lot", t(N_("Lot"))),
        *_seldom([row[1] for row in rows], "gauge", t(N_("Gauge"))),
        *_traced([_context(row[2]) for row in rows]),
        *_at_moments(points, also),
    ]
    return tuple(sorted(found, key=lambda event: event.point))


def _seldom(values: Sequence[object], kind: str, word: str) -> tuple[Event, ...]:
    found = events_where_changed(values, kind, word)
    return found if len(found) <= max(FEW, len(values) // SHARE) else ()


def _traced(rows: Sequence[dict[str, Any]]) -> list[Event]:
    """Where what is traced beside lot and gauge changes: tools, materials, programs."""
    names = sorted({name for row in rows for name in row})
    found: list[Event] = []
    for name in names:
        values = [str(row.get(name, "")) for row in rows]
        found += _seldom(values, "tool" if name.lower() in TOOLS else "", name[:1].upper() + name[1:])
    return found


def _context(text: str) -> dict[str, Any]:
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {}


def _at_moments(points: Sequence[Point], also: Sequence[Happening]) -> list[Event]:
    """Each happening before the first point that was measured from its moment on."""
    moments = [point.at for point in points]
    return [
        Event(bisect_left(moments, item.at) + 1, item.words, item.kind)
        for item in also
        if moments[0] <= item.at <= moments[-1]
    ]
