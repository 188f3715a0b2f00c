"""Mean, range and standard deviation of every subgroup, for arrays and for one subgroup on plain floats.

Both ways add in the same order from the same origin, the first value of the subgroup, so they agree to the
last bit. The origin keeps the digits of data far from zero, and makes equal values give exactly their value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from gemba.stats.data import Subgroups
from gemba.stats.kernels import fast
from gemba.stats.results import Floats, Ints, sealed

_BLOCK = 40_960
"""Values worked on at once: they stay in the processor's cache."""
_NARROW = 64
"""Below this many subgroups, a running sum costs less than a loop over the places."""


def means_and_ranges(groups: Subgroups) -> tuple[Floats, Floats]:
    """Mean and range of every subgroup; no range below two values, nothing at all for an empty one."""
    if fast():
        from gemba.stats.kernels import subgroups

        means, spreads = subgroups.means_and_ranges(groups.values, groups.starts, groups.equal_size)
        return sealed(means), sealed(spreads)
    return _by_size(groups, _means_and_ranges)


def means_and_deviations(groups: Subgroups) -> tuple[Floats, Floats]:
    """Mean and standard deviation (n - 1) of every subgroup; NaN as in ``means_and_ranges``."""
    if fast():
        from gemba.stats.kernels import subgroups

        means, spreads = subgroups.means_and_deviations(groups.values, groups.starts, groups.equal_size)
        return sealed(means), sealed(spreads)
    return _by_size(groups, _means_and_deviations)


def medians(groups: Subgroups) -> Floats:
    """Median of every subgroup, nothing for an empty one; of an even number the mean of the inner two."""
    found = np.full(groups.count, np.nan)
    for places, matrix in _matrices(groups):
        ordered = np.sort(matrix, axis=1)
        low, high = ordered[:, (matrix.shape[1] - 1) // 2], ordered[:, matrix.shape[1] // 2]
        found[places] = low + (high - low) / 2
    return sealed(found)  # type: ignore[no-any-return]


def mean_and_range(values: Sequence[float]) -> tuple[float, float]:
    """Mean and range of one subgroup without missing values."""
    if not values:
        return math.nan, math.nan
    first = values[0]
    total = 0.0
    for value in values:
        total += value - first
    spread = max(values) - min(values) if len(values) > 1 else math.nan
    return first + total / len(values), spread


def mean_and_deviation(values: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation of one subgroup without missing values."""
    if not values:
        return math.nan, math.nan
    first, n = values[0], len(values)
    total = 0.0
    for value in values:
        total += value - first
    middle = total / n
    squares = 0.0
    for value in values:
        squares += (value - first - middle) * (value - first - middle)
    return first + middle, math.sqrt(squares / (n - 1)) if n > 1 else math.nan


Statistic = Callable[[Floats], tuple[Floats, Floats]]


def _by_size(groups: Subgroups, statistic: Statistic) -> tuple[Floats, Floats]:
    means, spreads = np.empty(groups.count), np.empty(groups.count)
    size = groups.equal_size
    if size is not None and size > 0:
        _in_blocks(groups.values.reshape(-1, size), statistic, means, spreads)
        return sealed(means), sealed(spreads)
    means.fill(np.nan)
    spreads.fill(np.nan)
    for places, matrix in _matrices(groups):
        part_means, part_spreads = np.empty(len(places)), np.empty(len(places))
        _in_blocks(matrix, statistic, part_means, part_spreads)
        means[places], spreads[places] = part_means, part_spreads
    return sealed(means), sealed(spreads)


def _matrices(groups: Subgroups) -> Iterator[tuple[Ints, Floats]]:
    """The subgroups of each size as a matrix, with their places."""
    sizes = groups.sizes
    for size in np.unique(sizes):
        if size > 0:
            places = np.flatnonzero(sizes == size)
            yield places, groups.values[groups.starts[places][:, None] + np.arange(size)]


def _in_blocks(matrix: Floats, statistic: Statistic, means: Floats, spreads: Floats) -> None:
    rows = max(1, _BLOCK // matrix.shape[1])
    for start in range(0, len(matrix), rows):
        stop = start + rows
        places = np.ascontiguousarray(matrix[start:stop].T)
        means[start:stop], spreads[start:stop] = statistic(places)


def _means_and_ranges(places: Floats) -> tuple[Floats, Floats]:
    """``places`` has a row for each place in the subgroup, a column for each subgroup."""
    means = places[0] + _sums(places - places[0]) / len(places)
    if len(places) == 1:
        return means, np.full(len(means), np.nan)
    spans: Floats = places.max(axis=0) - places.min(axis=0)
    return means, spans


def _means_and_deviations(places: Floats) -> tuple[Floats, Floats]:
    n = len(places)
    from_first = places - places[0]
    middle = _sums(from_first) / n
    means = places[0] + middle
    if n == 1:
        return means, np.full(len(means), np.nan)
    from_first -= middle
    from_first *= from_first
    return means, np.sqrt(_sums(from_first) / (n - 1))


def _sums(places: Floats) -> Floats:
    """The sum of each subgroup, place after place as the plain loop adds them."""
    if places.shape[1] < _NARROW:
        sums: Floats = np.add.accumulate(places, axis=0)[-1]
        return sums
    total: Floats = places[0].copy()
    for place in places[1:]:
        total += place
    return total
