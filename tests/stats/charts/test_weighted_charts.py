import math
from typing import Any

import numpy as np
import pytest

from gemba.stats.charts import Limits, control_chart, judge, known_limits, start, step

RNG = np.random.default_rng(8)
VALUES = RNG.normal(10.0, 1.0, 30).round(2).tolist()
GROUPS = RNG.normal(10.0, 1.0, (12, 4)).round(2)


def test_an_ewma_of_subgroups_takes_the_pooled_sigma_and_of_values_the_moving_range() -> None:
    assert control_chart("ewma", GROUPS).limits.method == "pooled"
    assert control_chart("ewma", VALUES).limits.method == "average moving range"
    same = control_chart("i-mr", VALUES).limits
    got = control_chart("ewma", VALUES).limits
    assert (got.mean, got.sigma) == (same.mean, same.sigma)
    for method in ("pooled", "Rbar", "Sbar unweighted"):
        wanted = control_chart("xbar-s", GROUPS, sigma_method=method).limits
        found = control_chart("cusum", GROUPS, sigma_method=method).limits
        assert (found.mean, found.sigma) == (wanted.mean, wanted.sigma)


def test_the_limits_of_an_ewma_widen_to_those_in_the_long_run() -> None:
    chart = control_chart("ewma", VALUES * 3, mean=10.0, sigma=1.0, lam=0.2)
    panel, long_run = chart.panel("ewma"), chart.limits.lines(1)[0]
    assert panel.ucl[0] == pytest.approx(10.6)
    assert (np.diff(panel.ucl) >= 0).all()
    assert panel.ucl[-1] == pytest.approx(long_run.ucl, rel=1e-12)
    assert long_run.ucl == pytest.approx(11.0)


def test_a_weight_of_one_is_the_chart_of_the_values() -> None:
    chart = control_chart("ewma", VALUES, lam=1.0)
    plain = control_chart("i-mr", VALUES)
    np.testing.assert_allclose(chart.panel("ewma").points, VALUES, rtol=1e-15)
    np.testing.assert_allclose(chart.panel("ewma").ucl, plain.panel("i").ucl, rtol=1e-15)


def test_a_span_of_one_is_the_chart_of_the_means() -> None:
    chart = control_chart("ma", GROUPS, span=1, sigma_method="Sbar")
    plain = control_chart("xbar-s", GROUPS)
    np.testing.assert_allclose(chart.panel("ma").points, plain.panel("xbar").points, rtol=1e-15)
    np.testing.assert_allclose(chart.panel("ma").lcl, plain.panel("xbar").lcl, rtol=1e-15)


def test_a_head_start_finds_an_early_shift_sooner() -> None:
    # Lucas and Crosier 1982: half of h at the start, gone after a while when there is no shift.
    shifted = [11.2] * 12
    slow, fast = (known_limits("cusum", mean=10.0, sigma=1.0, fir=fir) for fir in (0.0, 2.5))
    first = [judge(limits, shifted).violations[0].fired[0] for limits in (slow, fast)]
    assert first == [8, 4]
    quiet = [10.0] * 12
    np.testing.assert_array_equal(
        judge(fast, quiet).panel("upper").points[6:], judge(slow, quiet).panel("upper").points[6:]
    )


def test_after_a_signal_a_cusum_goes_on_or_begins_anew_with_its_head_start() -> None:
    shifted = [12.0] * 6
    on, anew = (
        judge(known_limits("cusum", mean=10.0, sigma=1.0, h=4.0, fir=1.0, after=after), shifted)
        for after in ("go on", "reset")
    )
    assert on.panel("upper").points.tolist() == [2.5, 4.0, 5.5, 7.0, 8.5, 10.0]
    assert anew.panel("upper").points.tolist() == [2.5, 4.0, 5.5, 2.5, 4.0, 5.5]
    assert anew.violations.codes_at("upper") == {3: ("1",), 6: ("1",)}


def test_a_cusum_on_its_decision_interval_gives_no_signal() -> None:
    limits = known_limits("cusum", mean=0.0, sigma=1.0, k=0.5, h=2.0)
    assert judge(limits, [1.5, 1.5]).stable
    assert judge(limits, [1.5, 1.5 + 2**-20]).violations[0].panel == "upper"
    assert judge(limits, [-1.5, -1.5 - 2**-20]).violations[0].panel == "lower"


@pytest.mark.parametrize("kind", ["ewma", "cusum", "ma"])
def test_a_missing_point_has_neither_value_nor_lines_and_keeps_its_number(kind: str) -> None:
    limits = known_limits(kind, mean=10.0, sigma=1.0)
    holed = [*VALUES[:5], None, *VALUES[5:]]
    chart, whole = judge(limits, holed), judge(limits, VALUES)
    for panel, other in zip(chart.panels, whole.panels, strict=True):
        for line in (panel.points, panel.center, panel.lcl, panel.ucl):
            assert math.isnan(line[5])
        if kind != "ma":
            np.testing.assert_array_equal(np.delete(panel.points, 5), other.points)
    assert [caution.code for caution in chart.warnings] == ["missing"]


@pytest.mark.parametrize("kind", ["ewma", "cusum", "ma"])
def test_each_stage_begins_anew(kind: str) -> None:
    frame = {"y": VALUES, "s": ["a"] * 14 + ["b"] * 16}
    whole = control_chart(kind, frame, value="y", stages="s")
    second = control_chart(kind, VALUES[14:])
    for panel, other in zip(whole.panels, second.panels, strict=True):
        np.testing.assert_array_equal(panel.points[14:], other.points)
        np.testing.assert_array_equal(panel.ucl[14:], other.ucl)


@pytest.mark.parametrize("kind", ["ewma", "cusum", "ma"])
def test_an_excluded_point_is_out_of_the_estimate_only(kind: str) -> None:
    spoilt = [*VALUES[:9], 25.0, *VALUES[10:]]
    chart = control_chart(kind, spoilt, exclude={10: "gauge fell"})
    kept = control_chart("i-mr", spoilt, exclude={10: "gauge fell"}).limits
    assert (chart.limits.mean, chart.limits.sigma) == (kept.mean, kept.sigma)
    assert not chart.stable


@pytest.mark.parametrize(("kind", "offset"), [("ewma", 1e9), ("cusum", 1e9), ("ma", 1e9)])
def test_digits_are_kept_far_from_zero(kind: str, offset: float) -> None:
    steps = np.random.default_rng(7).integers(0, 2**20, size=400) / 2**20
    near, far = control_chart(kind, steps), control_chart(kind, steps + offset)
    assert far.limits.sigma == pytest.approx(near.limits.sigma, rel=1e-8)
    for a, b in zip(near.panels, far.panels, strict=True):
        moved = 0.0 if kind == "cusum" else offset
        # The mean itself is known to 1e-7 there, and a sum adds that up over its stretch.
        np.testing.assert_allclose(b.points - moved, a.points, atol=1e-4 if kind == "cusum" else 1e-6)


def test_constant_limits_meet_a_changed_value_with_a_signal() -> None:
    limits = control_chart("cusum", [5.0] * 10).limits
    chart = judge(limits, [5.0, 5.1, 4.9, 5.0])
    assert chart.violations.codes_at("upper") == {2: ("1",)}
    state, found = start(limits), []
    for value in (5.0, 5.1, 4.9, 5.0):
        state, judgement = step(limits, state, value)
        found.append(judgement.marks[0].value)
    np.testing.assert_array_equal(found, chart.panel("upper").points)


def test_stored_limits_judge_by_their_own_design() -> None:
    limits = known_limits("ewma", mean=10.0, sigma=1.0, lam=0.05, L=2.5, limits="asymptotic")
    again = Limits.from_json(limits.to_json())
    assert again == limits
    assert (again.nsigma, again.design) == (2.5, {"lam": 0.05, "limits": "asymptotic"})
    np.testing.assert_array_equal(judge(again, VALUES).panels[0].ucl, judge(limits, VALUES).panels[0].ucl)


def test_the_explanation_states_the_design() -> None:
    text = control_chart("ewma", VALUES, lam=0.25, L=2.8).explain()
    assert "z = 0.25 x + (1 - 0.25) z before" in text
    assert "mean ± 2.8 sigma" in text
    assert "d2(2) = 1.12838" in text
    assert "both begin at 2 and signal beyond 4" in control_chart("cusum", VALUES, fir=2, h=4).explain()


def texts(chart: Any) -> str:
    return str(chart.plot().spec)


def test_a_cusum_is_drawn_as_two_panels_of_one_height_without_a_mean() -> None:
    chart = control_chart("cusum", VALUES)
    first, second = chart.plot().spec["vconcat"][:2]
    assert first["height"] == second["height"]
    assert "Mean 0" not in texts(chart)
    assert "Mean" in texts(control_chart("ewma", VALUES))
