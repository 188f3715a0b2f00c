"""Mean and spread of every subgroup in one pass, added as the plain loop adds."""

from __future__ import annotations

from typing import TypeGuard

import numpy as np

from gemba.stats.kernels.compiled import compiled, given, summing
from gemba.stats.results import Floats, Ints, unfilled

UNROLLED = 10
"""Up to this size loops are compiled for the one size: unrolled, and many subgroups at a time."""

Places = tuple[int, ...]


@compiled
def _ranges_in(values: Floats, places: Places, means: Floats, spreads: Floats) -> None:
    """Of whole subgroups as large as ``places`` is long, which the compiler knows from its type."""
    size = len(places)
    for group in range(len(means)):
        at = group * size
        first = values[at]
        total, low, high = 0.0, first, first
        for place in range(1, size):
            value = values[at + place]
            total += value - first
            low = min(low, value)
            high = max(high, value)
        means[group], spreads[group] = first + total / size, high - low


@compiled
def _squares_in(values: Floats, places: Places, means: Floats, spreads: Floats, squares: Floats) -> None:
    """Mean, range and squares in one pass."""
    size = len(places)
    for group in range(len(means)):
        at = group * size
        first = values[at]
        total, low, high = 0.0, first, first
        for place in range(1, size):
            value = values[at + place]
            total += value - first
            low = min(low, value)
            high = max(high, value)
        middle = total / size
        within = middle * middle
        for place in range(1, size):
            away = values[at + place] - first - middle
            within += away * away
        means[group], spreads[group], squares[group] = first + middle, high - low, within


@compiled
def _ranges(values: Floats, starts: Ints, means: Floats, spreads: Floats) -> None:
    """Mean and range of each subgroup; no range below two values, nothing for an empty one."""
    for group in range(len(means)):
        start, stop = starts[group], starts[group + 1]
        if stop == start:
            means[group] = spreads[group] = np.nan
            continue
        first = values[start]
        total, low, high = 0.0, first, first
        for place in range(start + 1, stop):
            value = values[place]
            total += value - first
            low = min(low, value)
            high = max(high, value)
        means[group] = first + total / (stop - start)
        spreads[group] = high - low if stop - start > 1 else np.nan


@compiled
def _deviations(values: Floats, starts: Ints, means: Floats, spreads: Floats) -> None:
    """Mean and standard deviation of each subgroup; NaN as above."""
    for group in range(len(means)):
        start, stop = starts[group], starts[group + 1]
        if stop == start:
            means[group] = spreads[group] = np.nan
            continue
        first, size = values[start], stop - start
        total = 0.0
        for place in range(start, stop):
            total += values[place] - first
        middle, squares = total / size, 0.0
        for place in range(start, stop):
            away = values[place] - first - middle
            squares += away * away
        means[group] = first + middle
        spreads[group] = np.sqrt(squares / (size - 1)) if size > 1 else np.nan


@summing
def _total(squares: Floats) -> float:
    total = 0.0
    for square in squares:
        total += square
    return total


@compiled
def _totals(squares: Floats, starts: Ints) -> Floats:
    totals = np.zeros(len(starts) - 1)
    for stream in range(len(totals)):
        totals[stream] = _total(squares[starts[stream] : starts[stream + 1]])
    return totals


def is_unrolled(size: int | None) -> TypeGuard[int]:
    """Whether all subgroups are of one size for which there is a loop of its own."""
    return size is not None and 2 <= size <= UNROLLED


def means_and_ranges(values: Floats, starts: Ints, size: int | None) -> tuple[Floats, Floats]:
    """Mean and range of each subgroup, of ``size`` values where all are as large.

    No range below two values, nothing for an empty one.
    """
    means, spreads = unfilled(len(starts) - 1), unfilled(len(starts) - 1)
    if is_unrolled(size):
        _ranges_in(given(values), (0,) * size, means, spreads)
    else:
        _ranges(given(values), given(starts), means, spreads)
    return means, spreads


def means_and_deviations(values: Floats, starts: Ints, size: int | None) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each subgroup; NaN as above."""
    means, spreads = unfilled(len(starts) - 1), unfilled(len(starts) - 1)
    if is_unrolled(size):
        _squares_in(given(values), (0,) * size, means, unfilled(len(means)), spreads)
        spreads /= size - 1
        np.sqrt(spreads, out=spreads)
    else:
        _deviations(given(values), given(starts), means, spreads)
    return means, spreads


def of_one_size(values: Floats, size: int, starts: Ints, deviations: bool) -> tuple[Floats, Floats, Floats]:
    """Mean and range, or standard deviation, of whole subgroups of one size, and the squares within them.

    Stream ``i`` has the subgroups from ``starts[i]`` on up to ``starts[i + 1]``, and one sum of squares.
    """
    count = int(starts[-1])
    means, spreads, squares = unfilled(count), unfilled(count), unfilled(count)
    if is_unrolled(size):
        _squares_in(given(values), (0,) * size, means, spreads, squares)
    else:
        edges = np.arange(0, len(values) + 1, size)
        _deviations(given(values), edges, means, squares)
        np.multiply(squares, squares, out=squares)
        squares *= size - 1
        if not deviations:
            _ranges(given(values), edges, means, spreads)
    if deviations:
        spreads = np.sqrt(squares / (size - 1))
    return means, spreads, _totals(squares, given(starts))
