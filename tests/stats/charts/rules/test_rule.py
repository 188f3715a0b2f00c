from __future__ import annotations

from typing import Any

import pytest

from gemba.stats.charts.rules import NELSON, Rule, RuleSet
from gemba.stats.results import DataError, UnknownName


def test_k_in_a_row_is_k_of_k() -> None:
    assert Rule("A", "same_side", k=7).of == 7


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"test": "zone", "k": 3, "of": 2, "sigma": 2.0}, "3 of 2 points, which is no rule"),
        ({"test": "same_side", "k": 0}, "0 of 0 points"),
        ({"test": "same_side", "k": 101}, "101 of 101 points"),
        ({"test": "trend", "k": 1}, "Give k from 2 to 100"),
        ({"test": "alternating", "k": 2}, "Give k from 3 to 100"),
        ({"test": "trend", "k": 5, "of": 6}, "a trend has no gaps"),
        ({"test": "zone", "k": 2}, "zone border at 0 sigma"),
        ({"test": "within", "k": 2, "sigma": float("nan")}, "zone border at nan sigma"),
        ({"test": "outside", "k": 2, "sigma": float("inf")}, "zone border at inf sigma"),
        ({"test": "same_side", "k": 2, "sigma": 1.0}, "its test has no zone"),
        ({"test": "same_side", "k": "9"}, "has '9' where a number belongs"),
        ({"test": "same_side", "k": True}, "has True where a number belongs"),
        ({"test": "same_side", "k": 2.5}, "has 2.5 where a number belongs"),
    ],
)
def test_what_is_no_rule_is_refused_in_words(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DataError) as caught:
        Rule("X", **fields)
    assert sentence in str(caught.value)
    assert "rule X" in str(caught.value)


def test_an_unknown_test_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'same_side'"):
        Rule("X", "sameside", k=9)  # type: ignore[arg-type]


def test_an_unknown_counting_is_refused() -> None:
    with pytest.raises(UnknownName, match="'steps'"):
        Rule("X", "trend", k=6, counts="steps")  # type: ignore[arg-type]


def test_two_rules_of_one_code_are_refused() -> None:
    with pytest.raises(DataError, match="two rules with the code '1'"):
        RuleSet("twice", (NELSON["1"], NELSON["1"]))


def test_adjusting_keeps_the_order_and_tells_it_in_the_name() -> None:
    adjusted = NELSON.adjust("2", k=7).adjust("5", k=3)
    assert adjusted.codes == NELSON.codes
    assert adjusted.name == "nelson, adjusted"
    assert (adjusted["2"].k, adjusted["2"].of) == (7, 7)
    assert (adjusted["5"].k, adjusted["5"].of) == (3, 3)
    assert NELSON["2"].k == 9


def test_adjusting_a_window_keeps_its_length() -> None:
    assert (NELSON.adjust("6", k=3)["6"].k, NELSON.adjust("6", k=3)["6"].of) == (3, 5)


def test_adjusting_a_rule_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(UnknownName, match="There are: 1, 2"):
        NELSON.adjust("11", k=7)


def test_a_set_comes_back_from_json() -> None:
    adjusted = NELSON.adjust("3", k=7, counts="moves")
    assert RuleSet.from_dict(adjusted.to_dict()) == adjusted


@pytest.mark.parametrize(
    "stored",
    [
        {"name": "mine", "rules": [{"code": "A", "test": "same_side"}]},
        {"name": "mine", "rules": [{"code": "A", "test": "same_side", "k": 9, "colour": "red"}]},
        {"name": "mine"},
        {"name": "mine", "rules": 3},
        {"name": "mine", "rules": ["1"]},
    ],
)
def test_json_that_is_no_rule_set_is_refused_in_words(stored: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="this is no rule set") as caught:
        RuleSet.from_dict(stored)
    assert "each with code, test and k" in str(caught.value)
