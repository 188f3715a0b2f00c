import math
from typing import Any

import numpy as np
import pytest

from gemba.stats.charts import Caution, control_chart, judge, known_limits
from gemba.stats.results import DataError
from twins import charts as twin

RINGS = [
    [74.030, 74.002, 74.019, 73.992, 74.008],
    [73.995, 73.992, 74.001],
    [73.988, 74.024, 74.021, 74.005],
    [74.002, 73.996],
    [73.992, 74.007, 74.015, 73.989, 74.014],
    [74.009, 73.994, 73.997, 73.985],
]


def long(groups: Any) -> Any:
    return {
        "y": [value for group in groups for value in group],
        "g": [number for number, group in enumerate(groups, 1) for _ in group],
    }


def chart_of(kind: str, groups: Any, **options: Any) -> Any:
    return control_chart(kind, long(groups), value="y", subgroup="g", **options)


def assert_panel(panel: Any, expected: Any) -> None:
    for name, row in zip(("points", "center", "lcl", "ucl"), expected, strict=True):
        wanted = [math.nan if value is None else value for value in row]
        np.testing.assert_allclose(getattr(panel, name), wanted, rtol=1e-9, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("method", ["Rbar", "Rbar unweighted", "Sbar", "Sbar unweighted", "pooled"])
@pytest.mark.parametrize(("kind", "second"), [("xbar-r", "r"), ("xbar-s", "s")])
def test_unequal_subgroups_step_the_limits_by_the_named_estimator(
    kind: str, second: str, method: str
) -> None:
    chart = chart_of(kind, RINGS, sigma_method=method)
    sigma = twin.sigma_of_groups(RINGS, method)
    center = float(twin.mean([v for group in RINGS for v in twin.known(group)]))
    assert chart.limits.sigma == pytest.approx(sigma, rel=1e-10)
    assert chart.limits.size is None
    for panel, expected in zip(
        chart.panels, twin.subgroup_panels(RINGS, sigma, center, 3.0, second), strict=True
    ):
        assert_panel(panel, expected)


def test_the_minimum_variance_weights_are_the_default_and_differ_from_the_plain_average() -> None:
    default, plain = (chart_of("xbar-r", RINGS, sigma_method=m).limits for m in ("Rbar", "Rbar unweighted"))
    assert chart_of("xbar-r", RINGS).limits == default
    assert default.sigma != pytest.approx(plain.sigma, rel=1e-4)


def test_equal_sizes_make_weighted_and_unweighted_one() -> None:
    groups = np.random.default_rng(3).normal(size=(30, 4))
    for kind, method in (("xbar-r", "Rbar"), ("xbar-s", "Sbar")):
        weighted = control_chart(kind, groups, sigma_method=method).limits.sigma
        assert control_chart(kind, groups, sigma_method=f"{method} unweighted").limits.sigma == weighted


def test_pooled_keeps_its_bias_only_when_asked() -> None:
    given = chart_of("xbar-s", RINGS, sigma_method="pooled", unbiased=False).limits.sigma
    assert given == pytest.approx(twin.sigma_of_groups(RINGS, "pooled", unbiased=False), rel=1e-12)


def test_equal_ranges_break_no_rule_by_rounding() -> None:
    low = np.random.default_rng(5).integers(0, 64, size=40) / 64
    chart = control_chart("xbar-r", np.column_stack([low, low + 0.25]), rules="nelson")
    assert chart.panel("r").center.tolist() == [0.25] * 40
    assert len(chart.violations.of("r")) == 0


def test_a_subgroup_of_one_has_a_mean_and_no_range() -> None:
    chart = chart_of("xbar-r", [*RINGS, [74.01]])
    assert chart.panel("xbar").points[-1] == 74.01
    assert math.isnan(chart.panel("r").points[-1])
    assert math.isnan(chart.panel("r").ucl[-1])
    width = chart.panel("xbar").ucl[-1] - chart.panel("xbar").center[-1]
    assert width == pytest.approx(3 * chart.limits.sigma)
    assert Caution("single", {"count": 1}) in chart.warnings


def test_an_empty_subgroup_stays_a_gap_on_the_axis() -> None:
    frame = {"y": [1.0, 2.0, None, None, 3.0, 5.0], "g": ["a", "a", "b", "b", "c", "c"]}
    chart = control_chart("xbar-s", frame, value="y", subgroup="g")
    assert chart.labels == ("a", "b", "c")
    for panel in chart.panels:
        assert np.isnan(panel.points).tolist() == [False, True, False]
        assert np.isnan(panel.ucl).tolist() == [False, True, False]
    assert {caution.code for caution in chart.warnings} == {"missing", "empty", "few"}


def test_a_missing_value_makes_its_subgroup_smaller() -> None:
    wide = {"a": [1.0, 2.0, 3.0], "b": [2.0, None, 4.0], "c": [4.0, 5.0, 1.0]}
    chart = control_chart("xbar-r", wide, value=["a", "b", "c"])
    assert chart.panel("xbar").sizes.tolist() == [3, 2, 3]
    assert chart.panel("r").points.tolist() == [3.0, 3.0, 3.0]


def test_large_subgroups_on_a_range_chart_are_advised_to_xbar_s() -> None:
    data = np.random.default_rng(1).normal(size=(25, 9))
    assert Caution("large_subgroups", {"size": 9}) in control_chart("xbar-r", data).warnings
    assert control_chart("xbar-r", data[:, :8]).warnings == ()
    assert control_chart("xbar-s", data).warnings == ()


def test_historical_parameters_replace_the_estimates() -> None:
    chart = chart_of("xbar-r", RINGS, mean=74.0, sigma=0.01)
    assert (chart.limits.mean, chart.limits.sigma, chart.limits.method) == (74.0, 0.01, "historical")
    assert chart.limits.historical == ("mean", "sigma")
    expected = twin.subgroup_panels(RINGS, 0.01, 74.0, 3.0, "r")
    for panel, rows in zip(chart.panels, expected, strict=True):
        assert_panel(panel, rows)
    half = chart_of("xbar-r", RINGS, mean=74.0)
    assert half.limits.sigma == chart_of("xbar-r", RINGS).limits.sigma


def test_known_parameters_judge_a_single_subgroup() -> None:
    chart = control_chart("xbar-r", [73.9, 74.1, 74.0], size=3, mean=74.0, sigma=0.01)
    assert chart.panel("r").beyond.tolist() == [1]
    assert judge(known_limits("xbar-r", mean=74.0, sigma=0.01), [73.9, 74.1, 74.0], size=3).phase == "II"


@pytest.mark.parametrize("nsigma", [1.0, 2.5, 4.0])
def test_limits_stand_at_the_asked_distance(nsigma: float) -> None:
    chart = chart_of("xbar-s", RINGS, nsigma=nsigma)
    sigma = twin.sigma_of_groups(RINGS, "Sbar")
    expected = twin.subgroup_panels(RINGS, sigma, chart.limits.mean, nsigma, "s")
    for panel, rows in zip(chart.panels, expected, strict=True):
        assert_panel(panel, rows)


@pytest.mark.parametrize("offset", [0.0, 1e6, 1e9])
def test_sigma_keeps_eight_digits_far_from_zero(offset: float) -> None:
    steps = np.random.default_rng(7).integers(0, 2**20, size=(200, 5)) / 2**20
    for kind, method in (("xbar-r", "Rbar"), ("xbar-s", "Sbar"), ("xbar-s", "pooled")):
        near = control_chart(kind, steps, sigma_method=method).limits.sigma
        far = control_chart(kind, steps + offset, sigma_method=method).limits.sigma
        assert far == pytest.approx(near, rel=1e-8)


@pytest.mark.parametrize("kind", ["xbar-r", "xbar-s"])
@pytest.mark.parametrize("value", [0.1, 1e9 + 0.1, -1 / 3])
def test_constant_data_collapse_the_limits_and_break_no_rule(kind: str, value: float) -> None:
    groups = [[value] * n for n in (5, 3, 4, 2, 5, 7, 3, 6, 4, 5, 3, 3, 7, 2, 2, 5, 6, 3, 4, 5)]
    chart = chart_of(kind, groups, rules="nelson")
    assert chart.limits.sigma == 0
    assert chart.stable
    assert chart.panel("xbar").center.tolist() == [value] * 20
    assert chart.warnings == (Caution("constant", {"panel": "xbar"}),)


@pytest.mark.parametrize("kind", ["xbar-r", "xbar-s"])
def test_single_measurements_are_sent_to_i_mr(kind: str) -> None:
    with pytest.raises(DataError, match=r"every subgroup has one value.*i-mr"):
        control_chart(kind, [1.0, 2.0, 3.0], size=1)


def test_one_subgroup_is_no_chart() -> None:
    with pytest.raises(DataError, match=r"at least two points with values, and the data have 1"):
        control_chart("xbar-r", [1.0, 2.0, 3.0], size=3)


def test_a_stream_of_large_subgroups_is_summed_as_a_small_one() -> None:
    data = np.random.default_rng(2).normal(1e6, 1, size=(3, 4000))
    chart = control_chart("xbar-s", data)
    expected = [float(twin.mean(twin.known(row.tolist()))) for row in data]
    np.testing.assert_allclose(chart.panel("xbar").points, expected, rtol=1e-15)
