"""Means that keep their digits far from zero, and give equal values exactly their value."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.data import all_finite
from gemba.stats.kernels import fast
from gemba.stats.results import Floats

_BLOCK = 16_384
"""Values worked on at once: they stay in the processor's cache."""


def mean_of(values: Floats) -> float:
    """The mean of values none of which is missing, summed from the first as origin; NaN of no values."""
    if not len(values):
        return math.nan
    if fast():
        from gemba.stats.kernels import streams
        from gemba.stats.kernels.compiled import given

        return streams.mean(given(np.ascontiguousarray(values)))
    first = values[0]
    room = np.empty(min(_BLOCK, len(values)))
    sums = []
    for start in range(0, len(values), _BLOCK):
        part = values[start : start + _BLOCK]
        sums.append(float(np.subtract(part, first, out=room[: len(part)]).sum()))
    return float(first) + math.fsum(sums) / len(values)


def known_of(values: Floats) -> Floats:
    """The values that are not missing; the array itself when none is."""
    if all_finite(values):
        return values
    known: Floats = values[~np.isnan(values)]
    return known
