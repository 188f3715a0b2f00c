import math
from statistics import NormalDist

import numpy as np
import pytest

from gemba.stats.distributions import (
    chi2_ppf,
    chi2_sf,
    f_ppf,
    f_sf,
    normal_cdf,
    normal_isf,
    normal_pdf,
    normal_ppf,
    normal_sf,
    studentized_range_ppf,
    studentized_range_sf,
    t_ppf,
    t_sf,
)
from twins import description as twin


@pytest.mark.parametrize("z", [-4.5, -1.96, -0.1, 0.0, 0.7, 3.0])
def test_the_normal_distribution_agrees_with_its_series(z: float) -> None:
    assert float(normal_cdf(z)) == pytest.approx(twin.normal_below(z), rel=1e-10)
    assert float(normal_sf(z)) == pytest.approx(twin.normal_below(-z), rel=1e-10)


@pytest.mark.parametrize("z", [6.0, 8.0, 12.0, 20.0, 37.0])
def test_far_tails_keep_their_digits(z: float) -> None:
    # Laplace's continued fraction of Mills' ratio
    ratio = 0.0
    for k in range(200, 0, -1):
        ratio = k / (z + ratio)
    expected = math.exp(-z * z / 2) / math.sqrt(2 * math.pi) / (z + ratio)
    assert float(normal_sf(z)) == pytest.approx(expected, rel=1e-12)
    assert float(normal_isf(expected)) == pytest.approx(z, rel=1e-13)


def test_location_and_scale() -> None:
    library = NormalDist(74.0, 0.01)
    x = np.array([73.98, 74.0, 74.013])
    np.testing.assert_allclose(normal_cdf(x, 74.0, 0.01), [library.cdf(v) for v in x], rtol=1e-12)
    np.testing.assert_allclose(normal_pdf(x, 74.0, 0.01), [library.pdf(v) for v in x], rtol=1e-12)
    np.testing.assert_allclose(normal_ppf([0.1, 0.9], 74.0, 0.01), [library.inv_cdf(p) for p in (0.1, 0.9)])
    assert normal_ppf([0.0, 1.0]).tolist() == [-math.inf, math.inf]


@pytest.mark.parametrize("df", [1, 2, 5, 30, 1e6])
@pytest.mark.parametrize("p", [1e-6, 0.025, 0.5, 0.95, 0.9999])
def test_quantiles_undo_their_distributions(df: float, p: float) -> None:
    assert 1 - float(t_sf(t_ppf(p, df), df)) == pytest.approx(p, rel=1e-9)
    assert 1 - float(chi2_sf(chi2_ppf(p, df), df)) == pytest.approx(p, rel=1e-9)
    assert 1 - float(f_sf(f_ppf(p, 3, df), 3, df)) == pytest.approx(p, rel=1e-9)


def test_closed_forms_of_the_test_distributions() -> None:
    assert float(t_sf(1.0, 1)) == pytest.approx(0.25, rel=1e-14)  # Cauchy
    assert float(t_sf(2.0, 2)) == pytest.approx(0.5 - 1 / math.sqrt(6), rel=1e-13)
    assert float(chi2_sf(7.0, 2)) == pytest.approx(math.exp(-3.5), rel=1e-14)
    assert float(f_sf(3.0, 2, 10)) == pytest.approx((1 + 2 * 3 / 10) ** -5, rel=1e-13)
    assert float(f_sf(6.25, 1, 7)) == pytest.approx(2 * float(t_sf(2.5, 7)), rel=1e-12)


@pytest.mark.parametrize("df", [1.0, 2.0, 7.5, 40.0, 1e5])
@pytest.mark.parametrize("q", [0.5, 2.0, 4.0, 7.0])
def test_the_range_of_two_means_is_students_t(df: float, q: float) -> None:
    expected = 2 * float(t_sf(q / math.sqrt(2), df))
    assert studentized_range_sf(q, 2, df) == pytest.approx(expected, rel=1e-8, abs=1e-13)


@pytest.mark.parametrize(
    ("groups", "df", "critical"),
    # Printed tables of the upper 5 % points (NIST/SEMATECH e-Handbook, studentized range)
    [(3, 12, 3.773), (5, 20, 4.232), (10, 5, 6.995), (4, 60, 3.737), (3, 2, 8.331)],
)
def test_printed_points_of_the_studentized_range(groups: int, df: float, critical: float) -> None:
    assert studentized_range_ppf(0.95, groups, df) == pytest.approx(critical, abs=6e-4)


def test_the_studentized_range_quantile_undoes_its_tail() -> None:
    for p in (0.05, 0.5, 0.99, 0.99999):
        q = studentized_range_ppf(p, 4, 9)
        assert 1 - studentized_range_sf(q, 4, 9) == pytest.approx(p, abs=1e-11)
