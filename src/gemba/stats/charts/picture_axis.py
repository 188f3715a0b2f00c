"""The x axis of a chart: which points have a name below it, and how numbers and moments are written there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from gemba.stats.figures import Plane
from gemba.stats.figures.text import shorten, text_width
from gemba.stats.figures.theme import SIZES
from gemba.stats.results import N_, Translate, signed

if TYPE_CHECKING:
    from gemba.stats.charts.chart import ControlChart

LONGEST_NAME: Final = 110.0
"""The longest name below the axis in pixels."""

GROUPED: Final = 10_000
"""From so many points on their numbers have marks of thousands."""

DAYS: Final = 20
"""From so many days on a moment is told by its day alone."""

STAMP: Final = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?$")


def x_axis(chart: ControlChart, plane: Plane, t: Translate) -> dict[str, Any]:
    """The axis with the names that have room, and its title."""
    parts = _told(chart)
    places = _ticks(chart, plane.width, parts)
    shown = {str(place): _name(chart, place, parts) for place in places}
    title = chart.axis or t(N_("Point"))
    if parts == (2,) and chart.labels is not None:
        title = f"{title}, {str(chart.labels[0])[:10]}"
    return {
        "title": title,
        "grid": False,
        "values": places,
        "labelExpr": f"{json.dumps(shown)}[datum.value]",
        "labelOverlap": False,
        "labelFlush": False,
    }


def _ticks(chart: ControlChart, width: float, parts: tuple[int, ...]) -> list[int]:
    """The points whose names stand below the axis: evenly spaced, at round numbers where they are numbers."""
    count = len(chart.panels[0].points)
    sample = [*range(1, count + 1, max(1, count // 200)), count]
    widest = max(text_width(_name(chart, place, parts), SIZES["axis"]) for place in sample)
    most = max(1.0, width / (widest + 24))
    step = next(step for step in _round_steps() if count / step <= most)
    return list(range(step if _numbered(chart) else 1, count + 1, step))


def _round_steps() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def _numbered(chart: ControlChart) -> bool:
    """Whether the labels are the numbers of the points."""
    count = len(chart.panels[0].points)
    return chart.labels is None or (chart.labels[0] == 1 and chart.labels[-1] == count)


def _told(chart: ControlChart) -> tuple[int, ...]:
    """Which parts of a moment its name needs: day, minute, or both; none where labels are no moments."""
    if chart.labels is None:
        return ()
    ends = [str(chart.labels[place]) for place in (0, -1)]
    found = [STAMP.match(end) for end in ends]
    if not all(found):
        return ()
    first, last = (datetime.fromisoformat(match[1]) for match in found if match)
    days = abs((last - first).days)
    return (2,) if days == 0 else (1,) if days >= DAYS else (1, 2)


def _name(chart: ControlChart, place: int, parts: tuple[int, ...]) -> str:
    """What stands below the axis at a point: its label, else its number."""
    label = place if chart.labels is None else chart.labels[place - 1]
    if isinstance(label, int | float) and label == place and _numbered(chart):
        many = len(chart.panels[0].points) >= GROUPED
        return signed(f"{place:,}") if many else str(place)
    text = "" if label is None else f"{label:g}" if isinstance(label, float) else str(label)
    stamp = STAMP.match(text) if parts else None
    if stamp:
        text = " ".join(stamp[part] for part in parts)
    return shorten(text, LONGEST_NAME, SIZES["axis"])
