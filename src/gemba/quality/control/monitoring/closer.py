"""The points of one stage looked at more closely: by its own limits, ready for every question to a chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gemba.quality.control.monitoring.judging import Chart
from gemba.quality.control.monitoring.keeping import find_limits, read_stream
from gemba.quality.control.monitoring.stored import points_in
from gemba.quality.control.monitoring.study import as_told
from gemba.quality.control.monitoring.window import Window
from gemba.stats import ControlChart, OperatingCharacteristic, Result, judge
from gemba.stats.charts import control_chart
from gemba.stats.charts.operating import KINDS, operating_characteristic
from gemba.stats.charts.run_length import run_length

SUMMED = ("ewma", "cusum")
"""Kinds whose run length is asked where a single point tells nothing."""
SHIFTS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0)


@dataclass(frozen=True)
class Stage:
    """How a stream is charted, and the points of its last stage, judged by the limits of that stage.

    Points that were collected without limits are judged by limits of their ``own``.
    """

    definition: Chart
    chart: ControlChart
    own: bool


def stage_in(stream: int, window: Window, name: str) -> Stage | None:
    """The last stage that a window shows; ``None`` where it shows no point.

    Raises
    ------
    DataError
        When the points are too few for limits of their own.
    """
    held = read_stream(stream)
    stored = points_in(stream, window) if held is not None else []
    if held is None or not stored:
        return None
    drawn = held.definition.chart
    newest = stored[-1].point.limits
    frame, told = as_told(held, [item for item in stored if item.point.limits == newest], name)
    if newest is None:
        asked: dict[str, Any] = {**told, **drawn.options}
        return Stage(drawn, control_chart(drawn.kind.name, frame, rules=drawn.rules, **asked), own=True)
    return Stage(drawn, judge(find_limits(newest), frame, rules=drawn.rules, **told), own=False)


def overlooked(stage: Stage) -> Result | None:
    """What the chart overlooks: point by point, or for sums by run lengths; ``None`` where nobody knows."""
    chart, drawn = stage.chart, stage.definition
    kind = drawn.kind.name
    if kind in SUMMED:
        options = {name: value for name, value in drawn.options.items() if name != "after"}
        return run_length(kind, shift=SHIFTS, **options)
    if kind not in KINDS:
        return None
    return _of_one_point(chart, drawn)


def _of_one_point(chart: ControlChart, drawn: Chart) -> OperatingCharacteristic:
    kind, options = drawn.kind.name, drawn.options
    asked: dict[str, Any] = {name: options[name] for name in ("nsigma", "limits") if name in options}
    if drawn.kind.counted:
        asked["mean"] = chart.limits.mean
    size = float(chart.panels[0].sizes[-1])
    return operating_characteristic(kind, n=size if kind == "u" else int(size), **asked)
