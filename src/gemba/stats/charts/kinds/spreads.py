"""What the kinds share that watch the spread of subgroups alone, or beside their middle."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.charts.kind import Band, Basis, Estimate, Parameters
from gemba.stats.charts.kinds.subgroups import estimate, whole
from gemba.stats.charts.subgroup_statistics import means_and_deviations, means_and_ranges
from gemba.stats.constants import c4_of, c5_of, d2_of, d3_of
from gemba.stats.results import Floats


def estimate_of_ranges(basis: Basis) -> Estimate:
    """The grand mean and sigma, learned from the subgroups as an xbar-r chart learns them."""
    return estimate(basis._replace(points=means_and_ranges(basis.data)), own="Rbar")


def estimate_of_deviations(basis: Basis) -> Estimate:
    """The grand mean and sigma, learned from the subgroups as an xbar-s chart learns them."""
    return estimate(basis._replace(points=means_and_deviations(basis.data)), own="Sbar")


def band_of_ranges(parameters: Parameters, sizes: Floats) -> Band:
    """Ranges at d2 sigma, nsigma times d3 sigma around, from zero."""
    center = d2_of(whole(sizes)) * parameters.sigma
    return _from_zero(parameters, sizes, center, d3_of(whole(sizes)) * parameters.sigma)


def band_of_deviations(parameters: Parameters, sizes: Floats) -> Band:
    """Standard deviations at c4 sigma, nsigma times c5 sigma around, from zero."""
    center = c4_of(whole(sizes)) * parameters.sigma
    return _from_zero(parameters, sizes, center, c5_of(whole(sizes)) * parameters.sigma)


def _from_zero(parameters: Parameters, sizes: Floats, center: Floats, sigma: Floats) -> Band:
    center = np.where(sizes == parameters.size, parameters.dispersion, center)
    reach = parameters.nsigma * sigma
    return Band(center, np.maximum(center - reach, 0.0), center + reach, sigma)


def middle_of(values: list[float]) -> float:
    """The median of one subgroup without missing values; of an even number the mean of the two inner ones."""
    if not values:
        return math.nan
    ordered = sorted(values)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return low + (high - low) / 2
