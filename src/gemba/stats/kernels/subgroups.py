"""Mean and spread of every subgroup in one pass, added as the plain loop adds."""

from __future__ import annotations

import numpy as np

from gemba.stats.kernels.compiled import compiled
from gemba.stats.results import Floats, Ints


@compiled
def means_and_ranges(values: Floats, starts: Ints) -> tuple[Floats, Floats]:
    """Mean and range of each subgroup; no range below two values, nothing for an empty one."""
    count = len(starts) - 1
    means, spreads = np.full(count, np.nan), np.full(count, np.nan)
    for group in range(count):
        members = values[starts[group] : starts[group + 1]]
        if len(members) == 0:
            continue
        first = members[0]
        total, low, high = 0.0, first, first
        for value in members:
            total += value - first
            low, high = min(low, value), max(high, value)
        means[group] = first + total / len(members)
        if len(members) > 1:
            spreads[group] = high - low
    return means, spreads


@compiled
def means_and_deviations(values: Floats, starts: Ints) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each subgroup; NaN as above."""
    count = len(starts) - 1
    means, spreads = np.full(count, np.nan), np.full(count, np.nan)
    for group in range(count):
        members = values[starts[group] : starts[group + 1]]
        if len(members) == 0:
            continue
        first = members[0]
        total = 0.0
        for value in members:
            total += value - first
        middle = total / len(members)
        means[group] = first + middle
        if len(members) > 1:
            squares = 0.0
            for value in members:
                squares += (value - first - middle) * (value - first - middle)
            spreads[group] = np.sqrt(squares / (len(members) - 1))
    return means, spreads


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
