"""Below and beside a chart: moments as short as they are clear, numbers as the axis writes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from gemba.stats.charts import Event, control_chart
from gemba.stats.charts.picture import chart_figure
from gemba.stats.figures import Figure
from gemba.stats.figures.plane import value_ticks

START = datetime(2026, 3, 1, 6, 0)


def last_axis(figure: Figure) -> dict[str, Any]:
    views = [view for view in figure.spec["vconcat"] if "encoding" in view]
    found: dict[str, Any] = views[-1]["encoding"]["x"]["axis"]
    return found


def timed(step: timedelta, count: int = 25) -> dict[str, Any]:
    values = np.random.default_rng(3).normal(10, 1, count)
    return {"y": values, "time": [(START + i * step).isoformat() for i in range(count)]}


@pytest.mark.parametrize(
    ("minutes", "first", "title"),
    [
        (30, '"1": "06:00"', "time, 2026-03-01"),
        (600, '"1": "2026-03-01 06:00"', "time"),
        (60 * 24, '"1": "2026-03-01"', "time"),
    ],
)
def test_a_moment_is_told_by_the_parts_that_differ(minutes: int, first: str, title: str) -> None:
    frame = timed(timedelta(minutes=minutes))
    axis = last_axis(control_chart("i-mr", frame, value="y", label="time").plot())
    assert first in axis["labelExpr"]
    assert axis["title"] == title


def test_other_labels_stand_as_they_are() -> None:
    frame = {"y": [10.0, 11.0, 9.0, 10.5], "lot": ["2026-03-01 06:00", "L-2", "L-3", "L-4"]}
    axis = last_axis(control_chart("i-mr", frame, value="y", label="lot").plot())
    assert '"1": "2026-03-01 06:00"' in axis["labelExpr"]
    assert axis["title"] == "lot"


def test_numbers_of_many_points_have_marks_of_thousands_whether_counted_or_named() -> None:
    values = np.random.default_rng(4).normal(10, 1, 20_000)
    named = {"y": values, "sample": np.arange(1, 20_001)}
    for chart in (control_chart("i-mr", values), control_chart("i-mr", named, value="y", label="sample")):
        assert '"20000": "20,000"' in last_axis(chart.plot())["labelExpr"]


def test_a_name_at_the_right_edge_takes_the_next_row_before_it_is_left_out() -> None:
    chart = control_chart("i-mr", np.random.default_rng(5).normal(10, 1, 300))
    events = (Event(241, "Nozzle cleaned and set anew", "action"), Event(300, "Tool T9", "tool"))
    figure = chart_figure(chart, events=events)
    assert "have no room" not in figure.alt
    assert "Tool T9" in str(figure.spec["vconcat"][2]["layer"])


def test_the_lines_of_a_regression_run_from_point_to_point_and_those_of_counts_step() -> None:
    hours = np.arange(12.0)
    frame = {"y": 5 + 0.1 * hours + np.random.default_rng(6).normal(0, 0.05, 12), "hour": hours}
    figure = control_chart("regression", frame, value=["y", "hour"]).plot()
    (limit,) = [la for la in figure.spec["vconcat"][0]["layer"] if la["mark"]["style"] == "limit"][:1]
    assert "interpolate" not in limit["mark"]
    assert [row["x"] for row in limit["data"]["values"]][:3] == [1, 2, 3]
    steps = control_chart("p", {"bad": [5, 4, 6, 7], "n": [50, 80, 50, 80]}, value="bad", n="n").plot()
    (limit,) = [la for la in steps.spec["vconcat"][0]["layer"] if la["mark"]["style"] == "limit"][:1]
    assert limit["mark"]["interpolate"] == "step-after"


def test_very_small_values_have_an_axis_in_powers_of_ten_like_the_labels_beside_it() -> None:
    assert value_ticks(9.4e-7, 1.06e-6, most=6)["format"] == "~e"
    assert value_ticks(0.00012, 0.00019, most=6)["format"] == ",.5f"


def test_a_limit_of_zero_is_a_plain_zero() -> None:
    words = str(control_chart("i-mr", [10.0, 11.0, 9.0, 10.5, 9.5]).plot().spec)
    assert "LCL 0'" in words


def test_a_chart_of_a_course_without_limits_says_that_the_values_themselves_are_drawn() -> None:
    chart = control_chart("ewma", [10.0, 11.0, 9.0, 10.5, 9.5])
    nothing = np.full(5, np.nan)
    bare = replace(chart.panels[0], center=nothing, lcl=nothing, ucl=nothing)
    axis = replace(chart, panels=(bare,), name="ph").plot().spec["vconcat"][0]["encoding"]["y"]["axis"]
    assert axis["title"] == "ph"
    known = chart.plot().spec["vconcat"][0]["encoding"]["y"]["axis"]
    assert known["title"] == "Weighted average"
