import json
import math
from typing import Any

import numpy as np
import pytest

from gemba.stats.charts import ChartState, Limits, control_chart, judge, known_limits, start, step, trace
from gemba.stats.charts.rules import Firing, gather_firings

RNG = np.random.default_rng(12)
SIZED = list(zip(RNG.poisson(6, 60).tolist(), RNG.integers(30, 60, 60).tolist(), strict=True))
STREAMS: dict[str, tuple[list[Any], dict[str, Any]]] = {
    "xbar-r": ([row.tolist() for row in RNG.normal(0.3, 1.2, size=(60, 4))], {"mean": 0.0, "sigma": 1.0}),
    "xbar-s": ([row.tolist() for row in RNG.normal(0.3, 1.2, size=(60, 9))], {"mean": 0.0, "sigma": 1.0}),
    "i-mr": (RNG.normal(0.4, 1.3, size=60).tolist(), {"mean": 0.0, "sigma": 1.0}),
    "p": (SIZED, {"mean": 0.1}),
    "np": ([(count, 40) for count, _ in SIZED], {"mean": 0.1}),
    "c": ([count for count, _ in SIZED], {"mean": 4.0}),
    "u": (SIZED, {"mean": 0.1}),
    "laney-p": (SIZED, {"mean": 0.1, "sigma": 0.4}),
    "laney-u": (SIZED, {"mean": 0.1, "sigma": 0.4}),
    "g": ([count for count, _ in SIZED], {"mean": 1.0}),
    "t": (RNG.exponential(20.0, size=60).tolist(), {"mean": 1.6, "sigma": 0.3}),
    "median": ([row.tolist() for row in RNG.normal(0.3, 1.2, size=(60, 6))], {"mean": 0.0, "sigma": 1.0}),
    "r": ([row.tolist() for row in RNG.normal(0.3, 1.4, size=(60, 4))], {"sigma": 1.0}),
    "s": ([row.tolist() for row in RNG.normal(0.3, 1.4, size=(60, 9))], {"sigma": 1.0}),
    "mr": (RNG.normal(0.4, 1.3, size=60).tolist(), {"sigma": 1.0}),
    "levey-jennings": (RNG.normal(0.4, 1.3, size=60).tolist(), {"mean": 0.0, "sigma": 1.0}),
    "gv": (RNG.normal(0, 1.4, size=(60, 6, 2)).tolist(), {"mean": [0, 0], "covariance": np.eye(2) / 2}),
    "i-mr-r": (
        [row.tolist() for row in RNG.normal(0.3, 1.2, size=(60, 4))],
        {"mean": 0.0, "sigma": 1.0, "between": 0.1},
    ),
    "i-mr-s": (
        [row.tolist() for row in RNG.normal(0.3, 1.2, size=(60, 9))],
        {"mean": 0.0, "sigma": 1.0, "between": 0.1},
    ),
}


def batch(limits: Any, points: Any, rules: Any) -> Any:
    if limits.kind.startswith(("xbar", "i-mr-")) or limits.kind in ("median", "r", "s"):
        frame = {"y": [v for p in points for v in p], "g": [i for i, p in enumerate(points) for _ in p]}
        return judge(limits, frame, value="y", subgroup="g", rules=rules)
    if limits.kind == "gv":
        rows = np.array([[*row, number] for number, group in enumerate(points) for row in group])
        frame = dict(zip(("x1", "x2", "g"), rows.T, strict=True))
        return judge(limits, frame, value=["x1", "x2"], subgroup="g", rules=rules)
    if limits.kind in ("p", "np", "u", "laney-p", "laney-u"):
        frame = {"y": [count for count, _ in points], "n": [size for _, size in points]}
        return judge(limits, frame, value="y", n="n", rules=rules)
    return judge(limits, points, rules=rules)


@pytest.mark.parametrize("kind", STREAMS)
def test_point_by_point_gives_the_same_bits_and_signals_as_the_whole_array(kind: str) -> None:
    points, parameters = STREAMS[kind]
    limits = known_limits(kind, **parameters)
    chart = batch(limits, points, "nelson")
    state = start(limits, "nelson")
    codes = {panel.name: chart.violations.codes_at(panel.name) for panel in chart.panels}
    assert any(codes.values())
    for number, point in enumerate(points, 1):
        state, judgement = step(limits, state, point)
        assert judgement.point == number
        for mark, panel in zip(judgement.marks, chart.panels, strict=True):
            batch_bits = [line[number - 1] for line in panel_lines(panel)]
            np.testing.assert_array_equal([mark.value, *mark[2:6]], batch_bits)
            assert mark.fired == codes[panel.name].get(number, ())
        assert judgement.fired == any(number in fired for fired in codes.values())


def panel_lines(panel: Any) -> Any:
    return panel.points, panel.center, panel.lcl, panel.ucl, panel.sigma


@pytest.mark.parametrize("kind", STREAMS)
def test_a_stored_state_goes_on_where_it_stopped(kind: str) -> None:
    points, parameters = STREAMS[kind]
    limits = known_limits(kind, **parameters)
    state = stored = start(limits, "nelson")
    again = Limits.from_json(limits.to_json())
    for point in points:
        state, judgement = step(limits, state, point)
        stored = ChartState.from_dict(json.loads(json.dumps(stored.to_dict(), allow_nan=False)))
        stored, repeated = step(again, stored, point)
        assert repr(repeated) == repr(judgement)
    assert repr(stored) == repr(state)


def test_the_state_does_not_grow_with_the_stream() -> None:
    limits = known_limits("xbar-s", mean=0.0, sigma=1.0)
    state, sizes = start(limits, "nelson"), []
    for value in RNG.normal(size=400).tolist():
        state, _ = step(limits, state, [value, -value, 0.0])
        sizes.append(len(json.dumps(state.to_dict())))
    assert max(sizes[200:]) <= max(sizes[:200]) + 8


def test_traced_firings_gather_to_the_violations_of_the_batch() -> None:
    points, parameters = STREAMS["i-mr"]
    limits = known_limits("i-mr", **parameters)
    chart = batch(limits, points, "nelson")
    state = start(limits, "nelson")
    firings: dict[str, list[Firing]] = {"i": [], "mr": []}
    for point in points:
        state, judgement = step(limits, state, point)
        for panel, found in trace(state, judgement).items():
            firings[panel].extend(found)
    for panel, rules in zip(("i", "mr"), state.rules, strict=True):
        gathered = gather_firings(panel, len(points), rules, firings[panel])
        assert gathered.to_list() == chart.violations.of(panel).to_list()


def test_a_missing_point_keeps_its_number_and_breaks_the_moving_range() -> None:
    limits = known_limits("i-mr", mean=0.0, sigma=1.0)
    state = start(limits)
    ranges = []
    for value in (1.0, None, 2.0, math.nan, 3.0, 3.5):
        state, judgement = step(limits, state, value)
        ranges.append(judgement.marks[1].value)
    np.testing.assert_array_equal(ranges, [math.nan] * 5 + [0.5])
    assert state.seen == 6


def test_missing_members_make_a_subgroup_smaller_and_none_make_it_empty() -> None:
    limits = known_limits("xbar-r", mean=0.0, sigma=1.0)
    state, judgement = step(limits, start(limits), [1.0, None, 3.0, math.nan])
    assert (judgement.size, judgement.marks[0].value, judgement.marks[1].value) == (2.0, 2.0, 2.0)
    state, judgement = step(limits, state, [None, None])
    assert judgement.size == 0
    assert all(math.isnan(mark.value) and math.isnan(mark.ucl) for mark in judgement.marks)


def test_limits_of_phase_one_judge_the_stream_that_follows() -> None:
    limits = control_chart("i-mr", [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]).limits
    _, judgement = step(limits, start(limits), 57.0)
    assert judgement.marks[0].fired == ("1",)


def test_the_lines_a_stream_remembers_are_bounded() -> None:
    limits = known_limits("u", mean=2.0)
    state = start(limits)
    for size in range(1, 2000):
        state, _ = step(limits, state, (size, size / 7))
    assert len(limits._lines) <= 256
