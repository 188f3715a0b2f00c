"""A chart as it is drawn from what is stored: the figure, and which point each mark of it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gemba.quality.control.monitoring.anew import Held, stage_at
from gemba.quality.control.monitoring.happenings import Happening, events_of
from gemba.quality.control.monitoring.keeping import read_stream
from gemba.quality.control.monitoring.models import LimitSet
from gemba.quality.control.monitoring.picture import Drawing, draw
from gemba.quality.control.monitoring.points import Key, Point
from gemba.quality.control.monitoring.stored import points_before, points_in, stages_of
from gemba.quality.control.monitoring.stream import Stream
from gemba.quality.control.monitoring.window import Window, key_of
from gemba.quality.records.models import Header
from gemba.stats.figures import Figure


@dataclass(frozen=True)
class DrawnChart:
    """The figure of a chart; ``names`` are those of its points in order: mark 1 is the first of them."""

    figure: Figure
    names: tuple[str, ...]


def drawn_chart(
    stream: int,
    *,
    window: Window,
    also: Sequence[Happening] = (),
    language: str | None = None,
    room: float | None = None,
) -> DrawnChart | None:
    """The points of a window as a figure of the statistics floor; ``None`` where nothing is to draw.

    Parameters
    ----------
    also : sequence of Happening
        What others know to have happened; lots, tools and gauges are found in the readings themselves.
    room : float, optional
        The whole width in pixels that the figure shall fill.
    """
    held = read_stream(stream)
    if held is None:
        return None
    stages = stages_of(held.id, held.characteristic)
    same = _of_one_kind(held, window, stages)
    if not same:
        return None
    points = [point for point, _ in same]
    header = Header.objects.select_related("site").get(pk=held.characteristic)
    numbers, excluded = _limit_sets(stream)
    drawing = Drawing(
        points=points,
        held=[stage for _, stage in same],
        name=header.title,
        zone=header.site.zone,
        limit_sets=numbers,
        excluded=excluded,
        events=events_of(points, also, language),
        cut=len(points) == window.most,
        collected=held.collected,
        needed=held.definition.needed,
        before=point_before(held, points, stages),
    )
    names = tuple(f"{point.position}.{point.sequence}" for point in points)
    return DrawnChart(draw(drawing, language, room=room), names)


def point_before(held: Stream, points: Sequence[Point], stages: Sequence[Held]) -> tuple[Point, Held] | None:
    """The point just before these with its stage, where the lines of a chart depend on it."""
    if not points or held.definition.chart.kind.course is None:
        return None
    found = points_before(held.id, points[0].key, limit=1)
    return (found[0].point, stage_at(stages, found[0].point.key)) if found else None


def _of_one_kind(held: Stream, window: Window, stages: Sequence[Held]) -> list[tuple[Point, Held]]:
    """The points with their stages, those of another kind of chart left out.

    A time-weighted chart has other values while it collects than by its limits: they are left out too, once
    there are limits.
    """
    stored = points_in(held.id, window)
    drawn = [(item.point, stage_at(stages, item.point.key)) for item in stored]
    kind = held.definition.chart.kind
    same = [(point, stage) for point, stage in drawn if stage.definition.chart.kind.name == kind.name]
    limited = [(point, stage) for point, stage in same if point.limits is not None]
    return limited if limited and kind.course is not None else same


def _limit_sets(stream: int) -> tuple[dict[int, str], dict[Key, str]]:
    """The numbers of the limit sets, and the points that one of them leaves out, each with the cause."""
    numbers: dict[int, str] = {}
    excluded: dict[Key, str] = {}
    rows = LimitSet.objects.filter(stream=stream).order_by("pk")
    for identity, number, category, left_out in rows.values_list(
        "pk", "header__number", "header__category", "excluded"
    ):
        numbers[identity] = str(number)
        for item in left_out if category != "void" else ():
            key = key_of(item["point"])
            if key is not None:
                excluded[key] = item["reason"]
    return numbers, excluded
