"""The only writers of charts and signals; ``judge`` is called by the one door for readings.

``run_due`` is the work that waits: call it every few seconds, and after a commit that made some.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import DatabaseError

from gemba.quality.control.collecting import tidy as collecting
from gemba.quality.control.collecting.accepted import Accepted
from gemba.quality.control.collecting.reading import AcceptedReading
from gemba.quality.control.monitoring.by_point import leave_out, start_stage, take_back
from gemba.quality.control.monitoring.episodes import categories_of, note_fault, note_findings
from gemba.quality.control.monitoring.given import give_limits
from gemba.quality.control.monitoring.keeping import (
    Locking,
    definitions_of,
    find_limits,
    save_streams,
    stored_stream,
    take_stream,
    take_streams,
)
from gemba.quality.control.monitoring.lifecycle import REACTING
from gemba.quality.control.monitoring.limit_sets import (
    approve_limits,
    edit_limits,
    propose_due,
    propose_limits,
    reject_limits,
)
from gemba.quality.control.monitoring.models import StreamState
from gemba.quality.control.monitoring.points import Key, Point
from gemba.quality.control.monitoring.rejudging import rejudge_due
from gemba.quality.control.monitoring.signals import (
    acknowledge_signal,
    close_signal,
    give_steps,
    record_action,
    state_cause,
    state_no_cause,
    tick_steps,
)
from gemba.quality.control.monitoring.stream import Outcome, Stream
from gemba.quality.control.monitoring.writing import judgements_of, write_outcomes, write_points
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.models import Header
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.work import Work, recording

__all__ = [
    "Locking",
    "acknowledge_signal",
    "approve_limits",
    "close_due",
    "close_signal",
    "close_subgroup",
    "edit_limits",
    "give_limits",
    "give_steps",
    "judge",
    "leave_out",
    "propose_due",
    "propose_limits",
    "record_action",
    "reject_limits",
    "rejudge_due",
    "run_due",
    "start_stage",
    "state_cause",
    "state_no_cause",
    "take_back",
    "tick_steps",
]
Batch = Accepted | list[AcceptedReading]
_log = logging.getLogger("gemba.monitoring")


def judge(
    work: Work,
    accepted: Accepted,
    together: Sequence[AcceptedReading] = (),
    locking: Locking | None = None,
) -> None:
    """Judge readings that were just stored, in their transaction; ``together`` those of charts over several.

    ``locking`` may have asked for the streams of these readings already.

    A judge that fails loses no reading: the stream is marked for a judgement anew, its points say "not
    judged" with the reason, and a signal of its own is raised.
    """
    batches: dict[int, Batch] = {**accepted.by_stream()}
    for reading in together:
        held = batches.setdefault(reading.stream, [])
        batches[reading.stream] = [*held, reading]
    if not batches:
        return
    wanted = {identity: (batch[0].characteristic, _version(batch)) for identity, batch in batches.items()}
    taken = take_streams(work, wanted, locking)
    judged = [
        _judge_stream(work, stream, batches[identity], taken.broken.get(identity))
        for identity, stream in taken.streams.items()
    ]
    _keep(work, judged)


def _version(batch: Batch) -> int:
    """The newest version of the characteristic that asks for a reading of the batch."""
    if isinstance(batch, Accepted):
        return batch.version
    return max(reading.spec_version for reading in batch)


def run_due(now: datetime) -> int:
    """Close due subgroups, judge anew what changed, propose limits that are ready; how much was done."""
    return close_due(now) + rejudge_due(now) + propose_due(now)


def close_due(now: datetime, *, limit: int = 200) -> int:
    """Close the subgroups that waited long enough, and judge them with the members they have. A job."""
    at = to_microseconds(now)
    due = StreamState.objects.filter(due_at__lte=at).order_by("due_at").values_list("stream", flat=True)
    listed = list(due[:limit])
    for identity in listed:
        with recording(actor=system("subgroups"), now=now) as work:
            _close(work, identity, lambda stream, out: stream.close_due(work.at, out, find_limits))
    return len(listed)


def close_subgroup(*, stream: int, subgroup: str = "", reason: str = "", actor: Actor, now: datetime) -> None:
    """Close an open subgroup with the members it has, and judge it; who reacts at the site may."""
    with recording(actor=actor, now=now) as work:

        def closing(held: Stream, out: Outcome) -> None:
            site = Header.objects.values_list("site_id", flat=True).get(pk=held.characteristic)
            if not actor.has_any(REACTING, site):
                raise Refused([Reason("records.no_right", {"site": site})])
            if subgroup not in held.cutter.open:
                raise Refused([Reason("monitoring.no_open_subgroup", {"subgroup": subgroup})])
            held.close(subgroup, "person", out, find_limits)

        _close(work, stream, closing)
        work.enter("subgroup.close", reason=reason, detail={"stream": stream, "subgroup": subgroup})


Act = Callable[[Stream, Outcome], None]


def _close(work: Work, identity: int, act: Act) -> None:
    stream = take_stream(work, identity)
    if stream is None:
        raise Refused([Reason("monitoring.no_chart", {"stream": identity})])
    out = Outcome()
    act(stream, out)
    stream.judge_ready(out)
    _keep(work, [(stream, out)])


def _keep(work: Work, judged: Sequence[tuple[Stream, Outcome]]) -> None:
    """Write what was judged, with the signals that it raises or joins."""
    categories = categories_of(stream.signal for stream, out in judged if out.findings)
    outcomes = []
    for stream, out in judged:
        signals: dict[Key, int] = {}
        if out.findings:
            signals = note_findings(work, stream, out.findings, categories.get(stream.signal or 0))
        outcomes.append((stream, out, signals))
    write_outcomes(work, outcomes)
    save_streams(work, (stream for stream, _ in judged))


def _judge_stream(work: Work, stream: Stream, batch: Batch, why: str | None) -> tuple[Stream, Outcome]:
    """Judge one stream; ``why`` says that its stored state was broken."""
    if why is None:
        try:
            out = stream.take(batch, work.at, definitions_of(stream.characteristic), find_limits)
        except DatabaseError:
            raise
        except Exception as error:
            _log.exception("judging stream %s failed", stream.id)
            why, stream = repr(error), stored_stream(stream)
    if why is not None:
        _note_fault(work, stream, batch, why)
        out = Outcome(amended=[reading.about or 0 for reading in batch if reading.kind != "reading"])
    for key in collecting.places(out.amended).values() if out.amended else ():
        stream.mark(key)
    return stream, out


def _note_fault(work: Work, stream: Stream, batch: Batch, why: str) -> None:
    """Keep that these readings are not judged, and have them judged anew."""
    slots = [r for r in batch if r.kind == "reading" and r.usable]
    if not slots:
        return
    for reading in slots:
        stream.mark((reading.position, reading.sequence))
    first, last = slots[0], slots[-1]
    key = (first.position, first.sequence)
    point = Point(
        *key, len(slots), 0, None, None, None, "", first.id, last.id, last.position, work.at, first.subgroup
    )
    number = judgements_of(stream.id, key, key).get(key, 0) + 1
    write_points(work, [(stream.id, point, number, None, f"not judged: {why}"[:2000])])
    stream.written = max(stream.written, key)
    note_fault(work, stream, key, (first.id, last.id), work.at, why)
