"""Points of one reading each as columns: the same judgement as point by point."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.quality.control.monitoring.judging import Judge, chart_of
from gemba.quality.control.monitoring.points import Ready, Run
from gemba.stats.charts import known_limits

BARE = ("i-mr", "levey-jennings")
"""The charts of single measured values; counts are never usual, and go point by point."""
values = st.lists(st.floats(-6, 6).map(lambda x: round(10 + x, 2)), min_size=1, max_size=60)


def fresh(kind: str) -> Judge:
    chart = chart_of(kind, 1, "nelson")
    judge = Judge(chart)
    judge.begin(chart, known_limits(kind, mean=10.0, sigma=2.0), 7)
    return judge


def as_run(given: list[float], first: int) -> Run:
    ids = list(range(first, first + len(given)))
    return Run(ids, [10 * one for one in ids], given, [60 * one for one in ids], [f"S{one}" for one in ids])


def as_ready(given: list[float], first: int) -> list[Ready]:
    ids = range(first, first + len(given))
    return [
        Ready(one, 10 * one, 1, (value,), one, one, one, 60 * one, f"S{one}")
        for one, value in zip(ids, given, strict=True)
    ]


def test_the_usual_charts_of_single_values_are_bare() -> None:
    assert all(chart_of(kind, 1, "nelson").bare for kind in BARE)
    assert not chart_of("xbar-r", 5, "nelson").bare
    assert not chart_of("ewma", 1, "nelson").bare


@pytest.mark.parametrize("kind", BARE)
@given(parts=st.lists(values, min_size=1, max_size=4))
def test_a_run_is_judged_as_its_points_one_by_one(kind: str, parts: list[list[float]]) -> None:
    columns, points, first = fresh(kind), fresh(kind), 1
    for part in parts:
        run = as_run(part, first)
        found = columns.judge_run(run)
        judged, expected = points.judge_ready(as_ready(part, first))
        assert list(run) == judged
        assert found == expected
        assert columns.to_dict() == points.to_dict()
        first += len(part)


def test_a_run_is_a_sequence_of_its_points() -> None:
    judge, run = fresh("i-mr"), as_run([10.0, 30.0, 10.5], 4)
    judge.judge_run(run)
    points = list(run)
    assert run[-1] == points[2]
    assert run[1:] == points[1:]
    assert run.last == points[-1].key == (6, 60)
    assert [point.fired for point in points] == ["", "i:1;mr:1", "mr:1"]
    assert run[0].second is None
    with pytest.raises(IndexError):
        run[3]
