"""What the kinds for subgroups or single values share: a point is a mean of n values, of one or more."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gemba.stats.charts.kind import Band, Basis, Estimate, Single
from gemba.stats.charts.kinds import individuals, subgroups
from gemba.stats.charts.spread import INDIVIDUAL_METHODS
from gemba.stats.charts.subgroup_statistics import (
    mean_and_range,
    means_and_deviations,
    means_and_ranges,
)
from gemba.stats.data import Sample, Subgroups
from gemba.stats.results import Bools, Floats, sealed

GROUPED_METHODS = ("pooled", "Rbar", "Rbar unweighted", "Sbar", "Sbar unweighted")
METHODS = (*INDIVIDUAL_METHODS, *GROUPED_METHODS)
"""The first of each part is the default: of single values, and of subgroups."""


def statistic(data: Sample | Subgroups) -> tuple[Floats]:
    """The values, or the means of the subgroups."""
    return (data.values if isinstance(data, Sample) else means_and_ranges(data)[0],)


def single(point: Any, carried: float) -> Single:
    """One value, or the mean of one subgroup."""
    if point is None or isinstance(point, float | int):
        return Single(1.0, (math.nan if point is None else float(point),), carried)
    known = subgroups.present(point)
    return Single(float(len(known)), mean_and_range(known)[:1], carried)


def spread(basis: Basis) -> Estimate:
    """The mean of all values; sigma within subgroups, or of the moving ranges of single values."""
    if isinstance(basis.data, Sample):
        ranged = basis._replace(points=individuals.values_and_moves(basis.data))
        return individuals.estimate(ranged)._replace(dispersion=math.nan)
    ranges = basis.method.startswith("Rbar")
    points = means_and_ranges(basis.data) if ranges else means_and_deviations(basis.data)
    found = subgroups.estimate(basis._replace(points=points), own="Rbar" if ranges else "Sbar")
    return found._replace(dispersion=math.nan)


def by_step(sizes: Floats) -> tuple[Floats, int]:
    """The sizes for a compiled loop, and how far it steps in them: not at all where all are one."""
    if sizes.strides == (0,):
        return np.array(sizes[:1]), 0
    return np.ascontiguousarray(sizes), 1


def scattered(values: Floats, present: Bools) -> Floats:
    """The values at the places where there is a point, NaN elsewhere."""
    out: Floats = values
    if len(values) < len(present):
        out = np.full(len(present), np.nan)
        out[present] = values
    return sealed(out)  # type: ignore[no-any-return]


def scattered_band(band: Band, present: Bools) -> Band:
    """Lines at the places where there is a point, NaN elsewhere."""
    return Band(*(scattered(line, present) for line in band))
