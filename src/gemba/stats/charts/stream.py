"""The same judgement one point at a time, on plain floats, with a small state that JSON can hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from gemba.stats.charts.kind import Memory
from gemba.stats.charts.kinds import BY_NAME, kind_named
from gemba.stats.charts.limits import Limits
from gemba.stats.charts.rules import (
    PLATFORM,
    Firing,
    RuleSet,
    RulesLike,
    RuleState,
    advance_rules,
    rule_set,
    rules_for,
    start_rules,
    trace_firing,
)
from gemba.stats.results.codec import decode_fields, encode_fields


@dataclass(frozen=True, slots=True)
class ChartState:
    """What a live chart remembers: how many points it saw, what the next one needs, and its rules.

    ``seen`` counts the points, ``carried`` is what the statistic of the next point needs (the last value of
    an i-mr chart), ``states`` hold the rules of each panel, ``memory`` is what a time-weighted chart keeps of
    the points before. Its size is bounded by the windows of the rules, however long the stream.
    """

    seen: int
    carried: float
    rules: tuple[RuleSet, ...]
    states: tuple[RuleState, ...]
    memory: Memory = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; ``from_dict`` reads them back."""
        return encode_fields(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> ChartState:
        """The state that ``to_dict`` gave."""
        return decode_fields(cls, stored)


class Mark(NamedTuple):
    """One plotted point, its lines, and the codes of the rules that fire at it."""

    panel: str
    value: float
    center: float
    lcl: float
    ucl: float
    sigma: float
    fired: tuple[str, ...]


class Judgement(NamedTuple):
    """What ``step`` says of one point: its number from 1, its size, and a mark for each panel."""

    point: int
    size: float
    marks: tuple[Mark, ...]

    @property
    def fired(self) -> bool:
        """Whether any rule fires at this point."""
        return any(mark.fired for mark in self.marks)


def start(limits: Limits, rules: RulesLike = PLATFORM) -> ChartState:
    """The state before the first point.

    Parameters
    ----------
    limits : Limits
        Frozen limits.
    rules : RuleSet, str or sequence
        Run rules; each panel takes those that suit it. Default: 1, 2 and 5.

    Returns
    -------
    ChartState
        To give to ``step`` with the first point.

    Examples
    --------
    >>> from gemba.stats.charts.fit import known_limits
    >>> limits = known_limits("i-mr", mean=10.0, sigma=0.1)
    >>> state, judgement = step(limits, start(limits), 10.5)
    >>> [(mark.panel, mark.fired) for mark in judgement.marks]
    [('i', ('1',)), ('mr', ())]
    """
    asked = rule_set(rules)
    suited = tuple(rules_for(panel, asked).rules for panel in kind_named(limits.kind).panels)
    return ChartState(0, math.nan, suited, tuple(start_rules(rules) for rules in suited))


def step(limits: Limits, state: ChartState, point: Any) -> tuple[ChartState, Judgement]:
    """Is the next point still what the process was? One point, in microseconds.

    Parameters
    ----------
    limits : Limits
        Frozen limits.
    state : ChartState
        What the point before left, or ``start(limits, rules)``.
    point
        ``xbar-r``, ``xbar-s``, ``median``, ``r``, ``s``, ``i-mr-r`` and ``i-mr-s``: the values of a
        subgroup. ``i-mr``, ``mr``, ``levey-jennings`` and ``t``: a number.
        ``c`` and ``g``: a count. ``p``, ``np``, ``u``, ``laney-p`` and ``laney-u``: a pair of count
        and size. ``ewma``, ``cusum`` and ``ma``: a number, or the values of a subgroup. ``t2`` and
        ``mewma``: a value for each variable, or the rows of a subgroup; ``gv``: the rows of a subgroup.
        ``mcusum``, ``pca`` and ``regression``: as ``t2``. ``residual``: a number.
        ``zone``: as ``ewma``. ``difference``: a pair of value and nominal. ``z-mr``: a pair of part and
        value.
        ``None`` or NaN where a value is missing.

    Returns
    -------
    state : ChartState
        For the next point.
    judgement : Judgement
        What ``judge`` would say of this point in the whole series.

    Examples
    --------
    >>> from gemba.stats.charts import known_limits
    >>> limits = known_limits("i-mr", mean=10.0, sigma=1.0)
    >>> state, judgement = step(limits, start(limits), 13.5)
    >>> judgement.marks[0].fired
    ('1',)
    """
    kind = BY_NAME[limits.kind]
    size, statistics, carried = kind.single(point, state.carried)
    memory = state.memory
    if kind.course is None:
        all_lines = limits.lines(size)
    else:
        statistics, all_lines, memory = kind.course.onward(limits.parameters, memory, size, statistics)
    marks, states = [], []
    for panel, rules, past, value, lines in zip(
        kind.panels, state.rules, state.states, statistics, all_lines, strict=True
    ):
        center, lcl, ucl, sigma = lines
        now, fired = advance_rules(rules, past, value, center, sigma, lcl, ucl)
        marks.append(Mark(panel, value, center, lcl, ucl, sigma, fired))
        states.append(now)
    number = state.seen + 1
    after = ChartState(number, carried, state.rules, tuple(states), memory)
    return after, Judgement(number, size, tuple(marks))


def trace(state: ChartState, judgement: Judgement) -> dict[str, tuple[Firing, ...]]:
    """Panel -> for each rule that fired at the newest point, the points that made it fire.

    Parameters
    ----------
    state, judgement
        What ``step`` returned together.
    """
    return {
        mark.panel: tuple(trace_firing(rules, past, code, judgement.point) for code in mark.fired)
        for mark, rules, past in zip(judgement.marks, state.rules, state.states, strict=True)
    }
