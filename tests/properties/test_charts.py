"""Laws of control charts that hold for all data."""

import math
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gemba.stats.charts import ControlChart, control_chart, judge, start, step
from gemba.stats.charts.rules import NELSON, rules_for
from twins import charts as twin
from twins import rules as twin_rules

numbers = st.integers(-4000, 4000).map(lambda n: n / 64)
maybe = st.one_of(numbers, numbers, numbers, st.none())
groups = st.lists(st.lists(maybe, min_size=2, max_size=7), min_size=2, max_size=12).filter(
    lambda gs: sum(len(twin.known(g)) > 0 for g in gs) > 1 and any(len(twin.known(g)) > 1 for g in gs)
)
values = st.lists(maybe, min_size=2, max_size=40).filter(
    lambda row: any(move is not None for move in twin.moves(row))
)
samples = st.lists(st.tuples(st.integers(0, 40), st.integers(40, 90)), min_size=2, max_size=30)
subgroup_methods = st.sampled_from(["Rbar", "Rbar unweighted", "Sbar", "Sbar unweighted", "pooled"])
laws = settings(deadline=None, max_examples=60)


def long(gs: Any) -> Any:
    return {"y": [v for g in gs for v in g], "g": [i for i, g in enumerate(gs) for _ in g]}


def subgroup_chart(kind: str, gs: Any, **options: Any) -> Any:
    return control_chart(kind, long(gs), value="y", subgroup="g", rules="nelson", **options)


def assert_twin(panel: Any, rows: Any, scale: Any) -> None:
    for line, row in zip((panel.points, panel.center, panel.lcl, panel.ucl), rows, strict=True):
        wanted = np.array([math.nan if value is None else value for value in row])
        np.testing.assert_allclose(line, wanted, rtol=1e-9, atol=1e-9 * scale)


@laws
@given(groups, st.sampled_from(["xbar-r", "xbar-s"]), subgroup_methods)
def test_subgroup_charts_are_those_of_the_exact_twin(gs: Any, kind: str, method: str) -> None:
    chart = subgroup_chart(kind, gs, sigma_method=method)
    sigma = twin.sigma_of_groups(gs, method)
    center = float(twin.mean([v for g in gs for v in twin.known(g)]))
    second = kind[-1]
    scale = 1 + abs(center) + sigma
    for panel, rows in zip(chart.panels, twin.subgroup_panels(gs, sigma, center, 3.0, second), strict=True):
        assert_twin(panel, rows, scale)


@laws
@given(values, st.sampled_from(["average moving range", "median moving range"]))
def test_individual_charts_are_those_of_the_exact_twin(row: Any, method: str) -> None:
    chart = control_chart("i-mr", row, sigma_method=method)
    ranges = twin.moves(row)
    sigma = twin.sigma_of_moves(ranges, method)
    center = float(twin.mean(twin.known(row)))
    np.testing.assert_allclose(chart.limits.sigma, sigma, rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(chart.limits.mean, center, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(chart.panel("mr").points, [math.nan if m is None else m for m in ranges])


@laws
@given(samples, st.sampled_from(["p", "u"]))
def test_count_charts_are_those_of_the_exact_twin(rows: Any, kind: str) -> None:
    frame = {"d": [count for count, _ in rows], "n": [size for _, size in rows]}
    chart = control_chart(kind, frame, value="d", n="n")
    center = sum(frame["d"]) / sum(frame["n"])
    assert_twin(chart.panels[0], twin.count_panel(kind, frame["d"], frame["n"], center, 3.0), 1.0)


@laws
@given(groups, st.sampled_from(["xbar-r", "xbar-s"]))
def test_violations_are_those_that_are_read_on_paper(gs: Any, kind: str) -> None:
    chart = subgroup_chart(kind, gs)
    for panel in chart.panels:
        lines = (panel.points, panel.center, panel.sigma, panel.lcl, panel.ucl)
        points = [twin_rules.Point(*(float(v) for v in row)) for row in zip(*lines, strict=True)]
        if not all(math.isnan(p.sigma) or p.sigma > 0 for p in points):
            continue
        rules = rules_for(panel.name, NELSON).rules.rules
        found = twin_rules.find(points, [vars(rule) for rule in rules])
        got = [(v.rule, v.fired, v.points) for v in chart.violations.of(panel.name)]
        assert got == [tuple(pattern) for pattern in found]


@laws
@given(groups, st.sampled_from(["xbar-r", "xbar-s"]), st.integers(0, 12))
def test_the_fold_of_a_restarted_stream_is_the_batch(gs: Any, kind: str, stop: int) -> None:
    limits = subgroup_chart(kind, gs).limits
    chart = judge(limits, long(gs), value="y", subgroup="g", rules="nelson")
    state, marks = start(limits, "nelson"), []
    for place, group in enumerate(gs):
        if place == stop:
            state = type(state).from_dict(state.to_dict())
        state, judgement = step(limits, state, group)
        marks.append(judgement.marks)
    for index, panel in enumerate(chart.panels):
        for line, field in zip((panel.points, panel.center, panel.lcl, panel.ucl), range(1, 5), strict=True):
            np.testing.assert_array_equal([mark[index][field] for mark in marks], line)
        fired = {n: mark[index].fired for n, mark in enumerate(marks, 1) if mark[index].fired}
        assert fired == chart.violations.codes_at(panel.name)


@laws
@given(values, st.integers(0, 40))
def test_the_fold_of_individuals_is_the_batch(row: Any, stop: int) -> None:
    limits = control_chart("i-mr", row).limits
    chart = judge(limits, row, rules="nelson")
    state = start(limits, "nelson")
    for place, value in enumerate(row):
        if place == stop:
            state = type(state).from_dict(state.to_dict())
        state, judgement = step(limits, state, value)
        for mark, panel in zip(judgement.marks, chart.panels, strict=True):
            np.testing.assert_array_equal(mark.value, panel.points[place])
            assert mark.fired == chart.violations.codes_at(panel.name).get(place + 1, ())


@laws
@given(groups, st.sampled_from(["xbar-r", "xbar-s"]), st.integers(-512, 512))
def test_a_shift_moves_the_means_and_nothing_else(gs: Any, kind: str, shift: int) -> None:
    here = subgroup_chart(kind, gs)
    there = subgroup_chart(kind, [[None if v is None else v + shift for v in g] for g in gs])
    scale = 1e-9 * (600 + here.limits.sigma)
    np.testing.assert_allclose(there.panels[0].ucl, here.panels[0].ucl + shift, atol=scale)
    np.testing.assert_allclose(there.panels[1].points, here.panels[1].points, atol=scale)
    np.testing.assert_allclose(there.panels[1].ucl, here.panels[1].ucl, atol=scale)


@laws
@given(groups, st.sampled_from(["xbar-r", "xbar-s"]), st.sampled_from([2.0**-40, 0.5, 2.0**60]))
def test_a_change_of_unit_scales_every_line_and_keeps_every_signal(gs: Any, kind: str, factor: float) -> None:
    here = subgroup_chart(kind, gs)
    there = subgroup_chart(kind, [[None if v is None else v * factor for v in g] for g in gs])
    for a, b in zip(here.panels, there.panels, strict=True):
        for line in ("points", "center", "lcl", "ucl"):
            np.testing.assert_array_equal(getattr(b, line), getattr(a, line) * factor)
    assert there.violations.to_list() == here.violations.to_list()


@laws
@given(groups, st.randoms(use_true_random=False))
def test_the_order_inside_a_subgroup_does_not_matter(gs: Any, random: Any) -> None:
    here = subgroup_chart("xbar-s", gs)
    there = subgroup_chart("xbar-s", [random.sample(g, len(g)) for g in gs])
    for a, b in zip(here.panels, there.panels, strict=True):
        np.testing.assert_allclose(b.points, a.points, rtol=1e-12, atol=1e-10)
        np.testing.assert_allclose(b.ucl, a.ucl, rtol=1e-12, atol=1e-10)


@laws
@given(groups)
def test_the_order_of_subgroups_does_not_matter_to_the_limits(gs: Any) -> None:
    here, there = subgroup_chart("xbar-r", gs).limits, subgroup_chart("xbar-r", gs[::-1]).limits
    np.testing.assert_allclose([there.mean, there.sigma], [here.mean, here.sigma], rtol=1e-12, atol=1e-12)


@laws
@given(numbers, st.lists(st.integers(2, 9), min_size=2, max_size=25), st.sampled_from(["xbar-r", "xbar-s"]))
def test_constant_data_break_no_rule(value: float, sizes: Any, kind: str) -> None:
    chart = subgroup_chart(kind, [[value / 3] * n for n in sizes])
    assert chart.stable
    assert chart.limits.sigma == 0


@laws
@given(groups, st.sampled_from(["xbar-r", "xbar-s"]))
def test_json_keeps_every_chart(gs: Any, kind: str) -> None:
    first_is_empty = len(twin.known(gs[0])) == 0
    used = [gs[0], *gs[2:]] if first_is_empty else gs
    assume(sum(len(twin.known(group)) > 1 for group in used) > 1)
    chart = subgroup_chart(kind, gs, exclude={1: "second"} if first_is_empty else None)
    again = ControlChart.from_json(chart.to_json())
    assert again == chart
    for a, b in zip(chart.panels, again.panels, strict=True):
        np.testing.assert_array_equal(a.ucl, b.ucl)


@laws
@given(values)
def test_excluding_a_value_is_leaving_it_missing_in_the_estimate(row: Any) -> None:
    place = next(i for i, value in enumerate(row) if value is not None)
    rest = [None if i == place else value for i, value in enumerate(row)]
    if all(move is None for move in twin.moves(rest)):
        return
    here = control_chart("i-mr", row, exclude={place + 1: "x"}).limits
    there = control_chart("i-mr", rest).limits
    assert (here.mean, here.sigma) == (there.mean, there.sigma)
