import numpy as np
import pytest

from gemba.stats.distributions import EXCEL_QUANTILES, MINITAB_QUANTILES, plotting_positions, quantile
from gemba.stats.results import DataError, UnknownName
from twins import description as twin

VALUES = [33.75, 33.05, 34.0, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.2, 33.62, 33.0, 33.54]


@pytest.mark.parametrize("kind", range(1, 10))
@pytest.mark.parametrize("p", [0.0, 0.01, 0.1, 0.25, 0.5, 0.6, 0.75, 0.9, 0.99, 1.0])
def test_every_type_is_that_of_hyndman_and_fan(kind: int, p: float) -> None:
    assert float(quantile(VALUES, p, kind=kind)) == pytest.approx(twin.quantile(VALUES, p, kind), rel=1e-13)


def test_the_named_types_are_those_of_minitab_and_excel() -> None:
    assert float(quantile([1, 2, 3, 4], 0.25, kind=MINITAB_QUANTILES)) == 1.25
    assert float(quantile([1, 2, 3, 4], 0.25, kind=EXCEL_QUANTILES)) == 1.75


def test_a_single_value_is_every_quantile() -> None:
    assert quantile([7.0], np.array([0.0, 0.3, 1.0])).tolist() == [7.0, 7.0, 7.0]


def test_impossible_shares_and_types_are_refused() -> None:
    with pytest.raises(DataError, match=r"1\.2 is no share"):
        quantile([1, 2], np.array([0.5, 1.2]))
    with pytest.raises(DataError, match="no share"):
        quantile([1, 2], float("nan"))
    with pytest.raises(DataError, match="no quantile of type 10"):
        quantile([1, 2], 0.5, kind=10)


@pytest.mark.parametrize("method", ["benard", "blom", "hazen", "tukey", "weibull", "median"])
@pytest.mark.parametrize("n", [1, 2, 5, 50])
def test_plotting_positions_rise_and_are_symmetric(method: str, n: int) -> None:
    positions = plotting_positions(n, method)
    assert ((positions > 0) & (positions < 1)).all()
    assert (np.diff(positions) > 0).all()
    np.testing.assert_allclose(positions + positions[::-1], 1.0, rtol=1e-12)


def test_printed_plotting_positions() -> None:
    # Median ranks for n = 5 as in tables of life data analysis
    np.testing.assert_allclose(
        plotting_positions(5, "median"), [0.1294, 0.3138, 0.5, 0.6862, 0.8706], atol=5e-5
    )
    np.testing.assert_allclose(plotting_positions(4, "benard"), (np.arange(1, 5) - 0.3) / 4.4)
    np.testing.assert_allclose(plotting_positions(4, "blom"), (np.arange(1, 5) - 0.375) / 4.25)
    np.testing.assert_allclose(plotting_positions(4, "kaplan-meier"), [0.25, 0.5, 0.75, 1.0])


def test_exact_median_ranks_split_the_binomial_in_half() -> None:
    # P(at least i of n below the median rank) = 1/2
    from math import comb

    for i, p in enumerate(plotting_positions(6, "median"), start=1):
        assert sum(comb(6, j) * p**j * (1 - p) ** (6 - j) for j in range(i, 7)) == pytest.approx(0.5)


def test_an_unknown_plotting_position_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'benard'"):
        plotting_positions(5, "bernard")
    with pytest.raises(DataError, match="Give at least one"):
        plotting_positions(0)
