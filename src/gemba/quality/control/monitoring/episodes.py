"""Signals as episodes: opened by the first violation, joined by later ones, withdrawn when none is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gemba.quality.control.monitoring import events
from gemba.quality.control.monitoring.models import Signal, SignalRule
from gemba.quality.control.monitoring.points import Finding, Fired, Key
from gemba.quality.control.monitoring.record import SIGNAL
from gemba.quality.control.monitoring.rules import CRITICAL, joins_episode, severity_of
from gemba.quality.control.monitoring.stream import Stream
from gemba.quality.records import store
from gemba.quality.records.advance import advance
from gemba.quality.records.lifecycle import LOCKED
from gemba.quality.records.models import Header
from gemba.quality.records.outbox import emit
from gemba.quality.records.recorder import change_record, create_record, lock_header
from gemba.quality.records.work import Work
from gemba.stats.charts.rules import RuleSet


def note_findings(work: Work, stream: Stream, findings: Sequence[Finding]) -> dict[Key, int]:
    """Let each finding open a signal or join the one that is there; the signal of each point by its key."""
    named: dict[Key, int] = {}
    current = signal_of(stream.signal)
    joined: list[Finding] = []
    opened = 0
    since = _points_since_closed(stream, current)
    for finding in findings:
        if current is None or not _joins(stream, current, finding, since):
            _grow(work, stream, current, joined, unsaved=opened + len(joined))
            current, joined, opened = _open(work, stream, finding), [], 1
            stream.signal = current.pk
        else:
            joined.append(finding)
        since += 1
        named[finding.point.key] = current.pk
    _grow(work, stream, current, joined, unsaved=opened + len(joined))
    return named


def signal_of(identity: int | None) -> Signal | None:
    """The signal with its header as it is now, locked until the transaction ends."""
    if identity is None:
        return None
    signal = Signal.objects.get(pk=identity)
    signal.header = lock_header(identity)
    return signal


def join_late(work: Work, stream: Stream, signal: Signal, findings: Sequence[Finding]) -> None:
    """Let findings of points that were judged anew, and are written, join a signal."""
    _grow(work, stream, signal, findings, unsaved=0)


def open_signal(work: Work, stream: Stream, finding: Finding) -> Signal:
    """Open a signal for a finding that belongs to no other."""
    return _open(work, stream, finding)


def note_fault(work: Work, stream: Stream, key: Key, readings: tuple[int, int], at: int, why: str) -> int:
    """Raise a signal of its own when judging failed; while it is open, later failures join it."""
    current = signal_of(stream.fault_signal)
    if current is not None and current.header.category not in LOCKED:
        return int(current.pk)
    signal = Signal(
        characteristic_id=stream.characteristic,
        stream=stream.id,
        about="judge",
        severity=CRITICAL,
        points=0,
        first_position=key[0],
        first_sequence=key[1],
        last_position=key[0],
        last_sequence=key[1],
        first_at=at,
        last_at=at,
        suspect_to=readings[1],
        fault=why[:2000],
    )
    stream.fault_signal = _make(work, signal, {"readings": list(readings), "fault": signal.fault})
    return stream.fault_signal


def withdraw(work: Work, identity: int, reason: str) -> bool:
    """Withdraw a signal whose basis fell away; one that is closed stays, and its trail says so."""
    signal = signal_of(identity)
    if signal is None:
        return False
    if signal.header.category in LOCKED:
        work.enter("basis corrected", header=identity, reason=reason)
        return False
    bring_up_to_date(signal)
    advance(signal, "withdraw", actor=work.actor, now=work.now, inputs={"reason": reason})
    return True


def bring_up_to_date(signal: Signal) -> None:
    """Let the record say how many points belong to it and up to where, as the points themselves do."""
    found = store.fetch(
        "SELECT position, sequence, at, last_reading FROM monitoring_point p "
        "WHERE signal = %s AND fired <> '' AND NOT EXISTS (SELECT 1 FROM monitoring_point q "
        "WHERE q.stream = p.stream AND q.position = p.position AND q.sequence = p.sequence "
        "AND q.judgement > p.judgement) ORDER BY position, sequence",
        [signal.pk],
    )
    signal.points = len(found)
    if found:
        signal.first_position, signal.first_sequence, signal.first_at, _ = found[0]
        signal.last_position, signal.last_sequence, signal.last_at, signal.suspect_to = found[-1]


def _joins(stream: Stream, signal: Signal, finding: Finding, since: int) -> bool:
    rules = stream.judge.chart.rules
    return joins_episode(
        category=signal.header.category,
        severity=max(severity_of(rules[item.rule]) for item in finding.fired),
        known_severity=signal.severity,
        clean=finding.clean,
        points_since_closed=since,
        window=stream.judge.chart.window,
    )


def _points_since_closed(stream: Stream, signal: Signal | None) -> int:
    if signal is None or signal.closed_point is None:
        return 0
    newer = store.fetch(
        "SELECT COUNT(*) FROM (SELECT 1 FROM monitoring_point WHERE stream = %s AND position >= %s "
        "AND id > %s AND n > 0 LIMIT %s) newer",
        [stream.id, signal.first_position, signal.closed_point, stream.judge.chart.window + 1],
    )
    return int(newer[0][0]) + 1


def _open(work: Work, stream: Stream, finding: Finding) -> Signal:
    point, rules = finding.point, stream.judge.chart.rules
    marks = [mark for fired in finding.fired for mark in fired.points]
    signal = Signal(
        characteristic_id=stream.characteristic,
        stream=stream.id,
        severity=max(severity_of(rules[item.rule]) for item in finding.fired),
        rules=[_rule_facts(item, rules) for item in finding.fired],
        points=1,
        first_position=point.position,
        first_sequence=point.sequence,
        last_position=point.position,
        last_sequence=point.sequence,
        first_at=min(mark[2] for mark in marks),
        last_at=point.at,
        suspect_after=finding.good,
        suspect_to=point.last_reading,
    )
    _make(work, signal, {"readings": [point.first_reading, point.last_reading]})
    return signal


def _make(work: Work, signal: Signal, about: Mapping[str, Any]) -> int:
    chart = Header.objects.select_related("site").get(pk=signal.characteristic_id)
    create_record(work, SIGNAL, signal, site=chart.site, title=chart.title)
    _index_rules(signal, signal.rules)
    _tell(work, signal, about, rise=False)
    return int(signal.pk)


def _grow(
    work: Work, stream: Stream, signal: Signal | None, findings: Sequence[Finding], *, unsaved: int
) -> None:
    """Let findings join; the record changes only when they bring a rule that it does not name yet.

    ``unsaved`` counts the points of the signal that are still to be written.
    """
    if signal is None or not findings or signal.header.category in LOCKED:
        return
    rules = stream.judge.chart.rules
    known = {(item["panel"], item["rule"]) for item in signal.rules}
    fresh = {
        (item.panel, item.rule): item
        for finding in reversed(findings)
        for item in finding.fired
        if (item.panel, item.rule) not in known
    }
    if not fresh:
        return
    added = [_rule_facts(item, rules) for item in fresh.values()]
    before = signal.severity
    signal.rules = [*signal.rules, *added]
    signal.severity = max([before, *(severity_of(rules[item.rule]) for item in fresh.values())])
    bring_up_to_date(signal)
    last = findings[-1].point
    if unsaved:
        signal.points += unsaved
        signal.last_position, signal.last_sequence = last.key
        signal.last_at, signal.suspect_to = last.at, last.last_reading
    change_record(work, signal, action="grow", detail={"rules": [item["rule"] for item in added]})
    _index_rules(signal, added)
    if signal.severity > before:
        _tell(work, signal, {"readings": [last.first_reading, last.last_reading]}, rise=True)


def _rule_facts(fired: Fired, rules: RuleSet) -> dict[str, Any]:
    rule = rules[fired.rule]
    facts = {"test": rule.test, "k": rule.k, "of": rule.of, "sigma": rule.sigma, "counts": rule.counts}
    points = [list(point) for point in fired.points]
    return {"panel": fired.panel, "rule": fired.rule, "definition": facts, "points": points}


def _index_rules(signal: Signal, rules: Sequence[Mapping[str, Any]]) -> None:
    SignalRule.objects.bulk_create(
        SignalRule(
            signal=signal,
            characteristic=signal.characteristic_id,
            panel=item["panel"],
            rule=item["rule"],
        )
        for item in rules
    )


def _tell(work: Work, signal: Signal, about: Mapping[str, Any], *, rise: bool) -> None:
    facts = {
        "signal": signal.pk,
        "number": signal.header.number,
        "about": signal.about,
        "characteristic": signal.characteristic_id,
        "stream": signal.stream,
        "severity": signal.severity,
        "rules": [f"{item['panel']}:{item['rule']}" for item in signal.rules],
        "suspect_after": signal.suspect_after,
        "suspect_to": signal.suspect_to,
        "rise": rise,
    }
    emit(work, events.RAISED, signal.header, {**facts, **about})
