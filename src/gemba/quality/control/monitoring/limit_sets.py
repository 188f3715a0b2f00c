"""Limits on their way: proposed from what a chart collected, signed by another, in force from a moment on."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from gemba.quality.control.collecting import queries as collecting
from gemba.quality.control.monitoring import events
from gemba.quality.control.monitoring.anew import Held, stage_at
from gemba.quality.control.monitoring.judging import LearnedFor
from gemba.quality.control.monitoring.keeping import definitions_of, find_limits, save_streams, take_stream
from gemba.quality.control.monitoring.lifecycle import LIMIT_SET_LIFECYCLE, STUDYING
from gemba.quality.control.monitoring.models import LimitSet, StreamState
from gemba.quality.control.monitoring.points import Key
from gemba.quality.control.monitoring.record import LIMIT_SET
from gemba.quality.control.monitoring.stored import (
    first_point_since,
    newest_points,
    stages_of,
)
from gemba.quality.control.monitoring.stream import Pending, Stage, Stream
from gemba.quality.control.monitoring.study import Study, study_points
from gemba.quality.control.monitoring.window import NEWEST, key_of
from gemba.quality.control.monitoring.writing import write_stages
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.advance import advance
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.models import Header
from gemba.quality.records.outbox import emit
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.recorder import change_record, create_record, lock_header
from gemba.quality.records.signatures import Proof
from gemba.quality.records.tasks import open_task
from gemba.quality.records.work import Work, recording
from gemba.stats import StatsError

RULE = "limits"
TASK = "monitoring.task_limits"
TASK_MINUTES = 8 * 60
MOST_STUDIED = 1000
"""How many points limits are calculated from at the most, so that no other writer waits long."""
_log = logging.getLogger("gemba.monitoring")


def propose_due(now: datetime, *, limit: int = 20) -> int:
    """Propose limits for charts that have collected enough; returns how many. A job.

    Only a chart without limits: nobody recalculates limits silently.
    """
    ready = StreamState.objects.filter(
        limits=None, proposed=None, rejudge_position=None, collected__gte=F("needed"), needed__gt=0
    )
    made = 0
    for identity in list(ready.order_by("stream").values_list("stream", flat=True)[:limit]):
        try:
            propose_limits(stream=identity, actor=system(RULE), now=now)
        except Refused:
            _log.exception("limits of stream %s cannot be proposed", identity)
        else:
            made += 1
    return made


def points_between(first: str, last: str) -> tuple[Key, Key] | None:
    """The keys of two points by their names; ``None`` where neither is named.

    Raises
    ------
    Refused
        When one of them is no name of a point.
    """
    if not first and not last:
        return None
    one, other = key_of(first), key_of(last)
    if one is None or other is None:
        raise Refused([Reason("monitoring.point_unknown", {"point": first if one is None else last})])
    return one, other


def propose_limits(
    *,
    stream: int,
    since: datetime | None = None,
    until: datetime | None = None,
    between: tuple[Key, Key | None] | None = None,
    excluded: Mapping[str, str] | None = None,
    why: str = "",
    holds_from: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> LimitSet:
    """Calculate limits from the points of the present stage, or of a time within it, and propose them.

    Where there are more than ``MOST_STUDIED`` points, the newest of them count.

    Parameters
    ----------
    since, until : datetime, optional
        Only points of this time.
    between : pair of keys, optional
        Instead: the points from one to another, or to the newest, also of stages before.
    excluded : mapping, optional
        Names of points to leave out (``"position.sequence"``), each with its assignable cause.
    why : str
        Why they are calculated again; needed before approval where limits are in force.
    holds_from : datetime, optional
        From when they shall hold; whoever approves them may say otherwise.

    Raises
    ------
    Refused
        When the stream has no chart, limits are proposed already, or none can be calculated.
    """
    with recording(actor=actor, now=now) as work:
        held = take_stream(work, stream)
        if held is None:
            raise Refused([Reason("monitoring.no_chart", {"stream": stream})])
        chart = Header.objects.select_related("site").get(pk=held.characteristic)
        _refuse([*may_study(actor, chart.site_id), *proposed_already(held)])
        span = _span(held, since, until) if between is None else _stretch(held, *between)
        study = _study(held, span, excluded or {}, chart.title)
        record = LimitSet(
            characteristic=chart,
            stream=stream,
            definition=held.definition.version,
            kind=held.definition.chart.kind.name,
            size=held.definition.chart.size,
            why=why.strip(),
            replaces=held.judge.limits_id,
            valid_from=None if holds_from is None else to_microseconds(holds_from),
        )
        _fill(record, study)
        open_proposal(work, held, record, chart, {"points": record.points})
    return record


def open_proposal(
    work: Work, held: Stream, record: LimitSet, chart: Header, values: Mapping[str, object], task: str = TASK
) -> None:
    """Keep proposed limits as a record and lay them before whoever approves; ``values`` fill the task."""
    name = collecting.name_of_stream(held.id, chart.title)
    create_record(work, LIMIT_SET, record, site=chart.site, title=name)
    held.proposed = record.pk
    save_streams(work, [held])
    facts = {"limit_set": record.pk, "stream": held.id, "points": record.points, "name": name}
    emit(work, events.PROPOSED, record.header, facts)
    open_task(
        what=task,
        values={"name": name, **values},
        assignee="role:approver",
        header=record.header,
        due_minutes=TASK_MINUTES,
        subject=f"limits:{record.pk}",
        actor=work.actor,
        now=work.now,
    )


def edit_limits(
    *,
    limit_set: LimitSet,
    excluded: Mapping[str, str],
    why: str = "",
    reason: str = "",
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> LimitSet:
    """Calculate proposed limits again with these points left out, each for an assignable cause."""
    with recording(actor=actor, now=now) as work:
        header = lock_header(limit_set.header.id)
        reasons = may_study(actor, header.site_id)
        if header.state != "proposed":
            label = LIMIT_SET_LIFECYCLE.state(header.state).label
            reasons.append(Reason("monitoring.not_proposed", {"state": label}))
        if not limit_set.points:
            reasons.append(Reason("monitoring.given_points", {"number": header.number}))
        _refuse(reasons)
        held = take_stream(work, limit_set.stream)
        if held is None:
            raise Refused([Reason("monitoring.no_chart", {"stream": limit_set.stream})])
        span = (
            (limit_set.first_position, limit_set.first_sequence),
            (limit_set.last_position, limit_set.last_sequence),
        )
        _fill(limit_set, _study(held, span, excluded, header.title))
        limit_set.why = why.strip() or limit_set.why
        return change_record(work, limit_set, action="edit", reason=reason, expected_version=expected_version)


def approve_limits(
    *,
    limit_set: LimitSet,
    valid_from: datetime,
    why: str = "",
    actor: Actor,
    now: datetime,
    proof: Proof | None = None,
    expected_version: int | None = None,
) -> LimitSet:
    """Put limits in force from a moment on; signed by somebody who did not propose them.

    From a moment that has passed, the points since then are judged anew by them.
    """
    moment = to_microseconds(valid_from)

    def fill(record: LimitSet) -> None:
        record.valid_from, record.why = moment, why.strip() or record.why

    with recording(actor=actor, now=now) as work:
        held = take_stream(work, limit_set.stream)
        _refuse(_other_chart(limit_set, held))
        record = advance(
            limit_set,
            "approve",
            actor=actor,
            now=now,
            inputs={"valid_from": valid_from, "why": why or limit_set.why},
            apply=fill,
            expected_version=expected_version,
            proof=proof,
            effective_from=valid_from,
        )
        if held is not None:
            _put_in_force(work, held, record, moment)
            save_streams(work, [held])
    return record


def reject_limits(
    *, limit_set: LimitSet, reason: str, actor: Actor, now: datetime, expected_version: int | None = None
) -> LimitSet:
    """Turn proposed limits down; the chart goes on as it was."""
    with recording(actor=actor, now=now) as work:
        record = advance(
            limit_set,
            "reject",
            actor=actor,
            now=now,
            inputs={"reason": reason},
            expected_version=expected_version,
        )
        held = take_stream(work, limit_set.stream)
        if held is not None and held.judge.limits is not None and held.proposed == record.pk:
            held.proposed = None
            save_streams(work, [held])
    return record


def _put_in_force(work: Work, held: Stream, record: LimitSet, moment: int) -> None:
    for other in (
        LimitSet.objects.select_related("header")
        .filter(stream=held.id, header__state="approved")
        .exclude(pk=record.pk)
    ):
        advance(
            other,
            "supersede",
            actor=system(RULE),
            now=work.now,
            inputs={"reason": f"superseded by {record.header.number}"},
        )
    if held.judge.limits is not None or record.replaces is not None:
        held.proposed = None
    if moment > work.at:
        held.pending = Pending(record.pk, moment)
        return
    held.pending = None
    first = first_point_since(held.id, moment)
    begins = (held.edge[0], held.edge[1] + 1) if first is None else first
    held.judge.begin(held.definition.chart, find_limits(record.pk), record.pk)
    write_stages(work, [(held.id, Stage(begins, held.definition.version, record.pk))])
    if first is not None:
        held.mark(first)
        held.mark(held.judged)


def _span(held: Stream, since: datetime | None, until: datetime | None) -> tuple[Key, Key]:
    """The keys of the first and last point of the present stage within a time, of the newest ones."""
    stage = _present(held)
    earliest = None if since is None else to_microseconds(since)
    latest = None if until is None else to_microseconds(until)
    found = newest_points(held.id, stage.key, since=earliest, until=latest, limit=MOST_STUDIED)
    if not found:
        raise Refused([Reason("monitoring.no_limits", {"problem": "0 points"})])
    return found[0].point.key, found[-1].point.key


def _stretch(held: Stream, first: Key, last: Key | None) -> tuple[Key, Key]:
    """The keys of the first and last point from one key to another, all of the chart that is drawn now."""
    found = newest_points(held.id, first, last=last or NEWEST, limit=MOST_STUDIED)
    if not found:
        raise Refused([Reason("monitoring.no_limits", {"problem": "0 points"})])
    span = found[0].point.key, found[-1].point.key
    then = stage_at(stages_of(held.id, held.characteristic), span[0]).definition.chart
    _refuse(_not_the_chart_of_now(held, then.basis))
    return span


def _present(held: Stream) -> Held:
    return stage_at(stages_of(held.id, held.characteristic), held.judged)


def _study(held: Stream, span: tuple[Key, Key], excluded: Mapping[str, str], name: str) -> Study:
    try:
        return study_points(held, span, excluded, name)
    except StatsError as error:
        raise Refused([Reason("monitoring.no_limits", {"problem": error})]) from error


def _fill(record: LimitSet, study: Study) -> None:
    chart = study.chart
    record.limits = json.dumps(chart.limits.to_dict(), sort_keys=True, separators=(",", ":"))
    record.points = chart.limits.points
    record.first_position, record.first_sequence = study.keys[0]
    record.last_position, record.last_sequence = study.keys[-1]
    record.excluded = study.excluded
    record.stable = chart.stable
    record.found = chart.headline("en")


def may_study(actor: Actor, site: str) -> list[Reason]:
    """What stands against studying limits at a site."""
    return [] if actor.has_any(STUDYING, site) else [Reason("records.no_right", {"site": site})]


def proposed_already(held: Stream) -> Sequence[Reason]:
    """Limits of a stream are proposed once at a time."""
    open_one = LimitSet.objects.filter(stream=held.id, header__state="proposed").select_related("header")
    return [Reason("monitoring.proposed_already", {"number": item.header.number}) for item in open_one]


def _other_chart(limit_set: LimitSet, held: Stream | None) -> list[Reason]:
    if held is None:
        return [Reason("monitoring.no_chart", {"stream": limit_set.stream})]
    return _not_the_chart_of_now(held, _basis_of(limit_set))


def _not_the_chart_of_now(held: Stream, then: LearnedFor) -> list[Reason]:
    now = held.definition.chart.basis
    if now == then:
        return []
    words: dict[str, Any] = {"now": _called(now), "then": _called(then)}
    return [Reason("monitoring.other_chart", words)]


def _basis_of(limit_set: LimitSet) -> LearnedFor:
    """What the limits were learned for, by the version of the characteristic at that time."""
    found = definitions_of(limit_set.characteristic_id)(limit_set.definition)
    rest = ("", ()) if found is None else found.chart.basis[2:]
    return limit_set.kind, limit_set.size, *rest


def _called(basis: LearnedFor) -> str:
    kind, size, design, joined = basis
    return f"{kind} ({', '.join(filter(None, (*(joined or (str(size),)), design)))})"


def _refuse(reasons: Sequence[Reason]) -> None:
    if reasons:
        raise Refused(reasons)
