"""One chart of one stream: what it remembers, and what it says of the next point. Pure.

It adds three things to ``gemba.stats.charts.steps``: names for the points of a firing, the values of a chart
that still collects, and a stage that begins with limits or rules of its own.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from gemba.quality.control.monitoring.lines import (
    KEEPS_VALUES,
    judges,
    lines_along,
    memory_from,
    memory_of,
    memory_text,
)
from gemba.quality.control.monitoring.making import (
    known_value,
    known_values,
    number_of,
    point_of,
    points_of,
    void_point,
)
from gemba.quality.control.monitoring.parts import parts_of
from gemba.quality.control.monitoring.points import (
    Finding,
    Fired,
    Passed,
    Point,
    Ready,
    Run,
    fired_text,
    passed_from,
)
from gemba.quality.planning.products.specification import read_design
from gemba.stats.charts import ChartState, Kind, Limits, kind_named, start
from gemba.stats.charts.kind import Memory
from gemba.stats.charts.rules import RuleSet, RuleState, rule_set, rules_for, trace_firing
from gemba.stats.charts.rules.series import FiredAt, advance_series
from gemba.stats.charts.steps import Steps, steps

Chosen: TypeAlias = tuple[str, int, str, str, tuple[str, ...]]
LearnedFor: TypeAlias = tuple[str, int, str, tuple[str, ...]]


@dataclass(frozen=True)
class Chart:
    """How the points of a stream are made and judged.

    ``design`` are the design values as a person wrote them, ``joined`` the numbers of the characteristics
    that are judged together. ``window`` is the longest pattern of its rules
    in points; ``memory`` how many points the rules of a judgement can
    depend on.
    """

    kind: Kind[Any]
    size: int
    spec: str
    rules: RuleSet
    suited: tuple[RuleSet, ...]
    window: int
    memory: int
    design: str = ""
    joined: tuple[str, ...] = ()

    @property
    def definition(self) -> Chosen:
        """Kind, subgroup size, rules, design values and what is judged together, as a person chose them."""
        return self.kind.name, self.size, self.spec, self.design, self.joined

    @property
    def basis(self) -> LearnedFor:
        """What limits are learned for: kind, subgroup size, design values, what is judged together."""
        return self.kind.name, self.size, self.design, self.joined

    @property
    def single(self) -> bool:
        """Whether each reading is a point."""
        if self.joined:
            return False
        layout = self.kind.layout
        return self.size == 1 if layout == "means" else layout != "subgroups"

    @property
    def members(self) -> int:
        """How many readings make a point."""
        return len(self.joined) or (1 if self.single else self.size)

    @property
    def paired(self) -> bool:
        """Whether a value is no point without what stands beside it: its nominal, or its part."""
        return self.kind.layout in ("deviations", "runs")

    @property
    def bare(self) -> bool:
        """Whether a point is a value and nothing else, and all that the next one needs."""
        kind = self.kind
        return not (
            self.paired or self.keeps_values or kind.units or kind.course is not None or not self.single
        )

    @property
    def keeps_values(self) -> bool:
        """Whether what is plotted does not tell what the next point, or the lines of this one, need."""
        return self.kind.name in KEEPS_VALUES

    @property
    def options(self) -> dict[str, Any]:
        """The design values by name, as ``control_chart`` takes them."""
        return dict(read_design(self.design))


def chart_of(kind: str, size: int, rules: str, design: str = "", joined: Sequence[str] = ()) -> Chart:
    """The chart of a definition."""
    return _chart_of(kind, size, rules, design, tuple(joined))


@lru_cache(maxsize=256)
def _chart_of(kind: str, size: int, rules: str, design: str, joined: tuple[str, ...]) -> Chart:
    chosen, asked = kind_named(kind), rule_set(rules)
    suited = tuple(rules_for(panel, asked).rules for panel in chosen.panels)
    checks = [check for rules in suited for check in rules.plan.checks]
    tracks = [track for rules in suited for track in rules.plan.tracks]
    window = max((check.window + check.reach for check in checks), default=1)
    history = max((track.keep.bit_length() // 2 for track in tracks), default=1)
    return Chart(chosen, size, rules, asked, suited, window, history + 1, design, joined)


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
    recent: deque[Passed] = field(default_factory=deque)

    def begin(self, chart: Chart, limits: Limits | None, limits_id: int | None) -> None:
        """Begin a stage: rules start afresh, nothing is carried over."""
        self.chart, self.limits, self.limits_id = chart, limits, limits_id
        self.state = None if limits is None else start(limits, chart.rules)
        self.carried, self.count, self.clean = math.nan, 0, 0
        self.recent = deque(self.recent, maxlen=chart.window + 1)

    def judge_ready(self, ready: Sequence[Ready]) -> tuple[list[Point], list[Finding]]:
        """Judge the next points in their order; one whose values were all voided is no point of the chart."""
        paired = self.chart.paired
        known = [item for item in ready if item.values and not (paired and item.beside is None)]
        if self.state is None or self.limits is None:
            points = self._collect(known)
            findings: list[Finding] = []
        else:
            points, findings = self._judge(self.limits, self.state, known)
        if len(known) < len(ready):
            taken = set(known)
            void = [void_point(item) for item in ready if item not in taken]
            points = sorted([*points, *void])
        return points, findings

    def _collect(self, ready: Sequence[Ready]) -> list[Point]:
        points = []
        for item in ready:
            single = self.chart.kind.single(self._given(item), self.carried)
            self.carried = single.carried
            shown = () if self.chart.joined else [one for one in single.statistics if isinstance(one, float)]
            points.append(point_of(item, shown, None, "", self._size(single.size), self._kept(item, None)))
        self._remember(points)
        self.count += len(points)
        self.clean += len(points)
        return points

    def _judge(
        self, limits: Limits, state: ChartState, ready: Sequence[Ready]
    ) -> tuple[list[Point], list[Finding]]:
        self.state, judged = steps(limits, state, self._given_all(ready))
        fired, texts = self._fired(judged)
        memories = self._memories(ready, judged.memories)
        sizes = judged.sizes if self.chart.kind.units else [None] * len(ready)
        points = points_of(ready, judged.values, self.limits_id, texts, sizes, memories)
        findings = self._findings(points, fired, state.seen)
        if self.chart.joined:
            findings = [_told(limits, finding, ready, points, judged.memories) for finding in findings]
        self._pass(points, fired)
        return points, findings

    def judge_run(self, run: Run) -> list[Finding]:
        """Judge the next points of a bare chart that has limits; what they show is written into the run."""
        state, limits = self.state, self.limits
        if state is None or limits is None:
            raise ValueError("a chart that still collects judges nothing")
        self.state, judged = steps(limits, state, run.given)
        fired, run.fired = self._fired(judged)
        run.limits = self.limits_id
        run.values = known_values(judged.values)
        findings = self._findings(run, fired, state.seen)
        self._pass(run, fired)
        return findings

    def _fired(self, judged: Steps) -> tuple[dict[int, list[tuple[int, FiredAt]]], dict[int, str]]:
        """What fires at each place, and as a text."""
        fired: dict[int, list[tuple[int, FiredAt]]] = {}
        for panel, found in enumerate(judged.fired):
            for at in found:
                fired.setdefault(at.place, []).append((panel, at))
        names = self.chart.kind.panels
        texts = {
            place: fired_text([(names[panel], at.codes) for panel, at in found])
            for place, found in fired.items()
        }
        return fired, texts

    def _pass(self, points: Sequence[Point], fired: Mapping[int, object]) -> None:
        """Go on behind these points."""
        self.count += len(points)
        self.clean = len(points) - 1 - max(fired) if fired else self.clean + len(points)
        self._remember(points)

    def _remember(self, points: Sequence[Point]) -> None:
        kept = self.recent.maxlen or 0
        places = range(max(0, len(points) - kept), len(points))
        self.recent.extend([_passed(points, place) for place in places])

    def _findings(
        self, points: Sequence[Point], fired: Mapping[int, Sequence[tuple[int, FiredAt]]], seen: int
    ) -> list[Finding]:
        if not fired:
            return []
        recent = list(self.recent)
        behind = len(recent)

        def at(place: int) -> Passed:
            return _passed(points, place) if place >= 0 else recent[behind + place]

        findings, clean, last = [], self.clean, -1
        for place in sorted(fired):
            clean = clean + place if last < 0 else place - last - 1
            last = place
            marks, oldest = [], 0
            for panel, found in fired[place]:
                for code in found.codes:
                    firing = trace_firing(self.chart.suited[panel], found.state, code, seen + place + 1)
                    backs = [firing.at - number for number in firing.points]
                    oldest = max(oldest, *backs)
                    made = [at(place - back) for back in backs]
                    named = tuple((p.position, p.sequence, p.at) for p in made)
                    marks.append(Fired(self.chart.kind.panels[panel], code, named))
            before = place - oldest - 1
            good = at(before).last_reading if behind + before >= 0 else None
            findings.append(Finding(points[place], tuple(marks), clean, good))
        return findings

    def _given_all(self, ready: Sequence[Ready]) -> list[Any]:
        """The points as ``steps`` takes them."""
        if not self.chart.single:
            return [item.values for item in ready]
        if self.chart.kind.units or self.chart.paired:
            return [self._given(item) for item in ready]
        return [item.values[0] for item in ready]

    def _given(self, item: Ready) -> Any:
        """The point as ``step`` takes it."""
        if not self.chart.single:
            return item.values
        value = item.values[0]
        if self.chart.kind.layout == "runs":
            return item.beside, value if judges(self.limits, item.beside, value) else math.nan
        if self.chart.kind.units or self.chart.kind.layout == "deviations":
            return value, float(self.chart.size if item.beside is None else item.beside)
        return value

    def _kept(self, item: Ready, memory: Memory | None) -> str | None:
        """What the next point needs of this one and its plotted values do not tell."""
        if self.chart.keeps_values:
            memory = item.values
        return None if memory is None else memory_text(memory)

    def _memories(self, ready: Sequence[Ready], kept: Sequence[Memory]) -> Sequence[str | None]:
        """What is kept with each point for the next one."""
        if kept:
            return [self._kept(item, memory) for item, memory in zip(ready, kept, strict=True)]
        return [self._kept(item, None) for item in ready] if self.chart.keeps_values else [None] * len(ready)

    def _size(self, size: float) -> float | None:
        return size if self.chart.kind.units else None

    def replay(self, points: Sequence[Point]) -> None:
        """Remember the points of this stage that come before a place, oldest first.

        The last ``chart.memory`` of them are enough for the same judgements as if all had been judged.
        """
        self._remember(points)
        self.count, self.clean = len(points), 0
        for point in reversed(points):
            if point.fired:
                break
            self.clean += 1
        if points and self.chart.kind.name == "mr":
            (self.carried,) = memory_of(points[-1]) or (math.nan,)
        elif points and "mr" in self.chart.kind.panels:
            self.carried = number_of(points[-1].first)
        if self.state is None or self.limits is None:
            return
        lines = lines_along(self.limits, points, self.state.memory)
        panels = range(len(self.chart.kind.panels))
        values = [[number_of(point.values[panel]) for point in points] for panel in panels]
        weighted = points and self.chart.kind.course is not None and not self.chart.keeps_values
        memory = memory_of(points[-1]) if weighted else self.state.memory
        states = tuple(
            advance_series(rules, state, values[panel], [line[panel] for line in lines])[0]
            for panel, (rules, state) in enumerate(zip(self.state.rules, self.state.states, strict=True))
        )
        self.state = ChartState(len(points), self.carried, self.state.rules, states, memory)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; limits are named, not kept."""
        chart, state = self.chart, self.state
        rules = None if state is None else [[s.last, list(s.signs)] for s in state.states]
        carried = self.carried if state is None else state.carried
        return {
            "chart": list(chart.definition),
            "limits": self.limits_id,
            "rules": rules,
            "carried": known_value(carried),
            "count": self.count,
            "clean": self.clean,
            "recent": list(self.recent),
            "memory": [] if state is None else list(state.memory),
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any], limits: Limits | None) -> Judge:
        """The judge that ``to_dict`` gave, with the limits that it names."""
        chart = chart_of(*stored["chart"])
        judge = cls(chart)
        judge.begin(chart, limits, stored["limits"])
        judge.carried = number_of(stored["carried"])
        judge.count, judge.clean = stored["count"], stored["clean"]
        judge.recent.extend(map(passed_from, stored["recent"]))
        if judge.state is not None:
            states = tuple(RuleState(last, tuple(signs)) for last, signs in stored["rules"])
            memory = memory_from(stored.get("memory", ()))
            judge.state = ChartState(judge.count, judge.carried, judge.state.rules, states, memory)
        return judge


def _passed(points: Sequence[Point], place: int) -> Passed:
    if isinstance(points, Run):
        return points.passed(place)
    point = points[place]
    return Passed(point.position, point.sequence, point.last_reading, point.at)


def _told(
    limits: Limits,
    finding: Finding,
    ready: Sequence[Ready],
    points: Sequence[Point],
    memories: Sequence[Memory],
) -> Finding:
    """The finding with the characteristics that its point comes from."""
    place = points.index(finding.point)
    values, memory = ready[place].values, memories[place]
    fired = [mark._replace(parts=parts_of(limits, mark.panel, values, memory)) for mark in finding.fired]
    return finding._replace(fired=tuple(fired))
