import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba import stats as gs
from gemba.stats.distributions.tolerance import confidence_of
from gemba.stats.results import DataError, UnknownName


@pytest.mark.parametrize(
    ("side", "coverage"), [("both", 0.9), ("upper", 0.9), ("upper", 0.4), ("lower", 0.7)]
)
def test_the_interval_holds_what_it_promises_when_it_is_played_out(side: Any, coverage: float) -> None:
    """The share of samples whose interval covers enough of the normal distribution they come from."""
    from scipy.special import ndtr

    n, runs, confidence = 8, 40_000, 0.8
    samples = np.random.default_rng(3).normal(0, 1, (runs, n))
    k = gs.tolerance_factor(n, coverage=coverage, confidence=confidence, side=side)
    center, sd = samples.mean(axis=1), samples.std(axis=1, ddof=1)
    above, below = ndtr(center + k * sd), ndtr(center - k * sd)
    held = {"both": above - below, "upper": above, "lower": 1 - below}[side]
    spread = math.sqrt(confidence * (1 - confidence) / runs)
    assert np.mean(held >= coverage) == pytest.approx(confidence, abs=4 * spread)


def test_a_factor_may_be_below_zero_where_little_is_asked() -> None:
    k = gs.tolerance_factor(5, coverage=0.51, confidence=0.1, side="upper")
    samples = np.random.default_rng(5).normal(0, 1, (40_000, 5))
    ends = samples.mean(axis=1) + k * samples.std(axis=1, ddof=1)
    assert k < 0
    assert np.mean(ends >= 0.025068908) == pytest.approx(0.1, abs=0.006)


def test_the_factor_of_many_values_is_the_quantile() -> None:
    assert gs.tolerance_factor(10**7) == pytest.approx(1.959964, rel=1e-3)
    assert gs.tolerance_factor(10**7, side="lower") == pytest.approx(1.644854, rel=1e-3)


@pytest.mark.parametrize(("n", "cut"), [(10, 1), (46, 2), (93, 2), (200, 7)])
def test_the_confidence_of_ordered_values_is_a_sum_of_chances(n: int, cut: int) -> None:
    """At least ``cut`` of n items lie in the tail of 10 %: counted, not integrated."""
    wanted = 1 - math.fsum(math.comb(n, i) * 0.1**i * 0.9 ** (n - i) for i in range(cut))
    assert confidence_of(n, cut, 0.9) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("side", ["both", "lower"])
def test_one_value_less_than_the_sample_size_is_too_few(side: Any) -> None:
    n, cut = gs.tolerance_sample_size(side=side), 2 if side == "both" else 1
    assert confidence_of(n, cut, 0.95) >= 0.95 > confidence_of(n - 1, cut, 0.95)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.integers(-999, 999), min_size=3, max_size=60).filter(lambda row: len(set(row)) > 1),
    st.sampled_from(["normal", "nonparametric"]),
    st.sampled_from([0.5, 2.0, 64.0]),
    st.randoms(),
)
def test_shift_scale_and_order(row: Any, method: Any, scale: float, chance: Any) -> None:
    found = gs.tolerance_interval(row, method=method)
    moved = [scale * value + 8.0 for value in row]
    chance.shuffle(moved)
    other = gs.tolerance_interval(moved, method=method)
    assert other.lower == pytest.approx(scale * found.lower + 8.0, rel=1e-9, abs=1e-9)
    assert other.upper == pytest.approx(scale * found.upper + 8.0, rel=1e-9, abs=1e-9)
    w = gs.shapiro_wilk(row)
    assert gs.shapiro_wilk(moved).statistic == pytest.approx(w.statistic, rel=1e-9)


def test_missing_constant_and_few_values_have_their_answers() -> None:
    assert gs.tolerance_interval([1.0, None, 2.0, 3.0]).missing == 1
    flat = gs.tolerance_interval([2.0] * 20)
    assert (flat.lower, flat.upper, flat.normality_p) == (2.0, 2.0, None)
    few = gs.tolerance_interval([1.0, 2.0, 3.0], method="nonparametric")
    assert (few.lower, few.upper) == (1.0, 3.0)
    assert "3 values are too few, 93 are needed" in few.headline()
    with pytest.raises(DataError, match="all values are equal"):
        gs.shapiro_wilk([2.0] * 20)


def test_many_values_have_w_without_p() -> None:
    values = np.random.default_rng(0).normal(0, 1, 5001)
    test = gs.shapiro_wilk(values)
    assert test.p is None
    assert test.statistic == pytest.approx(gs.shapiro_wilk(values[:5000]).statistic, abs=2e-4)


def _any(name: str) -> Any:
    return name


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: gs.tolerance_interval([1.0]), "too few values"),
        (lambda: gs.tolerance_interval([1.0, math.inf]), "infinite"),
        (lambda: gs.tolerance_interval([1.0, 2.0], coverage=1.0), "no share of all items"),
        (lambda: gs.tolerance_interval([1.0, 2.0], confidence=0.0), "no confidence"),
        (lambda: gs.tolerance_interval([1.0, 2.0], side=_any("left")), "no side named"),
        (lambda: gs.tolerance_interval([1.0, 2.0], method=_any("bootstrap")), "no method named"),
        (lambda: gs.tolerance_factor(1), "has no standard deviation"),
    ],
)
def test_what_cannot_be_is_refused(call: Any, words: str) -> None:
    with pytest.raises((DataError, UnknownName), match=words):
        call()


def test_an_interval_is_stored_and_drawn() -> None:
    found = gs.tolerance_interval(np.random.default_rng(1).exponential(1, 50), side="upper")
    assert gs.restore(found.to_dict()) == found
    assert "contradict the normal" in found.plot().alt
