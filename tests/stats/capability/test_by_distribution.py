import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba import stats as gs
from gemba.stats.distributions.transforms import Transform, fit_transform
from gemba.stats.results import DataError, UnknownName

SKEW = np.random.default_rng(3).gamma(3.0, 1.0, 120)
NORMAL = np.random.default_rng(5).normal(10, 1, 60)
WAYS = (
    "best",
    "box-cox",
    "yeo-johnson",
    "johnson",
    "nonparametric",
    "gamma",
    "exponential-2",
    "largest-extreme",
)


def test_what_chance_puts_beyond_the_limits_of_a_long_series_is_no_instability() -> None:
    values = np.random.default_rng(8).gamma(3.0, 1.0, 500)
    study = gs.capability_by_distribution(values, usl=14, distribution="gamma")
    normal = [NormalDist().inv_cdf(share) for share in study.law.cdf(values).tolist()]
    assert not gs.control_chart("i-mr", normal).stable
    assert study.stable
    moved = gs.capability_by_distribution(np.append(values, [60.0]), usl=14, distribution="lognormal")
    assert not moved.stable


def test_a_family_of_its_own_has_bounds_of_its_own() -> None:
    streams = np.random.default_rng(4).permutation(np.concatenate([NORMAL, NORMAL + 8]))
    study = gs.capability_by_distribution(streams, lsl=0, usl=30, distribution="normal-mixture")
    assert study.fit is not None
    assert study.fit.parameters["share"] == pytest.approx(0.5, abs=0.02)
    assert study.ppk_lower < study.ppk
    assert "share of the first" in study.summary()
    assert "needs values between" in study_refused(NORMAL)


def study_refused(values: Any) -> str:
    with pytest.raises(DataError) as refused:
        gs.capability_by_distribution(values, usl=30, distribution="beta")
    return str(refused.value)


def test_a_normal_distribution_gives_the_usual_indices() -> None:
    ours = gs.capability_by_distribution(NORMAL, lsl=5, usl=15, distribution="normal")
    usual = gs.capability(NORMAL, lsl=5, usl=15)
    assert ours.pp == pytest.approx(usual.pp, rel=1e-9)
    assert ours.ppk == pytest.approx(usual.ppk, rel=1e-9)
    assert ours.ppm_expected.total == pytest.approx(usual.ppm_overall.total, rel=1e-9)
    assert ours.ppk_lower == pytest.approx(usual.confidence_interval("ppk", 0.95, "lower").lower, rel=0.02)


@pytest.mark.parametrize("way", WAYS)
def test_shares_of_the_percentiles_are_those_that_were_asked(way: str) -> None:
    study = gs.capability_by_distribution(SKEW, usl=14, distribution=way)
    assert study.ppk_lower < study.ppk == study.ppu
    assert study.ppl is study.pp is None
    if way != "nonparametric":
        assert float(study.law.cdf(study.low)) == pytest.approx(NormalDist().cdf(-3), rel=1e-6)
        assert float(study.law.sf(study.high)) == pytest.approx(NormalDist().cdf(-3), rel=1e-6)
    assert gs.restore(study.to_dict()) == study
    assert "Capability of value by distribution" in study.plot().alt


@pytest.mark.parametrize("name", ["box-cox", "yeo-johnson", "johnson-su", "johnson-sb"])
def test_a_transform_comes_back(name: Any) -> None:
    numbers = (0.3,) if "johnson-" not in name else (0.4, 1.2, 1.0, 9.0)
    transform = Transform(name, numbers)
    x = np.linspace(1.2, 9.5, 50)
    np.testing.assert_allclose(transform.backward(transform.forward(x)), x, rtol=1e-10)


def test_a_transform_of_both_signs_comes_back_and_makes_values_more_normal() -> None:
    values = np.sinh(np.random.default_rng(8).normal(0.2, 1.0, 150)) - 1
    transform = fit_transform(values, "yeo-johnson")
    np.testing.assert_allclose(transform.backward(transform.forward(values)), values, rtol=1e-9, atol=1e-12)
    curve = fit_transform(values, "johnson")
    assert curve.name == "johnson-su"
    better = gs.anderson_darling(curve.forward(values)).statistic
    assert better < 0.5 < gs.anderson_darling(values).statistic


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.integers(1, 500), min_size=8, max_size=40).filter(lambda row: len(set(row)) > 4),
    st.sampled_from(["lognormal", "weibull", "logistic", "box-cox", "nonparametric"]),
    st.sampled_from([0.1, 8.0]),
)
def test_the_unit_of_measurement_says_nothing(row: Any, way: str, scale: float) -> None:
    found = gs.capability_by_distribution(row, lsl=0.5, usl=900, distribution=way)
    moved = gs.capability_by_distribution(
        [scale * value for value in row], lsl=0.5 * scale, usl=900 * scale, distribution=way
    )
    assert moved.ppk == pytest.approx(found.ppk, rel=1e-5)
    assert moved.ppk_lower == pytest.approx(found.ppk_lower, rel=1e-5, abs=1e-6)


def test_the_bound_is_passed_as_often_as_it_says() -> None:
    """Thirty processes of the same Weibull distribution: nearly all bounds lie below its Ppk."""
    chance = np.random.default_rng(11)
    high, middle = (math.pow(-math.log(p), 1 / 2.0) for p in (NormalDist().cdf(-3), 0.5))
    true = (4.0 - middle) / (high - middle)
    bounds = [
        gs.capability_by_distribution(chance.weibull(2.0, 50), usl=4.0, distribution="weibull").ppk_lower
        for _ in range(30)
    ]
    assert 25 <= sum(bound <= true for bound in bounds) <= 30


def test_a_drawn_sample_without_spread_on_one_side_lowers_the_bound() -> None:
    tied = [1, 1, 1, 1, 2, 3, 4, 5]
    study = gs.capability_by_distribution(tied, lsl=0.5, usl=900, distribution="nonparametric")
    assert 0 <= study.ppk_lower < study.ppk


def test_a_process_that_moves_has_no_index() -> None:
    moved = np.concatenate([NORMAL[:30], NORMAL[30:] + 25])
    study = gs.capability_by_distribution(moved, lsl=0, usl=50, distribution="normal")
    assert study.capable is None
    assert "no index is meaningful" in study.headline()


@pytest.mark.parametrize(
    ("values", "options", "words"),
    [
        ([1.0, 2.0], {"usl": 3}, "too few values"),
        ([2.0] * 9, {"usl": 3}, "no capability to state"),
        ([1.0, 2.0, 3.0, 4.0, 5.0], {}, "no specification limit"),
        ([0.0, 2.0, 3.0, 4.0, 5.0], {"usl": 9, "distribution": "box-cox"}, "needs values above zero"),
        ([1.0, 2.0, 3.0, 4.0, 5.0], {"usl": 9, "distribution": "weibul"}, "Did you mean 'weibull'"),
        ([1.0, 2.0, 3.0, 4.0, math.inf], {"usl": 9}, "infinite"),
        ([1.0, 1.0, 1.0, 1.0, 9.0], {"usl": 9, "distribution": "johnson"}, "no Johnson curve"),
        ([1.0, 1.0, 1.0, 1.0, 9.0], {"usl": 9, "distribution": "nonparametric"}, "percentiles .* coincide"),
    ],
)
def test_what_cannot_be_is_refused(values: Any, options: Any, words: str) -> None:
    with pytest.raises((DataError, UnknownName), match=words):
        gs.capability_by_distribution(values, **options)


def test_counts_have_exact_intervals() -> None:
    """At the ends of the interval the count seen is just as seldom as the confidence leaves."""
    study = gs.count_capability({"d": [2, 0, 1], "n": [40, 40, 20]}, value="d", n="n")
    at_most = math.fsum(math.comb(100, i) * study.upper**i * (1 - study.upper) ** (100 - i) for i in range(4))
    at_least = 1 - math.fsum(
        math.comb(100, i) * study.lower**i * (1 - study.lower) ** (100 - i) for i in range(3)
    )
    assert [at_most, at_least] == pytest.approx([0.025, 0.025])
    defects = gs.count_capability({"d": [2, 0, 1]}, value="d", n=10, model="poisson", target=0.5)
    seen = 30 * defects.bound
    assert math.exp(-seen) * (1 + seen + seen**2 / 2 + seen**3 / 6) == pytest.approx(0.05)
    assert defects.yield_ == pytest.approx(math.exp(-0.1))
    assert defects.capable
    assert gs.restore(defects.to_dict()) == defects


def test_no_defect_and_nothing_but_defects_have_their_answers() -> None:
    none = gs.count_capability({"d": [0, 0, 0]}, value="d", n=100, target=0.001)
    assert (none.lower, none.rate) == (0.0, 0.0)
    assert none.bound == pytest.approx(1 - 0.05 ** (1 / 300))
    assert "Not shown to be capable" in none.headline()
    every = gs.count_capability({"d": [5, 5, 5]}, value="d", n=5)
    assert (every.upper, every.z) == (1.0, -math.inf)
    assert gs.count_capability({"d": [0, 0]}, value="d", n=1, model="poisson").lower == 0.0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"model": "normal"}, "no model named"),
        ({"target": 0.0}, "no allowed rate"),
        ({"confidence": 1.0}, "confidence of 1"),
    ],
)
def test_counts_that_cannot_be_are_refused(options: Any, words: str) -> None:
    with pytest.raises((DataError, UnknownName), match=words):
        gs.count_capability({"d": [1, 2]}, value="d", n=10, **options)


def test_each_index_has_an_interval_and_normal_ones_agree_with_theory() -> None:
    values = np.random.default_rng(12).normal(10, 1, 400)
    ours = gs.capability_by_distribution(values, lsl=6, usl=13, distribution="normal")
    usual = gs.capability(values, lsl=6, usl=13)
    assert set(ours.intervals) == {"pp", "ppl", "ppu", "ppk"}
    for name, interval in ours.intervals.items():
        theory = usual.intervals[name]
        assert (interval.lower, interval.upper) == pytest.approx((theory.lower, theory.upper), rel=0.02)
    assert ours.intervals["ppk"].lower < ours.ppk_lower < ours.ppk
    row = next(row for row in ours.tables()[0].rows if row[0] == "Ppk")
    assert row[2:] == (ours.intervals["ppk"].lower, ours.intervals["ppk"].upper)


def test_a_study_that_was_stored_before_intervals_is_still_read() -> None:
    stored = gs.capability_by_distribution(NORMAL, usl=15, distribution="normal").to_dict()
    assert set(stored.pop("intervals")) == {"ppu", "ppk"}
    assert gs.restore(stored).tables()[0].rows
