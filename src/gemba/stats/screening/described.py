"""What is told of each stream without its chart: counts, sigma overall, equal neighbours, shift and drift."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from gemba.stats.kernels import fast
from gemba.stats.results import Floats, Ints
from gemba.stats.screening.measures import Figures
from gemba.stats.screening.streams import Batch

STRETCH = 5
"""Fewer values in a row are outliers, and no stretch with a mean of its own."""


def describe(batch: Batch, lsl: Floats, usl: Floats, *, ranges: bool) -> Figures:
    """Figures of a batch by their names; ``step`` to ``scatter`` are not yet in sigma within.

    ``ranges`` are the moving ranges of all values, where they are asked for; ``apart`` says whether a missing
    value stands after each stream in them.
    """
    if fast():
        return _compiled(batch, lsl, usl, ranges=ranges)
    streams = _Padded.of(batch)
    found = _scatter(streams) | _outside(streams, lsl, usl) | _sameness(streams)
    return found | _moved(streams, found) | {"apart": True}


def _compiled(batch: Batch, lsl: Floats, usl: Floats, *, ranges: bool) -> Figures:
    from gemba.stats.kernels import streams

    limits = np.column_stack([lsl, usl])
    told = streams.describe(batch.values, batch.starts, limits, STRETCH, keep=ranges)
    found: Figures = dict(zip(streams.COUNTS, told.counts.T, strict=True))
    found |= zip(streams.FIGURES, told.figures.T, strict=True)
    return found | {"missing": batch.lengths - found["n"], "ranges": told.ranges, "apart": False}


class _Padded(NamedTuple):
    """The streams of a batch with a missing value after each, so that no rule reaches over a border."""

    x: Floats
    starts: Ints
    lengths: Ints
    known: Any
    whole: bool

    @classmethod
    def of(cls, batch: Batch) -> _Padded:
        x, starts = padded(batch.values, batch.starts)
        known = ~np.isnan(x)
        lengths = batch.lengths
        whole = int(np.count_nonzero(known)) == len(batch.values)
        return cls(x, starts, lengths, known, whole)

    def each(self, figure: Any) -> Any:
        """A figure of the streams at each of their values."""
        return np.repeat(figure, self.lengths + 1)

    def total(self, values: Any) -> Any:
        """The sum over each stream."""
        return np.add.reduceat(values, self.starts)


def padded(values: Floats, starts: Ints) -> tuple[Floats, Ints]:
    """Streams with a missing value after each, and where each starts then."""
    count = len(starts) - 1
    apart = np.full(len(values) + count, np.nan)
    for place in range(count):
        first, stop = int(starts[place]), int(starts[place + 1])
        apart[first + place : stop + place] = values[first:stop]
    return apart, starts[:-1] + np.arange(count)


def _scatter(streams: _Padded) -> Figures:
    x, known = streams.x, streams.known
    n = np.add.reduceat(known, streams.starts, dtype=np.int64)
    places = streams.starts
    if not streams.whole:
        heads = np.where(known, np.arange(len(x)), len(x) - 1)
        places = np.minimum.reduceat(heads, streams.starts)
    first = x[places]
    away = x - streams.each(first)
    away[~known] = 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = streams.total(away) / n
        away -= streams.each(middle)
        away[~known] = 0.0
        overall = np.sqrt(streams.total(away * away) / (n - 1.0))
    overall[n < 2] = np.nan
    return {
        "n": n,
        "missing": streams.lengths - n,
        "mean": first + middle,
        "overall": overall,
        "lowest": np.fmin.reduceat(x, streams.starts),
        "highest": np.fmax.reduceat(x, streams.starts),
        "away": away,
    }


def _outside(streams: _Padded, lsl: Floats, usl: Floats) -> Figures:
    counts = {}
    for name, limit, compare in (("below", lsl, np.less), ("above", usl, np.greater)):
        if np.isnan(limit).all():
            counts[name] = np.zeros(len(limit), dtype=np.int64)
        else:
            outside = compare(streams.x, streams.each(limit))
            counts[name] = np.add.reduceat(outside, streams.starts, dtype=np.int64)
    return counts


def _sameness(streams: _Padded) -> Figures:
    """Moving ranges, and the longest run of equal values; a missing one breaks it."""
    moves = np.empty_like(streams.x)
    moves[0] = np.nan
    np.subtract(streams.x[1:], streams.x[:-1], out=moves[1:])
    np.abs(moves, out=moves)
    equal = moves == 0
    number = np.arange(len(moves))
    since = number - np.maximum.accumulate(np.where(equal, 0, number))
    longest = np.maximum.reduceat(since, streams.starts) + 1
    n = np.add.reduceat(streams.known, streams.starts, dtype=np.int64)
    return {
        "ranges": moves,
        "range_sum": streams.total(np.where(np.isnan(moves), 0.0, moves)),
        "equal": np.add.reduceat(equal, streams.starts, dtype=np.int64),
        "moves": np.add.reduceat(~np.isnan(moves), streams.starts, dtype=np.int64),
        "longest": np.where(n > 0, longest, 0),
    }


def _moved(streams: _Padded, found: Figures) -> Figures:
    """Where two means explain the values best, and the straight line through them."""
    away, n = found.pop("away"), found["n"].astype(np.float64)
    ends = streams.starts + streams.lengths
    sums = np.cumsum(away)
    sums -= streams.each(np.append(0.0, sums[ends[:-1]]))
    number = np.arange(len(away), dtype=np.float64) - streams.each(streams.starts)
    before = number + 1 if streams.whole else _counted(streams, ends)
    after = streams.each(n) - before
    with np.errstate(invalid="ignore", divide="ignore"):
        long = (before >= STRETCH) & (after >= STRETCH)
        gain = np.where(long, np.abs(sums) / np.sqrt(before * after), 0.0)
        best = np.maximum.reduceat(gain, streams.starts)
        places = np.flatnonzero(long & (gain > 0) & (gain == streams.each(best)))
        at, there = _first_in(places, streams)
        step = np.where(there, -sums[at] * n / (before[at] * after[at]), np.nan)
        times = np.where(streams.known, number - streams.each((streams.lengths - 1) / 2), 0.0)
        scatter = streams.total(times * times) - streams.total(times) ** 2 / n
        slope = streams.total(times * away) / scatter
    row = np.where(there, at - streams.starts + 2, 0)
    return {"step": step, "gain": best, "row": row, "slope": slope, "scatter": scatter}


def _first_in(places: Ints, streams: _Padded) -> tuple[Ints, Any]:
    """The first of the places that lies in each stream, and whether one does."""
    if not len(places):
        return streams.starts, np.zeros(len(streams.starts), dtype=np.bool_)
    at = places[np.minimum(np.searchsorted(places, streams.starts), len(places) - 1)]
    return at, (at >= streams.starts) & (at < streams.starts + streams.lengths)


def _counted(streams: _Padded, ends: Ints) -> Floats:
    """How many values stand up to each place of its stream."""
    running = np.cumsum(streams.known).astype(np.float64)
    counted: Floats = running - streams.each(np.append(0.0, running[ends[:-1]]))
    return counted
