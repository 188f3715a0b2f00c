import math

import pytest

from gemba.stats.distributions import autocorrelation, kurtosis, mean, skewness, standard_deviation
from gemba.stats.results import DataError
from twins import description as twin

SAMPLES = [
    [1.0, 2.0, 3.0, 10.0, 4.5],
    [-3.25, 7.5, 0.125, 2.0, 2.0, 9.75, -1.5],
    [74.03, 74.002, 74.019, 73.992, 74.008, 73.995, 73.992, 74.001],
    [1e9 + 0.25, 1e9 + 0.5, 1e9 + 0.125, 1e9 + 1.0, 1e9 - 0.75],
    [1e-9, 3e-9, 2e-9, 8e-9],
]


@pytest.mark.parametrize("values", SAMPLES)
def test_moments_agree_with_exact_rational_arithmetic(values: list[float]) -> None:
    assert mean(values) == pytest.approx(twin.mean(values), rel=1e-15)
    assert standard_deviation(values) == pytest.approx(twin.standard_deviation(values), rel=1e-14)
    assert skewness(values, adjusted=False) == pytest.approx(twin.g1(values), rel=1e-12)
    assert kurtosis(values, adjusted=False) == pytest.approx(twin.g2(values), rel=1e-12)
    assert autocorrelation(values) == pytest.approx(twin.lag_one(values), rel=1e-12)


@pytest.mark.parametrize("values", SAMPLES)
def test_adjusted_shape_is_that_of_spreadsheets(values: list[float]) -> None:
    assert skewness(values) == pytest.approx(twin.sample_skewness(values), rel=1e-6)
    assert kurtosis(values) == pytest.approx(twin.sample_kurtosis(values), rel=1e-6)


@pytest.mark.parametrize("offset", [10, 1e6, 1e9, 1e12])
def test_an_offset_costs_no_digit(offset: float) -> None:
    # 1001 values offset + 0.25 +/- 0.125, exact in binary: sd 0.125, lag 1 -0.999 as in NIST NumAcc2
    values = [offset + 0.25] + [offset + 0.125, offset + 0.375] * 500
    assert mean(values) == offset + 0.25
    assert standard_deviation(values) == pytest.approx(0.125, rel=1e-15)
    assert autocorrelation(values) == pytest.approx(-0.999, rel=1e-13)


def test_missing_values_are_left_out_and_break_pairs() -> None:
    assert mean([1.0, None, 3.0]) == 2.0
    assert standard_deviation([1.0, math.nan, 3.0]) == pytest.approx(math.sqrt(2))
    # deviations -1, gone, +1: no pair of neighbours is complete
    assert autocorrelation([1.0, None, 3.0]) == 0.0


def test_constant_values_have_no_shape() -> None:
    constant = [5.5] * 6
    assert standard_deviation(constant) == 0.0
    assert math.isnan(skewness(constant))
    assert math.isnan(kurtosis(constant))
    assert math.isnan(autocorrelation(constant))


def test_longer_lags_pair_values_further_apart() -> None:
    assert autocorrelation([1.0, -1.0] * 50, lag=2) == pytest.approx(0.98)


def test_too_few_values_are_refused() -> None:
    with pytest.raises(DataError, match="1 in 2 rows, where 2 are needed"):
        standard_deviation([1.0, None])
    with pytest.raises(DataError, match="2 in 2 rows, where 3 are needed"):
        skewness([1.0, 2.0])
    with pytest.raises(DataError, match="3 in 3 rows, where 4 are needed"):
        kurtosis([1.0, 2.0, 3.0])
    with pytest.raises(DataError, match="there are no values"):
        mean([])
    with pytest.raises(DataError, match="Give a lag of at least 1"):
        autocorrelation([1.0, 2.0], lag=0)


def test_infinity_and_text_are_named_with_their_row() -> None:
    with pytest.raises(DataError, match="row 2"):
        mean([1.0, math.inf])
    with pytest.raises(DataError, match="row 1"):
        standard_deviation(["abc", 1.0])
