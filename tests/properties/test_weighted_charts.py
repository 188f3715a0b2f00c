"""Laws of the time-weighted charts that hold for all data."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.stats.charts import ControlChart, control_chart, judge, known_limits, start, step
from gemba.stats.charts.recursion import SHORT, decaying_sums, floored_sums
from gemba.stats.charts.steps import steps
from twins import weighted as twin

numbers = st.integers(-640, 640).map(lambda n: n / 64)
maybe = st.one_of(numbers, numbers, numbers, st.none())
rows = st.lists(maybe, min_size=2, max_size=40).filter(lambda row: any(v is not None for v in row))
groups = st.lists(st.lists(maybe, min_size=1, max_size=5), min_size=2, max_size=15).filter(
    lambda gs: any(sum(v is not None for v in g) > 1 for g in gs)
)
lams = st.sampled_from([0.05, 0.2, 0.5, 1.0])
laws = settings(deadline=None, max_examples=60)
KNOWN: dict[str, Any] = {"mean": 0.5, "sigma": 2.0}
DESIGNS: dict[str, list[dict[str, Any]]] = {
    "ewma": [{}, {"lam": 0.1, "L": 2.7}, {"lam": 1.0}, {"limits": "asymptotic"}],
    "cusum": [{}, {"k": 0.25, "h": 2.0}, {"fir": 2.5}, {"h": 2.0, "fir": 1.0, "after": "reset"}],
    "ma": [{}, {"span": 1}, {"span": 7, "nsigma": 2.0}],
}
CHARTS = [(kind, design) for kind, designs in DESIGNS.items() for design in designs]
kinds = st.sampled_from(CHARTS)


def near(got: Any, row: Any) -> None:
    wanted = [math.nan if value is None else value for value in row]
    np.testing.assert_allclose(got, wanted, rtol=1e-11, atol=1e-11)


def long(gs: Any) -> Any:
    return {"y": [v for g in gs for v in g], "g": [i for i, g in enumerate(gs) for _ in g]}


def means_and_sizes(gs: Any) -> Any:
    known = [[v for v in g if v is not None] for g in gs]
    return [sum(g) / len(g) if g else None for g in known], [len(g) for g in known]


@laws
@given(rows, lams, st.sampled_from([1.0, 3.0]), st.booleans())
def test_an_ewma_is_the_weighted_sum_of_all_before(row: Any, lam: float, reach: float, exact: bool) -> None:
    way = "exact" if exact else "asymptotic"
    chart = judge(known_limits("ewma", **KNOWN, lam=lam, L=reach, limits=way), row)
    wanted = twin.ewma(row, [1] * len(row), **KNOWN, lam=lam, reach=reach, exact=exact)
    panel = chart.panel("ewma")
    for got, expected in zip((panel.points, panel.center, panel.lcl, panel.ucl), wanted, strict=True):
        near(got, expected)


@laws
@given(groups, lams)
def test_an_ewma_of_unequal_subgroups_has_the_variance_of_its_weights(gs: Any, lam: float) -> None:
    chart = judge(known_limits("ewma", **KNOWN, lam=lam), long(gs), value="y", subgroup="g")
    wanted = twin.ewma(*means_and_sizes(gs), **KNOWN, lam=lam, reach=3.0)
    panel = chart.panel("ewma")
    for got, expected in zip((panel.points, panel.center, panel.lcl, panel.ucl), wanted, strict=True):
        near(got, expected)


@laws
@given(groups, st.sampled_from([0.0, 0.5, 1.5]), st.sampled_from([0.0, 2.5]))
def test_a_cusum_is_the_largest_sum_over_the_newest_stretches(gs: Any, k: float, fir: float) -> None:
    design: dict[str, Any] = {"k": k or 1e-9, "fir": fir}
    chart = judge(known_limits("cusum", **KNOWN, **design), long(gs), value="y", subgroup="g")
    values, sizes = means_and_sizes(gs)
    upper, lower = twin.cusum(values, sizes, **KNOWN, **design)
    near(chart.panel("upper").points, upper)
    near(-chart.panel("lower").points, lower)


@laws
@given(groups, st.integers(1, 9))
def test_a_moving_average_is_the_mean_of_its_window(gs: Any, span: int) -> None:
    chart = judge(known_limits("ma", **KNOWN, span=span), long(gs), value="y", subgroup="g")
    wanted = twin.moving_average(*means_and_sizes(gs), **KNOWN, span=span, reach=3.0)
    panel = chart.panel("ma")
    for got, expected in zip((panel.points, panel.center, panel.lcl, panel.ucl), wanted, strict=True):
        near(got, expected)


@laws
@given(kinds, groups, st.booleans(), st.integers(0, 15))
def test_the_fold_of_a_restarted_stream_is_the_batch(chosen: Any, gs: Any, alone: bool, stop: int) -> None:
    kind, design = chosen
    limits = known_limits(kind, **KNOWN, **design)
    points = [g[0] for g in gs] if alone else gs
    if all(v is None for v in points):
        return
    chart = judge(limits, points) if alone else judge(limits, long(gs), value="y", subgroup="g")
    state, marks = start(limits), []
    for place, point in enumerate(points):
        if place == stop:
            state = type(state).from_dict(state.to_dict())
        state, judgement = step(limits, state, point)
        marks.append(judgement.marks)
    for index, panel in enumerate(chart.panels):
        lines = (panel.points, panel.center, panel.lcl, panel.ucl, panel.sigma)
        for line, field in zip(lines, range(1, 6), strict=True):
            np.testing.assert_array_equal([mark[index][field] for mark in marks], line)
        fired = {n: mark[index].fired for n, mark in enumerate(marks, 1) if mark[index].fired}
        assert fired == chart.violations.codes_at(panel.name)


@laws
@given(kinds, st.lists(maybe, max_size=40), st.integers(0, 40))
def test_many_points_in_two_batches_are_judged_as_one_by_one(chosen: Any, row: Any, cut: int) -> None:
    kind, design = chosen
    limits = known_limits(kind, **KNOWN, **design)
    state, said = start(limits), []
    for value in row:
        state, judgement = step(limits, state, value)
        said.append([(repr(mark.value), mark.fired) for mark in judgement.marks])
    middle, first = steps(limits, start(limits), row[:cut])
    after, second = steps(limits, middle, row[cut:])
    assert repr(after) == repr(state)
    for panel, marks in enumerate(zip(*said, strict=True)):
        values = [*first.values[panel], *second.values[panel]]
        assert [repr(value) for value in values] == [value for value, _ in marks]


@laws
@given(kinds, rows, st.integers(-512, 512), st.sampled_from([0.5, 4.0]))
def test_a_shift_and_a_change_of_unit_move_the_lines_and_no_signal(
    chosen: Any, row: Any, shift: int, factor: float
) -> None:
    kind, design = chosen
    here = judge(known_limits(kind, **KNOWN, **design), row)
    known = {"mean": (KNOWN["mean"] + shift) * factor, "sigma": KNOWN["sigma"] * factor}
    moved = [None if v is None else (v + shift) * factor for v in row]
    there = judge(known_limits(kind, **known, **design), moved)
    scale, origin = (1.0, 0.0) if kind == "cusum" else (factor, shift * factor)
    for a, b in zip(here.panels, there.panels, strict=True):
        for line in ("points", "lcl", "ucl"):
            np.testing.assert_allclose(getattr(b, line), getattr(a, line) * scale + origin, atol=1e-9)


@laws
@given(rows, st.sampled_from([-1.0]))
def test_turned_data_exchange_the_two_sums(row: Any, sign: float) -> None:
    here = judge(known_limits("cusum", mean=0.0, sigma=1.0, fir=1.0), row)
    turned = [None if v is None else sign * v for v in row]
    there = judge(known_limits("cusum", mean=0.0, sigma=1.0, fir=1.0), turned)
    np.testing.assert_array_equal(here.panel("upper").points, -there.panel("lower").points)
    np.testing.assert_array_equal(here.panel("lower").points, -there.panel("upper").points)


@laws
@given(st.sampled_from(["ewma", "cusum", "ma"]), numbers, st.integers(2, 60))
def test_constant_data_break_no_rule(kind: str, value: float, count: int) -> None:
    chart = control_chart(kind, [value / 3] * count, rules="nelson")
    assert chart.stable
    assert chart.limits.sigma == 0


@laws
@given(kinds, rows)
def test_json_keeps_every_chart(chosen: Any, row: Any) -> None:
    kind, design = chosen
    chart = judge(known_limits(kind, **KNOWN, **design), row)
    again = ControlChart.from_json(chart.to_json())
    assert again == chart
    assert again.limits.design == chart.limits.design


@pytest.mark.parametrize("kind", ["ewma", "cusum", "ma"])
def test_a_million_points_are_those_of_the_plain_loop(kind: str) -> None:
    values = np.random.default_rng(3).normal(0.2, 1.0, 40_000)
    values[::997] = np.nan
    limits = known_limits(kind, mean=0.0, sigma=1.0)
    chart = judge(limits, values)
    _, folded = steps(limits, start(limits), values.tolist())
    for panel, wanted in zip(chart.panels, folded.values, strict=True):
        np.testing.assert_allclose(panel.points, wanted, rtol=1e-9, atol=1e-12)
    codes = [[at.place + 1 for at in fired] for fired in folded.fired]
    assert codes == [list(chart.violations.codes_at(panel.name)) for panel in chart.panels]


@pytest.mark.parametrize("count", [SHORT, SHORT + 1, SHORT + 63, 3 * SHORT])
def test_long_recursions_go_over_from_the_loop_without_a_seam(count: int) -> None:
    values = np.random.default_rng(count).normal(0, 1, (count, 2))
    whole, loop = decaying_sums(values, 0.9, 3.0), np.empty_like(values)
    now = np.array([3.0, 3.0])
    for place, value in enumerate(values):
        now = loop[place] = 0.9 * now + value
    np.testing.assert_allclose(whole, loop, rtol=1e-12, atol=1e-12)
    floored, last = [], 2.0
    for value in values[:, 0].tolist():
        last = max(0.0, last + value)
        floored.append(last)
    np.testing.assert_allclose(floored_sums(values[:, 0], 2.0), floored, rtol=1e-10, atol=1e-10)
