"""Everything that is told of a stream without its chart, in two passes over its values."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gemba.stats.kernels.compiled import compiled, given, summing
from gemba.stats.results import Floats, Ints, unfilled


class Told(NamedTuple):
    """A row a stream in each table, a column a figure, and the moving range of every value."""

    counts: Ints
    figures: Floats
    ranges: Floats


COUNTS = ("n", "below", "above", "equal", "moves", "longest", "row")
FIGURES = ("mean", "overall", "lowest", "highest", "range_sum", "step", "gain", "slope", "scatter")


@compiled
def _sum_from(x: Floats, origin: float) -> float:
    """The sum of what lies above the origin, in eight lanes.

    Not left to the compiler: allowed to add in any order it takes the origin off last, when the digits of
    values far from zero are lost.
    """
    a, b, c, d, e, f, g, h = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    whole = len(x) // 8 * 8
    for place in range(0, whole, 8):
        a, b, c = a + (x[place] - origin), b + (x[place + 1] - origin), c + (x[place + 2] - origin)
        d, e, f = d + (x[place + 3] - origin), e + (x[place + 4] - origin), f + (x[place + 5] - origin)
        g, h = g + (x[place + 6] - origin), h + (x[place + 7] - origin)
    total = ((a + e) + (c + g)) + ((b + f) + (d + h))
    for value in x[whole:]:
        total += value - origin
    return total


_BLOCK, _FEW = 4_096, 64  # values summed from zero, for short sums keep their digits; and looked at together


@compiled
def _total(x: Floats) -> float:
    """The sum of what lies above the first value."""
    total = 0.0
    for start in range(0, len(x), _BLOCK):
        total += _sum_from(x[start : start + _BLOCK], x[0])
    return total


@compiled
def mean(x: Floats) -> float:
    """The mean of values that are all there, from the first as origin."""
    return float(x[0] + _total(x) / len(x))


@summing
def _ends(x: Floats) -> tuple[float, float]:
    lowest, highest = x[0], x[0]
    for value in x:
        lowest, highest = min(lowest, value), max(highest, value)
    return lowest, highest


@summing
def _moves(x: Floats, ranges: Floats, lsl: float, usl: float) -> tuple[float, int, int, int]:
    """The moving ranges: their sum, and how many are zero; and how many values lie outside."""
    before, after, spans = x[:-1], x[1:], ranges[1:]
    total, equal = 0.0, 0
    for place in range(len(after)):
        span = abs(after[place] - before[place])
        spans[place] = span
        total += span
        equal += span == 0.0
    below, above = 0, 0
    for value in x:
        below += value < lsl
        above += value > usl
    return total, equal, below, above


@summing
def _products(x: Floats, mean: float) -> tuple[float, float]:
    squares, product, middle = 0.0, 0.0, (len(x) - 1) / 2
    for place in range(len(x)):
        away = x[place] - mean
        squares += away * away
        product += (place - middle) * away
    return squares, product


@summing
def _zeros(ranges: Floats) -> int:
    zeros = 0
    for span in ranges:
        zeros += span == 0.0
    return zeros


@compiled
def _longest(ranges: Floats) -> int:
    """The longest run of equal values; stretches without any are passed over."""
    longest, run = 1, 1
    for start in range(0, len(ranges), _FEW):
        here = ranges[start : start + _FEW]
        if _zeros(here) == 0:
            run = 1
            continue
        for span in here:
            run = run + 1 if span == 0.0 else 1
            longest = max(longest, run)
    return longest


@compiled
def _running(x: Floats, mean: float, before: float, sums: Floats) -> float:
    """The running sums of what lies above the mean: four at a time from the one before them; and the last."""
    now, whole = before, len(x) // 4 * 4
    for place in range(0, whole, 4):
        a, b = x[place] - mean, x[place + 1] - mean
        c, d = x[place + 2] - mean, x[place + 3] - mean
        ab = a + b
        sums[place], sums[place + 1], sums[place + 2] = now + a, now + ab, now + (ab + c)
        now += ab + (c + d)
        sums[place + 3] = now
    for place in range(whole, len(x)):
        now += x[place] - mean
        sums[place] = now
    return now


@summing
def _farthest(sums: Floats) -> float:
    farthest = 0.0
    for value in sums:
        farthest = max(farthest, abs(value))
    return farthest


@compiled
def _parted(x: Floats, mean: float, stretch: int) -> tuple[float, float, int, float]:
    """Where two means explain most: the square of the running sum there, its share, the place, and the sum.

    Only stretches in which the farthest sum may gain more than the best so far are looked at point by point.
    """
    n, sums, running = len(x), np.empty(_FEW), 0.0
    best, best_of, at, best_sum = 0.0, 1.0, -1, 0.0
    for start in range(0, n - stretch, _FEW):
        stop = min(start + _FEW, n - stretch)
        here = sums[: stop - start]
        running = _running(x[start:stop], mean, running, here)
        least = min(float(start + 1) * float(n - 1 - start), float(stop) * float(n - stop))
        if _farthest(here) ** 2 * best_of <= best * least:
            continue
        for place in range(max(start, stretch - 1), stop):
            now, rest = here[place - start], float(place + 1) * float(n - 1 - place)
            if now * now * best_of > best * rest:
                best, best_of, at, best_sum = now * now, rest, place, now
    return best, best_of, at, best_sum


@compiled
def _whole(
    x: Floats,
    total: float,
    lsl: float,
    usl: float,
    stretch: int,
    ranges: Floats,
    counts: Ints,
    figures: Floats,
) -> None:
    """Everything of a stream without a gap, whose values lie above the first one by ``total``."""
    n = len(x)
    lowest, highest = _ends(x)
    ranges[0] = np.nan
    bottom, top = (-np.inf if np.isnan(lsl) else lsl), (np.inf if np.isnan(usl) else usl)
    range_sum, equal, below, above = _moves(x, ranges, bottom, top)
    counts[0], counts[1], counts[2], counts[3], counts[4] = n, below, above, equal, n - 1
    counts[5] = _longest(ranges) if equal else 1
    mean = x[0] + total / n
    figures[0], figures[2], figures[3], figures[4] = mean, lowest, highest, range_sum
    squares, product = _products(x, mean)
    best, best_of, at, best_sum = _parted(x, mean, stretch)
    counts[6] = at + 2 if at >= 0 else 0
    figures[1] = np.sqrt(squares / (n - 1)) if n > 1 else np.nan
    figures[5] = -best_sum * n / best_of if at >= 0 else np.nan
    figures[6] = np.sqrt(best / best_of)
    scatter = n * (float(n) * n - 1.0) / 12
    figures[7], figures[8] = product / scatter, scatter


@compiled
def _first_pass(x: Floats, lsl: float, usl: float, ranges: Floats, counts: Ints, figures: Floats) -> float:
    """Counts, sums from the first value as origin, and runs of equal values; the mean is returned."""
    n, equal, moves, longest, run = 0, 0, 0, 0, 0
    below, above = 0, 0
    first, before, total, range_sum = np.nan, np.nan, 0.0, 0.0
    lowest, highest = np.inf, -np.inf
    for place in range(len(x)):
        value = x[place]
        span = abs(value - before)
        ranges[place] = span
        before = value
        if np.isnan(value):
            run = 0
            continue
        if n == 0:
            first = value
        n += 1
        total += value - first
        lowest, highest = min(lowest, value), max(highest, value)
        below += value < lsl
        above += value > usl
        known = span == span  # noqa: PLR0124 (NaN is not itself)
        moves += known
        range_sum += span if known else 0.0
        equal += span == 0.0
        run = run + 1 if span == 0.0 else 1
        longest = max(longest, run)
    counts[0], counts[1], counts[2], counts[3], counts[4], counts[5] = n, below, above, equal, moves, longest
    figures[0] = first + total / n if n else np.nan
    figures[2], figures[3] = (lowest, highest) if n else (np.nan, np.nan)
    figures[4] = range_sum
    return float(figures[0])


@compiled
def _second_pass(x: Floats, mean: float, stretch: int, counts: Ints, figures: Floats) -> None:
    """The scatter, the place where two means explain most, and the straight line."""
    n, middle = counts[0], (len(x) - 1) / 2
    squares, running, done = 0.0, 0.0, 0
    best, best_of, at, best_sum, best_done = 0.0, 1.0, 0, 0.0, 0
    times, times_squared, product = 0.0, 0.0, 0.0
    for place in range(len(x)):
        away = x[place] - mean
        if np.isnan(away):
            continue
        done += 1
        squares += away * away
        running += away
        time = place - middle
        times += time
        times_squared += time * time
        product += time * away
        rest = float(done) * float(n - done)
        if running * running * best_of > best * rest and done >= stretch and n - done >= stretch:
            best, best_of, at, best_sum, best_done = running * running, rest, place, running, done
    figures[1] = np.sqrt(squares / (n - 1)) if n > 1 else np.nan
    found = best_done > 0
    counts[6] = at + 2 if found else 0
    figures[5] = -best_sum * n / best_of if found else np.nan
    figures[6] = np.sqrt(best / best_of)
    scatter = times_squared - times * times / n if n else np.nan
    figures[7] = product / scatter
    figures[8] = scatter


@compiled
def _describe(
    values: Floats, starts: Ints, limits: Floats, stretch: int, counts: Ints, figures: Floats, ranges: Floats
) -> None:
    for stream in range(len(starts) - 1):
        here = slice(starts[stream], starts[stream + 1])
        row, figure = counts[stream], figures[stream]
        spans = ranges[here] if len(ranges) == len(values) else ranges[: here.stop - here.start]
        total = _total(values[here]) if here.stop > here.start else np.nan
        if not np.isnan(total):
            _whole(values[here], total, limits[stream, 0], limits[stream, 1], stretch, spans, row, figure)
            continue
        mean = _first_pass(values[here], limits[stream, 0], limits[stream, 1], spans, row, figure)
        _second_pass(values[here], mean, stretch, row, figure)


def describe(values: Floats, starts: Ints, limits: Floats, stretch: int, *, keep: bool) -> Told:
    """What is told of each stream ``values[starts[i]:starts[i + 1]]``.

    ``limits`` has a row a stream, its specification limits, NaN where there is none; a stretch with a mean of
    its own has at least ``stretch`` values. Who does not ``keep`` the moving ranges gets none that are right.
    """
    streams = len(starts) - 1
    counts = np.zeros((streams, len(COUNTS)), dtype=np.int64)
    figures = np.zeros((streams, len(FIGURES)))
    ranges = unfilled(len(values) if keep else int(np.diff(starts).max()))
    _describe(given(values), given(starts), given(limits), stretch, counts, figures, ranges)
    return Told(counts, figures, ranges)


@compiled
def extremes(points: Floats, starts: Ints, lcl: Floats, ucl: Floats) -> tuple[Ints, Floats]:
    """Of each stream its points, those beyond its limits, the largest and the smallest."""
    streams = len(starts) - 1
    counts, outer = np.zeros((streams, 2), dtype=np.int64), np.full((streams, 2), np.nan)
    for stream in range(streams):
        low, high = lcl[stream], ucl[stream]
        known, beyond, largest, smallest = 0, 0, -np.inf, np.inf
        for point in points[starts[stream] : starts[stream + 1]]:
            known += point == point  # noqa: PLR0124 (NaN is not itself)
            beyond += (point > high) | (point < low)
            largest = max(largest, point)
            smallest = min(smallest, point)
        counts[stream, 0], counts[stream, 1] = known, beyond
        if known:
            outer[stream, 0], outer[stream, 1] = largest, smallest
    return counts, outer
