"""The only writers of gauges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from gemba.quality.control.gauges import events
from gemba.quality.control.gauges.inputs import (
    CalibrationInput,
    GaugeInput,
    Investigation,
    Measured,
    Restriction,
)
from gemba.quality.control.gauges.models import Calibration, Gauge, Impact
from gemba.quality.control.gauges.queries import by_tag
from gemba.quality.control.gauges.record import GAUGE
from gemba.quality.control.gauges.rules import IN_USE, input_reasons, notice_before
from gemba.quality.records.actions import Nothing
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.advance import advance
from gemba.quality.records.canonical import months_after, to_microseconds
from gemba.quality.records.editing import create_reasons, edit_reasons
from gemba.quality.records.given import column_faults
from gemba.quality.records.links import add_link
from gemba.quality.records.models import Header, Site
from gemba.quality.records.outbox import emit
from gemba.quality.records.reasons import Reason, refuse_if
from gemba.quality.records.recorder import change_record, create_record, lock_header
from gemba.quality.records.signatures import Proof
from gemba.quality.records.store import lock_name
from gemba.quality.records.work import recording

WATCH = system("gauges")


def register_gauge(*, site: Site, given: GaugeInput, actor: Actor, now: datetime) -> Gauge:
    """Enter a gauge in the register; it may be used once a calibration found it good."""
    record, header = Gauge(home=site.code), Header()
    with recording(actor=actor, now=now) as work:
        refuse_if([*create_reasons(GAUGE, actor, site.code), *_fill_in(record, header, given)])
        return create_record(work, GAUGE, record, site=site, title=header.title)


def edit_gauge(
    *,
    gauge: Gauge,
    given: GaugeInput,
    reason: str = "",
    expected_version: int | None = None,
    actor: Actor,
    now: datetime,
) -> Gauge:
    """Amend the description; another interval counts from the last calibration at once."""
    with recording(actor=actor, now=now) as work:
        current = lock_header(gauge.header.id)
        before = gauge.interval_months, gauge.notice_days
        refuse_if([*edit_reasons(GAUGE, current, actor), *_fill_in(gauge, gauge.header, given)])
        if before != (gauge.interval_months, gauge.notice_days):
            _settle(gauge, current.state, work.at)
        return change_record(work, gauge, action="edit", reason=reason, expected_version=expected_version)


def take_step(
    *,
    gauge: Gauge,
    step: str,
    given: Any = None,
    reason: str = "",
    expected_version: int | None = None,
    proof: Proof | None = None,
    actor: Actor,
    now: datetime,
) -> Gauge:
    """Take one step of a gauge; ``given`` is a calibration, an investigation or a restriction where it asks.

    Raises
    ------
    Refused
        With every unmet condition.
    """
    typed = Nothing() if given is None else given

    def keep(held: Gauge) -> None:
        act = _APPLY.get(step)
        if act is not None:
            act(held, step, typed, actor, to_microseconds(now))
        _settle(held, held.header.state, to_microseconds(now))

    inputs: Mapping[str, Any] = asdict(typed) | {"reason": reason}
    with recording(actor=actor, now=now) as work:
        before = _suspect_lines(gauge)
        advance(
            gauge,
            step,
            actor=actor,
            now=now,
            inputs=inputs,
            apply=keep,
            expected_version=expected_version,
            proof=proof,
        )
        for line in sorted(_suspect_lines(gauge) - before):
            emit(work, events.SUSPECTED, gauge.header, {"line": line})
    return gauge


def list_impact(*, gauge: Gauge, measured: Sequence[Measured], actor: Actor, now: datetime) -> Gauge:
    """Keep what was measured with a gauge that failed, since it was last good: each line wants an answer."""
    with recording(actor=actor, now=now) as work:
        lock_header(gauge.header.id)
        gauge.refresh_from_db()
        if gauge.listed:
            return gauge
        number, calibration = gauge.impacts.count(), gauge.calibrations.count()
        for place, item in enumerate(measured, start=1):
            values = asdict(item)
            linked = values.pop("characteristic")
            values |= {"characteristic": values.pop("number"), "calibration": calibration}
            Impact.objects.create(gauge=gauge, number=number + place, **values)
            add_link(work, gauge.header.id, "affects", linked, why="measured with it since it was last good")
        gauge.listed = True
        return change_record(work, gauge, action="impact", detail={"lines": len(measured)})


def watch_due(now: datetime, *, limit: int = 200) -> int:
    """Lock what ran out, and tell of what is due soon; how many gauges. A job."""
    at = to_microseconds(now)
    rows = Gauge.objects.select_related("header", "header__site").filter(header__state__in=IN_USE)
    late = list(rows.filter(next_due_at__lte=at).order_by("next_due_at")[:limit])
    for gauge in late:
        take_step(gauge=gauge, step="lock", actor=WATCH, now=now)
    soon = list(rows.filter(notice_at__lte=at, next_due_at__gt=at).order_by("notice_at")[:limit])
    for gauge in soon:
        with recording(actor=WATCH, now=now) as work:
            gauge.notice_at = None
            change_record(work, gauge, action="notice")
            emit(work, events.DUE_SOON, gauge.header, {"due": gauge.next_due_at})
    return len(late) + len(soon)


def _fill_in(record: Gauge, header: Header, given: GaugeInput) -> list[Reason]:
    reasons = list(input_reasons(given))
    header.title = given.title.strip()
    names = [item.name for item in fields(given) if item.name != "title"]
    for name in names:
        value = getattr(given, name)
        setattr(record, name, value.strip() if isinstance(value, str) else value)
    reasons += column_faults(header, ("title",)) + column_faults(record, tuple(names))
    lock_name(f"gemba.gauge.{record.home}.{record.tag}"[:120])
    held = by_tag(record.home, record.tag)
    if held is not None and held.pk != record.pk:
        reasons.append(Reason("gauges.tag_taken", {"tag": record.tag, "number": held.header.number}))
    return reasons


def _settle(gauge: Gauge, state: str, at: int) -> None:
    """What follows from the last calibration and the state: when it is due, from when it may not be used."""
    last = gauge.calibrated_at
    due = None if last is None else months_after(last, gauge.interval_months)
    if due != gauge.next_due_at or due is None:
        gauge.next_due_at = due
        gauge.notice_at = None if due is None else notice_before(due, gauge.notice_days)
    if state in IN_USE and due is not None:
        gauge.closed_from = due
    elif state == "out_of_tolerance":
        gauge.closed_from = gauge.good_at or 0
    else:
        gauge.closed_from = min(gauge.closed_from, at)


def _suspect_lines(gauge: Gauge) -> set[int]:
    return set(gauge.impacts.filter(answer="suspect").values_list("number", flat=True))


def _calibrate(gauge: Gauge, step: str, given: CalibrationInput, actor: Actor, _at: int) -> None:
    verdicts = {"pass": "conform", "repair": "repaired"}
    failed = "nonconform" if given.as_left is None else "adjusted"
    if given.as_left is not None and gauge.permissible_error is not None:
        failed = "adjusted" if abs(given.as_left) <= gauge.permissible_error else "nonconform"
    values = asdict(given) | {"calibrated_at": to_microseconds(given.calibrated_at)}
    row = Calibration(gauge=gauge, number=gauge.calibrations.count() + 1, **values)
    row.verdict, row.recorded_by = verdicts.get(step, failed), actor.id
    refuse_if(column_faults(row, tuple(values)))
    row.save()
    gauge.calibrated_at = row.calibrated_at
    if step == "pass":
        gauge.good_at, gauge.restriction = row.calibrated_at, ""
    if step == "fail":
        gauge.listed = False


def _investigate(gauge: Gauge, _step: str, given: Investigation, actor: Actor, at: int) -> None:
    for answer in given.impacts:
        row = gauge.impacts.get(number=answer.number)
        if answer.answer and (row.answer, row.words) != (answer.answer, answer.words.strip()):
            row.answer, row.words = answer.answer, answer.words.strip()
            row.answered_by, row.answered_at = actor.id, at
            row.save()


def _release(gauge: Gauge, _step: str, given: Any, _actor: Actor, _at: int) -> None:
    gauge.good_at = gauge.calibrated_at
    gauge.restriction = given.restriction.strip() if isinstance(given, Restriction) else ""


_APPLY: Mapping[str, Callable[[Gauge, str, Any, Actor, int], None]] = {
    **dict.fromkeys(("pass", "fail", "repair"), _calibrate),
    "investigate": _investigate,
    **dict.fromkeys(("release", "restrict"), _release),
}
