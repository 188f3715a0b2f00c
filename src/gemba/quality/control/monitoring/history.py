"""One point of a chart with all that is known of it: its readings and every judgement that it had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gemba.quality.control.monitoring.anew import Held, stage_at
from gemba.quality.control.monitoring.items import cutter_of
from gemba.quality.control.monitoring.keeping import find_limits, read_stream
from gemba.quality.control.monitoring.lines import NONE, lines_along, memory_of
from gemba.quality.control.monitoring.models import LimitSet
from gemba.quality.control.monitoring.models import Point as Judged
from gemba.quality.control.monitoring.points import START, Key, Point, fired_pairs
from gemba.quality.control.monitoring.series import members_between
from gemba.quality.control.monitoring.stored import closings_from, neighbours, points_before, stages_of
from gemba.quality.control.monitoring.subgroups import cut
from gemba.quality.control.monitoring.window import key_of
from gemba.quality.records.models import Seal
from gemba.stats.charts.kind import Memory


@dataclass(frozen=True)
class PanelAt:
    """What one panel shows at a point; lines are ``None`` where no limits hold."""

    panel: str
    value: float | None
    center: float | None = None
    lcl: float | None = None
    ucl: float | None = None


@dataclass(frozen=True)
class Judgement:
    """One judgement: when (microseconds), by which limits, what was plotted, which rules fired, why none."""

    number: int
    at: int
    n: int
    panels: tuple[PanelAt, ...]
    limit_set: str
    fired: tuple[tuple[str, str], ...]
    fault: str


@dataclass(frozen=True)
class Exclusion:
    """That a limit set does not stand on the point, and why."""

    limit_set: int
    number: str
    state: str
    reason: str


@dataclass(frozen=True)
class PointHistory:
    """A point: its judgements, the newest last, the ids of its readings, and the points around it."""

    stream: int
    name: str
    at: int
    subgroup: str
    size: int
    judgements: tuple[Judgement, ...]
    readings: tuple[int, ...]
    signal: int | None
    excluded: tuple[Exclusion, ...]
    before: str
    behind: str

    @property
    def key(self) -> Key:
        """Where it stands in the stream."""
        return key_of(self.name) or START

    @property
    def holds(self) -> Judgement:
        """The judgement in force."""
        return self.judgements[-1]


def point_history(stream: int, key: Key) -> PointHistory | None:
    """A point of a stream's chart; ``None`` where there is none."""
    held = read_stream(stream)
    rows = list(Judged.objects.filter(stream=stream, position=key[0], sequence=key[1]).order_by("judgement"))
    if held is None or not rows:
        return None
    stages = stages_of(stream, held.characteristic)
    stage, last = stage_at(stages, key), rows[-1]
    left = _left_before(stream, key, stages)
    sets = {row.pk: row for row in LimitSet.objects.select_related("header").filter(stream=stream)}
    numbers = {identity: str(row.header.number) for identity, row in sets.items()}
    sealed = dict(Seal.objects.filter(tx__in=[row.tx for row in rows]).values_list("tx", "at"))
    around = [f"{found[0]}.{found[1]}" if found else "" for found in neighbours(stream, key)]
    name = f"{key[0]}.{key[1]}"
    return PointHistory(
        stream=stream,
        name=name,
        at=last.at,
        subgroup=last.subgroup,
        size=stage.definition.chart.members,
        judgements=tuple(_judgement(row, stage, numbers, sealed.get(row.tx, 0), left) for row in rows),
        readings=_readings(stream, key, last, stage),
        signal=last.signal,
        excluded=tuple(_exclusions(name, sets.values())),
        before=around[0],
        behind=around[1],
    )


def _judgement(row: Judged, stage: Held, numbers: dict[int, str], at: int, left: Memory) -> Judgement:
    point, lines = _point(row), NONE
    if row.limits is not None and row.n:
        lines = lines_along(find_limits(row.limits), [point], left)[0]
    panels = tuple(
        PanelAt(panel, value, *(_known(line) for line in found[:3]))
        for panel, value, found in zip(stage.definition.chart.kind.panels, point.values, lines, strict=False)
    )
    number = numbers.get(row.limits or 0, "")
    return Judgement(row.judgement, at, row.n, panels, number, fired_pairs(row.fired), row.fault)


def _point(row: Judged) -> Point:
    return Point(*(getattr(row, name) for name in Point._fields))


def _left_before(stream: int, key: Key, stages: Sequence[Held]) -> Memory:
    """What the point before left to this one, where the lines of a chart depend on that."""
    found = points_before(stream, key, limit=1)
    same = bool(found) and stage_at(stages, found[0].point.key) is stage_at(stages, key)
    return memory_of(found[0].point) if same else ()


def _known(value: float) -> float | None:
    return None if value != value else value  # noqa: PLR0124 (NaN is not itself)


def _readings(stream: int, key: Key, last: Judged, stage: Held) -> tuple[int, ...]:
    """The readings of the point, in their order."""
    chart = stage.definition.chart
    if chart.members == 1:
        return (last.first_reading,)
    members = members_between(stream, key, last.last_position)
    groups = cut(cutter_of(chart.members, chart.joined), members, closings_from(stream, key))
    found = next((group for group in groups if group.key == key), None)
    if found is None:
        return tuple(dict.fromkeys((last.first_reading, last.last_reading)))
    return tuple(member.reading for member in found.members)


def _exclusions(name: str, sets: Any) -> list[Exclusion]:
    return [
        Exclusion(row.pk, str(row.header.number), row.header.state, item["reason"])
        for row in sets
        for item in row.excluded
        if item["point"] == name and row.header.category != "void"
    ]
