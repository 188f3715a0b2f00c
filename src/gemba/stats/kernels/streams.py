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
_LANES = 32  # values worked on at once


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


@compiled
def _look(x: Floats, origin: float, low: Floats, high: Floats) -> float:
    """The sum of what lies above the origin, and in as many lanes the lowest and the highest values."""
    sums, lanes = np.zeros(_LANES), len(x) // _LANES * _LANES
    for start in range(0, lanes, _LANES):
        here = x[start : start + _LANES]
        for lane in range(_LANES):
            sums[lane] += here[lane] - origin
            low[lane], high[lane] = min(low[lane], here[lane]), max(high[lane], here[lane])
    total = 0.0
    for lane in range(_LANES):
        total += sums[lane]
    for value in x[lanes:]:
        total += value - origin
        low[0], high[0] = min(low[0], value), max(high[0], value)
    return total


@compiled
def _overlook(x: Floats) -> tuple[float, float, float]:
    """The sum of what lies above the first value, NaN where one is missing; the lowest and the highest."""
    low, high, total = np.empty(_LANES), np.empty(_LANES), 0.0
    low[:], high[:] = x[0], x[0]
    for start in range(0, len(x), _BLOCK):
        total += _look(x[start : start + _BLOCK], x[0], low, high)
    lowest, highest = low[0], high[0]
    for lane in range(_LANES):
        lowest, highest = min(lowest, low[lane]), max(highest, high[lane])
    return total, lowest, highest


@summing
def _outside(x: Floats, lsl: float, usl: float) -> tuple[int, int]:
    below, above = 0, 0
    for value in x:
        below += value < lsl
        above += value > usl
    return below, above


@summing
def _moves(x: Floats) -> tuple[float, int]:
    """The sum of the moving ranges, and how many are zero."""
    before, after = x[:-1], x[1:]
    total, equal = 0.0, 0
    for place in range(len(after)):
        span = abs(after[place] - before[place])
        total += span
        equal += span == 0.0
    return total, equal


@compiled
def _spans(x: Floats, ranges: Floats) -> None:
    """Every moving range."""
    before, after, spans = x[:-1], x[1:], ranges[1:]
    ranges[0] = np.nan
    for place in range(len(spans)):
        spans[place] = abs(after[place] - before[place])


@compiled
def _longest(x: Floats) -> int:
    """The longest run of equal values; stretches without any are passed over."""
    longest, run = 1, 1
    for start in range(0, len(x) - 1, _FEW):
        stop = min(start + _FEW, len(x) - 1)
        if _moves(x[start : stop + 1])[1] == 0:
            run = 1
            continue
        for place in range(start, stop):
            run = run + 1 if x[place + 1] == x[place] else 1
            longest = max(longest, run)
    return longest


@summing
def _sums(x: Floats, mean: float, middle: float) -> tuple[float, float, float, float]:
    """What lies above the mean: the sum, as sizes, squared, and with its distance from the middle."""
    total, size, squares, product = 0.0, 0.0, 0.0, 0.0
    for place in range(len(x)):
        away = x[place] - mean
        total += away
        size += abs(away)
        squares += away * away
        product += (place - middle) * away
    return total, size, squares, product


@compiled
def _running(x: Floats, mean: float, before: float, sums: Floats) -> None:
    """The running sums of what lies above the mean: four at a time from the one before them."""
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


@compiled
def _scattered(x: Floats, mean: float, sums: Floats) -> tuple[float, float]:
    """The squares and the product with time; and of every few points the running sum before them, and how far
    it may stray between its values at both ends.
    """
    running, squares, product, middle = 0.0, 0.0, 0.0, (len(x) - 1) / 2
    for start in range(0, len(x), _FEW):
        total, size, squared, timed = _sums(x[start : start + _FEW], mean, middle - start)
        sums[0, start // _FEW], sums[1, start // _FEW] = running, size / 2
        running, squares, product = running + total, squares + squared, product + timed
    return squares, product


@compiled
def _parted(x: Floats, mean: float, stretch: int, sums: Floats) -> tuple[float, float, int, float]:
    """Where two means explain most: the square of the running sum there, its share, the place, and the sum.

    Only stretches in which the sum may gain more than the best so far are looked at point by point.
    """
    n, here = len(x), np.empty(_FEW)
    bar, bar_of = 0.0, 1.0
    for start in range(_FEW, n - stretch, _FEW):
        gain, rest = sums[0, start // _FEW] ** 2, float(start) * float(n - start)
        if start >= stretch and gain * bar_of > bar * rest:
            bar, bar_of = gain, rest
    bar *= 1 - 1e-9  # the sums of both ways differ in their last digits
    best, best_of, at, best_sum = 0.0, 1.0, -1, 0.0
    for start in range(0, n - stretch, _FEW):
        stop, few = min(start + _FEW, n - stretch), start // _FEW
        ends = abs(sums[0, few])
        if stop == start + _FEW:
            ends = max(ends, abs(sums[0, few + 1]))
        reach = ends + (sums[1, few] if stop == start + _FEW else 2 * sums[1, few])
        least = min(float(start + 1) * float(n - 1 - start), float(stop) * float(n - stop))
        if reach**2 * bar_of < bar * least:
            continue
        _running(x[start:stop], mean, sums[0, few], here)
        for place in range(max(start, stretch - 1), stop):
            now, rest = here[place - start], float(place + 1) * float(n - 1 - place)
            if now * now * best_of > best * rest:
                best, best_of, at, best_sum = now * now, rest, place, now
        if best * bar_of > bar * best_of:
            bar, bar_of = best * (1 - 1e-9), best_of
    return best, best_of, at, best_sum


@compiled
def _whole(
    x: Floats,
    seen: tuple[float, float, float],
    lsl: float,
    usl: float,
    stretch: int,
    sums: Floats,
    counts: Ints,
    figures: Floats,
) -> None:
    """Everything of a stream without a gap, of which total and ends are seen already."""
    n, (total, lowest, highest) = len(x), seen
    below, above = 0, 0
    if lowest < lsl or highest > usl:
        below, above = _outside(x, (-np.inf if np.isnan(lsl) else lsl), (np.inf if np.isnan(usl) else usl))
    range_sum, equal = _moves(x)
    counts[0], counts[1], counts[2], counts[3], counts[4] = n, below, above, equal, n - 1
    counts[5] = _longest(x) if equal else 1
    mean = x[0] + total / n
    figures[0], figures[2], figures[3], figures[4] = mean, lowest, highest, range_sum
    squares, product = _scattered(x, mean, sums)
    best, best_of, at, best_sum = _parted(x, mean, stretch, sums)
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
        if len(ranges):
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
    longest = 0
    for stream in range(len(starts) - 1):
        longest = max(longest, starts[stream + 1] - starts[stream])
    sums = np.empty((2, longest // _FEW + 1))
    for stream in range(len(starts) - 1):
        x = values[starts[stream] : starts[stream + 1]]
        spans = ranges[starts[stream] : starts[stream + 1]]
        row, figure, lsl, usl = counts[stream], figures[stream], limits[stream, 0], limits[stream, 1]
        seen = _overlook(x) if len(x) else (np.nan, np.nan, np.nan)
        if np.isnan(seen[0]):
            mean = _first_pass(x, lsl, usl, spans, row, figure)
            _second_pass(x, mean, stretch, row, figure)
            continue
        _whole(x, seen, lsl, usl, stretch, sums, row, figure)
        if len(spans):
            _spans(x, spans)


def describe(values: Floats, starts: Ints, limits: Floats, stretch: int, *, keep: bool) -> Told:
    """What is told of each stream ``values[starts[i]:starts[i + 1]]``.

    ``limits`` has a row a stream, its specification limits, NaN where there is none; a stretch with a mean of
    its own has at least ``stretch`` values. Who does not ``keep`` the moving ranges gets none.
    """
    streams = len(starts) - 1
    counts = np.zeros((streams, len(COUNTS)), dtype=np.int64)
    figures = np.zeros((streams, len(FIGURES)))
    ranges = unfilled(len(values) if keep else 0)
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
