"""Laws of the charts for overdispersed counts, rare events, and between and within."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gemba.stats.charts import ControlChart, control_chart, judge
from twins import charts as twin_charts
from twins import rare as twin

numbers = st.integers(-640, 640).map(lambda n: n / 64)
maybe = st.one_of(numbers, numbers, numbers, st.none())
groups = st.lists(st.lists(maybe, min_size=1, max_size=5), min_size=2, max_size=12)
samples = st.lists(
    st.tuples(st.one_of(st.integers(0, 40), st.integers(0, 40), st.none()), st.integers(40, 90)),
    min_size=2,
    max_size=30,
)
times = st.lists(st.one_of(st.integers(0, 5000).map(lambda n: n / 16), st.none()), min_size=2, max_size=30)
laws = settings(deadline=None, max_examples=60)


def near(panel: Any, rows: Any) -> None:
    for line, row in zip((panel.points, panel.center, panel.lcl, panel.ucl), rows, strict=True):
        wanted = [math.nan if value is None else value for value in row]
        np.testing.assert_allclose(line, wanted, rtol=1e-9, atol=1e-9)


def frame(rows: Any) -> Any:
    return {"d": [count for count, _ in rows], "n": [size for _, size in rows]}


def long(gs: Any) -> Any:
    return {"y": [v for g in gs for v in g], "g": [i for i, g in enumerate(gs) for _ in g]}


def moving(row: Any) -> bool:
    return any(move is not None for move in twin_charts.moves(row))


@laws
@given(samples, st.sampled_from(["p", "u"]), st.sampled_from([2.0, 3.0]))
def test_a_laney_chart_is_the_chart_of_counts_widened_by_sigma_z(rows: Any, kind: str, reach: float) -> None:
    counts, sizes = frame(rows)["d"], frame(rows)["n"]
    assume(moving(counts))
    chart = control_chart(f"laney-{kind}", frame(rows), value="d", n="n", nsigma=reach)
    sigma_z = twin.laney_sigma_z(counts, sizes, kind)
    center = chart.limits.mean
    wanted = twin_charts.count_panel(kind, counts, sizes, center, reach * (sigma_z or 0.0))
    near(chart.panels[0], wanted)
    if sigma_z is not None:
        assert chart.limits.further["sigma_z"] == pytest.approx(sigma_z, rel=1e-9, abs=1e-12)


@laws
@given(times, st.sampled_from([1 / 3.6, 0.5, 1.0]))
def test_a_t_chart_is_the_chart_of_the_powers_turned_back(row: Any, power: float) -> None:
    assume(moving(row))
    chart = control_chart("t", row, power=power)
    near(chart.panel("t"), twin.t_panel(row, power, 3.0))


@laws
@given(groups, st.sampled_from(["r", "s"]))
def test_between_and_within_are_three_charts_of_the_books(gs: Any, second: str) -> None:
    means = [float(twin_charts.mean(twin_charts.known(g))) if twin_charts.known(g) else None for g in gs]
    assume(moving(means) and any(len(twin_charts.known(g)) > 1 for g in gs))
    chart = control_chart(f"i-mr-{second}", long(gs), value="y", subgroup="g")
    sigma = twin_charts.sigma_of_groups(gs, "Rbar" if second == "r" else "Sbar")
    for panel, rows in zip(chart.panels, twin.three_way(gs, sigma, second, 3.0), strict=True):
        near(panel, rows)


@laws
@given(groups, st.sampled_from(["i-mr-r", "i-mr-s"]), st.sampled_from([0.25, 8.0]), st.integers(-99, 99))
def test_a_shift_and_a_change_of_unit_keep_every_signal(
    gs: Any, kind: str, factor: float, shift: int
) -> None:
    means = [float(twin_charts.mean(twin_charts.known(g))) if twin_charts.known(g) else None for g in gs]
    assume(moving(means) and any(len(twin_charts.known(g)) > 1 for g in gs))
    here = control_chart(kind, long(gs), value="y", subgroup="g")
    moved = [[None if v is None else (v + shift) * factor for v in g] for g in gs]
    there = control_chart(kind, long(moved), value="y", subgroup="g")
    for place, (a, b) in enumerate(zip(here.panels, there.panels, strict=True)):
        origin = shift * factor if place == 0 else 0.0
        for line in ("points", "lcl", "ucl"):
            wanted = getattr(a, line) * factor + origin
            np.testing.assert_allclose(getattr(b, line), wanted, rtol=1e-9, atol=1e-9 * factor)


@laws
@given(samples)
def test_json_keeps_a_laney_chart_and_its_limits_judge_again(rows: Any) -> None:
    assume(moving(frame(rows)["d"]))
    chart = control_chart("laney-u", frame(rows), value="d", n="n")
    again = ControlChart.from_json(chart.to_json())
    assert again == chart
    judged = judge(again.limits, frame(rows), value="d", n="n")
    np.testing.assert_array_equal(judged.panels[0].ucl, chart.panels[0].ucl)


@pytest.mark.parametrize("kind", ["i-mr-r", "i-mr-s"])
def test_constant_data_break_no_rule(kind: str) -> None:
    chart = control_chart(kind, [[1 / 3] * 3] * 20, rules="nelson")
    assert chart.stable
    assert chart.limits.sigma == 0


def test_a_lot_to_lot_wander_is_no_signal_between_and_within() -> None:
    random = np.random.default_rng(4)
    lots = random.normal(0, 5.0, (40, 1)) + random.normal(0, 1.0, (40, 5))
    assert len(control_chart("xbar-r", lots).violations) > 10
    chart = control_chart("i-mr-r", lots)
    assert len(chart.violations.of("xbar")) <= 1
    further = chart.limits.further
    assert further["sigma_between"] == pytest.approx(5.0, rel=0.3)
    assert further["sigma_total"] ** 2 == pytest.approx(
        further["sigma_between"] ** 2 + chart.limits.sigma**2, rel=1e-12
    )


def test_a_given_sigma_between_meets_each_size_as_it_is() -> None:
    frame = {"y": [1.0, 2, 1, 2, 3, 1, 2], "g": [1, 1, 2, 2, 2, 2, 2]}
    chart = control_chart("i-mr-s", frame, value="y", subgroup="g", mean=1.5, sigma=1.0, between=2.0)
    wanted = 1.5 + 3 * np.sqrt(4 + 1 / np.array([2, 5]))
    np.testing.assert_allclose(chart.panel("xbar").ucl, wanted, rtol=1e-14)
