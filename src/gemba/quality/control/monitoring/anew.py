"""A stretch of a stream judged anew from its tidy series. Pure.

Nothing is taken from the judgements that were made before, except the values of the points just before the
stretch: their number is what the longest rule remembers, so the answer is that of the whole series.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from gemba.quality.control.monitoring.items import cutter_of
from gemba.quality.control.monitoring.judging import Judge
from gemba.quality.control.monitoring.points import Finding, Key, Member, Point
from gemba.quality.control.monitoring.stream import Definition
from gemba.quality.control.monitoring.subgroups import Cutter, Group, cut
from gemba.stats.charts import Limits


class Held(NamedTuple):
    """A stage with what it needs: its number, its first key, its chart and its limits."""

    number: int
    key: Key
    definition: Definition
    limits_id: int | None
    limits: Limits | None


@dataclass(frozen=True)
class Basis:
    """What a stretch is judged from.

    ``before`` are the points just before it, oldest first; ``collected`` how many points its first stage
    has before it; ``short`` the subgroups before it that were closed short; ``closings`` the keys of the
    last members of subgroups that were closed before they were full.
    """

    begin: Key
    stages: Sequence[Held]
    members: Sequence[Member]
    before: Sequence[Point] = ()
    collected: int = 0
    short: Sequence[Group] = ()
    closings: frozenset[Key] = frozenset()


@dataclass
class Anew:
    """The judgements of a stretch, and what the judge remembers after it.

    ``edge`` is the key of the last member of a closed subgroup, ``judged`` that of the last point.
    """

    stage: Held
    judge: Judge
    cutter: Cutter
    edge: Key
    judged: Key
    points: list[tuple[Point, Finding | None]] = field(default_factory=list)


def stage_at(stages: Sequence[Held], key: Key) -> Held:
    """The stage that holds at a key: of those that begin at or before it, the one written last."""
    begun = [stage for stage in stages if stage.key <= key]
    return max(begun) if begun else min(stages, key=lambda stage: stage.key)


def judge_anew(basis: Basis) -> Anew:
    """Judge a stretch from its first key on."""
    stage = stage_at(basis.stages, basis.begin)
    judge = Judge(stage.definition.chart)
    judge.begin(stage.definition.chart, stage.limits, stage.limits_id)
    judge.replay([p for p in basis.before if stage_at(basis.stages, p.key) is stage])
    if stage.limits is None:
        judge.count = basis.collected
    groups, cutter = _cut(basis)
    before = (basis.begin[0], basis.begin[1] - 1)
    found = Anew(stage, judge, cutter, before, before)
    for held, run in groupby(groups, key=lambda group: stage_at(basis.stages, group.key)):
        together = list(run)
        if held is not found.stage:
            found.stage = held
            judge.begin(held.definition.chart, held.limits, held.limits_id)
        points, findings = judge.judge_ready([group.ready() for group in together])
        fired = {finding.point.key: finding for finding in findings}
        found.points += [(point, fired.get(point.key)) for point in points]
        found.edge = max([found.edge, *(group.members[-1].key for group in together)])
        found.judged = together[-1].key
    return found


def _cut(basis: Basis) -> tuple[list[Group], Cutter]:
    """Closed subgroups of each stretch with one chart, and the cutter of the last."""
    first = stage_at(basis.stages, basis.begin).definition
    cutter = cutter_of(first.chart.members, first.chart.joined)
    cutter.short = {group.subgroup: group for group in basis.short}
    closed: list[Group] = []
    run: list[Member] = []
    chart = first.chart
    for member in basis.members:
        now = stage_at(basis.stages, member.key).definition.chart
        if now.definition != chart.definition:
            closed += cut(cutter, run, basis.closings)
            cutter, run, chart = cutter_of(now.members, now.joined), [], now
        run.append(member)
    closed += cut(cutter, run, basis.closings)
    return sorted(closed, key=lambda group: group.key), cutter


def settled(
    points: Sequence[tuple[Point, Finding | None]], old: Mapping[Key, Point], last: Key, memory: int
) -> int | None:
    """How many of the points differ or may differ; ``None`` when they never settle.

    Behind the last changed key, so many equal points as a judgement can depend on make all later ones equal.

    Parameters
    ----------
    points
        The new judgements.
    old
        The judgements in force, by key.
    last
        The last key whose basis changed.
    memory
        How many points a judgement can depend on.
    """
    equal = 0
    for place, (point, _) in enumerate(points):
        before = old.get(point.key)
        same = before is not None and before._replace(fired="") == point._replace(fired="")
        equal = equal + (point.n > 0) if same and point.key > last else 0
        if equal > memory:
            return place + 1
    return None
