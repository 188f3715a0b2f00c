"""Many points at once are the fold of one point after the other."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.stats.charts import ChartState, known_limits, start, step
from gemba.stats.charts.rules import NELSON, rule_set
from gemba.stats.charts.rules.presets import PRESETS
from gemba.stats.charts.steps import steps

Said = tuple[ChartState, list[tuple[object, ...]]]

VALUES = st.sampled_from([None, 7.0, 8.5, 9.0, 9.0, 9.5, 10.0, 10.0, 10.5, 11.0, 11.0, 12.5, 13.5])


def folded(state: ChartState, limits: object, points: list[object]) -> Said:
    said: list[tuple[object, ...]] = []
    for point in points:
        state, judgement = step(limits, state, point)  # type: ignore[arg-type]
        said.append(tuple((repr(mark.value), mark.fired) for mark in judgement.marks))
    return state, said


def at_once(state: ChartState, limits: object, points: list[object]) -> Said:
    state, judged = steps(limits, state, points)  # type: ignore[arg-type]
    codes = [{at.place: at.codes for at in fired} for fired in judged.fired]
    panels = list(zip(judged.values, codes, strict=True))
    return state, [
        tuple((repr(values[place]), found.get(place, ())) for values, found in panels)
        for place in range(len(points))
    ]


@settings(deadline=None, max_examples=150)
@given(st.lists(VALUES, max_size=60), st.integers(0, 60), st.sampled_from([0.0, 1.0]))
def test_individuals_in_two_batches_are_judged_as_one_by_one(
    points: list[object], cut: int, sigma: float
) -> None:
    limits = known_limits("i-mr", mean=10.0, sigma=sigma or 1e-300)
    state = start(limits, NELSON)
    wanted, said = folded(state, limits, points)
    middle, first = at_once(state, limits, points[:cut])
    after, second = at_once(middle, limits, points[cut:])
    assert first + second == said
    assert repr(after) == repr(wanted)
    alone, each = start(limits, NELSON), []
    for point in points:
        alone, one = at_once(alone, limits, [point])
        each += one
    assert each == said
    assert repr(alone) == repr(wanted)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.lists(VALUES, min_size=1, max_size=4), max_size=40))
def test_subgroups_of_any_size_are_judged_as_one_by_one(points: list[object]) -> None:
    limits = known_limits("xbar-r", mean=10.0, sigma=1.0)
    state = start(limits, NELSON)
    wanted, said = folded(state, limits, points)
    after, judged = at_once(state, limits, points)
    assert judged == said
    assert repr(after) == repr(wanted)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_long_series_without_gaps_fire_every_rule_as_one_by_one(name: str) -> None:
    limits, rules = known_limits("i-mr", mean=10.0, sigma=1.0), rule_set(name)
    chance = random.Random(name)  # noqa: S311 (no secret)
    fired: set[str] = set()
    for _ in range(60):
        points: list[object] = []
        for _ in range(chance.randrange(40, 160)):  # calm, trends, runs, zigzags, the middle left out
            way = chance.choice([(0.0, 0.3), (0.0, 1.0), (1.2, 0.5), (-1.2, 0.5), (2.2, 0.4), (-2.2, 0.4)])
            step_of = chance.choice([0.0, 0.0, 0.2, -0.2])
            turn = chance.choice([1, 1, -1])
            for place in range(chance.randrange(1, 16)):
                at = way[0] * turn**place + step_of * place
                points.append(10.0 + at + chance.gauss(0, way[1]) * chance.choice([0, 1]))
        state = start(limits, rules)
        wanted, said = folded(state, limits, points)
        found: list[tuple[object, ...]] = []
        while points:
            cut = chance.choice([1, 5, 16, 17, 40, 400])
            state, part = at_once(state, limits, points[:cut])
            found, points = found + part, points[cut:]
        assert found == said
        assert repr(state) == repr(wanted)
        fired |= {code for at in said for mark in at for code in mark[1]}  # type: ignore[index]
    assert fired == set(rules.codes)
