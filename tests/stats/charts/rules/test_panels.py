from __future__ import annotations

import pytest

from gemba.stats.charts.rules import NELSON, WESTERN_ELECTRIC, rules_for
from gemba.stats.results import UnknownName


@pytest.mark.parametrize("panel", ["xbar", "i"])
def test_means_and_individuals_take_every_rule(panel: str) -> None:
    suited = rules_for(panel, NELSON)
    assert suited.rules is NELSON
    assert suited.left_out == ()


@pytest.mark.parametrize("panel", ["r", "s", "mr", "p", "np", "c", "u"])
def test_ranges_and_attributes_take_rules_one_to_four_and_say_why(panel: str) -> None:
    suited = rules_for(panel, NELSON)
    assert suited.rules.codes == ("1", "2", "3", "4")
    assert [left.rule.code for left in suited.left_out] == ["5", "6", "7", "8"]
    assert all("normally distributed" in left.words() for left in suited.left_out)


@pytest.mark.parametrize("panel", ["ewma", "upper", "lower", "ma"])
def test_time_weighted_panels_take_their_limits_only(panel: str) -> None:
    suited = rules_for(panel, NELSON)
    assert suited.rules.codes == ("1",)
    assert "runs say nothing new" in suited.left_out[0].words()


def test_the_test_of_a_rule_decides_not_its_code() -> None:
    assert rules_for("r", WESTERN_ELECTRIC).rules.codes == ("WE1", "WE4")


def test_an_unknown_panel_is_refused() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'xbar'"):
        rules_for("x-bar", NELSON)


def test_reasons_are_told_in_the_language_of_the_reader() -> None:
    left = rules_for("mr", NELSON).left_out[0]
    words = left.words("pseudo")
    assert words.startswith("⟦")
    assert "ranges" not in words
