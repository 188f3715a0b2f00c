"""Parts of short runs of which no limits are known: their values are stored and make no point to judge."""

from __future__ import annotations

from gemba.quality.control.collecting import queries as collecting
from gemba.quality.control.monitoring.keeping import read_stream
from gemba.quality.control.monitoring.lines import judges
from gemba.quality.control.monitoring.stored import points_in
from gemba.quality.control.monitoring.window import Window

LOOKED_AT = 200


def unjudged_parts(stream: int) -> tuple[str, ...]:
    """The parts among the newest points of a stream that its limits say nothing of, in their order."""
    held = read_stream(stream)
    if held is None or held.judge.limits is None or held.definition.chart.kind.layout != "runs":
        return ()
    stored = points_in(stream, Window(last=LOOKED_AT))
    gone = [item.point.first_reading for item in stored if item.point.limits and item.point.first is None]
    names = {row.id: row.beside or "" for row in collecting.readings_named(gone)} if gone else {}
    found = dict.fromkeys(names[reading] for reading in gone if reading in names)
    return tuple(name for name in found if not judges(held.judge.limits, name, 1.0))
