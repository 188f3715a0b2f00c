import json
import math
from pathlib import Path

import numpy as np
import pytest

from gemba.stats import constants
from gemba.stats.constants import control_chart_constants, published_constants
from gemba.stats.results import DataError, restore
from twins import chart_constants as twin
from twins import simple

SIZES = [2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 31, 32, 33, 50, 75, 100]


@pytest.mark.parametrize("n", SIZES)
def test_deviation_constants_agree_with_exact_rational_arithmetic(n: int) -> None:
    assert constants.c4(n) == pytest.approx(float(twin.c4(n)), rel=1e-15)
    assert constants.c5(n) == pytest.approx(float(twin.c5(n)), rel=1e-15)


@pytest.mark.parametrize("n", SIZES)
def test_range_constants_agree_with_order_statistics(n: int) -> None:
    assert constants.d2(n) == pytest.approx(twin.d2(n), abs=1e-12)
    assert constants.d3(n) == pytest.approx(twin.d3(n), abs=1e-11)
    assert twin.chance_of_range(constants.d4(n), n) == pytest.approx(0.5, abs=1e-12)


def test_closed_forms_of_two_three_and_four_values() -> None:
    root_pi = math.sqrt(math.pi)
    assert constants.d2(2) == pytest.approx(2 / root_pi, rel=1e-14)
    assert constants.d2(3) == pytest.approx(3 / root_pi, rel=1e-14)
    assert constants.d2(4) == pytest.approx(12 / root_pi * math.atan(math.sqrt(2)) / math.pi, rel=1e-14)
    assert constants.d3(2) == pytest.approx(math.sqrt(2 - 4 / math.pi), rel=1e-13)
    assert constants.d4(2) == pytest.approx(0.9538725524089398, rel=1e-14)  # sqrt(2) times the 75 % quantile


def test_the_scatter_of_a_median_agrees_with_its_twin_and_with_closed_forms() -> None:
    assert constants.median_sd(1) == pytest.approx(1.0, rel=1e-13)
    assert constants.median_sd(2) == pytest.approx(math.sqrt(0.5), rel=1e-13)
    assert constants.median_sd(3) == pytest.approx(math.sqrt(1 - math.sqrt(3) / math.pi), rel=1e-13)
    for n in (5, 7, 9, 25):
        assert constants.median_sd(n) == pytest.approx(simple.median_sd(n), rel=1e-9)
    draws = np.random.default_rng(5).normal(size=(200_000, 6))
    assert constants.median_sd(6) == pytest.approx(float(np.median(draws, axis=1).std()), rel=0.006)
    assert constants.median_sd(1000) == pytest.approx(math.sqrt(math.pi / 2000), rel=1e-3)


def test_printed_factors_of_median_charts_agree_to_their_rounding() -> None:
    """AIAG, SPC, 2nd ed., table of constants of median charts; four of them are off in the third digit.

    12, 10 and 8 million medians of 6, 8 and 10 normal values (seeds 1992, 1994, 1996) gave 0.54860, 0.43216
    and 0.36264, each with a standard error of 0.0001.
    """
    printed = {2: 1.880, 3: 1.187, 4: 0.796, 5: 0.691, 9: 0.412}
    for n, factor in printed.items():
        assert 3 * constants.median_sd(n) / constants.d2(n) == pytest.approx(factor, abs=0.0005)
    off = {6: (0.548, 0.54853), 7: (0.508, 0.50890), 8: (0.433, 0.43211), 10: (0.362, 0.36256)}
    for n, (factor, right) in off.items():
        assert 3 * constants.median_sd(n) / constants.d2(n) == pytest.approx(right, abs=5e-6)
        assert 0.0005 < abs(right - factor) < 0.001


def test_no_value_has_no_median() -> None:
    with pytest.raises(DataError, match="Give a size of at least 1"):
        constants.median_sd(0)
    np.testing.assert_array_equal(constants.median_sd_of(np.array([0, 1])), [math.nan, 1.0])


def test_range_constants_stay_smooth_for_very_large_subgroups() -> None:
    assert constants.d2(1000) == pytest.approx(twin.d2(1000), abs=1e-11)
    assert constants.d3(1000) == pytest.approx(twin.d3(1000), abs=1e-9)
    assert constants.d2(10**6) == pytest.approx(twin.d2(10**6), abs=1e-8)


@pytest.mark.parametrize("freedom", [10**4, 10**6, 10**9])
def test_large_degrees_of_freedom_lose_no_digits(freedom: int) -> None:
    expected_c5 = 1 / (2 * freedom) - 1 / (8 * freedom**2)
    assert constants.c5(freedom + 1) ** 2 == pytest.approx(expected_c5, rel=1e-10)
    assert 1 - constants.c4(freedom + 1) == pytest.approx(1 / (4 * freedom), rel=1e-4)
    assert constants.c4(freedom + 1) < 1


def test_fractional_degrees_of_freedom_lie_between_their_neighbours() -> None:
    assert constants.c4(7) < constants.c4(7.5) < constants.c4(8)
    assert constants.c4(7.5) == pytest.approx(
        math.sqrt(2 / 6.5) * math.gamma(3.75) / math.gamma(3.25), rel=1e-13
    )


@pytest.mark.parametrize("name", ["d2", "d3", "d4", "c4", "c5"])
def test_one_value_has_no_constant(name: str) -> None:
    with pytest.raises(DataError, match=r"Argument n: one value has no spread, and the size given is 1\."):
        getattr(constants, name)(1)


@pytest.mark.parametrize("name", ["d2", "d3", "d4", "c4", "c5"])
def test_arrays_hold_the_constant_of_each_size_and_nan_below_two(name: str) -> None:
    found = getattr(constants, f"{name}_of")(np.array([5, 2, 0, 1, 5]))
    one = getattr(constants, name)
    np.testing.assert_array_equal(found, [one(5), one(2), np.nan, np.nan, one(5)])
    assert not found.flags.writeable


def test_printed_tables_agree_to_their_rounding() -> None:
    printed = published_constants()
    computed = control_chart_constants(int(n) for n in printed["n"])
    for name, column in printed.items():
        deviation = np.abs(getattr(computed, name) - np.array(column)).max()
        from_rounded = name[0] == "D" or name == "d3"  # printed from rounded d2 and d3
        assert deviation < (5.1e-5 if name == "c4" else 2e-3 if from_rounded else 5.1e-4), name


def test_reference_case() -> None:
    path = Path(__file__).parents[4] / "shared/reference/ref-chart-constants.json"
    if not path.exists():
        pytest.skip("the shared reference is not on this machine")
    case = json.loads(path.read_text(encoding="utf-8"))
    found = control_chart_constants(case["options"]["n"])
    for name, expected in case["expected"].items():
        np.testing.assert_allclose(getattr(found, name), expected, rtol=1e-9, atol=1e-9)


def test_the_table_survives_json_and_speaks_every_language() -> None:
    found = control_chart_constants([2, 5])
    assert restore(json.loads(found.to_json())) == found
    assert found.to_frame()["n"] == [2, 5]
    assert found.headline("pseudo").startswith("⟦")
    assert found.explain("pseudo").startswith("⟦")
    assert found.tables("pseudo")[0].title.startswith("⟦")


def test_a_table_of_impossible_sizes_is_refused() -> None:
    with pytest.raises(DataError, match="Give a size of at least 2"):
        control_chart_constants([5, 1])
