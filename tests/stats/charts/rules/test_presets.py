from __future__ import annotations

from typing import Any

import pytest

from gemba.stats.charts import judge, known_limits
from gemba.stats.charts.rules import (
    AIAG,
    BARE,
    IHI,
    JURAN,
    MONTGOMERY,
    NELSON,
    PLATFORM,
    WESTERN_ELECTRIC,
    WESTGARD,
    WESTGARD_WARNING,
    Rule,
    rule_set,
)
from gemba.stats.results import DataError, UnknownName


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ("nelson", NELSON),
        ("Nelson", NELSON),
        ("bare", BARE),
        ("platform", PLATFORM),
        ("western-electric", WESTERN_ELECTRIC),
        ("Western Electric", WESTERN_ELECTRIC),
        ("western_electric", WESTERN_ELECTRIC),
        ("weco", WESTERN_ELECTRIC),
        (NELSON, NELSON),
    ],
)
def test_a_set_is_found_by_the_names_people_type(spec: Any, found: object) -> None:
    assert rule_set(spec) is found


@pytest.mark.parametrize("spec", ["1,2,5", " 1, 2 ,5,", ["1", "2", "5"], (1, 2, 5), list(PLATFORM.rules)])
def test_codes_make_a_set(spec: Any) -> None:
    assert rule_set(spec).rules == PLATFORM.rules


def test_one_code_alone_is_a_set() -> None:
    assert rule_set("3").rules == (NELSON["3"],)
    assert rule_set("we4").rules == (WESTERN_ELECTRIC["WE4"],)


def test_own_rules_and_codes_mix() -> None:
    own = Rule("run of 10", "same_side", k=10, of=11)
    assert rule_set(["1", own]).codes == ("1", "run of 10")


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("nelso", "Did you mean 'nelson'"),
        ("9", "no rule or rule set named '9'"),
        ("1,x", "no rule named 'x'"),
        (["1", None], "no rule named 'None'"),
    ],
)
def test_an_unknown_name_is_refused_with_those_that_exist(spec: Any, sentence: str) -> None:
    with pytest.raises(UnknownName) as caught:
        rule_set(spec)
    assert sentence in str(caught.value)
    assert "There are: " in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [("", "no rule is named"), (",", "no rule is named"), ([], "no rule is named"), (5, "5 names no rules")],
)
def test_no_rule_is_refused(spec: Any, sentence: str) -> None:
    with pytest.raises(DataError) as caught:
        rule_set(spec)
    assert sentence in str(caught.value)
    assert "'1,2,5'" in str(caught.value)


def test_the_sets_of_other_authors_say_what_they_printed() -> None:
    assert [(r.code, r.k) for r in AIAG.rules if r != NELSON[r.code]] == [("2", 7)]
    assert [(r.test, r.k, r.of) for r in JURAN.rules][-3:] == [
        ("trend", 6, 6),
        ("same_side", 9, 9),
        ("outside", 8, 8),
    ]
    assert sorted(r.test for r in MONTGOMERY.rules) == sorted(r.test for r in NELSON.rules)
    assert MONTGOMERY["M4"].k == WESTERN_ELECTRIC["WE4"].k == IHI["IHI2"].k == 8
    assert WESTGARD.codes == ("1-3s", "2-2s", "R-4s", "4-1s", "10x")
    assert WESTGARD_WARNING.codes == ("1-2s", *WESTGARD.codes)


def test_westgard_rules_fire_where_a_chemist_sees_them() -> None:
    values = [2.1, -2.1, 0.0, 2.1, 2.2, 0.0, 1.1, 1.2, 1.3, 1.4, 0.0, -3.1, 0.5]
    limits = known_limits("levey-jennings", mean=0.0, sigma=1.0)
    chart = judge(limits, values, rules="westgard")
    fired = {v.rule: v.points for v in chart.violations}
    assert fired == {"1-3s": (12,), "2-2s": (4, 5), "R-4s": (1, 2), "4-1s": (7, 8, 9, 10)}
    assert rule_set("1-2s, r-4s").codes == ("1-2s", "R-4s")
    alone = judge(limits, [2.1], rules="westgard-warning")
    assert [v.rule for v in alone.violations] == ["1-2s"]


def test_nelson_has_the_eight_rules_as_printed() -> None:
    printed = [(r.test, r.k, r.of, r.sigma) for r in NELSON.rules]
    assert printed == [
        ("beyond", 1, 1, 0.0),
        ("same_side", 9, 9, 0.0),
        ("trend", 6, 6, 0.0),
        ("alternating", 14, 14, 0.0),
        ("zone", 2, 3, 2.0),
        ("zone", 4, 5, 1.0),
        ("within", 15, 15, 1.0),
        ("outside", 8, 8, 1.0),
    ]
    assert {r.counts for r in NELSON.rules} == {"points"}
