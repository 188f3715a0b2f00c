import math
from typing import Any

import numpy as np
import pytest

from gemba.stats.charts import Caution, control_chart, mssd_bias
from gemba.stats.results import DataError
from twins import charts as twin

FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
METHODS = ["average moving range", "median moving range", "sqrt(MSSD)"]


@pytest.mark.parametrize("method", METHODS)
def test_sigma_by_each_named_method(method: str) -> None:
    sigma = control_chart("i-mr", FLOW, sigma_method=method).limits.sigma
    expected = twin.sigma_of_moves(twin.moves(FLOW), method)
    if method == "sqrt(MSSD)":
        expected /= mssd_bias((9,))
    assert sigma == pytest.approx(expected, rel=1e-12)


def test_the_moving_range_belongs_to_the_later_point() -> None:
    ranges = control_chart("i-mr", FLOW).panel("mr").points
    assert math.isnan(ranges[0])
    assert ranges[1:].tolist() == twin.moves(FLOW)[1:]


def test_a_missing_value_breaks_the_moving_range_and_the_estimate() -> None:
    gappy = [1.0, 2.0, None, 4.0, 7.0]
    chart = control_chart("i-mr", gappy)
    expected = [math.nan, 1.0, math.nan, math.nan, 3.0]
    np.testing.assert_array_equal(chart.panel("mr").points, expected)
    assert chart.limits.sigma == pytest.approx(twin.sigma_of_moves(twin.moves(gappy), METHODS[0]))
    assert chart.limits.mean == 3.5
    assert Caution("missing", {"count": 1}) in chart.warnings


def test_values_without_neighbours_give_no_sigma() -> None:
    with pytest.raises(DataError, match="no two values stand together"):
        control_chart("i-mr", [1.0, None, 2.0, None, 3.0])


def test_the_bias_of_mssd_is_that_of_simulated_data() -> None:
    rng = np.random.default_rng(11)
    for moves in (1, 2, 9):
        data = np.diff(rng.normal(size=(200_000, moves + 1)), axis=1)
        simulated = np.sqrt(0.5 * (data**2).mean(axis=1))
        error = 4 * simulated.std() / math.sqrt(len(simulated))
        assert mssd_bias((moves,)) == pytest.approx(simulated.mean(), abs=error)


def test_the_bias_of_mssd_over_single_moves_is_c4() -> None:
    assert mssd_bias((1,) * 7) == pytest.approx(twin.c4(8), rel=1e-13)
    assert mssd_bias((1,)) == pytest.approx(math.sqrt(2 / math.pi), rel=1e-13)


def test_the_bias_of_two_moves_in_closed_form() -> None:
    # Q = (d1^2 + d2^2) / 4 has eigenvalues 1/4 and 3/4: the mean of its root is an elliptic integral.
    def integrand(angle: Any) -> Any:
        return math.sqrt(0.75 * math.cos(angle) ** 2 + 0.25 * math.sin(angle) ** 2)

    steps = 64
    mean_over_circle = sum(integrand(2 * math.pi * i / steps) for i in range(steps)) / steps
    assert mssd_bias((2,)) == pytest.approx(math.sqrt(math.pi / 2) * mean_over_circle, rel=1e-13)


def test_mssd_keeps_its_bias_only_when_asked() -> None:
    kept = control_chart("i-mr", FLOW, sigma_method="sqrt(MSSD)", unbiased=False).limits.sigma
    assert kept == pytest.approx(twin.sigma_of_moves(twin.moves(FLOW), "sqrt(MSSD)"), rel=1e-13)


def test_a_correction_that_a_method_does_not_have_is_refused() -> None:
    with pytest.raises(DataError, match=r"unbiased=False has no meaning.*sqrt\(MSSD\)"):
        control_chart("i-mr", FLOW, unbiased=False)


@pytest.mark.parametrize("value", [0.1, 1e9 + 0.3, -7.0])
@pytest.mark.parametrize("method", METHODS)
def test_constant_data_collapse_the_limits_and_break_no_rule(value: float, method: str) -> None:
    chart = control_chart("i-mr", [value] * 50, rules="nelson", sigma_method=method)
    assert chart.stable
    assert chart.limits.lines(1)[0] == (value, value, value, 0.0)
    assert chart.warnings == (Caution("constant", {"panel": "i"}),)


@pytest.mark.parametrize("method", METHODS)
def test_sigma_keeps_eight_digits_far_from_zero(method: str) -> None:
    steps = np.random.default_rng(7).integers(0, 2**20, size=1000) / 2**20
    near = control_chart("i-mr", steps, sigma_method=method).limits.sigma
    assert control_chart("i-mr", steps + 1e9, sigma_method=method).limits.sigma == pytest.approx(near, 1e-8)


def test_one_point_is_no_chart() -> None:
    with pytest.raises(DataError, match="at least two points with values, and the data have 1"):
        control_chart("i-mr", [3.0])


def test_equal_moves_break_no_rule_by_rounding() -> None:
    zigzag = [0.5, 0.75] * 12
    assert len(control_chart("i-mr", zigzag, rules="2").violations.of("mr")) == 0


def test_the_chart_does_not_follow_the_callers_array() -> None:
    mine = np.array(FLOW)
    chart = control_chart("i-mr", mine)
    before = chart.to_dict()
    mine[:] = 0.0
    assert chart.to_dict() == before
    with pytest.raises(ValueError, match="read-only"):
        chart.panel("i").points[0] = 1.0
