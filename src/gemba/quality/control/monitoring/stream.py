"""A stream as its judge holds it between two batches, and what a batch makes of it. Pure.

What is in order is judged at once. What is late, amended or out of the order of subgroups marks the place
from which the stream is judged anew in the background.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from gemba.quality.control.collecting.accepted import Accepted
from gemba.quality.control.collecting.reading import AcceptedReading
from gemba.quality.control.monitoring.items import cutter_of
from gemba.quality.control.monitoring.judging import Chart, Judge, chart_of
from gemba.quality.control.monitoring.points import START, Finding, Key, Member, Point, Ready, Run
from gemba.quality.control.monitoring.subgroups import Cutter, Group
from gemba.stats.charts import Limits

MINUTE = 60_000_000


class Definition(NamedTuple):
    """How a stream is charted, by one released version of its characteristic."""

    version: int
    chart: Chart
    minutes: int
    needed: int


class Pending(NamedTuple):
    """Approved limits that hold from a moment on."""

    limits_id: int
    valid_from: int


class Closing(NamedTuple):
    """That a subgroup was closed before it was full, after the member with this key, and how."""

    key: Key
    how: str


class Stage(NamedTuple):
    """From which key on which version of the characteristic and which limit set hold."""

    key: Key
    version: int
    limits_id: int | None


@dataclass(slots=True)
class Outcome:
    """What one batch made of a stream, to be written: its points, or a run of them."""

    points: list[Point] = field(default_factory=list)
    run: Run | None = None
    findings: list[Finding] = field(default_factory=list)
    closings: list[Closing] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    amended: list[int] = field(default_factory=list)


FindDefinition = Callable[[int], Definition | None]
FindLimits = Callable[[int], Limits]


@dataclass(slots=True)
class Stream:
    """All that is known of a stream between two batches.

    ``edge`` is the key of the last member of a closed subgroup, ``judged`` that of the last judged point,
    ``written`` the highest one that was ever judged; ``rejudge`` spans the places whose basis changed;
    ``signal`` is the episode that violations join, with its ``severity`` and the rules that are ``named`` in
    it; ``opening`` says that the first stage is still to be
    written: from the start of the stream, or from its next reading. ``ready`` are complete points on their
    way to the judge.
    """

    id: int
    characteristic: int
    definition: Definition
    judge: Judge
    cutter: Cutter
    edge: Key = START
    judged: Key = START
    written: Key = START
    pending: Pending | None = None
    rejudge: tuple[Key, Key] | None = None
    signal: int | None = None
    severity: int = 0
    named: frozenset[tuple[str, str]] = frozenset()
    fault_signal: int | None = None
    proposed: int | None = None
    opening: Literal["", "start", "here"] = ""
    ready: list[Ready] = field(default_factory=list)

    @property
    def collected(self) -> int:
        """How many points a chart without limits has."""
        return self.judge.count if self.judge.limits is None else 0

    @property
    def due_at(self) -> int | None:
        """When the next open subgroup is closed with the members it has."""
        minutes = self.definition.minutes
        if not minutes or not self.cutter.open:
            return None
        return min(group.opened_at for group in self.cutter.open.values()) + minutes * MINUTE

    def mark(self, key: Key) -> None:
        """Remember that the basis changed at this key."""
        first, last = self.rejudge or (key, key)
        self.rejudge = (min(first, key), max(last, key))

    def take(
        self, readings: Sequence[AcceptedReading], now: int, define: FindDefinition, limits: FindLimits
    ) -> Outcome:
        """Judge a batch in the order of its arrival."""
        out = Outcome()
        self._open(readings, out)
        self.close_due(now, out, limits)
        if isinstance(readings, Accepted) and self._take_run(readings, out):
            return out
        usual = self._take_usual(readings)
        single = self.judge.chart.single
        for reading in readings[usual:]:
            if reading.kind != "reading":
                self._amend(reading, out)
                continue
            if not reading.usable:
                continue
            if reading.spec_version > self.definition.version:
                self._redefine(reading, define, out, limits)
                single = self.judge.chart.single
            value = None if math.isnan(reading.value) else reading.value
            at = reading.received_at if reading.measured_at is None else reading.measured_at
            if single:
                self._individual(reading, value, at, out, limits)
            else:
                self._member(reading, value, at, now, out, limits)
        self.judge_ready(out)
        return out

    def _take_run(self, readings: Accepted, out: Outcome) -> bool:
        """Judge a batch of which each reading is a point as usual; false where it is not such a batch."""
        judge, first = self.judge, (readings.ids[0], readings.taken[0].reading.sequence)
        if judge.limits is None or self.pending is not None or self.ready or not judge.chart.bare:
            return False
        if not readings.usual or first <= self.edge or readings.version > self.definition.version:
            return False
        taken = readings.taken
        out.run = Run(
            readings.ids,
            [item.reading.sequence for item in taken],
            [item.value for item in taken],
            readings.moments,
            [item.subgroup for item in taken],
        )
        out.findings += judge.judge_run(out.run)
        self.edge = self.judged = out.run.last
        return True

    def _take_usual(self, readings: Sequence[AcceptedReading]) -> int:
        """Make points of single readings up to the first that is not as usual; returns how many they are."""
        if not self.judge.chart.single or self.pending is not None:
            return 0
        version, (position, sequence), count = self.definition.version, self.edge, 0
        for r in readings:
            if r.kind != "reading" or not r.usable or r.spec_version > version or math.isnan(r.value):
                break
            if r.position < position or (r.position == position and r.sequence <= sequence):
                break
            position, sequence = r.position, r.sequence
            at = r.received_at if r.measured_at is None else r.measured_at
            point = (position, sequence, 1, (r.value,), r.id, r.id, position, at, r.subgroup, r.beside)
            self.ready.append(Ready._make(point))
            count += 1
        if count:
            self.edge = self.judged = (position, sequence)
        return count

    def judge_ready(self, out: Outcome) -> None:
        """Judge the points that are complete."""
        if self.ready:
            points, findings = self.judge.judge_ready(self.ready)
            out.points += points
            out.findings += findings
            self.ready = []

    def _open(self, readings: Sequence[AcceptedReading], out: Outcome) -> None:
        if self.opening:
            first = readings[0]
            key = START if self.opening == "start" else (first.position, first.sequence)
            if key > START:
                self.edge = max(self.edge, (key[0], key[1] - 1))
            out.stages.append(Stage(key, self.definition.version, None))
            self.opening = ""

    def close_due(self, now: int, out: Outcome, limits: FindLimits) -> None:
        """Close the subgroups that waited long enough."""
        due = self.due_at
        if due is None or due > now:
            return
        waited = now - self.definition.minutes * MINUTE
        for name in [g.subgroup for g in self.cutter.open.values() if g.opened_at <= waited]:
            self.close(name, "due", out, limits)

    def close(self, name: str, how: str, out: Outcome, limits: FindLimits) -> None:
        """Close an open subgroup with the members it has, and judge it."""
        group = self.cutter.close(name)
        out.closings.append(Closing(group.members[-1].key, how))
        self._closed(group, out, limits)

    def begin_stage(self, key: Key, limits: Limits | None, limits_id: int | None, out: Outcome) -> None:
        """From this key on other limits or rules hold, and rules start afresh."""
        self.judge_ready(out)
        self.judge.begin(self.definition.chart, limits, limits_id)
        out.stages.append(Stage(key, self.definition.version, limits_id))

    def _individual(
        self, reading: AcceptedReading, value: float | None, at: int, out: Outcome, limits: FindLimits
    ) -> None:
        key = (reading.position, reading.sequence)
        if key <= self.edge:
            self.mark(key)
            return
        self.edge = self.judged = key
        if value is None:
            return
        if self.pending is not None and at >= self.pending.valid_from:
            self._apply_pending(key, out, limits)
        position, sequence = key
        self.ready.append(
            Ready(
                position,
                sequence,
                1,
                (value,),
                reading.id,
                reading.id,
                position,
                at,
                reading.subgroup,
                reading.beside,
            )
        )

    def _member(
        self,
        reading: AcceptedReading,
        value: float | None,
        at: int,
        now: int,
        out: Outcome,
        limits: FindLimits,
    ) -> None:
        key, name = (reading.position, reading.sequence), reading.subgroup
        waits = self.cutter.awaiting(name, reading.member) if name else None
        if waits is not None:
            self.mark(waits.key)
        if waits is not None or (key <= self.edge and not (name and name in self.cutter.open)):
            self.mark(key)
            if waits is None:
                return
        member = Member(*key, reading.id, value, name, at, member=reading.member)
        group = self.cutter.take(member, now)
        if group is not None and waits is None:
            self._closed(group, out, limits)
        while (crowded := self.cutter.crowded) is not None:
            self.close(crowded, "due", out, limits)

    def _closed(self, group: Group, out: Outcome, limits: FindLimits) -> None:
        """Judge a group that closed; one that comes before what was judged already is a late point."""
        if group.key < self.judged:
            self.mark(group.key)
            return
        last = group.members[-1]
        self.edge = max(self.edge, last.key)
        self.judged = group.key
        if self.pending is not None and last.at >= self.pending.valid_from:
            self._apply_pending(group.key, out, limits)
        self.ready.append(group.ready())

    def _apply_pending(self, key: Key, out: Outcome, limits: FindLimits) -> None:
        if self.pending is not None:
            identity, self.pending = self.pending.limits_id, None
            self.begin_stage(key, limits(identity), identity, out)

    def _redefine(
        self, reading: AcceptedReading, define: FindDefinition, out: Outcome, limits: FindLimits
    ) -> None:
        """A newer version of the characteristic: another chart or other rules begin a stage here."""
        found = define(reading.spec_version)
        if found is None:
            return
        before, self.definition = self.definition, found
        if before.chart.definition == found.chart.definition:
            return
        for name in list(self.cutter.open):
            self.close(name, "definition", out, limits)
        same = before.chart.basis == found.chart.basis
        self.cutter = cutter_of(found.chart.members, found.chart.joined)
        if not same:
            self.pending, self.proposed = None, None
        keep = self.judge.limits if same else None
        identity = self.judge.limits_id if same else None
        self.begin_stage((reading.position, reading.sequence), keep, identity, out)

    def _amend(self, reading: AcceptedReading, out: Outcome) -> None:
        value = reading.value if reading.usable and not math.isnan(reading.value) else None
        root = reading.about or 0
        if not any(group.amend(root, value) for group in self.cutter.open.values()):
            out.amended.append(root)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        definition = self.definition
        return {
            "definition": [
                definition.version, *definition.chart.definition[:3], definition.minutes, definition.needed,
                definition.chart.design, *([definition.chart.joined] if definition.chart.joined else ()),
            ],
            "judge": self.judge.to_dict(),
            "cutter": self.cutter.to_dict(),
            "edge": list(self.edge),
            "judged": list(self.judged),
            "written": list(self.written),
            "episode": [self.severity, [list(pair) for pair in sorted(self.named)]],
            "pending": None if self.pending is None else list(self.pending),
        }  # fmt: skip

    @classmethod
    def from_dict(
        cls, identity: int, characteristic: int, stored: Mapping[str, Any], limits: FindLimits
    ) -> Stream:
        """The stream that ``to_dict`` gave; what has a column of its own is set by the caller."""
        version, kind, size, rules, minutes, needed, *design = stored["definition"]
        definition = Definition(version, chart_of(kind, size, rules, *design), minutes, needed)
        named = stored["judge"]["limits"]
        judge = Judge.from_dict(stored["judge"], None if named is None else limits(named))
        cutter = cutter_of(definition.chart.members, definition.chart.joined).fill(stored["cutter"])
        stream = cls(identity, characteristic, definition, judge, cutter)
        stream.edge, stream.judged, stream.written = (
            (stored[name][0], stored[name][1]) for name in ("edge", "judged", "written")
        )
        stream.severity, named = stored["episode"]
        stream.named = frozenset((panel, rule) for panel, rule in named)
        stream.pending = None if stored["pending"] is None else Pending(*stored["pending"])
        return stream


def fresh_stream(identity: int, characteristic: int, definition: Definition) -> Stream:
    """A stream before its first reading: its chart collects."""
    judge = Judge(definition.chart)
    judge.begin(definition.chart, None, None)
    cutter = cutter_of(definition.chart.members, definition.chart.joined)
    return Stream(identity, characteristic, definition, judge, cutter)
