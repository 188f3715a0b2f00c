from __future__ import annotations

import json
from math import nan

import numpy as np
import pytest

from gemba.stats.charts.rules import NELSON, Violations, find_violations, rule_set, rules_for
from gemba.stats.results import UnknownName


def xbar() -> Violations:
    return find_violations("xbar", np.array([0, 4, 4, 0, -2.5, -2.5, nan]), 0.0, 1.0, -3.0, 3.0, NELSON)


def r() -> Violations:
    suited = rules_for("r", NELSON).rules
    return find_violations("r", np.array([1, 2, 3, 4, 5, 6.0]), 3.5, 1.0, None, 5.5, suited)


def test_a_violation_is_made_when_it_is_asked_for() -> None:
    found = xbar()
    assert [(v.rule, v.fired, v.points) for v in found] == [
        ("1", (2, 3), (2, 3)),
        ("5", (3,), (2, 3)),
        ("5", (6,), (5, 6)),
    ]
    assert found[-1].fired == (6,)
    with pytest.raises(IndexError):
        found[3]


def test_a_slice_is_violations_again() -> None:
    part = xbar()[1:]
    assert isinstance(part, Violations)
    assert [v.rule for v in part] == ["5", "5"]


def test_flagged_tells_each_point_at_which_a_rule_fires() -> None:
    assert xbar().flagged("xbar").tolist() == [False, True, True, False, False, True, False]
    assert not xbar().flagged("xbar").flags.writeable


def test_codes_at_names_all_rules_of_a_point() -> None:
    assert xbar().codes_at("xbar") == {2: ("1",), 3: ("1", "5"), 6: ("5",)}


def test_joined_panels_keep_their_own_points_and_rules() -> None:
    both = Violations.join([xbar(), r()])
    assert both.panels == ("xbar", "r")
    assert both.sizes == (7, 6)
    assert both.of("xbar").to_list() == xbar().to_list()
    assert both.of("r").to_list() == r().to_list()
    assert both.flagged("r").tolist() == [False] * 5 + [True]
    assert [v.rule for v in both.of("r", "3")] == ["3"]


def test_joining_unites_rules_that_are_the_same_and_only_those() -> None:
    other = NELSON.adjust("1", k=2)
    found = find_violations("mr", np.array([9.0, 9.0]), 0.0, 1.0, None, 3.0, other)
    both = Violations.join([xbar(), found])
    assert len(both.rules) == 9
    assert {v.definition for v in both.of(rule="1")} == {NELSON["1"], other["1"]}


def test_no_parts_join_to_nothing() -> None:
    assert len(Violations.join([])) == 0


def test_a_panel_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UnknownName, match="There are: xbar"):
        xbar().flagged("s")


def test_panels_without_a_violation_are_known() -> None:
    calm = find_violations("i", np.zeros(3), 0.0, 1.0, -3.0, 3.0, NELSON)
    assert calm.panels == ("i",)
    assert calm.flagged("i").tolist() == [False] * 3
    assert calm.codes_at("i") == {}


def test_plain_json_has_panel_rule_fired_and_points() -> None:
    listed = json.loads(json.dumps(xbar().to_list()))
    assert listed[0] == {"panel": "xbar", "rule": "1", "fired": [2, 3], "points": [2, 3]}


def test_violations_differ_when_a_point_differs() -> None:
    other = find_violations("xbar", np.array([0, 4, 4, 0, -2.5, -2.5, 4]), 0.0, 1.0, -3.0, 3.0, NELSON)
    assert xbar() == xbar()
    assert xbar() != other
    assert xbar() != "xbar"


def test_the_arrays_are_read_only() -> None:
    found = Violations.join([xbar(), r()])
    arrays = [found.panel, found.rule, found.fired.values, found.fired.ends, found.points.values]
    assert not any(array.flags.writeable for array in [*arrays, *(a for a in (r().fired.values, r().rule))])


def test_a_hundred_thousand_violations_are_counted_without_making_them() -> None:
    x = np.tile([0.0, 4.0], 100_000)
    found = find_violations("i", x, 0.0, 1.0, -3.0, 3.0, rule_set("1"))
    assert len(found) == 100_000
    assert found.flagged("i").sum() == 100_000
