"""The points of a live chart as a figure of the statistics floor: as they were judged, not judged again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from gemba.quality.control.monitoring.anew import Held
from gemba.quality.control.monitoring.lines import lines_of
from gemba.quality.control.monitoring.points import Key, Point, fired_pairs
from gemba.quality.records.canonical import from_microseconds
from gemba.stats.charts import ControlChart, Event, Exclusion, Limits, Panel, known_limits
from gemba.stats.charts import Stage as Stretch
from gemba.stats.charts.picture import WIDTH
from gemba.stats.charts.rules import RuleSet, Violations
from gemba.stats.charts.rules.violations import Ragged
from gemba.stats.figures import Figure, heading
from gemba.stats.results import N_, Translate, sealed, translator


@dataclass(frozen=True)
class Drawing:
    """What is drawn: consecutive points, the stage of each, and what they are called.

    ``limit_sets`` names the limit sets, ``collected`` and ``needed`` count while there are none;
    ``excluded`` are points that limits do not stand on, by key with the cause, ``events`` what happened,
    ``cut`` says that these are only the newest of the points that were asked for,
    ``before`` is the point before those that are drawn.
    """

    points: Sequence[Point]
    held: Sequence[Held]
    name: str
    zone: str
    limit_sets: Mapping[int, str]
    excluded: Mapping[Key, str] = field(default_factory=dict)
    events: Sequence[Event] = ()
    cut: bool = False
    collected: int = 0
    needed: int = 0
    before: tuple[Point, Held] | None = None


def draw(drawing: Drawing, language: str | None = None, *, room: float | None = None) -> Figure:
    """A figure of the points, each with the lines and rules that it was judged by."""
    figure = chart_of_points(drawing, language).plot(language=language, room=room, events=drawing.events)
    t = translator(language)
    lines: list[str] = figure.spec["title"]["subtitle"]
    more: list[str] = []
    if all(point.limits is None for point in drawing.points):
        words = t(N_("No limits yet: {collected} of {needed} points collected"))
        lines, more = [], [words.format(collected=drawing.collected, needed=drawing.needed)]
    if drawing.cut:
        more.append(t(N_("The newest {count} points")).format(count=f"{len(drawing.points):,}"))
    if not more:
        return figure
    title = heading(figure.title, more, room or WIDTH)
    spec = {**figure.spec, "title": title | {"subtitle": [*lines, *title["subtitle"]]}}
    alt = f"{figure.alt} {'. '.join(more)}." if lines else f"{figure.title}. {'. '.join(more)}."
    return Figure(spec, alt=alt, title=figure.title)


def chart_of_points(drawing: Drawing, language: str | None = None) -> ControlChart:
    """Judged points as a control chart in Phase II."""
    points, held = drawing.points, drawing.held
    chart, place = held[-1].definition.chart, ZoneInfo(drawing.zone)
    lines = lines_of(points, held, drawing.before)
    panels = tuple(
        _panel(panel, [p.values[place] for p in points], [at[place] for at in lines], points)
        for place, panel in enumerate(chart.kind.panels)
    )
    rules = _rules(held)
    labels, axis = _labels(points, place, translator(language), together=bool(chart.joined))
    return ControlChart(
        kind=chart.kind.name,
        phase="II",
        stages=_stretches(drawing, language),
        panels=panels,
        rules=rules,
        violations=Violations.join(_violations(panel, points, rules) for panel in chart.kind.panels),
        excluded=tuple(
            Exclusion(number, label, drawing.excluded[point.key])
            for number, (point, label) in enumerate(zip(points, labels, strict=True), 1)
            if point.key in drawing.excluded
        ),
        labels=labels,
        name=drawing.name,
        axis=axis,
    )


def _labels(
    points: Sequence[Point], place: ZoneInfo, t: Translate, *, together: bool
) -> tuple[tuple[str, ...], str]:
    """What the points are called below the axis, and what these names are."""
    if all(point.subgroup for point in points):
        return tuple(point.subgroup for point in points), t(N_("Item") if together else N_("Subgroup"))
    moments = [from_microseconds(point.at).astimezone(place) for point in points]
    shape = "%H:%M" if moments[0].date() == moments[-1].date() else "%m-%d %H:%M"
    first, last = f"{moments[0]:%Y-%m-%d}", f"{moments[-1]:%Y-%m-%d}"
    span = first if first == last else f"{first} … {last}"
    names = (point.subgroup or f"{at:{shape}}" for point, at in zip(points, moments, strict=True))
    return tuple(names), f"{t(N_('Time'))} ({span}, {moments[-1]:%Z})"


def _rules(held: Sequence[Held]) -> RuleSet:
    """The rules of all stages that are drawn."""
    charts = {stage.definition.chart.definition: stage.definition.chart for stage in held}.values()
    found = {rule.code: rule for chart in charts for rule in chart.rules.rules}
    return RuleSet(held[-1].definition.chart.rules.name, tuple(found[code] for code in sorted(found)))


def _panel(
    name: str,
    values: Sequence[float | None],
    lines: Sequence[tuple[float, float, float, float]],
    points: Sequence[Point],
) -> Panel:
    numbers = np.array([math.nan if value is None else value for value in values], dtype=np.float64)
    center, lcl, ucl, sigma = np.array(lines, dtype=np.float64).T
    sizes = np.array([point.weight for point in points], dtype=np.float64)
    return Panel(name, *(sealed(np.ascontiguousarray(a)) for a in (numbers, center, lcl, ucl, sigma, sizes)))


def _violations(panel: str, points: Sequence[Point], rules: RuleSet) -> Violations:
    """The stored firings of a panel, those of one rule at neighbouring points as one."""
    runs: list[tuple[int, list[int]]] = []
    for place, code in enumerate(rules.codes):
        for number, point in enumerate(points, 1):
            if (panel, code) not in fired_pairs(point.fired):
                continue
            if runs and runs[-1][0] == place and runs[-1][1][-1] == number - 1:
                runs[-1][1].append(number)
            else:
                runs.append((place, [number]))
    rule = np.array([place for place, _ in runs], dtype=np.int64)
    fired = Ragged.of([numbers for _, numbers in runs])
    zeros = sealed(np.zeros_like(rule))
    return Violations((panel,), (len(points),), rules.rules, zeros, sealed(rule), fired, fired)


def _stretches(drawing: Drawing, language: str | None) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    for number, stage in enumerate(drawing.held, 1):
        if found and stage is drawing.held[number - 2]:
            found[-1] = Stretch(found[-1].name, found[-1].first, number, found[-1].limits)
            continue
        name = drawing.limit_sets.get(stage.limits_id or 0) or translator(language)(N_("no limits"))
        limits = stage.limits or _unused_limits(stage)
        found.append(Stretch(name, number, number, limits))
    return tuple(found)


def _unused_limits(stage: Held) -> Limits:
    """What stands for the limits of a stage that has none; its panels have no lines, so nothing shows it."""
    chart = stage.definition.chart
    kind, design = chart.kind, {s.name: s.default for s in chart.kind.design} | chart.options
    missing: dict[str, Any] = {} if kind.learned is None else dict.fromkeys(kind.learned(design), 0.5)
    given = {**missing, **chart.options}
    if chart.joined:
        one = [[float(row == column) for column in chart.joined] for row in chart.joined]
        return known_limits(kind.name, mean=dict.fromkeys(chart.joined, 0.0), covariance=one, **given)
    if kind.layout == "runs":
        return known_limits(kind.name, mean={"": 0.0}, sigma={"": 1.0}, **given)
    return known_limits(kind.name, mean=0.0, sigma=None if kind.sigma_follows else 1.0, **given)
