from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from gemba.stats.charts import ControlChart, control_chart, judge
from gemba.stats.charts.picture import chart_figure
from gemba.stats.charts.picture_panel import study_panel
from gemba.stats.figures import Figure
from gemba.stats.results import translator

RANDOM = np.random.default_rng(20)


def layers(figure: Figure, panel: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = figure.spec["vconcat"][panel]["layer"]
    return found


def rows(figure: Figure, panel: int, *styles: str) -> list[dict[str, Any]]:
    chosen = [layer for layer in layers(figure, panel) if layer["mark"]["style"] in styles]
    return [row for layer in chosen for row in layer["data"]["values"]]


def texts(node: Any) -> Iterator[str]:
    """Every text that is drawn by a text mark."""
    if isinstance(node, Mapping):
        if isinstance(node.get("mark"), Mapping) and node["mark"].get("type") == "text":
            yield from (str(row["text"]) for row in node["data"]["values"])
        for item in node.values():
            yield from texts(item)
    elif isinstance(node, list):
        for item in node:
            yield from texts(item)


def disturbed() -> ControlChart:
    values = RANDOM.normal(10, 1, (40, 5))
    values[12] += 3
    values[20:32] += 1
    values[36, 0] += 9
    return control_chart("xbar-r", values, rules="nelson", exclude={13: "Wrong gauge", 6: "Power cut"})


def test_both_panels_stand_on_one_x_axis() -> None:
    figure = disturbed().plot()
    first, second = figure.spec["vconcat"][:2]
    assert first["encoding"]["x"]["scale"] == second["encoding"]["x"]["scale"]
    assert first["width"] == second["width"]
    assert first["encoding"]["x"]["axis"] is None
    assert second["encoding"]["x"]["axis"] is not None


def test_every_point_that_fires_is_marked_in_its_panel() -> None:
    chart = disturbed()
    for index, panel in enumerate(chart.panels):
        marked = rows(chart.plot(), index, "signal-beyond", "signal-run", "beyond-small", "run-small")
        assert sorted(row["x"] for row in marked) == sorted(
            chart.violations.of(panel.name).codes_at(panel.name)
        )


def test_a_marked_point_tells_its_rules_in_the_tooltip() -> None:
    chart = disturbed()
    codes = chart.violations.codes_at("xbar")
    for row in rows(chart.plot(), 0, "signal-beyond", "signal-run"):
        assert row["rules"] == ", ".join(codes[row["x"]])


def test_an_excluded_point_is_hollow_and_gives_its_reason() -> None:
    figure = disturbed().plot()
    reasons = {row["x"]: row["reason"] for row in rows(figure, 0, "excluded", "excluded-ring")}
    assert reasons == {6: "Power cut", 13: "Wrong gauge"}
    assert any("6 (Power cut), 13 (Wrong gauge)" in text for text in texts(figure.spec))


def test_the_values_of_the_lines_stand_at_the_right_edge() -> None:
    chart = control_chart("i-mr", [10.0, 11.0, 9.0, 10.5, 9.5, 10.2])
    mean, sigma = chart.limits.mean, chart.limits.sigma
    shown = set(texts(chart.plot().spec))
    assert {f"UCL {mean + 3 * sigma:.2f}", f"Mean {mean:.2f}", f"LCL {mean - 3 * sigma:.2f}"} <= shown


def test_limits_step_where_the_size_changes() -> None:
    sizes = [50, 50, 80, 80, 80, 50]
    figure = control_chart("p", {"bad": [5, 4, 6, 7, 5, 6], "n": sizes}, value="bad", n="n").plot()
    upper = next(layer for layer in layers(figure, 0) if layer["mark"]["style"] == "limit")["data"]["values"]
    assert [row["x"] for row in upper] == [0.5, 2.5, 5.5, 6.5, 6.5]
    assert upper[-1]["y"] is None
    assert any(text.startswith("The limits step") for text in texts(figure.spec))


def test_stages_have_names_borders_and_no_line_between_them() -> None:
    values = np.concatenate([RANDOM.normal(10, 1, 12), RANDOM.normal(14, 1, 8)])
    frame = {"y": values, "stage": ["before"] * 12 + ["after"] * 8}
    figure = control_chart("i-mr", frame, value="y", stages="stage").plot()
    assert {"before", "after"} <= set(texts(figure.spec))
    assert [row["x"] for row in rows(figure, 0, "stage-border")] == [12.5]
    line = rows(figure, 0, "series-line")
    assert [row["x"] for row in line if row["y"] is None] == [12.5]


def test_a_missing_value_is_a_gap() -> None:
    figure = control_chart("i-mr", [1.0, 2.0, None, 1.5, 2.5, 1.0]).plot()
    assert [row["x"] for row in rows(figure, 0, "series-line") if row["y"] is None] == [3]


def test_labels_are_thinned_and_safe_in_an_expression() -> None:
    names = [f'lot "{i}"\\' for i in range(300)]
    frame = {"y": RANDOM.normal(0, 1, 300), "lot": names}
    axis = (
        control_chart("i-mr", frame, value="y", label="lot")
        .plot()
        .spec["vconcat"][1]["encoding"]["x"]["axis"]
    )
    shown = json.loads(axis["labelExpr"].removesuffix("[datum.value]"))
    assert len(axis["values"]) <= 20
    assert all(shown[str(place)] == names[place - 1] for place in axis["values"])


@pytest.mark.parametrize("count", [7, 25, 1000, 1001, 100_000])
def test_no_panel_draws_more_than_a_thousand_points(count: int) -> None:
    values = RANDOM.normal(0, 1, count)
    values[count // 2] = 12.0
    figure = control_chart("i-mr", values, rules="nelson", mean=0.0, sigma=1.0).plot()
    plain = ("series-point", "series-small", "signal-part")
    styles = (*plain, "signal-beyond", "signal-run", "beyond-small", "run-small")
    for panel in (0, 1):
        symbols = len(rows(figure, panel, *styles))
        line = len(rows(figure, panel, "series-line", "series-dense"))
        band = 2 * len(rows(figure, panel, "series-band"))
        assert symbols <= 1000
        assert line <= 1000
        assert symbols + band <= 1000 + 2 or not band
    marked = rows(figure, 0, "signal-beyond", "beyond-small")
    assert count // 2 + 1 in [row["x"] for row in marked]


def test_signals_that_stand_for_others_say_so() -> None:
    chart = control_chart("i-mr", np.tile([-1.0, 1.0, 0.0, 9.0], 5000), rules="1", mean=0.0, sigma=1.0)
    figure = chart.plot()
    assert any("stands for the others" in text for text in texts(figure.spec))
    assert "stands for the others" in figure.alt
    fired = len(chart.violations.codes_at("i"))
    told = sum(
        int(row["rules"].split()[2].replace(",", "")) if row["rules"].startswith("stands") else 1
        for row in rows(figure, 0, "beyond-small", "signal-beyond")
    )
    assert told == fired


def test_the_alternative_text_says_what_the_chart_shows() -> None:
    chart = control_chart("i-mr", {"Viscosity": [10.1, 10.4, 9.8, 10.2, 10.0, 10.3, 12.9]}, value="Viscosity")
    alt = chart.plot().alt
    assert alt.startswith("I-MR chart of Viscosity with 7 points.")
    assert "centre line 10.53, limits 8.58 to 12.48" in alt
    assert "Not stable: 2 signals." in alt
    assert "(point 7)" in alt


def test_a_stable_chart_says_so() -> None:
    chart = control_chart("c", [5, 6, 4, 7, 5, 6, 5, 4])
    assert chart.plot().spec["title"]["subtitle"] == ["Stable: no rule fired · limits from 8 points"]


def test_a_chart_by_frozen_limits_says_so() -> None:
    limits = control_chart("xbar-s", RANDOM.normal(10, 1, (25, 5))).limits
    figure = judge(limits, RANDOM.normal(10, 1, (5, 5))).plot()
    assert "judged by limits that were frozen before" in figure.spec["title"]["subtitle"][0]


def test_constant_data_are_drawn() -> None:
    figure = control_chart("i-mr", [5.0] * 12).plot()
    low, high = figure.spec["vconcat"][0]["encoding"]["y"]["scale"]["domain"]
    assert low < 5.0 < high
    assert figure.to_svg().startswith("<svg ")


def test_width_and_height_are_of_the_drawing_area() -> None:
    figure = chart_figure(disturbed(), width=400, height=390)
    assert [view["width"] for view in figure.spec["vconcat"]] == [400] * 3
    assert sum(view["height"] for view in figure.spec["vconcat"][:2]) == pytest.approx(390)


def test_every_text_of_a_chart_is_translated() -> None:
    figure = disturbed().plot(language="pseudo")
    untouched = [
        text for text in texts(figure.spec)
        if "⟦" not in text and not text.replace(", ", "").isdigit() and "σ" not in text
    ]  # fmt: skip
    assert untouched == []
    assert figure.alt.startswith("⟦")
    for view in figure.spec["vconcat"][:2]:
        assert view["encoding"]["y"]["axis"]["title"].startswith("⟦")


def test_the_same_chart_gives_the_same_bytes_in_every_theme() -> None:
    chart = disturbed()
    for theme in ("light", "dark", "print"):
        assert chart.plot().to_svg(theme) == chart.plot().to_svg(theme)


@pytest.mark.parametrize(("kind", "power"), [("t", 1 / 3.6), ("g", 0.5)])
def test_the_limit_of_rare_events_does_not_press_the_points_flat(kind: str, power: float) -> None:
    values = [3.0, 40.0, 12.0, 0.0, 55.0, 8.0, 21.0, 90.0, 17.0, 30.0, 5.0, 900.0]
    chart = control_chart(kind, values)
    spec = chart.plot().spec
    axis = spec["vconcat"][0]["encoding"]["y"]
    assert (axis["scale"]["type"], axis["scale"]["exponent"]) == ("pow", power)
    plane = study_panel(chart, chart.panels[0], translator(None)).plane(600.0, 300.0)
    assert plane.y(0.0) > 290
    assert plane.y(0.0) - plane.y(17.0) > 25 > 300 * 17 / 900, "an even axis gives them six pixels"
    heights = [plane.y(value) for value in axis["axis"]["values"]]
    assert all(low - high >= 18 for low, high in pairwise(heights))
    assert "more room to small values" in chart.plot().alt
    plain = control_chart("i-mr", values).plot().spec["vconcat"][0]["encoding"]["y"]["scale"]
    assert "type" not in plain


def test_a_regression_chart_is_of_the_measurement_on_what_drives_it() -> None:
    hours = np.arange(30.0)
    frame = {"diameter": 5 + 0.03 * hours + np.sin(hours) / 50, "hour": hours}
    figure = control_chart("regression", frame, value=["diameter", "hour"]).plot()
    assert figure.title == "Regression chart of diameter on hour"
    drawn = json.dumps(figure.spec)
    assert '"title": "diameter"' in drawn
    assert "Line 5.8" in drawn


def test_a_zone_chart_says_what_signals_on_it() -> None:
    values = np.append(np.zeros(9), [2.5, 2.5, 0.0])
    chart = control_chart("zone", values, mean=0.0, sigma=1.0)
    assert not chart.stable
    drawn = json.dumps(chart.plot().spec)
    assert "a score of 8 and more: 1" in drawn
    assert "beyond a control limit: " not in drawn
