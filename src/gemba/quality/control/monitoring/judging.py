"""One chart of one stream: what it remembers, and what it says of the next point. Pure.

It adds three things to ``gemba.stats.charts.step``: names for the points of a firing, the values of a chart
that still collects, and a stage that begins with limits or rules of its own.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from gemba.quality.control.monitoring.points import Finding, Fired, Key, Point, fired_text
from gemba.quality.control.monitoring.subgroups import Group
from gemba.stats.charts import ChartState, Judgement, Kind, Limits, kind_named, start, step, trace
from gemba.stats.charts.rules import RuleSet, RuleState, advance_rules, rule_set, rules_for

About: TypeAlias = tuple[int, int, int, int, str]
"""The first and last reading of a point, the last one's position and time, and the name of the subgroup."""


@dataclass(frozen=True)
class Chart:
    """How the points of a stream are made and judged.

    ``window`` is the longest pattern of its rules in points; ``memory`` how many points a judgement can
    depend on.
    """

    kind: Kind[Any]
    size: int
    spec: str
    rules: RuleSet
    suited: tuple[RuleSet, ...]
    window: int
    memory: int

    @property
    def definition(self) -> tuple[str, int, str]:
        """Kind, subgroup size and rules, as a person chose them."""
        return self.kind.name, self.size, self.spec

    @property
    def single(self) -> bool:
        """Whether each reading is a point."""
        return self.kind.layout == "individuals"


@lru_cache(maxsize=256)
def chart_of(kind: str, size: int, rules: str) -> Chart:
    """The chart of a definition."""
    chosen, asked = kind_named(kind), rule_set(rules)
    suited = tuple(rules_for(panel, asked).rules for panel in chosen.panels)
    checks = [check for rules in suited for check in rules.plan.checks]
    tracks = [track for rules in suited for track in rules.plan.tracks]
    window = max((check.window + check.reach for check in checks), default=1)
    history = max((track.keep.bit_length() // 2 for track in tracks), default=1)
    return Chart(chosen, size, rules, asked, suited, window, history + 1)


@dataclass(slots=True)
class Judge:
    """A chart and what it remembers.

    ``limits`` is ``None`` while the chart collects. ``recent`` holds the newest points, one more than the
    longest pattern, so that the one before a pattern is at hand. ``clean`` counts points since a rule
    fired.
    """

    chart: Chart
    limits: Limits | None = None
    limits_id: int | None = None
    state: ChartState | None = None
    carried: float = math.nan
    count: int = 0
    clean: int = 0
    recent: deque[Point] = field(default_factory=deque)

    def begin(self, chart: Chart, limits: Limits | None, limits_id: int | None) -> None:
        """Begin a stage: rules start afresh, nothing is carried over."""
        self.chart, self.limits, self.limits_id = chart, limits, limits_id
        self.state = None if limits is None else start(limits, chart.rules)
        self.carried, self.count, self.clean = math.nan, 0, 0
        self.recent = deque(self.recent, maxlen=chart.window + 1)

    def judge_group(self, group: Group) -> tuple[Point, Finding | None]:
        """Judge a closed subgroup; one whose values were all voided is there, and no point of the chart."""
        members = group.members
        values = [member.value for member in members if member.value is not None]
        last = members[-1]
        about = (members[0].reading, last.reading, last.position, last.at, group.subgroup)
        if not values:
            return _point(group.key, (len(members), 0), (None, None), None, "", about), None
        return self.judge_point(group.key, len(members), values, about)

    def judge_point(
        self, key: Key, slots: int, values: Sequence[float], about: About
    ) -> tuple[Point, Finding | None]:
        """Judge one point: its key, how many readings belong to it, and the values that they have."""
        given: Any = values[0] if self.chart.single else values
        self.count += 1
        judgement, fired = None, ""
        if self.state is None or self.limits is None:
            single = self.chart.kind.single(given, self.carried)
            self.carried = single.carried
            first, second = single.statistics
        else:
            self.state, judgement = step(self.limits, self.state, given)
            one, two = judgement.marks
            first, second = one.value, two.value
            if one.fired or two.fired:
                fired = fired_text([(one.panel, one.fired), (two.panel, two.fired)])
        shown = _known(first), _known(second)
        point = _point(key, (slots, len(values)), shown, self.limits_id, fired, about)
        self.recent.append(point)
        if not fired or judgement is None or self.state is None:
            self.clean += 1
            return point, None
        finding = self._finding(point, judgement, self.state)
        self.clean = 0
        return point, finding

    def _finding(self, point: Point, judgement: Judgement, state: ChartState) -> Finding:
        found: list[Fired] = []
        oldest = 0
        for panel, firings in trace(state, judgement).items():
            for firing in firings:
                backs = [firing.at - number for number in firing.points]
                oldest = max(oldest, *backs)
                named = tuple(
                    (p.position, p.sequence, p.at) for p in (self.recent[-1 - back] for back in backs)
                )
                found.append(Fired(panel, firing.rule, named))
        before = len(self.recent) - 2 - oldest
        good = self.recent[before].last_reading if before >= 0 else None
        return Finding(point, tuple(found), self.clean, good)

    def replay(self, points: Sequence[Point]) -> None:
        """Remember the points of this stage that come before a place, oldest first.

        The last ``chart.memory`` of them are enough for the same judgements as if all had been judged.
        """
        self.recent.extend(points)
        self.count, self.clean = len(points), 0
        for point in reversed(points):
            if point.fired:
                break
            self.clean += 1
        if points and self.chart.single:
            self.carried = _number(points[-1].first)
        if self.state is None or self.limits is None:
            return
        states = list(self.state.states)
        for point in points:
            lines = self.limits.lines(float(point.n))
            for panel, (rules, value) in enumerate(
                zip(self.state.rules, (point.first, point.second), strict=True)
            ):
                center, lcl, ucl, sigma = lines[panel]
                states[panel], _ = advance_rules(
                    rules, states[panel], _number(value), center, sigma, lcl, ucl
                )
        self.state = ChartState(len(points), self.carried, self.state.rules, tuple(states))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; limits are named, not kept."""
        chart, state = self.chart, self.state
        rules = None if state is None else [[s.last, list(s.signs)] for s in state.states]
        carried = self.carried if state is None else state.carried
        return {
            "chart": list(chart.definition),
            "limits": self.limits_id,
            "rules": rules,
            "carried": _known(carried),
            "count": self.count,
            "clean": self.clean,
            "recent": [list(point) for point in self.recent],
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any], limits: Limits | None) -> Judge:
        """The judge that ``to_dict`` gave, with the limits that it names."""
        chart = chart_of(*stored["chart"])
        judge = cls(chart)
        judge.begin(chart, limits, stored["limits"])
        judge.carried = _number(stored["carried"])
        judge.count, judge.clean = stored["count"], stored["clean"]
        judge.recent.extend(Point(*item) for item in stored["recent"])
        if judge.state is not None:
            states = tuple(RuleState(last, tuple(signs)) for last, signs in stored["rules"])
            judge.state = ChartState(judge.count, judge.carried, judge.state.rules, states)
        return judge


def _point(
    key: Key,
    sizes: tuple[int, int],
    values: tuple[float | None, float | None],
    limits: int | None,
    fired: str,
    about: About,
) -> Point:
    first_reading, last_reading, last_position, at, subgroup = about
    return Point(
        key[0], key[1], sizes[0], sizes[1], values[0], values[1], limits, fired,
        first_reading, last_reading, last_position, at, subgroup,
    )  # fmt: skip


def _known(value: float) -> float | None:
    """A number as it is stored: nothing where it is not a number."""
    return None if math.isnan(value) else value


def _number(value: float | None) -> float:
    return math.nan if value is None else value
