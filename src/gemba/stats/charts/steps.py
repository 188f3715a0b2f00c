"""Many points at once: what a fold of ``step`` says, in a fraction of its time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from gemba.stats.charts.kind import Kind, Memory, Running
from gemba.stats.charts.kinds import BY_NAME
from gemba.stats.charts.limits import Limits
from gemba.stats.charts.rules.series import FiredAt, advance_series
from gemba.stats.charts.rules.stream import RuleState
from gemba.stats.charts.stream import ChartState

T = TypeVar("T")


class Steps(NamedTuple):
    """What ``steps`` says of its points: their sizes, and for each panel the values and where rules fire.

    ``memories`` are what a time-weighted chart keeps after each point; empty where points need none.
    """

    sizes: list[float]
    values: tuple[list[float], ...]
    fired: tuple[list[FiredAt], ...]
    memories: list[Memory]


def steps(limits: Limits, state: ChartState, points: Iterable[Any]) -> tuple[ChartState, Steps]:
    """Are the next points still what the process was?

    Parameters
    ----------
    limits : Limits
        Frozen limits.
    state : ChartState
        What the point before left, or ``start(limits, rules)``.
    points : iterable
        Points as ``step`` takes them.

    Returns
    -------
    state : ChartState
        For the next point.
    judged : Steps
        The same values and the same firing rules as ``step`` gives for one point after the other.

    Examples
    --------
    >>> from gemba.stats.charts import known_limits, start
    >>> limits = known_limits("i-mr", mean=10.0, sigma=1.0)
    >>> state, judged = steps(limits, start(limits), [10.5, 13.5, 9.0])
    >>> judged.values[0], [(at.place, at.codes) for at in judged.fired[0]]
    ([10.5, 13.5, 9.0], [(1, ('1',))])
    """
    kind, carried, memory = BY_NAME[limits.kind], state.carried, state.memory
    points = list(points)
    if len(points) == 1 and kind.course is None:
        return _one_step(limits, state, kind, points[0])
    if kind.run is not None and points:
        return _run(limits, state, kind.run, points)
    sizes: list[float] = []
    plotted: list[tuple[float, ...]] = []
    for point in points:
        size, statistics, carried = kind.single(point, carried)
        sizes.append(size)
        plotted.append(statistics)
    memories: list[Memory] = []
    if kind.course is None:
        lines = [limits.lines(size) for size in sizes]
    else:
        lines = []
        for place, (size, statistics) in enumerate(zip(sizes, plotted, strict=True)):
            plotted[place], at, memory = kind.course.onward(limits.parameters, memory, size, statistics)
            lines.append(at)
            memories.append(memory)
    values = _by_panel(plotted, len(kind.panels))
    found = [
        advance_series(rules, past, series, along)
        for rules, past, series, along in zip(
            state.rules, state.states, values, _by_panel(lines, len(kind.panels)), strict=True
        )
    ]
    states = tuple(now for now, _ in found)
    after = ChartState(state.seen + len(sizes), carried, state.rules, states, memory)
    return after, Steps(sizes, values, tuple(fired for _, fired in found), memories)


def _run(limits: Limits, state: ChartState, run: Running, points: Sequence[Any]) -> tuple[ChartState, Steps]:
    """The same for single values of one size, whose statistics come panel by panel."""
    values, carried = run(points, state.carried)
    at = limits.lines(1.0)
    found = [
        advance_series(rules, past, series, [line] * len(points))
        for rules, past, series, line in zip(state.rules, state.states, values, at, strict=True)
    ]
    states = tuple(now for now, _ in found)
    after = ChartState(state.seen + len(points), carried, state.rules, states, state.memory)
    return after, Steps([1.0] * len(points), values, tuple(fired for _, fired in found), [])


def _one_step(limits: Limits, state: ChartState, kind: Kind[Any], point: Any) -> tuple[ChartState, Steps]:
    """The same for a single point of a chart whose lines do not follow from the points before."""
    size, statistics, carried = kind.single(point, state.carried)
    states: list[RuleState] = []
    fired: list[list[FiredAt]] = []
    for rules, past, value, line in zip(
        state.rules, state.states, statistics, limits.lines(size), strict=True
    ):
        now, found = advance_series(rules, past, (value,), (line,))
        states.append(now)
        fired.append(found)
    after = ChartState(state.seen + 1, carried, state.rules, tuple(states), state.memory)
    return after, Steps([size], tuple([[value] for value in statistics]), tuple(fired), [])


def _by_panel(points: Sequence[tuple[T, ...]], panels: int) -> tuple[list[T], ...]:
    """What each panel has at the points."""
    return tuple(map(list, zip(*points, strict=True))) if points else tuple([] for _ in range(panels))
