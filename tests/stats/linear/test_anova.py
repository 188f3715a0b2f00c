import json
import math
from fractions import Fraction

import numpy as np
import polars as pl
import pytest

from gemba.stats.linear import anova_oneway, anova_twoway
from gemba.stats.results import DataError, UnknownName, restore
from twins import exact_models as twin

A = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]
B = [0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1]
Y = [1.5, 2.25, 4.0, 4.5, 3.75, 2.0, 2.5, 3.0, 7.0, 6.5, 7.25, 0.5, 1.0, 9.0, 9.5, 8.0]


def test_the_one_way_table_agrees_with_exact_arithmetic() -> None:
    found = anova_oneway({"y": Y, "a": A}, value="y", factor="a")
    design = [[Fraction(1), *row] for row in twin.effect_columns(A)]
    values = [Fraction(v) for v in Y]
    within = float(twin.squared_errors(design, values))
    total = float(twin.squared_errors([[Fraction(1)]] * len(Y), values))
    assert found.ss_within == pytest.approx(within, rel=1e-13)
    assert found.ss_between == pytest.approx(total - within, rel=1e-12)
    assert (found.df_between, found.df_within) == (2, 13)
    assert found.f == pytest.approx((total - within) / 2 / (within / 13), rel=1e-12)
    assert found.s == pytest.approx(math.sqrt(within / 13))
    assert found.r2 == pytest.approx(1 - within / total)
    assert found.adj_r2 == pytest.approx(1 - (within / 13) / (total / 15))
    assert found.means.tolist() == pytest.approx([3.2, 28.25 / 6, 5.6])


@pytest.mark.parametrize("offset", [0.0, 2.0**30, 2.0**40])
def test_an_offset_costs_no_digit(offset: float) -> None:
    plain = anova_oneway({"y": Y, "a": A}, value="y", factor="a")
    moved = anova_oneway({"y": [offset + v for v in Y], "a": A}, value="y", factor="a")
    assert moved.f == pytest.approx(plain.f, rel=1e-12)
    assert moved.ss_between == pytest.approx(plain.ss_between, rel=1e-12)
    two = anova_twoway({"y": [offset + v for v in Y], "a": A, "b": B}, value="y", factors=("a", "b"))
    expected = anova_twoway({"y": Y, "a": A, "b": B}, value="y", factors=("a", "b"))
    np.testing.assert_allclose(two.ss_type3, expected.ss_type3, rtol=1e-11)


def test_all_three_types_agree_with_exact_model_comparisons() -> None:
    found = anova_twoway({"y": Y, "a": A, "b": B}, value="y", factors=("a", "b"))
    expected = twin.two_way_squares(A, B, Y)
    np.testing.assert_allclose(found.ss_type1, expected["1"], rtol=1e-12)
    np.testing.assert_allclose(found.ss_type2, expected["2"], rtol=1e-12)
    np.testing.assert_allclose(found.ss_type3, expected["3"], rtol=1e-12)
    assert found.ss_error == pytest.approx(expected["error"][0], rel=1e-12)
    assert (found.df.tolist(), found.df_error, found.balanced) == ([2, 1, 2], 10, False)


def test_equal_counts_make_the_types_agree() -> None:
    a = [i for i in range(3) for _ in range(4)]
    b = [j for _ in range(3) for j in (0, 0, 1, 1)]
    found = anova_twoway({"y": Y[:12], "a": a, "b": b}, value="y", factors=("a", "b"))
    assert found.balanced
    np.testing.assert_allclose(found.ss_type1, found.ss_type3, rtol=1e-12)
    np.testing.assert_allclose(found.ss_type2, found.ss_type3, rtol=1e-12)
    assert sum(found.ss_type1) + found.ss_error == pytest.approx(found.ss_total)


def test_the_chosen_type_is_the_one_that_is_tested() -> None:
    frame = {"y": Y, "a": A, "b": B}
    for kind in (1, 2, 3):
        found = anova_twoway(frame, value="y", factors=("a", "b"), squares_type=kind)
        np.testing.assert_allclose(found.f, found.ss / found.df / found.ms_error, rtol=1e-12)
    with pytest.raises(DataError, match="no sums of squares of type 4"):
        anova_twoway(frame, value="y", factors=("a", "b"), squares_type=4)  # type: ignore[arg-type]


def test_without_interaction_a_single_value_a_cell_is_enough() -> None:
    frame = {"y": [1.0, 2.0, 4.0, 3.0, 5.0, 8.0], "a": list("ppqqrr"), "b": list("xyxyxy")}
    found = anova_twoway(frame, value="y", factors=("a", "b"), interaction=False)
    assert found.sources == ("a", "b")
    assert found.df_error == 2
    with pytest.raises(DataError, match="leave out the interaction"):
        anova_twoway(frame, value="y", factors=("a", "b"))


def test_an_empty_cell_is_named() -> None:
    frame = {"y": [1.0, 2.0, 4.0, 3.0, 5.0], "a": list("ppqqq"), "b": list("xyxxx")}
    with pytest.raises(DataError, match="there is no value for a = q with b = y"):
        anova_twoway(frame, value="y", factors=("a", "b"))
    found = anova_twoway(frame, value="y", factors=("a", "b"), interaction=False)
    assert found.counts[1].tolist() == [3, 0]
    assert math.isnan(found.means[1][1])
    assert restore(json.loads(found.to_json())) == found


def test_unconnected_levels_are_refused() -> None:
    frame = {"y": [1.0, 2.0, 4.0, 3.0], "a": list("ppqq"), "b": list("xxyy")}
    with pytest.raises(DataError, match="cannot be told apart"):
        anova_twoway(frame, value="y", factors=("a", "b"), interaction=False)


def test_equal_means_and_no_scatter_have_answers() -> None:
    perfect = anova_oneway({"y": [1, 1, 2, 2], "g": list("aabb")}, value="y", factor="g")
    assert (perfect.f, perfect.p, perfect.r2) == (math.inf, 0.0, 1.0)
    level = anova_oneway({"y": [1, 2, 1, 2], "g": list("aabb")}, value="y", factor="g")
    assert (level.f, level.p) == (0.0, 1.0)
    assert level.headline().startswith("No difference")
    with pytest.raises(DataError, match="all values are equal"):
        anova_oneway({"y": [3.0] * 4, "g": list("aabb")}, value="y", factor="g")
    frame = {"y": [3.0] * 8, "a": list("aabbaabb"), "b": list("xxxxyyyy")}
    with pytest.raises(DataError, match="all values are equal"):
        anova_twoway(frame, value="y", factors=("a", "b"))


def test_bad_groups_are_refused() -> None:
    with pytest.raises(
        DataError, match="Column 'g': the factor needs at least 2 levels with data, and it has 1"
    ):
        anova_oneway({"y": [1, 2], "g": ["a", "a"]}, value="y", factor="g")
    with pytest.raises(DataError, match="every level has a single value"):
        anova_oneway({"y": [1, 2], "g": ["a", "b"]}, value="y", factor="g")
    with pytest.raises(UnknownName, match="Did you mean 'group'"):
        anova_oneway({"y": [1, 2], "group": ["a", "b"]}, value="y", factor="groop")


def test_rows_without_value_or_level_are_left_out() -> None:
    frame = {"y": [1.0, 2.0, None, 4.0, 5.0, 9.0], "g": ["a", "a", "b", "b", "b", None]}
    found = anova_oneway(frame, value="y", factor="g")
    assert (found.missing, found.counts.tolist()) == (2, [2, 2])
    assert "2 rows" in found.explain()


def test_levels_are_in_rising_or_first_order() -> None:
    frame = {"y": [1, 2, 3, 4, 5, 7], "machine": [10, 10, 9, 9, 1, 1], "day": list("mmttww")}
    assert anova_oneway(frame, value="y", factor="machine").levels == ("1", "9", "10")
    assert anova_oneway(frame, value="y", factor="day").levels == ("m", "t", "w")


def test_a_single_value_in_a_level_has_no_standard_deviation() -> None:
    found = anova_oneway({"y": [1, 2, 5], "g": list("aab")}, value="y", factor="g")
    assert math.isnan(found.sds[1])
    assert "–" in found.tables()[1].to_text()


def test_two_means_compared_by_tukey_are_students_t() -> None:
    found = anova_oneway({"y": Y[:11], "a": A[:11]}, value="y", factor="a")
    pair = found.tukey(0.9)
    assert pair.p[0] == pytest.approx(found.p, rel=1e-9)
    t = 1.8331129326562368  # 95 % point of Student's t with 9 degrees of freedom
    half = t * found.s * math.sqrt(1 / 5 + 1 / 6)
    assert pair.upper[0] - pair.difference[0] == pytest.approx(half, rel=1e-8)
    assert pair.pairs == ("1-0",)
    assert pair.headline() == "y: 0 of 1 pair of means differs at 90 % joint confidence."


def test_variance_components_add_up_and_never_go_below_zero() -> None:
    frame = {"y": [1.0, 2.0, 5.0, 6.0, 9.0, 11.0], "g": list("aabbcc")}
    found = anova_oneway(frame, value="y", factor="g").variance_components()
    between = np.var([1.5, 5.5, 10.0], ddof=1) - found.within / 2
    assert found.between == pytest.approx(between)
    assert found.icc == pytest.approx(between / (between + found.within))
    level = anova_oneway({"y": [1, 9, 2, 8], "g": list("aabb")}, value="y", factor="g").variance_components()
    assert (level.between, level.negative) == (0.0, True)
    assert "set to zero" in level.explain()


def test_results_survive_json_and_speak_every_language() -> None:
    frame = pl.DataFrame({"y": Y, "a": A, "b": B})
    one = anova_oneway(frame, value="y", factor="a")
    two = anova_twoway(frame, value="y", factors=("a", "b"))
    for result in (one, one.tukey(), one.variance_components(), two):
        assert restore(json.loads(result.to_json())) == result
        assert isinstance(result.to_frame(), pl.DataFrame)
        assert result.headline("pseudo").startswith("⟦")
        assert result.explain("pseudo").startswith("⟦")
        assert all(table.title.startswith("⟦") for table in result.tables("pseudo"))
