"""The false-alarm budget of a plant: what its charts cost in alarms that say nothing. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gemba.quality.control.monitoring.judging import Chart, Chosen, chart_of
from gemba.quality.control.monitoring.plant import PlantChart
from gemba.stats import false_alarm_budget, run_length
from gemba.stats.charts.kinds.mewma import RUN_LENGTH
from gemba.stats.charts.run_length import AlarmBudget, BudgetLine

UNKNOWN = ("zone", "ma", "t", "g", "r", "s", "mr")
"""Kinds of which nobody here knows how long they run: they are shown, and not counted."""


@dataclass(frozen=True)
class ChartAlarms:
    """What one chart costs: its points a week, the points to a false alarm, and the false alarms a week.

    ``arl`` and ``alarms`` are ``None`` where they are not known.
    """

    chart: PlantChart
    points: float
    arl: float | None
    alarms: float | None


@dataclass(frozen=True)
class PlantAlarms:
    """The budget in the words of the library, each chart with its part, the dearest first.

    ``uncounted`` charts have limits and no known run length; ``collecting`` ones have no limits.
    """

    budget: AlarmBudget
    charts: tuple[ChartAlarms, ...]
    uncounted: int
    collecting: int


def plant_alarms(
    charts: Sequence[PlantChart], rates: Mapping[int, float], *, attention: float | None
) -> PlantAlarms:
    """How many false alarms a week these charts make, and which rules would fit the attention.

    The first panel is counted; of a cusum both sums. Counts are taken as normal.
    """
    judging = [chart for chart in charts if chart.limits is not None]
    found = [_of_chart(chart, rates.get(chart.stream, 0.0)) for chart in judging]
    found.sort(key=lambda item: (-(item.alarms or 0.0), -item.points, item.chart.stream))
    counted = [item for item in found if item.arl is not None]
    every_week = math.fsum(item.points for item in counted)
    offered = false_alarm_budget(1, every_week, attention=attention)
    budget = AlarmBudget(
        lines=_lines(counted), offers=offered.offers, attention=attention, fitting=offered.fitting
    )
    return PlantAlarms(budget, tuple(found), len(found) - len(counted), len(charts) - len(judging))


def _of_chart(chart: PlantChart, points: float) -> ChartAlarms:
    arl = points_to_false_alarm(*chart.chart.definition)
    return ChartAlarms(chart, points, arl, None if arl is None else points / arl)


@lru_cache(maxsize=256)
def points_to_false_alarm(
    kind: str, size: int, rules: str, design: str, joined: tuple[str, ...]
) -> float | None:
    """How many points a chart in control makes to a false alarm on average, where that is known."""
    chart = chart_of(kind, size, rules, design, joined)
    if kind in UNKNOWN:
        return None
    settled = {setting.name: setting.default for setting in chart.kind.design} | chart.options
    if kind in ("t2", "pca"):
        return 1 / float(settled["alpha"])
    if kind in ("mewma", "mcusum"):
        settled.pop("after", None)
        given = settled["h"] == settled["h"]
        return run_length(kind, shift=0.0, variables=len(joined), **settled).arl[0] if given else RUN_LENGTH
    options = chart.options
    if kind in ("ewma", "cusum"):
        options.pop("after", None)
        return run_length(kind, shift=0.0, **options).arl[0]
    nsigma = float(options.get("nsigma", 3.0))
    return run_length(rules=chart.suited[0], nsigma=nsigma, shift=0.0).arl[0]


def _lines(found: Sequence[ChartAlarms]) -> tuple[BudgetLine, ...]:
    groups: dict[Chosen, list[ChartAlarms]] = {}
    for item in found:
        groups.setdefault(item.chart.chart.definition, []).append(item)
    lines = [_line(items[0].chart.chart, items) for items in groups.values()]
    return tuple(sorted(lines, key=lambda line: -line.alarms))


def _line(chart: Chart, items: Sequence[ChartAlarms]) -> BudgetLine:
    points = math.fsum(item.points for item in items)
    size = f" ({chart.size})" if chart.size > 1 else ""
    name = f"{chart.kind.name}{size} {chart.design}".strip()
    return BudgetLine(
        name=name,
        charts=len(items),
        points=points / len(items),
        rules=", ".join(chart.suited[0].codes),
        nsigma=float(chart.options.get("nsigma", chart.options.get("L", 3.0))),
        arl=items[0].arl or math.inf,
        alarms=math.fsum(item.alarms or 0.0 for item in items),
    )
