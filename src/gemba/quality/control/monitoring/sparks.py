"""Charts as small as a word, for lists: the last points of many streams in two questions to the store."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gemba.quality.control.monitoring.keeping import read_limits
from gemba.quality.control.monitoring.lines import lines_along, memory_of
from gemba.quality.control.monitoring.models import LimitSet
from gemba.quality.control.monitoring.points import Point, fired_pairs
from gemba.quality.control.monitoring.stored import newest_of_each
from gemba.stats.charts import Limits, kind_named
from gemba.stats.figures import sparkline
from gemba.stats.results import N_, NN_, Translate, translator

POINTS = 40


class Spark(NamedTuple):
    """A small chart: the picture, and the words that stand for it."""

    svg: str
    words: str


def sparks_of(
    streams: Sequence[int], *, last: int = POINTS, decimals: int = 4, language: str | None = None
) -> dict[int, Spark]:
    """The last points of each of these streams as a small picture; a stream without points has none."""
    found = newest_of_each(streams, limit=last)
    named = {points[-1].limits for points in found.values() if points[-1].limits is not None}
    rows = LimitSet.objects.filter(pk__in=named).values_list("pk", "limits")
    limits = {identity: read_limits(text) for identity, text in rows}
    t = translator(language)
    return {stream: _spark(points, limits, decimals, t) for stream, points in found.items()}


def _spark(points: Sequence[Point], limits: Mapping[int, Limits], decimals: int, t: Translate) -> Spark:
    values = [math.nan if point.first is None else point.first for point in points]
    held = limits.get(points[-1].limits or 0)
    center, lcl, ucl = _lines(points, held)
    panel = "" if held is None else kind_named(held.kind).panels[0]
    marked = [
        i
        for i, point in enumerate(points)
        if point.fired and any(p == panel for p, _ in fired_pairs(point.fired))
    ]
    known = [value for value in values if not math.isnan(value)]
    words = t.counted(
        NN_("{count} point, the newest {value}", "{count} points, the newest {value}"), len(points)
    ).format(count=len(points), value=f"{known[-1]:.{decimals}g}" if known else "–")
    words += ". " + (
        t(N_("No limits yet."))
        if held is None
        else t.counted(NN_("{count} breaks a rule.", "{count} break a rule."), len(marked)).format(
            count=len(marked)
        )
    )
    return Spark(sparkline(values, words, center=center, lcl=lcl, ucl=ucl, marked=marked), words)


def _lines(points: Sequence[Point], held: Limits | None) -> tuple[float | None, float | None, float | None]:
    if held is None:
        return None, None, None
    before = memory_of(points[-2]) if len(points) > 1 else ()
    line = lines_along(held, [points[-1]], before)[0][0]
    center, lcl, ucl = (None if math.isnan(value) else value for value in line[:3])
    return center, lcl, ucl
