"""Mean and spread of every subgroup in one pass, added as the plain loop adds."""

from __future__ import annotations

import numpy as np

from gemba.stats.kernels.compiled import compiled
from gemba.stats.results import Floats, Ints


@compiled
def means_and_ranges(values: Floats, starts: Ints, means: Floats, spreads: Floats) -> None:
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
def means_and_deviations(values: Floats, starts: Ints, means: Floats, spreads: Floats) -> None:
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


@compiled
def of_one_size(values: Floats, size: int, starts: Ints, deviations: bool) -> tuple[Floats, Floats, Floats]:
    """Mean and range, or standard deviation, of whole subgroups of one size, and the squares within them.

    Stream ``i`` has the subgroups from ``starts[i]`` on up to ``starts[i + 1]``, and one sum of squares.
    """
    means, spreads, squares = np.empty(starts[-1]), np.empty(starts[-1]), np.zeros(len(starts) - 1)
    for stream in range(len(squares)):
        for group in range(starts[stream], starts[stream + 1]):
            members = values[group * size : (group + 1) * size]
            first = members[0]
            total, low, high = 0.0, first, first
            for value in members:
                total += value - first
                low, high = min(low, value), max(high, value)
            middle, within = total / size, 0.0
            for value in members:
                within += (value - first - middle) * (value - first - middle)
            means[group], squares[stream] = first + middle, squares[stream] + within
            spreads[group] = np.sqrt(within / (size - 1)) if deviations else high - low
    return means, spreads, squares
