"""What a judgement leaves behind: sealed points, closings and stages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
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
        if out.run is not None and out.run.first > stream.written:
            runs.append((stream.id, out.run, signals))
            stream.written = out.run.last
            continue
        points: Sequence[Point] = out.points if out.run is None else out.run
        if points:
            first, last = points[0].key, points[-1].key
            numbers = judgements_of(stream.id, first, last) if first <= stream.written else {}
            judged += [(stream.id, p, numbers.get(p.key, 0) + 1, signals.get(p.key), "") for p in points]
            stream.written = max(stream.written, last)
    write_points(work, judged)
    write_runs(work, runs)
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
        ) in _numbered(work, "monitoring_point", judged)
    ]  # fmt: skip
    _write(work, POINT, rows)


def write_runs(work: Work, runs: Sequence[tuple[int, Run, Mapping[Key, int]]]) -> None:
    """Write the first judgements of runs, each with its stream and the signals of its points."""
    if not runs:
        return
    fired: list[str] = []
    signals: list[int | None] = []
    for _, run, episodes in runs:
        start = len(fired)
        fired += [""] * len(run)
        signals += [None] * len(run)
        for place, text in run.fired.items():
            fired[start + place] = text
            signals[start + place] = episodes.get((run.readings[place], run.sequences[place]))
    one, nothing = store.Same(1), store.Same(None)
    readings = _along(run.readings for _, run, _ in runs)
    columns: store.Columns = (
        work.ledger.draw_many("monitoring_point", len(fired)),
        store.Same(work.ledger.tx),
        _along([stream] * len(run) for stream, run, _ in runs),
        readings,
        _along(run.sequences for _, run, _ in runs),
        one,
        one,
        one,
        _panel(runs, 0),
        _panel(runs, 1),
        _along([run.limits] * len(run) for _, run, _ in runs),
        fired,
        signals,
        readings,
        readings,
        readings,
        _along(run.moments for _, run, _ in runs),
        _along(run.subgroups for _, run, _ in runs),
        store.Same(""),
        _panel(runs, 2),
        nothing,
        nothing,
    )
    work.write_columns(POINT, columns)


def _along(parts: Iterable[Iterable[Any]]) -> list[Any]:
    return [*chain.from_iterable(parts)]


def _panel(runs: Sequence[tuple[int, Run, Mapping[Key, int]]], place: int) -> Sequence[Any] | store.Same:
    """The values of one panel; nothing where no chart has so many."""
    if all(len(run.values) <= place for _, run, _ in runs):
        return store.Same(None)
    return _along(run.values[place] if len(run.values) > place else [None] * len(run) for _, run, _ in runs)


def write_closings(work: Work, closings: Sequence[tuple[int, Closing]], reason: str = "") -> None:
    """Write that subgroups were closed before they were full."""
    rows = [
        (identity, work.ledger.tx, stream, *item.key, item.how, work.actor.id, work.at, reason)
        for identity, (stream, item) in _numbered(work, "monitoring_closing", closings)
    ]
    _write(work, CLOSING, rows)


def write_stages(work: Work, stages: Sequence[tuple[int, Stage]]) -> None:
    """Write from where on which limits and rules hold."""
    rows = [
        (identity, work.ledger.tx, stream, *item.key, item.version, item.limits_id, work.at)
        for identity, (stream, item) in _numbered(work, "monitoring_stage", stages)
    ]
    _write(work, STAGE, rows)


def _numbered(work: Work, sequence: str, items: Sequence[Any]) -> Iterable[tuple[int, Any]]:
    return zip(work.ledger.draw_many(sequence, len(items)), items, strict=True)


def _write(work: Work, table: Any, rows: Sequence[Sequence[Any]]) -> None:
    if rows:
        work.write(table, rows)
