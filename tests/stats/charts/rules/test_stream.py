from __future__ import annotations

import json
from math import nan

import pytest

from gemba.stats.charts.rules import (
    NELSON,
    PLATFORM,
    Firing,
    RuleSet,
    RuleState,
    advance_rules,
    gather_firings,
    rule_set,
    start_rules,
    trace_firing,
)


def follow(rules: RuleSet, values: list[float]) -> tuple[RuleState, list[tuple[str, ...]]]:
    state, codes = start_rules(rules), []
    for x in values:
        state, fired = advance_rules(rules, state, x, 0.0, 1.0, -3.0, 3.0)
        codes.append(fired)
    return state, codes


def test_several_rules_may_fire_at_one_point() -> None:
    _, codes = follow(NELSON, [3.5, 3.6])
    assert codes == [("1",), ("1", "5")]


def test_a_missing_point_forgets_all_before_it() -> None:
    state, codes = follow(NELSON, [0.5] * 8 + [nan])
    assert codes[-1] == ()
    assert state == start_rules(NELSON)


def test_a_missing_limit_never_fires() -> None:
    _, fired = advance_rules(PLATFORM, start_rules(PLATFORM), -9.0, 0.0, 1.0, nan, 3.0)
    assert fired == ()


def test_the_state_is_small_and_frozen() -> None:
    state, _ = follow(NELSON, [0.5] * 10_000)
    assert len(json.dumps(state.to_dict())) < 200
    with pytest.raises(AttributeError):
        state.last = 1.0  # type: ignore[misc]


def test_a_state_belongs_to_its_rules() -> None:
    with pytest.raises(ValueError, match="zip"):
        advance_rules(NELSON, start_rules(PLATFORM), 0.0, 0.0, 1.0, -3.0, 3.0)


def test_a_firing_names_its_points_and_the_firing_it_goes_on_from() -> None:
    rules = rule_set("5")
    state, _ = follow(rules, [2.5, 0.0, 2.5])
    assert trace_firing(rules, state, "5", 3) == Firing("5", 3, (1, 3), None)
    state, _ = advance_rules(rules, state, 2.5, 0.0, 1.0, -3.0, 3.0)
    assert trace_firing(rules, state, "5", 4) == Firing("5", 4, (3, 4), 3)


def test_firings_without_their_beginning_begin_with_the_first_that_is_there() -> None:
    rules = rule_set("1")
    late = [Firing("1", 7, (7,), 6), Firing("1", 8, (8,), 7)]
    assert [v.fired for v in gather_firings("i", 8, rules, late)] == [(7, 8)]
