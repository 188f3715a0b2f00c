"""median: the median of small subgroups, beside their range."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gemba.stats.charts.kind import Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.spreads import band_of_ranges, estimate_of_ranges, middle_of
from gemba.stats.charts.kinds.subgroups import present, whole
from gemba.stats.charts.means import mean_of
from gemba.stats.charts.spread import SUBGROUP_METHODS
from gemba.stats.charts.subgroup_statistics import mean_and_range, means_and_ranges, medians
from gemba.stats.constants import median_sd_of
from gemba.stats.data import Subgroups
from gemba.stats.results import N_, Floats

WORDS = Words(
    title=N_("Median chart"),
    purpose=N_("Is the median of small subgroups stable, and is their range?"),
    needs=N_(
        "Subgroups of 3 to 9 measurements made close together, best an odd number, at least 20 of them: the "
        "median is then a value that was measured, and nobody has to add up"
    ),
    instead=(
        N_("xbar-r when a computer adds up: the mean finds a shift sooner, unless some are far off"),
        N_("i-mr when there is one measurement at a time"),
        N_("ewma or cusum when a shift of one sigma and less matters"),
    ),
    formulas=(
        N_(
            "Medians: their mean ± {nsigma:g} times the standard deviation of the median of n normal values; "
            "with sigma = Rbar/d2 this is the factor that tables call A2 with a tilde"
        ),
        N_("Ranges: d2 sigma ± {nsigma:g} d3 sigma, not below zero"),
    ),
    source=N_(
        "AIAG, SPC, 2nd ed., chapter II; ISO 7870-2:2013; David and Nagaraja, Order Statistics, 3rd ed."
    ),
)


def statistic(groups: Subgroups) -> tuple[Floats, Floats]:
    """Median and range of every subgroup."""
    return medians(groups), means_and_ranges(groups)[1]


def single(values: Sequence[float], carried: float) -> Single:
    """Median and range of one subgroup."""
    known = present(values)
    return Single(float(len(known)), (middle_of(known), mean_and_range(known)[1]), carried)


def spread(basis: Basis) -> Estimate:
    """The mean of the medians, each with the weight of its size, and sigma from the ranges or as named."""
    found = estimate_of_ranges(basis)
    sizes = basis.data.sizes
    kept = sizes > 0 if basis.used is None else basis.used & (sizes > 0)
    middles, weights = basis.points[0][kept], sizes[kept]
    mean = mean_of(middles)
    if found.smallest != found.largest:
        mean = float(middles[0] + np.sum((middles - middles[0]) * weights) / np.sum(weights))
    return found._replace(mean=mean)


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band, Band]:
    """Medians at nsigma of their standard deviations; ranges as on an xbar-r chart."""
    sigma = median_sd_of(whole(sizes)) * parameters.sigma
    center = np.where(np.isnan(sizes), np.nan, parameters.mean)
    reach = parameters.nsigma * sigma
    return Band(center, center - reach, center + reach, sigma), band_of_ranges(parameters, sizes)


MEDIAN = Kind(
    name="median",
    panels=("median", "r"),
    layout="subgroups",
    words=WORDS,
    methods=SUBGROUP_METHODS,
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
)
