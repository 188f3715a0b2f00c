"""Signals as episodes: opened by the first violation, joined by later ones, withdrawn when none is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gemba.quality.control.collecting import queries as collecting
from gemba.quality.control.monitoring import events
from gemba.quality.control.monitoring.models import Signal, SignalRule
from gemba.quality.control.monitoring.points import Finding, Fired, Key
from gemba.quality.control.monitoring.record import SIGNAL
from gemba.quality.control.monitoring.rules import CRITICAL, joins_episode, severity_of
from gemba.quality.control.monitoring.stream import Stream
from gemba.quality.planning.products import queries as products
from gemba.quality.records import store
from gemba.quality.records.advance import advance
from gemba.quality.records.lifecycle import LOCKED
from gemba.quality.records.models import Header
from gemba.quality.records.outbox import emit
from gemba.quality.records.recorder import change_record, create_record, lock_header
from gemba.quality.records.work import Work
from gemba.stats.charts.rules import RuleSet


def note_findings(
    work: Work, stream: Stream, findings: Sequence[Finding], category: str | None
) -> dict[Key, int]:
    """Let each finding open a signal or join the one that is there; the signal of each point by its key.

    ``category`` is that of the stream's signal, ``None`` without one.
    """
    signals: dict[Key, int] = {}
    joined: list[Finding] = []
    opened = 0
    since = _points_since_closed(stream) if category == "closed" else 0
    for finding in findings:
        if stream.signal is None or not _joins(stream, finding, category or "void", since):
            _grow(work, stream, joined, unsaved=opened + len(joined))
            open_signal(work, stream, finding)
            joined, opened, category = [], 1, "open"
        else:
            joined.append(finding)
        since += 1
        signals[finding.point.key] = stream.signal or 0
    _grow(work, stream, joined, unsaved=opened + len(joined))
    return signals


def categories_of(signals: Iterable[int | None]) -> dict[int, str]:
    """The category of each of these signals now."""
    wanted = [identity for identity in signals if identity is not None]
    return dict(store.fetch_among("SELECT id, category FROM records_header WHERE id", wanted))


def signal_of(identity: int | None) -> Signal | None:
    """The signal with its header as it is now, locked until the transaction ends."""
    if identity is None:
        return None
    signal = Signal.objects.get(pk=identity)
    signal.header = lock_header(identity)
    return signal


def join_late(work: Work, stream: Stream, signal: Signal, findings: Sequence[Finding]) -> None:
    """Let findings of points that were judged anew, and are written, join a signal."""
    if _extend(work, stream, signal, findings, unsaved=0) and stream.signal == signal.pk:
        _name(stream, signal)


def open_signal(work: Work, stream: Stream, finding: Finding, *, live: bool = True) -> Signal:
    """Open a signal; where ``live``, later violations of the stream join it."""
    signal = _open(work, stream, finding)
    if live:
        stream.signal = signal.pk
        _name(stream, signal)
    return signal


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


def _joins(stream: Stream, finding: Finding, category: str, since: int) -> bool:
    rules = stream.judge.chart.rules
    return joins_episode(
        category=category,
        severity=max(severity_of(rules[item.rule]) for item in finding.fired),
        known_severity=stream.severity,
        clean=finding.clean,
        points_since_closed=since,
        window=stream.judge.chart.window,
    )


def _points_since_closed(stream: Stream) -> int:
    """How many points the chart has had since its signal was closed, with the next; no more than matter."""
    signal = Signal.objects.get(pk=stream.signal)
    newer = store.fetch(
        "SELECT COUNT(*) FROM (SELECT 1 FROM monitoring_point WHERE stream = %s AND position >= %s "
        "AND id > %s AND n > 0 LIMIT %s) newer",
        [stream.id, signal.first_position, signal.closed_point or 0, stream.judge.chart.window + 1],
    )
    return int(newer[0][0]) + 1


def _name(stream: Stream, signal: Signal) -> None:
    stream.severity = signal.severity
    stream.named = frozenset((item["panel"], item["rule"]) for item in signal.rules)


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
    title = collecting.name_of_stream(signal.stream, chart.title)
    create_record(work, SIGNAL, signal, site=chart.site, title=title)
    _index_rules(signal, signal.rules)
    _tell(work, signal, about, rise=False)
    return int(signal.pk)


def _grow(work: Work, stream: Stream, findings: Sequence[Finding], *, unsaved: int) -> None:
    """Let findings join the stream's signal; only a rule that it does not name yet changes the record."""
    fired = {(item.panel, item.rule) for finding in findings for item in finding.fired}
    if fired <= stream.named:
        return
    signal = signal_of(stream.signal)
    if signal is not None and _extend(work, stream, signal, findings, unsaved=unsaved):
        _name(stream, signal)


def _extend(work: Work, stream: Stream, signal: Signal, findings: Sequence[Finding], *, unsaved: int) -> bool:
    """Let a signal name the rules that it does not name yet; false where it is locked or names them all.

    ``unsaved`` counts the points of the signal that are still to be written.
    """
    if signal.header.category in LOCKED:
        return False
    rules = stream.judge.chart.rules
    known = {(item["panel"], item["rule"]) for item in signal.rules}
    fresh = {
        (item.panel, item.rule): item
        for finding in reversed(findings)
        for item in finding.fired
        if (item.panel, item.rule) not in known
    }
    if not fresh:
        return False
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
    return True


def _rule_facts(fired: Fired, rules: RuleSet) -> dict[str, Any]:
    rule = rules[fired.rule]
    facts = {"test": rule.test, "k": rule.k, "of": rule.of, "sigma": rule.sigma, "counts": rule.counts}
    points = [list(point) for point in fired.points]
    told = {"panel": fired.panel, "rule": fired.rule, "definition": facts, "points": points}
    if fired.parts:
        called = products.named(part.number for part in fired.parts)
        titles = {number: title for number, (_, title) in called.items()}
        told["parts"] = [[number, titles.get(number, ""), *said] for number, *said in fired.parts]
    return told


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
