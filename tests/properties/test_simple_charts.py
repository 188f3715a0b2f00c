"""Laws of median charts, spreads alone, control materials and exact limits."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.stats.charts import ChartState, ControlChart, control_chart, judge, known_limits, start, step
from twins import charts, simple

numbers = st.integers(-4000, 4000).map(lambda n: n / 64)


def sized(*sizes: int) -> st.SearchStrategy[list[float]]:
    return st.sampled_from(sizes).flatmap(lambda n: st.lists(numbers, min_size=n, max_size=n))


spread = st.lists(sized(3, 5, 7), min_size=2, max_size=5)  # at least two of these, and limits can be had
groups = st.tuples(spread, st.lists(sized(1, 3, 5, 7), min_size=1, max_size=5)).flatmap(
    lambda both: st.permutations(both[0] + both[1])
)
cells = st.lists(st.one_of(numbers, numbers, st.none()), max_size=18)
rows = st.tuples(cells, st.lists(numbers, min_size=3, max_size=4), cells).map(
    lambda parts: [*parts[0], *parts[1], *parts[2]]
)
laws = settings(deadline=None, max_examples=25)


def chart_of(kind: str, gs: Any, **rest: Any) -> Any:
    long = {"y": [v for g in gs for v in g], "g": [i for i, g in enumerate(gs) for _ in g]}
    return control_chart(kind, long, value="y", subgroup="g", **rest)


def near(panel: Any, twin: Any) -> None:
    for got, row in zip((panel.points, panel.center, panel.lcl, panel.ucl), twin, strict=True):
        np.testing.assert_allclose(got, [math.nan if v is None else v for v in row], rtol=1e-9, atol=1e-9)


@laws
@given(groups)
def test_median_charts_are_those_of_the_exact_twin(gs: Any) -> None:
    chart = chart_of("median", gs)
    near(chart.panel("median"), simple.median_panels(gs, chart.limits.sigma, 3.0)[0])
    assert chart.limits.sigma == pytest.approx(charts.sigma_of_groups(gs, "Rbar"), rel=1e-12)


@laws
@given(groups, st.sampled_from(["r", "s"]))
def test_a_spread_alone_is_the_second_panel_of_the_chart_of_means(gs: Any, kind: str) -> None:
    alone, beside = chart_of(kind, gs, rules="nelson"), chart_of(f"xbar-{kind}", gs, rules="nelson")
    for line in ("points", "center", "lcl", "ucl"):
        one, other = (getattr(chart.panel(kind), line) for chart in (alone, beside))
        np.testing.assert_array_equal(one, other)
    assert list(alone.violations) == list(beside.violations.of(kind))


@laws
@given(rows)
def test_moving_ranges_alone_are_the_second_panel_of_single_values(row: Any) -> None:
    alone, beside = control_chart("mr", row, rules="nelson"), control_chart("i-mr", row, rules="nelson")
    for line in ("points", "center", "lcl", "ucl"):
        np.testing.assert_array_equal(getattr(alone.panel("mr"), line), getattr(beside.panel("mr"), line))


@laws
@given(rows, st.integers(0, 40))
def test_a_control_material_is_judged_by_all_its_values_and_from_a_stored_state(row: Any, stop: int) -> None:
    chart = control_chart("levey-jennings", row, rules="westgard-warning")
    near(chart.panel("i"), simple.control_material(row, 3.0))
    state, codes = start(chart.limits, "westgard-warning"), chart.violations.codes_at("i")
    for place, value in enumerate(row, 1):
        if place == stop:
            state = ChartState.from_dict(state.to_dict())
        state, judgement = step(chart.limits, state, value)
        assert judgement.marks[0].fired == codes.get(place, ())


@laws
@given(groups, st.sampled_from([0.25, 1024.0]), st.randoms(use_true_random=False))
def test_medians_follow_the_unit_and_not_the_order(gs: Any, factor: float, random: Any) -> None:
    here = chart_of("median", gs)
    there = chart_of("median", [[v * factor for v in random.sample(g, len(g))] for g in gs])
    for a, b in zip(here.panels, there.panels, strict=True):
        np.testing.assert_allclose(b.points, a.points * factor, rtol=1e-12)
        np.testing.assert_allclose(b.ucl, a.ucl * factor, rtol=1e-9, atol=1e-9)


@laws
@given(spread)
def test_a_median_chart_comes_back_from_its_text(gs: Any) -> None:
    here = chart_of("median", gs)
    assert ControlChart.from_json(here.to_json()) == here


@pytest.mark.parametrize("kind", ["median", "r", "s"])
def test_constant_subgroups_break_no_rule(kind: str) -> None:
    chart = chart_of(kind, [[1 / 3] * 5] * 4)
    assert chart.stable
    assert chart.limits.sigma == 0


@laws
@given(st.integers(1, 60), st.floats(0.01, 0.99), st.sampled_from([2.0, 3.0]))
def test_exact_limits_of_defectives_leave_the_tails_that_were_asked(n: int, p: float, nsigma: float) -> None:
    lines = known_limits("np", mean=p, nsigma=nsigma, limits="exact").lines(n)[0]
    assert (lines.lcl, lines.ucl) == simple.exact_limits(simple.binomial(n, p), nsigma)
    shares = known_limits("p", mean=p, nsigma=nsigma, limits="exact").lines(n)[0]
    assert (shares.lcl, shares.ucl) == (lines.lcl / n, lines.ucl / n)


@laws
@given(st.floats(0.05, 40.0), st.sampled_from([0.5, 1.0, 3.0]))
def test_exact_limits_of_defects_leave_the_tails_that_were_asked(rate: float, units: float) -> None:
    lines = known_limits("u", mean=rate, limits="exact").lines(units)[0]
    low, high = simple.exact_limits(simple.poisson(rate * units), 3.0)
    assert (lines.lcl, lines.ucl) == (low / units, high / units)
    assert (
        known_limits("c", mean=rate, limits="exact").lines(1)[0].ucl
        == (simple.exact_limits(simple.poisson(rate), 3.0)[1])
    )


def test_a_count_on_its_exact_limit_is_not_beyond_it() -> None:
    limits = known_limits("p", mean=0.03, limits="exact")
    most = round(limits.lines(100)[0].ucl * 100)
    chart = judge(limits, {"d": [most, most + 1], "n": [100, 100]}, value="d", n="n")
    assert chart.panel("p").beyond.tolist() == [2]
    assert known_limits("c", mean=0.0, limits="exact").lines(1)[0].ucl == 0.0
