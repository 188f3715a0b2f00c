"""The points of a live chart as a figure of the statistics floor: as they were judged, not judged again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np

from gemba.quality.control.monitoring.anew import Held, stage_at
from gemba.quality.control.monitoring.points import Point, fired_pairs
from gemba.quality.records.canonical import from_microseconds
from gemba.stats.charts import ControlChart, Limits, Panel
from gemba.stats.charts import Stage as Stretch
from gemba.stats.charts.rules import RuleSet, Violations
from gemba.stats.charts.rules.violations import Ragged
from gemba.stats.figures import Figure
from gemba.stats.results import sealed


def draw(
    points: Sequence[Point], stages: Sequence[Held], name: str, zone: str, language: str | None
) -> Figure:
    """A figure of consecutive points, each with the lines and rules that it was judged by."""
    held = [stage_at(stages, point.key) for point in points]
    return chart_of_points(points, held, name, zone).plot(language=language)


def chart_of_points(points: Sequence[Point], held: Sequence[Held], name: str, zone: str) -> ControlChart:
    """Judged points as a control chart in Phase II; ``held`` is the stage of each."""
    kind = held[-1].definition.chart.kind
    lines = [_lines(point, stage) for point, stage in zip(points, held, strict=True)]
    panels = tuple(
        _panel(panel, [(p.first, p.second)[place] for p in points], [at[place] for at in lines], points)
        for place, panel in enumerate(kind.panels)
    )
    chart, place = held[-1].definition.chart, ZoneInfo(zone)
    found = [
        _violations(panel, points, suited) for panel, suited in zip(kind.panels, chart.suited, strict=True)
    ]
    times = [f"{from_microseconds(point.at).astimezone(place):%d %H:%M}" for point in points]
    return ControlChart(
        kind=kind.name,
        phase="II",
        stages=_stretches(held),
        panels=panels,
        rules=chart.rules,
        violations=Violations.join(found),
        labels=tuple(point.subgroup or time for point, time in zip(points, times, strict=True)),
        name=name,
    )


def _lines(point: Point, stage: Held) -> Sequence[tuple[float, float, float, float]]:
    if stage.limits is None or point.limits is None:
        return ((math.nan,) * 4, (math.nan,) * 4)
    return stage.limits.lines(float(point.n))


def _panel(
    name: str,
    values: Sequence[float | None],
    lines: Sequence[tuple[float, float, float, float]],
    points: Sequence[Point],
) -> Panel:
    numbers = np.array([math.nan if value is None else value for value in values], dtype=np.float64)
    center, lcl, ucl, sigma = np.array(lines, dtype=np.float64).T
    sizes = np.array([point.n for point in points], dtype=np.float64)
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


def _stretches(held: Sequence[Held]) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    for number, stage in enumerate(held, 1):
        if found and stage is held[number - 2]:
            found[-1] = Stretch(found[-1].name, found[-1].first, number, found[-1].limits)
            continue
        limits = stage.limits or _no_limits(stage)
        found.append(Stretch(len(found) + 1, number, number, limits))
    return tuple(found)


def _no_limits(stage: Held) -> Limits:
    return Limits(kind=stage.definition.chart.kind.name, mean=0.0, sigma=0.0, method="historical")
