"""Laws that hold for every sample: shift, scale, order, and agreement with exact arithmetic."""

import math

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gemba.stats import constants
from gemba.stats.distributions import (
    anderson_darling,
    autocorrelation,
    kurtosis,
    mean,
    quantile,
    skewness,
    standard_deviation,
)
from gemba.stats.linear import anova_oneway, anova_twoway, least_squares
from twins import description as twin
from twins import exact_models

# Eighths: exact in binary, so that shifts and twins are exact too.
EIGHTHS = st.integers(-8_000, 8_000).map(lambda i: i / 8)
SAMPLES = st.lists(EIGHTHS, min_size=5, max_size=40).filter(lambda v: len(set(v)) > 2)
law = settings(deadline=None, max_examples=60)


@law
@given(SAMPLES)
def test_moments_are_those_of_exact_arithmetic(values: list[float]) -> None:
    assert math.isclose(mean(values), twin.mean(values), rel_tol=1e-12, abs_tol=1e-12)
    assert math.isclose(standard_deviation(values), twin.standard_deviation(values), rel_tol=1e-12)
    assert math.isclose(skewness(values, adjusted=False), twin.g1(values), rel_tol=1e-9, abs_tol=1e-11)
    assert math.isclose(kurtosis(values, adjusted=False), twin.g2(values), rel_tol=1e-9, abs_tol=1e-11)
    assert math.isclose(autocorrelation(values), twin.lag_one(values), rel_tol=1e-9, abs_tol=1e-11)


@law
@given(SAMPLES, st.sampled_from([2.0**20, -(2.0**30), 2.0**40]), st.sampled_from([0.25, 4.0, -2.0]))
def test_shift_and_scale_move_location_and_spread_only(
    values: list[float], shift: float, scale: float
) -> None:
    moved = [shift + scale * v for v in values]
    assert math.isclose(mean(moved), shift + scale * mean(values), rel_tol=1e-15)
    assert math.isclose(standard_deviation(moved), abs(scale) * standard_deviation(values), rel_tol=1e-12)
    turned = math.copysign(1.0, scale)
    assert math.isclose(skewness(moved), turned * skewness(values), rel_tol=1e-9, abs_tol=1e-9)
    assert math.isclose(autocorrelation(moved), autocorrelation(values), rel_tol=1e-9, abs_tol=1e-9)


@law
@given(SAMPLES, st.randoms(use_true_random=False), st.integers(1, 9))
def test_order_and_missing_values_change_no_distribution(values: list[float], rng, kind: int) -> None:  # type: ignore[no-untyped-def]
    mixed: list[float | None] = [*values, None]
    rng.shuffle(mixed)
    p = np.array([0.1, 0.5, 0.9])
    np.testing.assert_array_equal(quantile(mixed, p, kind=kind), quantile(values, p, kind=kind))
    assert math.isclose(standard_deviation(mixed), standard_deviation(values), rel_tol=1e-12)
    first, again = anderson_darling(values), anderson_darling(mixed)
    assert math.isclose(first.statistic, again.statistic, rel_tol=1e-9)


@law
@given(SAMPLES, st.floats(0, 1), st.floats(0, 1), st.integers(1, 9))
def test_quantiles_rise_and_stay_within_the_sample(
    values: list[float], p: float, q: float, kind: int
) -> None:
    low, high = quantile(values, np.array(sorted([p, q])), kind=kind)
    assert min(values) <= low <= high <= max(values)


@law
@given(st.integers(2, 60))
def test_constants_move_as_their_meaning_says(n: int) -> None:
    assert constants.d2(n) < constants.d2(n + 1)
    assert constants.d4(n) < constants.d2(n)  # the range is skewed to the right
    assert constants.c4(n) < constants.c4(n + 1) < 1
    assert constants.c5(n) > constants.c5(n + 1) > 0
    assert math.isclose(constants.c4(n) ** 2 + constants.c5(n) ** 2, 1.0, rel_tol=1e-15)


@law
@given(
    st.lists(st.tuples(EIGHTHS, EIGHTHS, EIGHTHS), min_size=6, max_size=20),
    st.sampled_from([0.0, 2.0**20]),
)
def test_a_fit_leaves_residuals_that_no_predictor_explains(
    rows: list[tuple[float, float, float]], shift: float
) -> None:
    data = np.array(rows)
    design = np.column_stack([np.ones(len(data)), data[:, :2]])
    assume(np.linalg.matrix_rank(design, tol=1e-3) == 3 and np.ptp(data[:, 2]) > 0)
    fit = least_squares(data[:, :2], data[:, 2] + shift)
    scale = np.linalg.norm(design, axis=0) * max(1.0, np.linalg.norm(data[:, 2]))
    assert (np.abs(fit.residuals @ design) < 1e-10 * scale).all()
    assert 0 <= fit.r2 <= 1
    assert math.isclose(fit.leverage.sum(), 3.0, rel_tol=1e-9)
    plain = least_squares(data[:, :2], data[:, 2])
    np.testing.assert_allclose(fit.coef[1:], plain.coef[1:], rtol=1e-6, atol=1e-9)


@law
@given(st.lists(st.tuples(st.integers(0, 3), EIGHTHS), min_size=6, max_size=30))
def test_one_way_sums_of_squares_split_the_total(rows: list[tuple[int, float]]) -> None:
    groups, values = [g for g, _ in rows], [v for _, v in rows]
    assume(len(set(groups)) > 1 and len(set(values)) > 1)
    found = anova_oneway({"y": values, "g": groups}, value="y", factor="g")
    total = standard_deviation(values) ** 2 * (len(values) - 1)
    assert math.isclose(found.ss_between + found.ss_within, total, rel_tol=1e-10)
    assert 0 <= found.p <= 1


@settings(deadline=None, max_examples=25)
@given(st.lists(EIGHTHS, min_size=12, max_size=12), st.lists(st.integers(1, 3), min_size=6, max_size=6))
def test_two_way_types_are_those_of_model_comparisons(values: list[float], counts: list[int]) -> None:
    cells = [(i, j) for i in range(3) for j in range(2)]
    a = [i for (i, _), n in zip(cells, counts, strict=True) for _ in range(n)]
    b = [j for (_, j), n in zip(cells, counts, strict=True) for _ in range(n)]
    y = [values[k % 12] + k / 8 for k in range(len(a))]
    assume(len(y) > 6 and len(set(y)) > 1)
    found = anova_twoway({"y": y, "a": a, "b": b}, value="y", factors=("a", "b"))
    expected = exact_models.two_way_squares(a, b, y)
    tiny = 1e-12 * found.ss_total
    np.testing.assert_allclose(found.ss_type1, expected["1"], rtol=1e-9, atol=tiny)
    np.testing.assert_allclose(found.ss_type2, expected["2"], rtol=1e-9, atol=tiny)
    np.testing.assert_allclose(found.ss_type3, expected["3"], rtol=1e-9, atol=tiny)
