"""Streams judged anew from where their basis changed: the new judgements supersede, the old ones stay."""

from __future__ import annotations

import logging
from datetime import datetime

from gemba.quality.control.monitoring.anew import Anew, Basis, Held, judge_anew, settled, stage_at
from gemba.quality.control.monitoring.items import MOST_OPEN
from gemba.quality.control.monitoring.keeping import save_streams, take_stream
from gemba.quality.control.monitoring.models import StreamState
from gemba.quality.control.monitoring.points import START, Key, Point
from gemba.quality.control.monitoring.series import members_from
from gemba.quality.control.monitoring.stored import (
    Stored,
    closings_before,
    closings_from,
    count_points,
    points_before,
    points_from,
    stages_of,
    subgroup_named,
    subgroups_before,
)
from gemba.quality.control.monitoring.stream import Stream
from gemba.quality.control.monitoring.subgroups import REMEMBERED, Group
from gemba.quality.control.monitoring.superseding import supersede
from gemba.quality.records.actor import system
from gemba.quality.records.work import Work, recording

CHUNK = 2000
NEAR = 50
RULE = "judging anew"
_log = logging.getLogger("gemba.monitoring")


def rejudge_due(now: datetime, *, limit: int = 20) -> int:
    """Judge anew the streams whose basis changed, a stretch each; returns how many. A job.

    A long stretch takes several calls. A stream that cannot be judged stays marked, and its signal "not
    judged" stays open.
    """
    marked = StreamState.objects.filter(rejudge_position__isnull=False).order_by("rejudge_position")
    done = 0
    for identity in list(marked.values_list("stream", flat=True)[:limit]):
        try:
            with recording(actor=system(RULE), now=now) as work:
                _rejudge(work, identity)
        except Exception:
            _log.exception("judging stream %s anew failed", identity)
        else:
            done += 1
    return done


def _rejudge(work: Work, identity: int) -> None:
    stream = take_stream(work, identity)
    if stream is None or stream.rejudge is None:
        return
    first, last = stream.rejudge
    stages = stages_of(stream.id, stream.characteristic)
    begin = max(_beginning(stream, first), min(stage.key for stage in stages))
    size = CHUNK
    anew, before, follows = _judge(stream, stages, begin, size)
    while follows is not None and follows <= first:
        size *= 2
        anew, before, follows = _judge(stream, stages, begin, size)
    written = _settle(work, stream, anew, begin, last, before, follows)
    work.enter(
        "stream.rejudge",
        detail={"stream": stream.id, "from": list(begin), "judged": len(anew.points), "differ": written},
    )
    save_streams(work, [stream])


def _judge(
    stream: Stream, stages: list[Held], begin: Key, size: int
) -> tuple[Anew, list[Stored], Key | None]:
    """The judgement anew, what is stored before it, and the key at which the next stretch follows."""
    stage = stage_at(stages, begin)
    chart = stage.definition.chart
    before = points_before(stream.id, begin, limit=max(chart.memory, chart.window + 1))
    members, more = members_from(stream.id, begin, limit=size)
    collected = 0 if stage.limits else count_points(stream.id, stage.key, begin)
    short = [] if chart.joined else _closed_short(stream.id, begin, chart.members)
    anew = judge_anew(
        Basis(
            begin,
            stages,
            members,
            [item.point for item in before],
            collected,
            [Group(point.subgroup, point.key, point.slots) for point in short],
            closings_from(stream.id, begin),
        )
    )
    if more is None:
        return anew, before, None
    unfinished = [*anew.cutter.open.values(), *anew.cutter.short.values()]
    follows = min([more, *(group.key for group in unfinished if group.members)])
    anew.points = [item for item in anew.points if item[0].key < follows]
    return anew, before, follows


def _settle(
    work: Work,
    stream: Stream,
    anew: Anew,
    begin: Key,
    last: Key,
    before: list[Stored],
    follows: Key | None,
) -> int:
    """Write what differs; then the judgements settle, another stretch follows, or the stream goes on anew."""
    old = {item.point.key: item for item in points_from(stream.id, begin, before=follows)}
    memory = max(anew.judge.chart.memory, stream.judge.chart.memory)
    count = settled(anew.points, {key: item.point for key, item in old.items()}, last, memory)
    stream.rejudge = None
    if count is not None:
        points = anew.points[:count]
        old = {key: item for key, item in old.items() if key <= points[-1][0].key}
        return supersede(work, stream, points, old, before)
    if follows is not None:
        stream.rejudge = (follows, max(last, follows))
    else:
        _go_on(stream, anew, work.at)
    return supersede(work, stream, anew.points, old, before)


def _go_on(stream: Stream, anew: Anew, now: int) -> None:
    """The stream goes on from the judgement anew; open subgroups keep the time since which they wait."""
    opened = {group.subgroup: group.opened_at for group in stream.cutter.open.values()}
    for group in anew.cutter.open.values():
        group.opened_at = opened.get(group.subgroup, now)
    stream.judge, stream.cutter = anew.judge, anew.cutter
    stream.edge, stream.judged = anew.edge, anew.judged


def _beginning(stream: Stream, first: Key) -> Key:
    """Where to begin so that every subgroup with a reading at or behind the key is judged anew."""
    named = [group.key for group in stream.cutter.open.values() if group.subgroup]
    chart = stream.definition.chart
    if chart.joined:
        unfinished = [group.key for group in stream.cutter.short.values()]
        return _whole_subgroups(stream.id, min([first, *named, *unfinished]), near=MOST_OPEN)
    begin = _whole_subgroups(stream.id, min([first, *named]))
    near = [item.point for item in subgroups_before(stream.id, begin, limit=NEAR)]
    short = [p.key for p in near if p.subgroup and p.slots < chart.members]
    joined = [p.key for p in _closed_short(stream.id, begin, chart.members) if p.last_position >= begin[0]]
    return _whole_subgroups(stream.id, min([begin, *short, *joined]))


def _whole_subgroups(stream: int, begin: Key, *, near: int = NEAR) -> Key:
    """The key, or an earlier one at which no subgroup is under way."""
    while begin > START:
        held = subgroups_before(stream, begin, limit=near)
        earliest = min([begin, *(s.point.key for s in held if s.point.last_position >= begin[0])])
        if earliest == begin:
            break
        begin = earliest
    return begin


def _closed_short(stream: int, begin: Key, size: int) -> list[Point]:
    """The subgroups that were closed short before a key and took stragglers there, in their order.

    However long ago: each closing names its subgroup. One that was full before the key takes none.
    """
    found: dict[str, Point] = {}
    for key in closings_before(stream, begin) if size > 1 else ():
        members, _ = members_from(stream, key, limit=1)
        name = members[0].subgroup if members and members[0].key == key else ""
        point = subgroup_named(stream, name, key) if name and name not in found else None
        if point is not None and (point.slots < size or point.last_position >= begin[0]):
            found[name] = point
        if len(found) == REMEMBERED:
            break
    return [found[name] for name in reversed(found)]
