"""Laws of mcusum, principal components, regression and residual charts."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gemba.stats.charts import (
    ChartState,
    ControlChart,
    control_chart,
    judge,
    known_limits,
    pca_contributions,
    start,
    step,
)
from gemba.stats.charts.kinds.mcusum import limit_for
from gemba.stats.charts.run_length import run_length
from gemba.stats.results import DataError
from twins import driven, several

numbers = st.integers(-320, 320).map(lambda n: n / 32)
row = st.lists(numbers, min_size=3, max_size=3)
maybe = st.one_of(row, row, row, row, st.none())
rows = st.lists(maybe, min_size=10, max_size=20)
series = st.lists(st.one_of(numbers, numbers, numbers, numbers, st.none()), min_size=10, max_size=30)
laws = settings(deadline=None, max_examples=25)
SEEDED = np.random.default_rng(17)
COMMON = SEEDED.normal(size=(60, 2)) @ SEEDED.normal(size=(2, 5)) + 0.3 * SEEDED.normal(size=(60, 5))
COMMON[40] += [0.0, 2.0, 0.0, -2.0, 0.0]


def filled(points: Any) -> Any:
    return [[math.nan] * 3 if p is None else p for p in points]


def chart_or_none(kind: str, data: Any, **options: Any) -> Any:
    try:
        return control_chart(kind, data, **options)
    except DataError:
        assume(False)


def near(got: Any, wanted: Any, rtol: float = 1e-7) -> None:
    expected = [math.nan if value is None else value for value in wanted]
    np.testing.assert_allclose(got, expected, rtol=rtol, atol=1e-7)


def well(chart: Any) -> Any:
    covariance = np.array(chart.limits.several.covariance)
    scale = np.sqrt(np.diag(covariance))
    assume(np.linalg.cond(covariance / np.outer(scale, scale)) < 1e5)
    return chart


def folded(limits: Any, points: Any, stop: int, rules: str = "nelson") -> Any:
    state, judged = start(limits, rules), []
    for place, point in enumerate(points):
        if place == stop:
            state = ChartState.from_dict(state.to_dict())
        state, judgement = step(limits, state, point)
        judged.append(judgement)
    return judged


@laws
@given(rows, st.sampled_from([0.25, 0.5, 1.0]))
def test_an_mcusum_is_crosiers_sum_by_cramers_rule(points: Any, k: float) -> None:
    chart = well(chart_or_none("mcusum", filled(points), k=k))
    mean = [float(x) for x in several.center(several.whole(points))]
    wanted = driven.crosier(points, [1] * len(points), mean, several.sample_covariance(points), k)
    near(chart.panel("mcusum").points, wanted)


KINDS: dict[str, dict[str, Any]] = {
    "mcusum": {},
    "mcusum reset": {"h": 3.0, "after": "reset"},
    "pca": {"components": 2},
    "regression": {"limits": "prediction"},
}


@laws
@given(rows, st.sampled_from(list(KINDS)), st.integers(0, 20))
def test_the_fold_of_a_restarted_stream_is_the_batch(points: Any, name: str, stop: int) -> None:
    kind = name.split(maxsplit=1)[0]
    limits = well(chart_or_none(kind, filled(points), **KINDS[name])).limits
    chart = judge(ControlChart.from_json(judge(limits, filled(points)).to_json()).limits, filled(points))
    for place, judgement in enumerate(folded(limits, filled(points), stop)):
        for mark, panel in zip(judgement.marks, chart.panels, strict=True):
            got = [line[place] for line in (panel.points, panel.center, panel.lcl, panel.ucl)]
            np.testing.assert_allclose(mark[1:5], got, rtol=1e-9, atol=1e-9)


@laws
@given(rows, st.sampled_from(list(KINDS)), st.sampled_from([0.25, 8.0]))
def test_another_unit_and_zero_of_one_variable_change_no_distance(
    points: Any, name: str, factor: float
) -> None:
    kind = name.split(maxsplit=1)[0]
    here = well(chart_or_none(kind, filled(points), **KINDS[name]))
    turned = [[factor * (p[0] + 3.0), *p[1:]] for p in filled(points)]
    there = well(chart_or_none(kind, turned, **KINDS[name]))
    for a, b in zip(here.panels, there.panels, strict=True):
        wanted = factor * (a.points + 3.0) if kind == "regression" else a.points
        np.testing.assert_allclose(b.points, wanted, rtol=1e-6, atol=1e-7)
        limit = factor * (a.ucl + 3.0) if kind == "regression" else a.ucl
        np.testing.assert_allclose(b.ucl, limit, rtol=1e-6, atol=1e-7)


def test_the_limit_of_an_mcusum_is_that_of_crosiers_table() -> None:
    """Crosier 1988 has h = 5.50, 9.46 and 14.90 for a run length of 200 with k = 0.5, found by simulation.

    His second one gives 208.8 points. So do 200,000 sums of five standard normal variables played out with
    seed 2, to 208.60 with a standard error of 0.43, and at 9.387 with seed 1 to 200.30 with one of 0.42.
    """
    for width, h, run_length_there in ((2, 5.50, 201.4989), (5, 9.46, 208.7662), (10, 14.90, 198.4563)):
        found = run_length("mcusum", variables=width, k=0.5, h=h, shift=0).arl[0]
        assert found == pytest.approx(run_length_there, rel=1e-6)
    for width, h in ((2, 5.4912), (5, 9.3869), (10, 14.9194)):
        assert limit_for(200.0, width, 0.5) == pytest.approx(h, abs=5e-5)
    assert driven.rings(limit_for(200.0, 2, 0.5), 2, 0.5, 60) == pytest.approx(200.0, rel=1e-5)
    lines = known_limits("mcusum", mean=[0.0, 0.0], covariance=np.eye(2)).lines(1)[0]
    assert (lines.center, lines.ucl) == (0.0, limit_for(200.0, 2, 0.5))


@pytest.mark.parametrize(("width", "h", "shift"), [(2, 5.5, 0.0), (2, 5.5, 1.0), (5, 9.46, 2.0)])
def test_the_run_length_of_an_mcusum_is_what_chance_plays_out(width: int, h: float, shift: float) -> None:
    wanted, error = driven.played(width, 0.5, h, shift, 4_000)
    found = run_length("mcusum", variables=width, k=0.5, h=h, shift=shift)
    assert abs(found.arl[0] - wanted) < 4 * error


def test_components_are_those_of_jacobis_rotations() -> None:
    chart = control_chart("pca", COMMON, components=2, alpha=0.01)
    wanted = driven.components(COMMON.tolist(), 2, 0.01)
    near(chart.panel("t2").points, wanted["t2"], 1e-9)
    near(chart.panel("spe").points, wanted["spe"], 1e-9)
    assert chart.panel("spe").ucl[0] == pytest.approx(wanted["spe_ucl"][0], rel=1e-9)
    assert 41 in chart.panel("spe").beyond
    assert chart.limits.further["held"] > 0.85


def test_all_components_together_are_hotellings_t2_and_leave_nothing_over() -> None:
    whole, plain = control_chart("pca", COMMON, share=1.0), control_chart("t2", COMMON)
    np.testing.assert_allclose(whole.panel("t2").points, plain.panel("t2").points, rtol=1e-9)
    np.testing.assert_allclose(whole.panel("t2").ucl, plain.panel("t2").ucl, rtol=1e-12)
    assert np.isnan(whole.panel("spe").ucl).all()


def test_a_variable_that_follows_from_others_is_no_hindrance_to_components() -> None:
    doubled = np.column_stack([COMMON, COMMON[:, 0] + COMMON[:, 1]])
    with pytest.raises(DataError, match="the covariance is singular"):
        control_chart("t2", doubled)
    assert control_chart("pca", doubled, components=2).panel("spe").points.size == 60


def test_the_limit_of_spe_leaves_its_chance_of_normal_values() -> None:
    fresh = np.random.default_rng(3).normal(size=(40_000, 4)) * np.sqrt([5.0, 1.0, 0.5, 0.25])
    limits = known_limits(
        "pca",
        mean=[0.0] * 4,
        covariance=np.diag([5.0, 1.0, 0.5, 0.25]),
        components=1,
        scale="covariance",
        alpha=0.01,
    )
    panel = judge(limits, fresh).panel("spe")
    assert float(np.mean(panel.points > panel.ucl)) == pytest.approx(0.01, abs=0.0015)


def test_contributions_add_up_and_name_the_variable_that_broke_away() -> None:
    chart = control_chart("pca", COMMON, components=2)
    parts = pca_contributions(chart.limits, COMMON[40])
    assert float(parts.inside.sum()) == pytest.approx(chart.panel("t2").points[40], rel=1e-9)
    assert float(parts.off.sum()) == pytest.approx(chart.panel("spe").points[40], rel=1e-9)
    assert parts.variables[int(np.argmax(parts.off))] in ("x2", "x4")
    assert parts.headline().startswith("T² is")
    assert "Sources" in parts.explain() or "Source" in parts.explain()
    with pytest.raises(DataError, match="Give the limits of a pca chart"):
        pca_contributions(known_limits("i-mr", mean=0, sigma=1), [1.0])


@laws
@given(rows)
def test_a_regression_chart_is_the_line_of_the_normal_equations(points: Any) -> None:
    chart = well(chart_or_none("regression", filled(points)))
    known = [p for p in points if p is not None]
    assume(len(known) > 4)
    line, sigma = driven.straight_line(known)
    center = [
        None if p is None else float(line[0] + line[1] * p[1] + line[2] * p[2]) for p in map(exactly, points)
    ]
    near(chart.panel("regression").center, center)
    assert chart.limits.further["sigma"] == pytest.approx(sigma, rel=1e-6, abs=1e-7)


def exactly(point: Any) -> Any:
    from fractions import Fraction

    return None if point is None else [Fraction(x) for x in point]


def test_a_tool_that_wears_is_judged_around_its_line_and_trends_are_not_asked() -> None:
    hours = np.arange(30.0)
    wear = 10 + 0.2 * hours + np.random.default_rng(2).normal(0, 0.05, 30)
    wear[21] += 0.4
    chart = control_chart("regression", {"d": wear, "h": hours}, value=["d", "h"], rules="nelson")
    assert chart.panel("regression").beyond.tolist() == [22]
    assert {"2", "3"}.isdisjoint(v.rule for v in chart.violations)
    assert "Rule 3 is not applied to panel regression" in chart.explain()
    plain = control_chart("i-mr", wear, rules="nelson")
    assert len(plain.violations) > 3


@laws
@given(series, st.integers(0, 30))
def test_residuals_are_what_the_nearest_value_before_did_not_say(values: Any, stop: int) -> None:
    chart = chart_or_none("residual", values)
    assume(chart.limits.sigma > 1e-6)
    mean, phi, sigma = driven.neighbours(values)
    got = chart.limits
    np.testing.assert_allclose(
        [got.mean, got.further["phi"], got.sigma], [mean, phi, sigma], rtol=1e-7, atol=1e-7
    )
    points, spreads = driven.residuals(values, mean, phi, sigma)
    near(chart.panel("residual").points, points)
    near(chart.panel("residual").sigma, spreads)
    for place, judgement in enumerate(folded(got, values, stop)):
        mark = judgement.marks[0]
        np.testing.assert_array_equal(mark.value, chart.panel("residual").points[place])
        np.testing.assert_array_equal(mark.ucl, chart.panel("residual").ucl[place])
    assert ControlChart.from_json(chart.to_json()) == chart


def test_an_average_forecast_has_the_weight_with_the_smallest_errors() -> None:
    draw = np.random.default_rng(8)
    level = np.cumsum(draw.normal(0, 0.4, 60))
    values = [*(10 + level + draw.normal(0, 1, 60)).tolist()]
    values[30] = None
    chart = control_chart("residual", values, model="ima")
    weight = driven.best_weight(values)
    assert chart.limits.further["lam"] == pytest.approx(weight, abs=1e-5)
    near(chart.panel("residual").points, driven.average_errors(values, chart.limits.further["lam"]))
    given_ = control_chart("residual", values, model="ima", lam=0.3)
    near(given_.panel("residual").points, driven.average_errors(values, 0.3))
    onward = judge(chart.limits, [12.0, 12.5])
    known = [value for value in values if value is not None]
    errors = driven.average_errors([*known, 12.0, 12.5], chart.limits.further["lam"])
    near(onward.panel("residual").points, errors[-2:], 1e-9)


def test_residuals_of_values_that_follow_one_another_cry_wolf_as_seldom_as_independent_ones() -> None:
    draw, walk, level = np.random.default_rng(4), [], 0.0
    for _ in range(3000):
        level = 0.8 * level + float(draw.normal())
        walk.append(level)
    alarms = {kind: len(control_chart(kind, walk).panels[0].beyond) for kind in ("i-mr", "residual")}
    assert alarms["residual"] < 20
    assert alarms["i-mr"] > 300


@pytest.mark.parametrize(
    ("kind", "data", "options", "words"),
    [
        ("residual", [1.0, 2.0, 1.0], {}, "2 pairs of neighbours are too few"),
        ("residual", [1.0, 2.0, 1.0, 2.0], {"model": "ima"}, "3 pairs of neighbours are too few"),
        ("residual", [2.0**n for n in range(12)], {}, "the values wander.*Use model='ima'"),
        ("residual", [1.0, 2.0] * 9, {"phi": 1.5}, "phi: 1.5 is no historical correlation"),
        ("regression", [[1.0, 2.0]] * 9, {}, "'x2' never varies"),
        ("regression", [[1.0, 2.0], [2.0, 3.0], [0.0, 1.0]], {"nsigma": -1}, "is no positive number"),
        ("pca", [[1.0, 2.0], [2.0, 2.0], [0.0, 2.0]], {}, "'x2' never varies, so it belongs to no component"),
        ("pca", COMMON, {"components": 7}, "there are no 7 components: 5 hold all the variance"),
        ("pca", COMMON[:3], {"components": 2}, "3 points are too few for 2 components"),
        ("pca", COMMON, {"share": 0}, "share: 0 is no share of the variance"),
        ("mcusum", COMMON[:4], {}, "3 degrees of freedom are too few for 5 variables"),
        ("mcusum", COMMON, {"k": 0}, "k: 0 is no allowance in sigma"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(kind: str, data: Any, options: Any, words: str) -> None:
    with pytest.raises(DataError, match=words):
        control_chart(kind, data, **options)


def test_a_regression_chart_judges_no_subgroups_and_a_model_needs_its_numbers() -> None:
    frame = {"a": [1.0, 2, 3, 4], "b": [2.0, 1, 4, 3]}
    with pytest.raises(DataError, match="Leave out subgroup and size"):
        control_chart("regression", frame, value=["a", "b"], size=2)
    with pytest.raises(DataError, match="historical correlation of neighbours"):
        known_limits("residual", mean=0.0, sigma=1.0)
    limits = known_limits("residual", mean=0.0, sigma=1.0, phi=-0.5)
    assert judge(limits, [1.0, 1.0]).panel("residual").points.tolist() == [1.0, 1.5]


@pytest.mark.parametrize("model", ["ar1", "ima"])
def test_constant_values_break_no_rule_of_a_residual_chart(model: str) -> None:
    chart = control_chart("residual", [1 / 3] * 20, model=model)
    assert chart.stable
    assert chart.limits.sigma == 0
