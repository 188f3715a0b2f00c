"""The screening: from many streams to one ranked answer."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from typing import Any

import numpy as np

from gemba.stats.charts.rules import BARE, RulesLike, rule_set
from gemba.stats.charts.subgroup_statistics import means_and_ranges
from gemba.stats.data import Frame, backend_of
from gemba.stats.figures.reduce import reduce_points
from gemba.stats.kernels import Engine, engine_name, working
from gemba.stats.results import N_, DataError, Floats, UnknownName, sealed
from gemba.stats.screening.findings import ORDERS, find, indices, ranked, stability
from gemba.stats.screening.judged import cut, measure
from gemba.stats.screening.measures import Asked, Figures, Measures
from gemba.stats.screening.parquet import ParquetStreams, is_files
from gemba.stats.screening.result import Screening, Trace
from gemba.stats.screening.specifications import Specifications
from gemba.stats.screening.streams import Batch, LongStreams, Streams, WideStreams, ahead

DRAWN = 12
"""The worst streams, whose course is kept for the picture."""
WORTH_THREADS = 1_000_000
"""Of fewer values one thread is as quick."""
KEPT = tuple(field.name for field in fields(Measures))
POINTS = 240
"""The most points of such a course."""


def screen(
    frame: Frame,
    *,
    value: str | Sequence[str] | None = None,
    stream: str | None = None,
    specs: Any = None,
    size: int = 1,
    rules: RulesLike = BARE,
    min_cpk: float = 1.33,
    chance: float = 0.05,
    order: str = "concern",
    engine: Engine = None,
    workers: int | None = None,
) -> Screening:
    """Which of many streams are dead, not capable, have moved, or are not stable?

    Parameters
    ----------
    frame : Frame
        Wide data (each column a stream) or long data (a column of values and one that names the stream).
        Rows are in time order. Or Parquet files, by a pattern such as ``"measurements/*.parquet"`` or a list
        of paths: they are read row group by row group and need not fit into memory.
    value : str or list of str, optional
        Wide data: the columns; without it all that hold numbers. Long data: the column of values.
    stream : str, optional
        Long data: the column that says to which stream a value belongs.
    specs : optional
        Specifications: a ``Tolerance``, ``(lsl, usl)`` or ``{"lsl": ..., "usl": ..., "target": ...}`` for all
        streams, a mapping of stream -> one of these, or a frame with the columns stream, lsl, usl and target.
    size : int
        How many rows make a subgroup; 1 judges single values.
    rules : RuleSet, str or sequence
        Run rules of the chart that judges each stream; default only the control limits.
    min_cpk : float
        The Ppk below which a stream is not capable.
    chance : float
        Shared by all streams: the chance to state a shift, a drift or a dead sensor where there is none.
    order : {"concern", "ppk", "signals", "shift", "drift", "name"}
        By what the streams are ranked. By concern: streams without values, dead sensors, not capable, mean
        shifted, drifting, not stable, then the rest; within each the worst first.
    engine : {"numpy", "fast"}, optional
        What computes, as in ``control_chart``; ``screening.engine`` says which it was.
    workers : int, optional
        How many threads; without it as many as there are cores, and one where the data are few.

    Returns
    -------
    Screening
        ``measures``, ``cpk``, ``ppk``, ``found``, ``ranking``; ``plot()`` draws the worst.

    Raises
    ------
    DataError
        For text or infinity in a column that was named, a stream without name, limits that contradict each
        other, a size below 1.
    UnknownName
        For a column, a rule or an order that does not exist.

    Notes
    -----
    Of each stream the answer is what ``capability`` and ``control_chart`` give: sigma within by the average
    moving range, or pooled over subgroups. The shift is the largest difference of two means in its standard
    errors (Hinkley, Biometrika 57, 1970), with Bonferroni's bound for the place; the drift is the slope of
    the least-squares line.

    Examples
    --------
    >>> import numpy as np
    >>> data = np.random.default_rng(0).normal(10, 1, (200, 3))
    >>> data[120:, 1] += 2
    >>> screening = screen({"a": data[:, 0], "b": data[:, 1], "c": np.full(200, 7.0)})
    >>> screening.worst(2), screening.findings("b")
    (('c', 'b'), ('shift', 'not stable'))
    """
    asked = _asked(size, rules, min_cpk=min_cpk, chance=chance, order=order)
    streams = _open(frame, value, stream, _threads(workers))
    limits = Specifications.of(specs)
    with working(engine, streams.values):
        names, parts = _measured(streams, asked, limits, _threads(workers, streams.values))
        computed_by = engine_name()
    measures = Measures.joined(parts)
    lsl, usl, target = limits.arrays(names)
    index = indices(measures, lsl, usl)
    stable = stability(measures, asked)
    found = find(measures, index, stable, asked, chance=chance, min_cpk=min_cpk)
    ranking = ranked(order, names, measures, index, found)
    fired = [np.concatenate(counts) for counts in zip(*(part["fired"] for part in parts), strict=True)]
    worst = [names[place] for place in ranking[:DRAWN].tolist()]
    return Screening(
        streams=tuple(names),
        measures=measures,
        kind=asked.kind,
        size=asked.size,
        rules=asked.rules,
        rule_names=_rule_names(asked),
        fired=tuple(sealed(counts) for counts in fired),
        lsl=lsl,
        usl=usl,
        target=target,
        **index._asdict(),
        stable=stable,
        found=found,
        order=order,
        ranking=ranking,
        traces=_traces(streams, worst, asked),
        chance=chance,
        min_cpk=min_cpk,
        skipped=streams.skipped,
        without_stream=limits.without(names),
        rows=int((measures.n + measures.missing).sum()),
        backend="dict" if is_files(frame) else backend_of(frame),
        engine=computed_by,
    )


def _asked(size: int, rules: RulesLike, *, min_cpk: float, chance: float, order: str) -> Asked:
    if order not in ORDERS:
        raise UnknownName(order, ORDERS, what=N_("order"), argument="order")
    if not 0 < chance < 1:
        raise DataError(
            N_("a chance of {value} is impossible"),
            mend=N_("Give a number between 0 and 1, such as 0.05"),
            argument="chance",
            value=chance,
        )
    if not 0 < min_cpk < math.inf:
        raise DataError(
            N_("a wanted Cpk of {value} is impossible"),
            mend=N_("Give a number above zero, such as 1.33"),
            argument="min_cpk",
            value=min_cpk,
        )
    if not 1 <= size <= 100:
        raise DataError(
            N_("a subgroup of {value} values is impossible"),
            mend=N_("Give a size from 1 to 100"),
            argument="size",
            value=size,
        )
    return Asked(size, rule_set(rules))


def _threads(workers: int | None, values: int = WORTH_THREADS) -> int:
    if workers is None:
        return min(os.cpu_count() or 1, 8) if values >= WORTH_THREADS else 1
    if workers < 1:
        raise DataError(
            N_("{value} threads can do nothing"),
            mend=N_("Give a number from 1 on, or leave it out"),
            argument="workers",
            value=workers,
        )
    return workers


def _open(frame: Frame, value: str | Sequence[str] | None, stream: str | None, threads: int) -> Streams:
    if is_files(frame):
        return ParquetStreams(frame, value, stream, threads)
    if stream is None:
        return WideStreams(frame, [value] if isinstance(value, str) else value)
    if not isinstance(value, str):
        raise DataError(
            N_("the column of streams is named, and not one column of values"),
            mend=N_("Give value too, or leave out stream where each column is a stream"),
            argument="value",
        )
    return LongStreams(frame, value, stream)


def _measured(
    streams: Streams, asked: Asked, limits: Specifications, threads: int
) -> tuple[list[str], list[Figures]]:
    def work(batch: Batch) -> tuple[list[str], Figures]:
        lsl, usl, _ = limits.arrays(batch.names)
        figures = measure(batch, asked, lsl, usl)
        return batch.names, {name: figures[name] for name in (*KEPT, "fired")}

    names: list[str] = []
    parts: list[Figures] = []
    with ThreadPoolExecutor(threads) as pool:
        batches = streams.batches()
        done = map(work, batches) if threads == 1 else ahead(pool, work, batches, 4 * threads)
        for named, figures in done:
            names += named
            parts.append(figures)
    if not names:
        raise DataError(
            N_("no column holds numbers"),
            mend=N_("Check that this is the right file, or name the columns by value"),
            argument="value",
        )
    return names, parts


def _rule_names(asked: Asked) -> tuple[str, ...]:
    pairs = zip(asked.panels, asked.of_panels, strict=True)
    return tuple(f"{panel} {code}" for panel, rules in pairs for code in rules.codes)


def _traces(streams: Streams, names: Sequence[str], asked: Asked) -> tuple[Trace, ...]:
    values = streams.of(names)
    return tuple(_trace(name, values[name], asked) for name in names)


def _trace(name: str, values: Floats, asked: Asked) -> Trace:
    points = values
    if asked.size > 1:
        batch = Batch([name], values, np.array([0, len(values)], dtype=np.int64))
        groups, _ = cut(batch, asked.size)
        points = means_and_ranges(groups)[0]
    drawn = reduce_points(points, np.zeros(len(points), dtype=np.int64), 0.0, limit=POINTS).drawn
    return Trace(name, sealed(drawn + 1), sealed(points[drawn]))
