"""The lines by which points were judged, also where they depend on the points before. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from gemba.quality.control.monitoring.points import Point
from gemba.stats.charts import Limits, kind_named
from gemba.stats.charts.kind import Lines, Memory

KEEPS_VALUES = ("mr", "regression")
"""Kinds whose points keep the values that they are made of: moving ranges alone do not tell them, and the
line of a regression lies where they say."""
NONE: tuple[Lines, ...] = (Lines(*(math.nan,) * 4),) * 3
"""Where a chart collects; as many as a chart can have panels."""
_decode = msgspec.json.Decoder(tuple[float | None, ...]).decode
_encode = msgspec.json.Encoder().encode


class Stretch(Protocol):
    """A stage of a chart."""

    @property
    def limits(self) -> Limits | None:
        """The limits that hold in it."""


def judges(limits: Limits | None, part: str | None, value: float) -> bool:
    """Whether limits of short runs say anything of this value: they were learned for some parts.

    A chart that collects takes every part; where sizes are compared by logarithms a value is above zero.
    """
    if limits is None:
        return True
    return part in limits.parts and (limits.design.get("pooling") != "relative" or value > 0)


def memory_text(memory: Memory) -> str:
    """What a time-weighted chart keeps after a point, as JSON."""
    return _encode(memory).decode()


def memory_of(point: Point) -> Memory:
    """What a time-weighted chart kept after a point for the next one."""
    return () if point.memory is None else memory_from(_decode(point.memory))


def memory_from(stored: Sequence[Any]) -> Memory:
    """A memory from plain JSON values."""
    return tuple(math.nan if one is None else float(one) for one in stored)


def lines_along(limits: Limits, points: Sequence[Point], memory: Memory) -> list[tuple[Lines, ...]]:
    """The lines of points in a row; ``memory`` is what the point before them left."""
    course, parameters = kind_named(limits.kind).course, limits.parameters
    if course is None or limits.parts:
        return [limits.lines(point.weight) for point in points]
    found = []
    mean = (limits.mean,) if limits.several is None else limits.several.mean
    for point in points:
        measured = memory_of(point) if limits.kind in KEEPS_VALUES else mean
        found.append(course.onward(parameters, memory, point.weight, measured).lines)
        memory = memory_of(point)
    return found


def lines_of(
    points: Sequence[Point], held: Sequence[Stretch], before: tuple[Point, Stretch] | None = None
) -> list[tuple[Lines, ...]]:
    """The lines of points in a row with the stage of each; ``before`` is the point before them."""
    found = []
    last = before
    for point, stage in zip(points, held, strict=True):
        if stage.limits is None or point.limits is None:
            found.append(NONE)
        else:
            memory = memory_of(last[0]) if last is not None and last[1] is stage else ()
            found += lines_along(stage.limits, [point], memory)
        last = (point, stage)
    return found
