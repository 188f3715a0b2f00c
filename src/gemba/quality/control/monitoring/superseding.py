"""What differs between two judgements of one stretch: written beside the old ones, with their signals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gemba.quality.control.monitoring.episodes import join_late, open_signal, signal_of, withdraw
from gemba.quality.control.monitoring.models import Signal
from gemba.quality.control.monitoring.points import Finding, Key, Point
from gemba.quality.control.monitoring.stored import Stored
from gemba.quality.control.monitoring.stream import Stream
from gemba.quality.control.monitoring.writing import Judged, write_points
from gemba.quality.records import store
from gemba.quality.records.lifecycle import LOCKED
from gemba.quality.records.work import Work

CORRECTED = "basis corrected"
JUDGED_SINCE = "judged since"


@dataclass
class _Pass:
    """One pass over a stretch: its keys in order, the signal near each, and what is to be written."""

    work: Work
    stream: Stream
    keys: list[Key]
    near: dict[int, int]
    signals: dict[int, Signal] = field(default_factory=dict)
    rows: list[Judged] = field(default_factory=list)
    joined: dict[int, list[Finding]] = field(default_factory=dict)

    def live(self, identity: int | None) -> Signal | None:
        """The signal, unless it was withdrawn."""
        if identity is None:
            return None
        if identity not in self.signals:
            found = signal_of(identity)
            if found is not None:
                self.signals[identity] = found
        signal = self.signals.get(identity)
        return None if signal is None or signal.header.category == "void" else signal

    def signal_for(self, place: int, own: int | None, finding: Finding) -> int:
        """The signal that a violation belongs to: the one it had, one nearby, or a new one."""
        window = self.stream.judge.chart.window
        nearby = [place + way * step for step in range(1, window + 1) for way in (-1, 1)]
        for identity in (own, *(self.near.get(index) for index in nearby)):
            signal = self.live(identity)
            if signal is not None:
                self.joined.setdefault(signal.pk, []).append(finding)
                break
        else:
            current = self.live(self.stream.signal)
            idle = current is None or current.header.category in LOCKED
            signal = open_signal(self.work, self.stream, finding, live=idle)
            self.signals[signal.pk] = signal
        self.near[place] = signal.pk
        return int(signal.pk)


def supersede(
    work: Work,
    stream: Stream,
    points: Sequence[tuple[Point, Finding | None]],
    old: Mapping[Key, Stored],
    before: Sequence[Stored],
) -> int:
    """Write the judgements that differ from those in force; returns how many.

    ``old`` are the judgements in force of the same stretch, ``before`` those just before it.
    """
    fresh = {point.key: (point, finding) for point, finding in points}
    keys = [item.point.key for item in before] + sorted(fresh.keys() | old.keys())
    held = {item.point.key: item.signal for item in before} | {k: item.signal for k, item in old.items()}
    near = {place: signal for place, key in enumerate(keys) if (signal := held.get(key)) is not None}
    run = _Pass(work, stream, keys, near)
    for place in range(len(before), len(keys)):
        _compare(run, place, fresh.get(keys[place]), old.get(keys[place]))
    write_points(work, run.rows)
    if run.rows:
        stream.written = max(stream.written, *(row[1].key for row in run.rows))
    for identity, findings in run.joined.items():
        join_late(work, stream, run.signals[identity], findings)
    touched = {old[row[1].key] for row in run.rows if row[1].key in old}
    _withdraw_baseless(run, {item.signal for item in touched if item.signal is not None})
    if any(item.fault for item in touched):
        _withdraw_fault(work, stream)
    return len(run.rows)


def _compare(run: _Pass, place: int, now: tuple[Point, Finding | None] | None, then: Stored | None) -> None:
    number = 1 if then is None else then.judgement + 1
    if now is None:
        if then is not None and (then.point.slots or then.fault):
            gone = then.point._replace(slots=0, n=0, first=None, second=None, limits=None, fired="")
            run.rows.append((run.stream.id, gone, number, None, ""))
        return
    point, finding = now
    if then is not None and then.point == point and not then.fault:
        return
    signal = None
    if finding is not None:
        signal = run.signal_for(place, None if then is None else then.signal, finding)
    run.rows.append((run.stream.id, point, number, signal, ""))


def _withdraw_baseless(run: _Pass, signals: set[int]) -> None:
    for identity in sorted(signals):
        left = store.fetch(
            "SELECT 1 FROM monitoring_point p WHERE p.signal = %s AND p.fired <> '' AND NOT EXISTS "
            "(SELECT 1 FROM monitoring_point q WHERE q.stream = p.stream AND q.position = p.position "
            "AND q.sequence = p.sequence AND q.judgement > p.judgement) LIMIT 1",
            [identity],
        )
        if not left and run.live(identity) is not None:
            withdraw(run.work, identity, CORRECTED)
            if run.stream.signal == identity:
                run.stream.signal = None


def _withdraw_fault(work: Work, stream: Stream) -> None:
    left = store.fetch(
        "SELECT 1 FROM monitoring_point p WHERE p.stream = %s AND p.fault <> '' AND NOT EXISTS "
        "(SELECT 1 FROM monitoring_point q WHERE q.stream = p.stream AND q.position = p.position "
        "AND q.sequence = p.sequence AND q.judgement > p.judgement) LIMIT 1",
        [stream.id],
    )
    if not left and stream.fault_signal is not None:
        withdraw(work, stream.fault_signal, JUDGED_SINCE)
        stream.fault_signal = None
