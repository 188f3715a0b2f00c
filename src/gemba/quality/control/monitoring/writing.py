"""What a judgement leaves behind: sealed points, closings and stages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gemba.quality.control.monitoring.points import Key, Point
from gemba.quality.control.monitoring.stream import Closing, Outcome, Stage, Stream
from gemba.quality.control.monitoring.tables import CLOSING, POINT, STAGE
from gemba.quality.records import store
from gemba.quality.records.work import Work

Judged = tuple[int, Point, int, int | None, str]
"""A stream, a point, the number of the judgement, its signal, and why judging failed."""


def write_outcomes(work: Work, outcomes: Sequence[tuple[Stream, Outcome, Mapping[Key, int]]]) -> None:
    """Write what a batch made of its streams; the signals of points are given by key."""
    judged: list[Judged] = []
    for stream, out, signals in outcomes:
        if not out.points:
            continue
        numbers: Mapping[Key, int] = {}
        if out.points[0].key <= stream.written:
            numbers = judgements_of(stream.id, out.points[0].key, out.points[-1].key)
        judged += (
            [(stream.id, p, numbers.get(p.key, 0) + 1, signals.get(p.key), "") for p in out.points]
            if numbers or signals
            else [(stream.id, p, 1, None, "") for p in out.points]
        )
        stream.written = max(stream.written, out.points[-1].key)
    write_points(work, judged)
    write_closings(work, [(stream.id, item) for stream, out, _ in outcomes for item in out.closings])
    write_stages(work, [(stream.id, item) for stream, out, _ in outcomes for item in out.stages])


def judgements_of(stream: int, first: Key, last: Key) -> dict[Key, int]:
    """How often each point between two keys was judged so far."""
    rows = store.fetch(
        "SELECT position, sequence, MAX(judgement) FROM monitoring_point WHERE stream = %s "
        "AND (position, sequence) >= (%s, %s) AND (position, sequence) <= (%s, %s) "
        "GROUP BY position, sequence",
        [stream, *first, *last],
    )
    return {(position, sequence): int(number) for position, sequence, number in rows}


def write_points(work: Work, judged: Sequence[Judged]) -> None:
    """Write judgements of points."""
    tx = work.ledger.tx
    rows = [
        (
            identity, tx, stream, position, sequence, judgement, slots, n, first, second, limits, fired,
            signal, first_reading, last_reading, last_position, at, subgroup, fault, third, size, memory,
        )
        for identity, (
            stream,
            (
                position, sequence, slots, n, first, second, limits, fired, first_reading, last_reading,
                last_position, at, subgroup, third, size, memory,
            ),
            judgement, signal, fault,
        ) in _numbered("monitoring_point", judged)
    ]  # fmt: skip
    _write(work, POINT, rows)


def write_closings(work: Work, closings: Sequence[tuple[int, Closing]], reason: str = "") -> None:
    """Write that subgroups were closed before they were full."""
    rows = [
        (identity, work.ledger.tx, stream, *item.key, item.how, work.actor.id, work.at, reason)
        for identity, (stream, item) in _numbered("monitoring_closing", closings)
    ]
    _write(work, CLOSING, rows)


def write_stages(work: Work, stages: Sequence[tuple[int, Stage]]) -> None:
    """Write from where on which limits and rules hold."""
    rows = [
        (identity, work.ledger.tx, stream, *item.key, item.version, item.limits_id, work.at)
        for identity, (stream, item) in _numbered("monitoring_stage", stages)
    ]
    _write(work, STAGE, rows)


def _numbered(sequence: str, items: Sequence[Any]) -> Iterable[tuple[int, Any]]:
    return zip(store.next_values(sequence, len(items)), items, strict=True) if items else ()


def _write(work: Work, table: Any, rows: Sequence[Sequence[Any]]) -> None:
    if rows:
        work.write(table, rows)
