"""Laws of the charts of several variables that hold for all data."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gemba.stats.charts import ControlChart, control_chart, judge, known_limits, start, step
from gemba.stats.charts.kinds.mewma import in_control, limit_for
from gemba.stats.results import DataError
from twins import several as twin

numbers = st.integers(-320, 320).map(lambda n: n / 32)
widths = st.shared(st.integers(2, 4), key="width")
row = widths.flatmap(lambda width: st.lists(numbers, min_size=width, max_size=width))
maybe = st.one_of(row, row, row, row, st.none())
rows = st.lists(maybe, min_size=8, max_size=25)
groups = st.lists(st.lists(row, min_size=1, max_size=6), min_size=3, max_size=8)
laws = settings(deadline=None, max_examples=50)


def filled(points: Any) -> Any:
    width = next((len(p) for p in points if p is not None), 2)
    return [[math.nan] * width if p is None else p for p in points]


def chart_or_none(kind: str, data: Any, **options: Any) -> Any:
    """A chart, or nothing where these data are few or singular, which other tests look at."""
    try:
        return control_chart(kind, data, **options)
    except DataError:
        assume(False)


def well(chart: Any) -> Any:
    """Leave out what is nearly singular: there the last digits are those of the data."""
    covariance = np.array(chart.limits.several.covariance)
    scale = np.sqrt(np.diag(covariance))
    assume(np.linalg.cond(covariance / np.outer(scale, scale)) < 1e5)
    return chart


def long(gs: Any) -> Any:
    names = [f"v{place}" for place in range(len(gs[0][0]))]
    columns = zip(*(r for g in gs for r in g), strict=True)
    return dict(zip(names, columns, strict=True)) | {"g": [i for i, g in enumerate(gs) for _ in g]}, names


def near(got: Any, wanted: Any) -> None:
    expected = [math.nan if value is None else value for value in wanted]
    np.testing.assert_allclose(got, expected, rtol=1e-7, atol=1e-9)


@laws
@given(rows, st.sampled_from(["sample covariance", "successive differences"]))
def test_t2_is_the_distance_by_cramers_rule(points: Any, method: str) -> None:
    chart = well(chart_or_none("t2", filled(points), sigma_method=method))
    covariance = {"s": twin.sample_covariance, "u": twin.successive_covariance}[
        "s" if method.startswith("sample") else "u"
    ](points)
    mean = twin.center(twin.whole(points))
    near(chart.panel("t2").points, twin.t2(points, [1] * len(points), mean, covariance))
    np.testing.assert_allclose(
        np.array(chart.limits.several.covariance), np.array(covariance, dtype=float), rtol=1e-11, atol=1e-11
    )


@laws
@given(groups, st.sampled_from(["t2", "mewma", "gv"]), st.sampled_from([0.1, 0.5]))
def test_subgroups_of_any_size_are_those_of_the_exact_twin(gs: Any, kind: str, lam: float) -> None:
    frame, names = long(gs)
    options = {"lam": lam} if kind == "mewma" else {}
    chart = well(chart_or_none(kind, frame, value=names, subgroup="g", **options))
    means = [[float(x) for x in twin.center(twin.whole(g))] for g in gs]
    sizes = [len(g) for g in gs]
    exact = [twin.center(twin.whole(g)) for g in gs]
    total = sum(sizes)
    mean = [
        sum((n * m[j] for n, m in zip(sizes, exact, strict=True)), Fraction(0)) / total
        for j in range(len(names))
    ]
    pooled = twin.pooled_covariance(gs)
    panel = chart.panels[0]
    if kind == "gv":
        for place, found in enumerate(twin.generalized(gs)):
            lines = (panel.points, panel.center, panel.lcl, panel.ucl)
            near([line[place] for line in lines], found or [None] * 4)
    elif kind == "t2":
        near(panel.points, twin.t2(means, sizes, mean, pooled))
    else:
        near(panel.points, twin.mewma(means, sizes, mean, pooled, lam))


@laws
@given(rows, st.sampled_from([0.1, 0.3, 1.0]))
def test_a_mewma_is_the_weighted_sum_of_all_before(points: Any, lam: float) -> None:
    chart = well(chart_or_none("mewma", filled(points), lam=lam))
    mean = twin.center(twin.whole(points))
    wanted = twin.mewma(points, [1] * len(points), mean, twin.sample_covariance(points), lam)
    near(chart.panel("mewma").points, wanted)


@laws
@given(groups, st.sampled_from(["t2", "mewma"]), st.booleans(), st.integers(0, 8))
def test_the_fold_of_a_restarted_stream_is_the_batch(gs: Any, kind: str, alone: bool, stop: int) -> None:
    width = len(gs[0][0])
    covariance = np.eye(width) + 0.4
    limits = known_limits(kind, mean=[0.5] * width, covariance=covariance)
    frame, names = long(gs)
    points = [g[0] for g in gs] if alone else gs
    chart = judge(limits, np.array(points)) if alone else judge(limits, frame, value=names, subgroup="g")
    state = start(limits)
    marks: list[Any] = []
    for place, point in enumerate(points):
        if place == stop:
            state = type(state).from_dict(state.to_dict())
        state, judgement = step(limits, state, point)
        marks.append(judgement.marks[0])
    panel = chart.panels[0]
    for line, field in zip((panel.points, panel.center, panel.lcl, panel.ucl), range(1, 5), strict=True):
        np.testing.assert_allclose([mark[field] for mark in marks], line, rtol=1e-10, atol=1e-12)


@laws
@given(rows, st.permutations([0, 1, 2, 3]), st.sampled_from([0.01, 25.4]), st.integers(-90, 90))
def test_other_units_and_another_order_of_the_variables_change_no_distance(
    points: Any, order: Any, factor: float, shift: int
) -> None:
    data = np.array(filled(points))
    here = well(chart_or_none("t2", data))
    places = [place for place in order if place < data.shape[1]]
    moved = data * np.array([factor, 1.0, 1 / factor, 1.0][: data.shape[1]]) + shift
    there = control_chart("t2", moved[:, places])
    np.testing.assert_allclose(there.panels[0].points, here.panels[0].points, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(there.panels[0].ucl, here.panels[0].ucl, rtol=1e-12)


@laws
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_single_rows_does_not_matter_to_the_sample_covariance(points: Any, random: Any) -> None:
    data = filled(points)
    here = well(chart_or_none("t2", data)).limits
    there: Any = control_chart("t2", random.sample(data, len(data))).limits
    np.testing.assert_allclose(there.several.covariance, here.several.covariance, rtol=1e-9, atol=1e-10)


@laws
@given(groups, st.sampled_from(["t2", "mewma", "gv"]))
def test_json_keeps_every_chart(gs: Any, kind: str) -> None:
    frame, names = long(gs)
    chart = chart_or_none(kind, frame, value=names, subgroup="g")
    again = ControlChart.from_json(chart.to_json())
    assert again == chart
    repeated = judge(again.limits, frame, value=names, subgroup="g", training=True)
    np.testing.assert_array_equal(repeated.panels[0].ucl, chart.panels[0].ucl)
    np.testing.assert_array_equal(repeated.panels[0].points, chart.panels[0].points)


@pytest.mark.parametrize(
    ("h", "width", "lam", "run_length"),
    [(12.73, 4, 0.1, 200.50), (16.38223, 4, 0.25, 500.0), (8.64, 2, 0.1, 200.5), (5.991465, 2, 1.0, 20.0)],
)
def test_the_run_length_of_a_mewma_is_that_of_the_tables(
    h: float, width: int, lam: float, run_length: float
) -> None:
    # Runger and Prabhu 1996; Rigdon 1995; Prabhu and Runger 1997, 8.64 for 200 to two decimals; chi-square.
    assert in_control(h, width, lam) == pytest.approx(run_length, rel=2e-3)
    assert limit_for(run_length, width, lam) == pytest.approx(h, rel=1e-3)


@pytest.mark.parametrize(
    ("grouped", "training"), [(False, True), (False, False), (True, True), (True, False)]
)
def test_false_alarms_come_as_often_as_alpha_says(grouped: bool, training: bool) -> None:
    random, alpha, width = np.random.default_rng(17), 0.05, 3
    alarms = tried = 0
    for _ in range(300):
        old, new = random.normal(size=(2, 100 if grouped else 25, width))
        size = 4 if grouped else None
        limits = control_chart("t2", old, size=size, alpha=alpha).limits
        chart = judge(limits, old if training else new, size=size, training=training)
        points = chart.panels[0].points
        alarms += int((points > chart.panels[0].ucl).sum())
        tried += len(points)
    assert alarms / tried == pytest.approx(alpha, abs=4 * math.sqrt(alpha * (1 - alpha) / tried) + 0.002)


def test_successive_differences_keep_false_alarms_near_alpha_and_see_a_lasting_shift() -> None:
    random, alpha = np.random.default_rng(18), 0.05
    found = []
    for _ in range(300):
        chart = control_chart(
            "t2", random.normal(size=(25, 3)), alpha=alpha, sigma_method="successive differences"
        )
        found.append(chart.panels[0].points > chart.panels[0].ucl)
    assert np.mean(found) == pytest.approx(alpha, abs=0.01)
    shifted = random.normal(size=(60, 2)) + np.repeat([[0.0], [3.0]], 30, axis=0)
    sample, moves = (
        control_chart("t2", shifted, sigma_method=m) for m in ("sample covariance", "successive differences")
    )
    assert moves.panels[0].beyond.size > sample.panels[0].beyond.size


def test_an_excluded_row_is_judged_as_a_new_one() -> None:
    data = np.random.default_rng(5).normal(size=(30, 2))
    data[11] = [9.0, -9.0]
    chart = control_chart("t2", data, exclude={12: "spilt sample"})
    panel = chart.panel("t2")
    assert panel.ucl[11] == chart.limits.lines(1)[0].ucl
    assert panel.ucl[11] > panel.ucl[0]
    assert panel.points[11] > 50
    assert chart.violations.codes_at("t2") == {12: ("1",)}


def test_what_each_stage_learned_stands_below_the_limits() -> None:
    data = np.random.default_rng(6).normal(size=(40, 2))
    frame = {"a": data[:, 0], "b": data[:, 1], "s": ["one"] * 15 + ["two"] * 25}
    table = control_chart("t2", frame, value=["a", "b"], stages="s").tables()[1]
    words = "degrees of freedom of the covariance"
    assert table.notes == (f"one: {words} = 14", f"two: {words} = 24")
    # (m - 1)^2 / m times the beta quantile with 1 and (m - 3) / 2, which has a closed form.
    wanted = [(m - 1) ** 2 / m * (1 - 0.0027 ** (2 / (m - 3))) for m in (15, 25)]
    assert [row[-2] for row in table.rows] == pytest.approx(wanted, rel=1e-9)


def test_a_point_against_the_grain_is_seen_only_together() -> None:
    random = np.random.default_rng(2)
    common = random.normal(size=(60, 1))
    data = common + 0.2 * random.normal(size=(60, 2))
    data[30] = [1.5, -1.5]
    assert control_chart("i-mr", data[:, 0]).panel("i").beyond.size == 0
    assert 31 in control_chart("t2", data).violations.codes_at("t2")


def test_given_parameters_have_the_limit_of_chi_square() -> None:
    limits = known_limits("t2", mean={"a": 1.0, "b": 2.0}, covariance=[[1, 0], [0, 4]], alpha=0.005)
    frame = {"b": [2.0, 4.0], "a": [1.0, 2.0]}
    chart = judge(limits, frame, value=["a", "b"])
    assert chart.panel("t2").points.tolist() == pytest.approx([0.0, 2.0])
    assert chart.panel("t2").ucl[0] == pytest.approx(10.5966, abs=1e-4)
    assert limits.headline() == "Hotelling T² chart: 2 variables, given as historical parameters."
    assert [row[0] for row in limits.tables()[1].rows] == ["a", "b"]
