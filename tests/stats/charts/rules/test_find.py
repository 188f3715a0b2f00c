from __future__ import annotations

from collections.abc import Sequence
from math import nan

import numpy as np
import pytest

from gemba.stats.charts.rules import NELSON, Rule, RuleSet, Violations, find_violations, rule_set

Where = list[tuple[tuple[int, ...], tuple[int, ...]]]


def judge(values: Sequence[float], rules: RuleSet = NELSON) -> Violations:
    return find_violations("i", np.array(values, dtype=float), 0.0, 1.0, -3.0, 3.0, rules)


def where(values: Sequence[float], code: str, rules: RuleSet = NELSON) -> Where:
    return [(v.fired, v.points) for v in judge(values, rules).of(rule=code)]


def one(code: str, **changes: object) -> RuleSet:
    return rule_set(code).adjust(code, **changes)


def test_a_point_on_a_limit_is_not_beyond_it() -> None:
    above = float(np.nextafter(3.0, 4.0))
    assert where([3.0, -3.0, above, 0.0, -above], "1") == [((3,), (3,)), ((5,), (5,))]


def test_neighbours_beyond_one_limit_are_one_pattern_and_the_other_limit_starts_another() -> None:
    assert where([4, 5, -4, 0, 4], "1") == [((1, 2), (1, 2)), ((3,), (3,)), ((5,), (5,))]


@pytest.mark.parametrize("limit", [None, nan])
def test_a_limit_that_is_not_there_is_not_zero(limit: float | None) -> None:
    found = find_violations("r", np.array([-9.0, 9.0]), 0.0, 1.0, limit, 3.0, NELSON)
    assert [v.fired for v in found] == [(2,)]


def test_limits_may_be_missing_for_single_points() -> None:
    x = np.array([9.0, 9.0, -9.0, -9.0])
    lcl, ucl = np.array([-3.0, -3.0, nan, -3.0]), np.array([nan, 3.0, 3.0, 3.0])
    found = find_violations("p", x, 0.0, 1.0, lcl, ucl, rule_set("1"))
    assert [v.fired for v in found] == [(2,), (4,)]


def test_nine_points_on_one_side_fire_at_the_ninth_and_go_on() -> None:
    assert where([1] * 8, "2") == []
    assert where([1] * 11, "2") == [((9, 10, 11), tuple(range(1, 12)))]


def test_the_first_and_the_last_points_count() -> None:
    assert where([1] * 9, "2") == [((9,), tuple(range(1, 10)))]
    assert where([0] + [-1] * 9, "2") == [((10,), tuple(range(2, 11)))]


def test_a_point_on_the_centre_line_is_on_neither_side() -> None:
    assert where([1] * 8 + [0] + [1] * 8, "2") == []


def test_a_trend_counts_points_or_moves() -> None:
    rising = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    assert where(rising, "3") == [((6,), (1, 2, 3, 4, 5, 6))]
    assert where(rising, "3", one("3", counts="moves")) == []
    longer = [*rising, 0.7]
    assert where(longer, "3", one("3", counts="moves")) == [((7,), (1, 2, 3, 4, 5, 6, 7))]


def test_a_tie_breaks_a_trend() -> None:
    assert where([0.1, 0.2, 0.3, 0.3, 0.4, 0.5, 0.6], "3") == []


def test_a_fall_after_a_rise_is_a_pattern_of_its_own_that_shares_the_peak() -> None:
    values = [1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1]
    assert where(values, "3") == [((6,), (1, 2, 3, 4, 5, 6)), ((11,), (6, 7, 8, 9, 10, 11))]


def test_a_trend_may_cross_the_centre_line() -> None:
    assert where([-0.3, -0.2, -0.1, 0.0, 0.1, 0.2], "3") == [((6,), (1, 2, 3, 4, 5, 6))]


def test_alternation_counts_points_or_moves() -> None:
    saw = [0.1, -0.1] * 7
    assert where(saw, "4") == [((14,), tuple(range(1, 15)))]
    assert where(saw, "4", one("4", counts="moves")) == []
    assert where([*saw, 0.1], "4", one("4", counts="moves")) == [((15,), tuple(range(1, 16)))]


def test_a_tie_breaks_an_alternation() -> None:
    saw = [0.1, -0.1] * 6
    assert where([*saw, -0.1, 0.1, -0.1], "4") == []


def test_two_of_three_fire_already_at_the_second_point() -> None:
    assert where([2.5, 2.5], "5") == [((2,), (1, 2))]


def test_a_zone_rule_fires_only_at_a_point_that_is_beyond() -> None:
    assert where([0, 2.5, 2.5, 0], "5") == [((3,), (2, 3))]
    assert where([0, 2.5, 0, 2.5, 0], "5") == [((4,), (2, 4))]


def test_a_zone_rule_keeps_the_sides_apart() -> None:
    assert where([2.5, -2.5], "5") == []
    assert where([2.5, -2.5, 2.5, -2.5], "5") == [((3,), (1, 3)), ((4,), (2, 4))]


def test_a_point_on_two_sigma_is_not_beyond_it() -> None:
    assert where([2.0, 2.0, 2.0], "5") == []


def test_windows_that_share_points_are_one_pattern() -> None:
    assert where([2.5, 0, 2.5, 0, 2.5, 0, 0, 2.5, 2.5], "5") == [((3, 5), (1, 3, 5)), ((9,), (8, 9))]


def test_four_of_five_beyond_one_sigma() -> None:
    assert where([1.5, 1.5, 0, 1.5, 1.5, 1.5, 0], "6") == [((5, 6), (1, 2, 4, 5, 6))]


def test_a_point_on_one_sigma_is_within_and_not_beyond() -> None:
    on = [1.0, -1.0] * 7
    assert where([*on, 1.0], "7") == [((15,), tuple(range(1, 16)))]
    assert where(on, "8") == []


def test_eight_beyond_one_sigma_on_either_side() -> None:
    assert where([1.5, -1.5, -2, 2, 1.5, 2, -1.5, 1.5], "8") == [((8,), tuple(range(1, 9)))]


@pytest.mark.parametrize("code", ["2", "3", "4", "6", "7", "8"])
def test_a_missing_value_breaks_every_pattern(code: str) -> None:
    values = {
        "2": [0.5] * 9,
        "3": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
        "4": [0.1, -0.1] * 7,
        "6": [1.5] * 4,
        "7": [0.5] * 15,
        "8": [1.5, -1.5] * 4,
    }[code]
    middle = len(values) // 2
    assert where(values, code)
    assert where([*values[:middle], nan, *values[middle:]], code) == []


def test_a_missing_value_parts_two_patterns() -> None:
    assert where([2.5, 2.5, nan, 2.5, 2.5], "5") == [((2,), (1, 2)), ((5,), (4, 5))]


def test_each_point_is_measured_with_its_own_sigma() -> None:
    x, sigma = np.array([2.5, 2.5, 2.5]), np.array([1.0, 2.0, 1.0])
    found = find_violations("xbar", x, 0.0, sigma, -3 * sigma, 3 * sigma, rule_set("5"))
    assert [(v.fired, v.points) for v in found] == [((3,), (1, 3))]


def test_each_point_is_measured_from_its_own_centre_line() -> None:
    x, center = np.array([1.0] * 9), np.array([0.0] * 4 + [2.0] + [0.0] * 4)
    assert len(find_violations("p", x, 0.0, 1.0, None, None, rule_set("2"))) == 1
    assert len(find_violations("p", x, center, 1.0, None, None, rule_set("2"))) == 0


@pytest.mark.parametrize("sigma", [0.0, nan, -1.0])
def test_without_a_sigma_above_zero_there_are_no_zones(sigma: float) -> None:
    constant = np.full(30, 5.0)
    assert len(find_violations("i", constant, 5.0, sigma, 5.0, 5.0, NELSON)) == 0
    off = find_violations("i", constant + 1, 5.0, sigma, 5.0, 5.0, NELSON)
    assert [v.rule for v in off] == ["1", "2"]


def test_levels_given_once_or_for_each_point_judge_alike() -> None:
    x = np.random.default_rng(5).normal(size=400)
    once = find_violations("i", x, 0.0, 0.8, -2.4, 2.4, NELSON)
    center, sigma, lcl, ucl = (np.full(x.size, level) for level in (0.0, 0.8, -2.4, 2.4))
    assert len(once) > 8
    assert find_violations("i", x, center, sigma, lcl, ucl, NELSON) == once


def test_patterns_that_cross_a_block_border_are_whole() -> None:
    from gemba.stats.charts.rules.find import BLOCK

    x = np.zeros(BLOCK + 40)
    x[BLOCK - 5 : BLOCK + 6] = 0.5
    x[BLOCK + 20] = nan
    found = find_violations("i", x, 0.0, 1.0, -3.0, 3.0, rule_set("2"))
    assert [(v.fired, v.points) for v in found] == [
        ((BLOCK + 4, BLOCK + 5, BLOCK + 6), tuple(range(BLOCK - 4, BLOCK + 7)))
    ]


@pytest.mark.parametrize("values", [[], [nan], [nan, nan], [0.0], [9.0]])
def test_short_series_are_judged_as_far_as_they_go(values: list[float]) -> None:
    found = judge(values)
    assert [v.rule for v in found] == (["1"] if values == [9.0] else [])
    assert found.flagged("i").size == len(values)


def test_no_rules_find_nothing() -> None:
    assert len(judge([9.0] * 20, RuleSet("none", ()))) == 0


def test_violations_stand_in_the_order_of_the_rules_and_then_of_time() -> None:
    found = judge([-4, 0, 4, -2.5, -2.5, 2.5, 2.5], rule_set("5,1"))
    assert [(v.rule, v.fired[0]) for v in found] == [("5", 5), ("5", 7), ("1", 1), ("1", 3)]


def test_own_rules_compose_from_the_same_tests() -> None:
    own = rule_set([Rule("juran", "same_side", k=10, of=11), Rule("2-2s", "zone", k=2, sigma=2.0)])
    ten_of_eleven = [0.5] * 5 + [-0.5] + [0.5] * 5
    assert where(ten_of_eleven, "juran", own) == [((11,), (1, 2, 3, 4, 5, 7, 8, 9, 10, 11))]
    assert where([2.5, 0, 2.5, 2.5], "2-2s", own) == [((4,), (3, 4))]


def test_whole_numbers_are_judged_as_they_are() -> None:
    found = find_violations("c", np.arange(6), 2.5, 1.0, None, 4.5, rule_set("1,3"))  # type: ignore[arg-type]
    assert [(v.rule, v.fired) for v in found] == [("1", (6,)), ("3", (6,))]
