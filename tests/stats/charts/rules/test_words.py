from __future__ import annotations

import re

import numpy as np
import pytest

from gemba.stats.charts.rules import (
    NELSON,
    WESTERN_ELECTRIC,
    Rule,
    Violation,
    explain_rule,
    find_violations,
    rule_words,
)
from gemba.stats.results import UnknownName


def violation(points: tuple[int, ...], rule: Rule = NELSON["5"]) -> str:
    return Violation("i", rule.code, points[-1:], points, rule).words()


def test_a_violation_says_rule_and_points() -> None:
    x = np.concatenate([np.zeros(11), np.ones(9)])
    found = find_violations("i", x, 0.0, 1.0, -3.0, 3.0, NELSON)
    assert found[0].words() == (
        "Rule 2: nine points in a row on the same side of the centre line (points 12 to 20)"
    )


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ((7,), "(point 7)"),
        ((7, 8), "(points 7 and 8)"),
        ((7, 9), "(points 7 and 9)"),
        ((2, 4, 5), "(points 2, 4 and 5)"),
        ((2, 4, 5, 6, 9), "(points 2, 4 to 6 and 9)"),
        (tuple(range(1, 30, 2)), "(15 points from 1 to 29)"),
    ],
)
def test_points_are_told_as_a_person_would(points: tuple[int, ...], told: str) -> None:
    assert violation(points).endswith(told)


def test_every_test_has_words_for_one_many_and_some_of_many() -> None:
    for rule in NELSON.rules + WESTERN_ELECTRIC.rules:
        assert rule.code in explain_rule(rule)
        assert explain_rule(rule).endswith(".")
    assert rule_words(Rule("A", "beyond", k=2, of=3)).startswith("two of three points in a row beyond")
    assert rule_words(Rule("A", "zone", k=1, sigma=2.0)) == "more than 2 sigma from the centre line"
    assert rule_words(Rule("A", "same_side", k=25)).startswith("25 points in a row")


def test_moves_are_not_called_points() -> None:
    assert rule_words(NELSON.adjust("3", counts="moves")["3"]) == "six moves in a row, all up or all down"


def test_a_half_sigma_is_told() -> None:
    assert "more than 1.5 sigma" in rule_words(Rule("A", "zone", k=3, of=4, sigma=1.5))


@pytest.mark.parametrize("rule", [*NELSON.rules, *WESTERN_ELECTRIC.rules])
def test_every_word_goes_through_the_translator(rule: Rule) -> None:
    for text in (
        explain_rule(rule, "pseudo"),
        Violation("i", rule.code, (9,), (3, 4, 5, 9), rule).words("pseudo"),
    ):
        plain = re.sub(r"\bWE\d|\d", "", text)
        assert not re.search(r"[aeioucns]", plain), plain


def test_rules_are_explained_by_their_names_too() -> None:
    assert explain_rule("WE2") == explain_rule(WESTERN_ELECTRIC["WE2"])
    assert explain_rule("1,5").splitlines() == [explain_rule(rule) for rule in NELSON.only(("1", "5")).rules]
    with pytest.raises(UnknownName, match="no rule or rule set named 'nelson 2'"):
        explain_rule("nelson 2")
