from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import get_args
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.stats.charts.rules import (
    NELSON,
    Firing,
    Rule,
    RuleSet,
    RuleState,
    Violations,
    advance_rules,
    find,
    find_violations,
    gather_firings,
    start_rules,
    trace_firing,
)
from gemba.stats.charts.rules.rule import TESTS, Counting
from gemba.stats.results import Floats
from twins.rules import Point
from twins.rules import find as find_on_paper

COUNTINGS = get_args(Counting)
STEPS = [s / 2 for s in range(-8, 9)]
USUAL = settings(deadline=None, max_examples=150)


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    if draw(st.booleans()):
        rules = NELSON
        for code in draw(st.sets(st.sampled_from(["3", "4"]))):
            rules = rules.adjust(code, counts="moves")
        return rules
    return RuleSet("own", tuple(draw(own_rules(str(place))) for place in range(draw(st.integers(1, 5)))))


@st.composite
def own_rules(draw: st.DrawFn, code: str) -> Rule:
    test = draw(st.sampled_from(TESTS))
    if test in ("trend", "alternating"):
        return Rule(code, test, k=draw(st.integers(3, 6)), counts=draw(st.sampled_from(COUNTINGS)))
    if test == "opposite":
        return Rule(code, test, k=draw(st.integers(2, 4)), sigma=draw(st.sampled_from([0.5, 1.0])))
    k = draw(st.integers(1, 5))
    sigma = draw(st.sampled_from([0.5, 1.0, 1.5, 2.0])) if test in ("zone", "within", "outside") else 0.0
    return Rule(code, test, k=k, of=k + draw(st.integers(0, 4)), sigma=sigma)


@st.composite
def series(draw: st.DrawFn) -> list[Point]:
    """Points on and between the borders, in stretches that make patterns; ties, gaps, stepped lines."""
    size = draw(st.integers(0, 60))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    stepped, gaps = draw(st.booleans()), draw(st.sampled_from([0.0, 0.05, 0.3]))
    drift = draw(st.sampled_from([0.0, 0.5, 1.0]))
    points, level = [], 0.0
    center, sigma, limits = 0.1, 0.3, 3.0
    for _ in range(size):
        if stepped and random.random() < 0.3:
            center = float(random.choice([0.1, -7.3, math.nan]))
            sigma = float(random.choice([0.3, 0.7, 0.0, math.nan]))
            limits = float(random.choice([3.0, 2.0, math.nan]))
        level = float(np.clip(level + drift * random.choice([-0.5, 0.0, 0.5]), -3, 3))
        s = level + float(random.choice(STEPS)) * (1.0 if random.random() < 0.5 else 0.25)
        x = center + s * sigma if not math.isnan(center + sigma) else s
        ucl = center + limits * sigma if random.random() < 0.9 else math.nan
        missing = random.random() < gaps
        points.append(Point(math.nan if missing else x, center, sigma, center - limits * sigma, ucl))
    return points


def batch(points: list[Point], rules: RuleSet) -> Violations:
    columns: list[Floats] = [np.array([p[i] for p in points], dtype=np.float64) for i in range(5)]
    x, center, sigma, lcl, ucl = columns
    return find_violations("i", x, center, sigma, lcl, ucl, rules)


def fold(
    points: list[Point], rules: RuleSet, state: RuleState, number: int = 0
) -> tuple[RuleState, list[Firing]]:
    firings = []
    for place, point in enumerate(points, start=number + 1):
        state, codes = advance_rules(rules, state, *point)
        firings += [trace_firing(rules, state, code, place) for code in codes]
    return state, firings


@USUAL
@given(series(), rule_sets())
def test_the_batch_finds_what_one_finds_on_paper(points: list[Point], rules: RuleSet) -> None:
    on_paper = find_on_paper(points, [asdict(rule) for rule in rules.rules])
    found = [(v.rule, v.fired, v.points) for v in batch(points, rules)]
    assert found == [tuple(pattern) for pattern in on_paper]


@USUAL
@given(series(), rule_sets())
def test_the_stream_finds_what_the_batch_finds(points: list[Point], rules: RuleSet) -> None:
    _, firings = fold(points, rules, start_rules(rules))
    assert gather_firings("i", len(points), rules, firings) == batch(points, rules)


@USUAL
@given(series(), rule_sets(), st.data())
def test_a_stream_goes_on_from_a_stored_state_as_if_never_stopped(
    points: list[Point], rules: RuleSet, data: st.DataObject
) -> None:
    stop = data.draw(st.integers(0, len(points)))
    state, before = fold(points[:stop], rules, start_rules(rules))
    stored = json.loads(json.dumps(state.to_dict(), allow_nan=False))
    _, after = fold(points[stop:], rules, RuleState.from_dict(stored), stop)
    assert gather_firings("i", len(points), rules, before + after) == batch(points, rules)


@USUAL
@given(series(), rule_sets(), st.integers(1, 12))
def test_the_size_of_a_block_changes_nothing(points: list[Point], rules: RuleSet, block: int) -> None:
    whole = batch(points, rules)
    with patch.object(find, "BLOCK", block):
        assert batch(points, rules) == whole


@USUAL
@given(series(), rule_sets())
def test_violations_come_back_from_json_as_they_were(points: list[Point], rules: RuleSet) -> None:
    found = batch(points, rules)
    stored = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert Violations.from_dict(stored) == found
    assert RuleSet.from_dict(json.loads(json.dumps(rules.to_dict()))) == rules


@USUAL
@given(series(), rule_sets())
def test_turning_the_chart_upside_down_turns_no_verdict(points: list[Point], rules: RuleSet) -> None:
    turned = [Point(-p.x, -p.center, p.sigma, -p.ucl, -p.lcl) for p in points]
    assert batch(turned, rules).to_list() == batch(points, rules).to_list()


@USUAL
@given(series(), rule_sets(), st.sampled_from([0.25, 2.0, 1024.0]))
def test_the_unit_changes_no_verdict(points: list[Point], rules: RuleSet, unit: float) -> None:
    scaled = [Point(*(value * unit for value in p)) for p in points]
    assert batch(scaled, rules).to_list() == batch(points, rules).to_list()


@USUAL
@given(series(), rule_sets())
def test_what_comes_later_changes_no_verdict_on_what_is_past(points: list[Point], rules: RuleSet) -> None:
    half = len(points) // 2
    early = batch(points[:half], rules).codes_at("i")
    assert early == {n: codes for n, codes in batch(points, rules).codes_at("i").items() if n <= half}


@USUAL
@given(series(), series(), rule_sets())
def test_nothing_reaches_across_a_missing_point(
    first: list[Point], second: list[Point], rules: RuleSet
) -> None:
    gap = [Point(math.nan, 0.1, 0.3, -0.8, 1.0)]
    whole = batch(first + gap + second, rules)
    after = {n + len(first) + 1: codes for n, codes in batch(second, rules).codes_at("i").items()}
    assert whole.codes_at("i") == batch(first, rules).codes_at("i") | after


@USUAL
@given(series(), rule_sets())
def test_the_state_never_outgrows_the_longest_window(points: list[Point], rules: RuleSet) -> None:
    longest = max(rule.of for rule in rules.rules) + 1
    state, _ = fold(points * 3, rules, start_rules(rules))
    assert all(signs.bit_length() <= 4 * longest for signs in state.signs)
