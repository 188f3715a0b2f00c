"""Phase I of a live chart: limits from the readings of its points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from gemba.quality.control.monitoring.items import cutter_of
from gemba.quality.control.monitoring.points import Key
from gemba.quality.control.monitoring.rules import exclusion_reasons
from gemba.quality.control.monitoring.series import members_between
from gemba.quality.control.monitoring.stored import Stored, closings_from, points_from
from gemba.quality.control.monitoring.stream import Stream
from gemba.quality.control.monitoring.subgroups import Group, cut
from gemba.quality.records.reasons import Refused
from gemba.stats.charts import ControlChart, control_chart


@dataclass(frozen=True)
class Study:
    """The judged points of Phase I, their keys, and those left out, each with its reason."""

    chart: ControlChart
    keys: tuple[Key, ...]
    excluded: list[dict[str, Any]]


def name_of(key: Key) -> str:
    """The name of a point, by which one leaves it out: its position and sequence number."""
    return f"{key[0]}.{key[1]}"


def study_points(stream: Stream, span: tuple[Key, Key], excluded: Mapping[str, str], name: str) -> Study:
    """Estimate limits from the points between two keys.

    Raises
    ------
    Refused
        When a point that is to be left out is not among them, or has no cause.
    DataError
        When no limits can be estimated.
    """
    behind = (span[1][0], span[1][1] + 1)
    held = [item for item in points_from(stream.id, span[0], before=behind) if item.point.n]
    names = [name_of(item.point.key) for item in held]
    excluded = {_called(point, names): cause for point, cause in excluded.items()}
    reasons = list(exclusion_reasons(excluded, names))
    if reasons:
        raise Refused(reasons)
    drawn = stream.definition.chart
    frame, told = as_told(stream, held, name)
    chart = control_chart(
        drawn.kind.name,
        frame,
        rules=drawn.rules,
        exclude=dict(excluded) or None,
        **told,
        **drawn.options,
    )
    left_out = [
        {"point": given, "reason": excluded[given], "at": item.point.at}
        for given, item in zip(names, held, strict=True)
        if given in excluded
    ]
    return Study(chart, tuple(item.point.key for item in held), left_out)


def as_told(stream: Stream, held: Sequence[Stored], name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The readings of these points as columns, and which is which, as a chart takes them."""
    return _together(stream, held) if stream.definition.chart.joined else _alone(stream, held, name)


def _alone(stream: Stream, held: Sequence[Stored], name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The readings of the points as columns, and what the chart must be told of them."""
    columns, single = columns_of(stream, held), stream.definition.chart.single
    frame = {name: columns.values, "point": columns.points, "beside": columns.beside or columns.points}
    asked: dict[str, Any] = {"value": name, "label" if single else "subgroup": "point"}
    return frame, asked if columns.beside is None else {**asked, columns.argument: "beside"}


def _together(stream: Stream, held: Sequence[Stored]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same for items: a column for each characteristic, by its number."""
    numbers = stream.definition.chart.joined
    made = [(group.key, group.ready().values) for group in groups_of(stream, held)]
    frame: dict[str, Any] = {
        number: [values[place] for _, values in made] for place, number in enumerate(numbers)
    }
    frame["point"] = [name_of(key) for key, _ in made]
    return frame, {"value": list(numbers), "label": "point"}


def groups_of(stream: Stream, held: Sequence[Stored]) -> list[Group]:
    """The readings of these points, cut as they were."""
    first, last = held[0].point.key, max(item.point.last_position for item in held)
    members, chart = members_between(stream.id, first, last), stream.definition.chart
    groups = cut(cutter_of(chart.members, chart.joined), members, closings_from(stream.id, first))
    wanted = {item.point.key for item in held}
    return [group for group in groups if group.key in wanted]


def _called(point: str, names: Sequence[str]) -> str:
    """The name of a point from its name, or from its place in the study as the words count it, such as 20."""
    place = int(point) if point.isdigit() and len(point) < 9 else 0
    return names[place - 1] if 0 < place <= len(names) else point


class Columns(NamedTuple):
    """The values of the points, the name of the point of each, and what it stands beside, if anything."""

    values: list[float]
    points: list[str]
    beside: list[Any] | None
    argument: str


def values_of(stream: Stream, held: Sequence[Stored]) -> tuple[list[float], list[str]]:
    """The values of the points, and beside each the name of its point."""
    columns = columns_of(stream, held)
    return columns.values, columns.points


def columns_of(stream: Stream, held: Sequence[Stored]) -> Columns:
    """The readings of these points."""
    values: list[float] = []
    names: list[str] = []
    beside: list[Any] = []
    chart = stream.definition.chart
    parts = chart.kind.layout == "runs"
    for group in groups_of(stream, held):
        known = [member for member in group.members if member.value is not None]
        values += [float(member.value or 0.0) for member in known]
        names += [name_of(group.key)] * len(known)
        stands = [chart.size if m.beside is None else m.beside for m in known]
        beside += stands if parts else map(float, stands)
    if chart.kind.units:
        return Columns(values, names, beside, "n")
    return Columns(values, names, beside if chart.paired else None, "part" if parts else "nominal")
