"""What a judgement leaves behind: sealed points, closings and stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, repeat
from typing import Any

from gemba.quality.control.monitoring.points import Key, Point, Run
from gemba.quality.control.monitoring.stream import Closing, Outcome, Stage, Stream
from gemba.quality.control.monitoring.tables import CLOSING, POINT, STAGE
from gemba.quality.records import store
from gemba.quality.records.work import Work

Judged = tuple[int, Point, int, int | None, str]
"""A stream, a point, the number of the judgement, its signal, and why judging failed."""


def write_outcomes(work: Work, outcomes: Sequence[tuple[Stream, Outcome, Mapping[Key, int]]]) -> None:
    """Write what a batch made of its streams; the signals of points are given by key."""
    judged: list[Judged] = []
    runs: list[tuple[int, Run, Mapping[Key, int]]] = []
    for stream, out, signals in outcomes:
        points: Sequence[Point] = out.points if out.run is None else out.run
        if not points:
            continue
        first, last = points[0].key, points[-1].key
        if out.run is not None and first > stream.written:
            runs.append((stream.id, out.run, signals))
        else:
            numbers = judgements_of(stream.id, first, last) if first <= stream.written else {}
            judged += [(stream.id, p, numbers.get(p.key, 0) + 1, signals.get(p.key), "") for p in points]
        stream.written = max(stream.written, last)
    _write_points(work, judged, runs)
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
    _write_points(work, judged, [])


def _write_points(
    work: Work, judged: Sequence[Judged], runs: Sequence[tuple[int, Run, Mapping[Key, int]]]
) -> None:
    tx, count = work.ledger.tx, len(judged) + sum(len(run) for _, run, _ in runs)
    ids = iter(store.next_values("monitoring_point", count) if count else ())
    rows: list[tuple[Any, ...]] = [
        (
            next(ids), tx, stream, position, sequence, judgement, slots, n, first, second, limits, fired,
            signal, first_reading, last_reading, last_position, at, subgroup, fault, third, size, memory,
        )
        for (
            stream,
            (
                position, sequence, slots, n, first, second, limits, fired, first_reading, last_reading,
                last_position, at, subgroup, third, size, memory,
            ),
            judgement, signal, fault,
        ) in judged
    ]  # fmt: skip
    for stream, run, signals in runs:
        rows += _rows_of(run, ids, tx, stream, signals)
    _write(work, POINT, rows)


def _rows_of(
    run: Run, ids: Iterator[int], tx: int, stream: int, signals: Mapping[Key, int]
) -> Iterable[tuple[Any, ...]]:
    """The rows of the first judgement of a run, column by column."""
    readings, same = run.readings, repeat
    fired = [""] * len(run)
    episodes: list[int | None] = [None] * len(run)
    for place, text in run.fired.items():
        fired[place] = text
        episodes[place] = signals.get((readings[place], run.sequences[place]))
    first, second, third = [*run.values, same(None), same(None), same(None)][:3]
    return zip(
        islice(ids, len(run)), same(tx), same(stream), readings, run.sequences, same(1), same(1),
        same(1), first, second, same(run.limits), fired, episodes, readings, readings, readings, run.moments,
        run.subgroups, same(""), third, same(None), same(None), strict=False,
    )  # fmt: skip


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
