"""Laws that every verdict keeps, whatever the data."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.stats.inference import Observed, effectiveness, effectiveness_plan
from gemba.stats.inference.tails import binomial_cdf, hypergeometric_cdf
from twins import effectiveness as twin

FEW = settings(deadline=None, max_examples=40)
VALUES = st.lists(st.integers(-300, 300), min_size=3, max_size=20, unique=True)


@FEW
@given(VALUES, VALUES, st.integers(-3, 3), st.integers(-1000, 1000))
def test_unit_and_origin_do_not_matter(before: list[int], after: list[int], power: int, origin: int) -> None:
    """Both are exact in binary, so the same chances come out."""
    scale = 2.0**power
    found = []
    for k, c in ((1.0, 0), (scale, origin)):
        plan = effectiveness_plan("mean", [c + k * v for v in before], target=c - 2000 * k)
        found.append(effectiveness(plan, [c + k * v for v in after]))
    one, other = found
    assert other.p_change == pytest.approx(one.p_change, rel=1e-7, abs=1e-12)
    assert other.p_short == pytest.approx(one.p_short, rel=1e-7, abs=1e-12)
    assert (other.verdict, other.plan.n) == (one.verdict, one.plan.n)


@FEW
@given(VALUES, VALUES)
def test_less_and_more_are_mirrors(before: list[int], after: list[int]) -> None:
    low = effectiveness(effectiveness_plan("mean", before, target=-2000), after)
    high = effectiveness(effectiveness_plan("mean", [-v for v in before], target=2000), [-v for v in after])
    assert (low.p_change, low.p_short) == pytest.approx((high.p_change, high.p_short), rel=1e-9)
    assert low.verdict == high.verdict
    assert low.lower == pytest.approx(-high.upper)


@FEW
@given(st.integers(5, 60), st.integers(60, 400), st.integers(0, 30), st.integers(30, 300))
def test_exact_chances_are_those_of_counting(x0: int, n0: int, x1: int, n1: int) -> None:
    assert hypergeometric_cdf(x1, n1, x0 + x1, n0 + n1) == pytest.approx(
        twin.fisher(x0, n0, x1, n1), rel=1e-9
    )
    assert binomial_cdf(x1, n1, x0 / n0) == pytest.approx(twin.at_most(x1, n1, x0 / n0), rel=1e-9)


@FEW
@given(st.integers(0, 40), st.sampled_from(["fraction", "rate"]))
def test_a_worse_count_never_makes_a_better_verdict(count: int, metric: str) -> None:
    plan = effectiveness_plan(metric, Observed(n=1000, count=60), target=0.02)  # type: ignore[arg-type]
    order = ("effective", "not yet shown", "not effective")
    better, worse = (effectiveness(plan, Observed(n=200, count=count + more)) for more in (0, 1))
    assert order.index(better.verdict) <= order.index(worse.verdict)
    assert better.p_change <= worse.p_change
    assert better.p_short >= worse.p_short


@FEW
@given(st.floats(0.02, 0.2), st.floats(0.1, 0.6), st.sampled_from(["fraction", "rate"]))
def test_a_window_has_the_power_planned(level: float, share: float, metric: str) -> None:
    plan = effectiveness_plan(metric, level, target=level * share)  # type: ignore[arg-type]
    found = effectiveness(plan, Observed(n=plan.n, count=0))
    assert found.power >= plan.power - 1e-6
