"""Laws of the zone chart and of the charts for short runs."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gemba.stats.charts import ChartState, ControlChart, control_chart, judge, known_limits, start, step
from gemba.stats.charts.kinds.z_mr import POOLINGS
from gemba.stats.results import DataError, UnknownName
from twins import charts as twin_charts
from twins import short_run as twin

numbers = st.integers(-640, 640).map(lambda n: n / 64)
maybe = st.one_of(numbers, numbers, numbers, st.none())
rows = st.lists(maybe, min_size=1, max_size=40).filter(lambda row: any(v is not None for v in row))
groups = st.lists(st.lists(numbers, min_size=1, max_size=5), min_size=2, max_size=20).filter(
    lambda gs: any(len(g) > 1 for g in gs)
)
log = st.lists(
    st.tuples(st.sampled_from("AAAB"), st.one_of(st.integers(64, 999).map(lambda n: n / 64), st.none())),
    min_size=4,
    max_size=40,
)
laws = settings(deadline=None, max_examples=60)
KNOWN: dict[str, Any] = {"mean": 0.5, "sigma": 2.0}
designs = st.fixed_dictionaries(
    {"inner": st.sampled_from([0, 1]), "after": st.sampled_from(["reset", "go on"])}
)


def near(got: Any, row: Any) -> None:
    np.testing.assert_allclose(got, [math.nan if v is None else v for v in row], rtol=1e-9, atol=1e-9)


def frame(entries: Any) -> Any:
    return {"p": [part for part, _ in entries], "y": [value for _, value in entries]}


def z_chart(entries: Any, pooling: str) -> Any:
    try:
        return control_chart("z-mr", frame(entries), value="y", part="p", pooling=pooling)
    except DataError:
        assume(False)


@laws
@given(groups, designs)
def test_a_zone_score_is_the_sum_over_the_newest_stretch_on_one_side(gs: Any, design: Any) -> None:
    long = {"y": [v for g in gs for v in g], "g": [i for i, g in enumerate(gs) for _ in g]}
    chart = judge(known_limits("zone", **KNOWN, **design), long, value="y", subgroup="g")
    means, sizes = [sum(g) / len(g) for g in gs], [len(g) for g in gs]
    reset = design["after"] == "reset"
    wanted = twin.zone_scores(means, sizes, **KNOWN, inner=design["inner"], reset=reset)
    near(chart.panel("zone").points, wanted)
    fired = [place for place, score in enumerate(wanted, 1) if score is not None and abs(score) >= 8]
    assert list(chart.violations.codes_at("zone")) == fired


@laws
@given(rows, designs, st.integers(0, 40))
def test_the_fold_of_a_restarted_zone_chart_is_the_batch(row: Any, design: Any, stop: int) -> None:
    limits = known_limits("zone", **KNOWN, **design)
    panel = judge(limits, row).panel("zone")
    state, marks = start(limits), []
    for place, value in enumerate(row):
        if place == stop:
            state = ChartState.from_dict(state.to_dict())
        state, judgement = step(limits, state, value)
        marks.append(judgement.marks[0])
    for line, field in zip((panel.points, panel.center, panel.lcl, panel.ucl), range(1, 5), strict=True):
        np.testing.assert_array_equal([mark[field] for mark in marks], line)


def test_a_score_of_eight_signals_and_a_point_on_a_zone_is_inside_it() -> None:
    limits = known_limits("zone", mean=0.0, sigma=1.0)
    chart = judge(limits, [2.5, 2.5, 1.0, 1.5, 2.0, -3.5, 0.0, -1.5])
    assert chart.panel("zone").points.tolist() == [4, 8, 0, 2, 4, -8, 0, -2]
    assert chart.violations.codes_at("zone") == {2: ("1",), 6: ("1",)}
    onward = judge(known_limits("zone", mean=0.0, sigma=1.0, after="go on", inner=1), [2.5, 2.5, 0.5])
    assert onward.panel("zone").points.tolist() == [4, 8, 9]


@laws
@given(log, st.sampled_from(POOLINGS))
def test_standardised_values_are_those_that_are_taken_out_of_the_log(entries: Any, pooling: str) -> None:
    chart = z_chart(entries, pooling)
    wanted = twin.z_values([v for _, v in entries], [p for p, _ in entries], pooling)
    near(chart.panel("z").points, wanted)
    near(chart.panel("mr").points, twin_charts.moves(wanted))
    assert chart.panel("mr").ucl[0] == pytest.approx(3.685881, abs=1e-5)


@laws
@given(log, st.sampled_from(["parts", "constant", "relative"]), st.integers(0, 40))
def test_the_fold_of_short_runs_is_the_batch(entries: Any, pooling: str, stop: int) -> None:
    limits = z_chart(entries, pooling).limits
    chart = judge(limits, frame(entries), value="y", part="p", rules="nelson")
    state = start(limits, "nelson")
    for place, point in enumerate(entries):
        if place == stop:
            state = ChartState.from_dict(state.to_dict())
        state, judgement = step(limits, state, point)
        for mark, panel in zip(judgement.marks, chart.panels, strict=True):
            np.testing.assert_allclose(mark.value, panel.points[place], rtol=1e-12, atol=1e-12)
            assert (mark.lcl, mark.ucl) == (panel.lcl[place], panel.ucl[place])


@laws
@given(log, st.sampled_from(["parts", "constant"]), st.sampled_from([0.25, 8.0]))
def test_another_unit_changes_no_standardised_value(entries: Any, pooling: str, factor: float) -> None:
    here = z_chart(entries, pooling)
    there = z_chart([(part, None if v is None else v * factor) for part, v in entries], pooling)
    np.testing.assert_allclose(there.panels[0].points, here.panels[0].points, rtol=1e-9, atol=1e-9)
    again = ControlChart.from_json(here.to_json())
    assert again == here
    assert again.limits.parts == here.limits.parts


@laws
@given(log)
def test_differences_are_a_chart_of_single_values(entries: Any) -> None:
    aims = [3.0 if part == "A" else 7.0 for part, _ in entries]
    apart = [None if v is None else v - aim for (_, v), aim in zip(entries, aims, strict=True)]
    assume(any(move is not None for move in twin_charts.moves(apart)))
    data = frame(entries) | {"m": aims}
    chart = control_chart("difference", data, value="y", nominal="m", rules="nelson")
    plain = control_chart("i-mr", apart, rules="nelson")
    for panel, other in zip(chart.panels, plain.panels, strict=True):
        for line in ("points", "center", "lcl", "ucl"):
            np.testing.assert_array_equal(getattr(panel, line), getattr(other, line))
    state = start(chart.limits)
    for place, ((_, value), aim) in enumerate(zip(entries, aims, strict=True)):
        state, judgement = step(chart.limits, state, (value, aim))
        np.testing.assert_array_equal(judgement.marks[1].value, chart.panel("mr").points[place])


def test_an_unknown_part_and_limits_by_runs_are_refused_for_new_values() -> None:
    data = {"p": list("AAABBB"), "y": [1.0, 2, 1, 5, 7, 5]}
    limits = control_chart("z-mr", data, value="y", part="p").limits
    with pytest.raises(UnknownName, match=r"no part with limits named 'C'. There are: A, B"):
        judge(limits, {"p": ["C"], "y": [1.0]}, value="y", part="p")
    with pytest.raises(UnknownName, match="named 'C'"):
        step(limits, start(limits), ("C", 1.0))
    by_runs = control_chart("z-mr", data, value="y", part="p", pooling="runs").limits
    assert list(by_runs.parts) == ["A, run 1", "B, run 2"]
    with pytest.raises(DataError, match="hold for the runs they were learned from"):
        judge(by_runs, data, value="y", part="p")
    with pytest.raises(DataError, match="hold for the runs they were learned from"):
        step(by_runs, start(by_runs), ("A", 1.0))
    again = judge(by_runs, data, value="y", part="p", training=True)
    assert again.panel("z").points.size == 6


def test_an_excluded_value_is_out_of_the_mean_and_sigma_of_its_part() -> None:
    data = {"p": list("AAAAABBBB"), "y": [1.0, 2, 50, 1, 2, 5, 7, 5, 7]}
    limits = control_chart("z-mr", data, value="y", part="p", exclude={3: "typing error"}).limits
    assert limits.parts["A"].mean == 1.5
    assert limits.parts["A"].sigma == pytest.approx(math.sqrt(math.pi) / 2)


@pytest.mark.parametrize("design", [{}, {"inner": 1}])
def test_constant_data_break_no_rule_of_a_zone_chart(design: Any) -> None:
    chart = control_chart("zone", [1 / 3] * 30, **design)
    assert chart.stable
    assert chart.limits.sigma == 0
