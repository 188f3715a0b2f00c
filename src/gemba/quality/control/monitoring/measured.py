"""The readings behind the points that one looks at: what capability is judged from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gemba.quality.control.monitoring.keeping import read_stream
from gemba.quality.control.monitoring.stored import Stored, points_in
from gemba.quality.control.monitoring.stream import Stream
from gemba.quality.control.monitoring.study import values_of
from gemba.quality.control.monitoring.window import Window


@dataclass(frozen=True)
class Measured:
    """The values of one stage, beside each the name of its point.

    ``fired`` is how many of the points break a rule, ``limits`` the limit set of the stage; ``first`` and
    ``last`` are when its first and last point were measured.
    """

    values: tuple[float, ...]
    points: tuple[str, ...]
    size: int
    limits: int | None
    fired: int
    first: int
    last: int


def measured_in(stream: int, window: Window) -> Measured | None:
    """The readings of the points of a window, of the last stage where it shows several.

    Values on both sides of a change would make indices of a process that never was; several characteristics
    together, and several parts, have none.
    """
    held = read_stream(stream)
    return None if held is None else measured(held, points_in(stream, window))


def measured(held: Stream, stored: Sequence[Stored]) -> Measured | None:
    """The same of points that are at hand."""
    if not stored or held.definition.chart.joined or held.definition.chart.kind.layout == "runs":
        return None
    newest = stored[-1].point
    same = [item for item in stored if item.point.limits == newest.limits]
    values, names = values_of(held, same)
    return Measured(
        values=tuple(values),
        points=tuple(names),
        size=held.definition.chart.members,
        limits=newest.limits,
        fired=sum(bool(item.point.fired) for item in same),
        first=same[0].point.at,
        last=newest.at,
    )
