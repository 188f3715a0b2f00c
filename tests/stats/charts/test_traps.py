"""Errors that other programs have made with control charts; each stays found."""

import tracemalloc

import numpy as np
import pytest

from gemba.stats.charts import control_chart, judge, known_limits, report_dict
from twins import chart_constants


@pytest.mark.parametrize("n", [2, 3, 5, 8, 15, 25])
def test_d4_is_computed_and_not_typed(n: int) -> None:
    d2, d3 = float(chart_constants.d2(n)), float(chart_constants.d3(n))
    center, lcl, ucl, _ = known_limits("xbar-r", mean=0.0, sigma=1.0).lines(n)[1]
    assert ucl / center == pytest.approx(1 + 3 * d3 / d2, rel=1e-9)
    assert lcl / center == pytest.approx(max(0.0, 1 - 3 * d3 / d2), rel=1e-9, abs=1e-12)


def test_the_newest_point_does_not_lend_its_limits_to_the_points_before_it() -> None:
    # Shares at 2.2 sigma of their own sample size; with the last sample's limits they would be at 0.7.
    sizes = [400.0] * 4 + [40.0]
    counts = [np.ceil(400 * (0.1 + 2.2 * (0.09 / 400) ** 0.5))] * 4 + [4.0]
    frame = {"d": counts, "n": sizes}
    limits = known_limits("u", mean=0.1)
    chart = judge(limits, frame, value="d", n="n")
    ucl = 0.1 + 3 * (0.1 / np.array(sizes)) ** 0.5
    np.testing.assert_allclose(chart.panels[0].ucl, ucl, rtol=1e-14)
    values = {"y": [2.2, -2.2, 2.2, -2.2, 1.3, 1.3, 1.3, 1.3, 0.1], "g": [1, 1, 2, 2, 3, 3, 3, 3, 4]}
    means = judge(known_limits("xbar-r", mean=0.0, sigma=1.0), values, value="y", subgroup="g", rules="5")
    assert means.stable
    shifted = {"y": [1.5, 1.5, 1.5, 1.5, 1.1, 1.1, 1.1, 1.1, 0.0], "g": [1, 1, 2, 2, 3, 3, 3, 3, 4]}
    found = judge(known_limits("xbar-r", mean=0.0, sigma=1.0), shifted, value="y", subgroup="g", rules="5")
    assert [(v.fired, v.points) for v in found.violations] == [((2, 3), (1, 2, 3))]


@pytest.mark.parametrize("place", [0, 29])
def test_the_first_and_the_last_point_are_judged(place: int) -> None:
    values = [0.0, 0.5] * 15
    values[place] = 7.0
    chart = judge(known_limits("i-mr", mean=0.25, sigma=1.0), values, rules="1")
    assert chart.violations.of("i")[0].fired == (place + 1,)


def test_a_run_that_fills_the_whole_chart_is_found() -> None:
    chart = judge(known_limits("i-mr", mean=0.0, sigma=1.0), [0.5, 0.4] * 4 + [0.5], rules="2")
    assert chart.violations.of("i")[0].fired == (9,)


def test_a_point_without_limits_is_no_point_at_zero() -> None:
    frame = {"d": [4, None, 5, 3], "n": [10.0, None, 10.0, 10.0]}
    chart = control_chart("u", frame, value="d", n="n")
    assert np.isnan(chart.panels[0].lcl[1])
    assert chart.panels[0].beyond.size == 0
    assert report_dict(chart)["limits"]["u"]["lcl"] == 0.0


def test_beyond_is_strictly_beyond() -> None:
    chart = judge(known_limits("c", mean=16.0), [28, 4, 29, 3], rules="1")
    assert chart.panels[0].beyond.tolist() == [3, 4]
    assert [v.fired for v in chart.violations] == [(3,), (4,)]


def test_a_long_range_chart_needs_memory_by_its_points_only() -> None:
    data = np.random.default_rng(1).normal(size=200_000)
    tracemalloc.start()
    control_chart("xbar-r", data, size=2, rules="nelson")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 * data.nbytes


def test_phase_two_limits_do_not_move_with_the_new_data() -> None:
    limits = control_chart("xbar-s", np.random.default_rng(2).normal(size=(25, 4))).limits
    quiet, loud = (judge(limits, np.random.default_rng(3).normal(m, 5, size=(9, 4))) for m in (0, 100))
    for panel in ("xbar", "s"):
        np.testing.assert_array_equal(quiet.panel(panel).ucl, loud.panel(panel).ucl)
