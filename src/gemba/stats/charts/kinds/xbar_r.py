"""Xbar-R: means and ranges of small subgroups."""

from __future__ import annotations

from collections.abc import Sequence

from gemba.stats.charts.kind import Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.spreads import band_of_ranges
from gemba.stats.charts.kinds.subgroups import band_of_means, estimate, present
from gemba.stats.charts.spread import SUBGROUP_METHODS
from gemba.stats.charts.subgroup_statistics import mean_and_range, means_and_ranges
from gemba.stats.data import Subgroups
from gemba.stats.results import N_, Floats

WORDS = Words(
    title=N_("Xbar-R chart"),
    purpose=N_("Is the mean of small subgroups stable, and is their range?"),
    needs=N_("Subgroups of 2 to 8 measurements made close together, at least 20 of them"),
    instead=(
        N_("xbar-s when subgroups have 9 or more values: the range wastes what they tell"),
        N_("i-mr-r when batches differ by nature, so that nearly every mean lies outside"),
        N_("ewma or cusum when a shift of one sigma and less matters"),
        N_("i-mr when there is one measurement at a time"),
    ),
    formulas=(
        N_("Means: Xbarbar ± {nsigma:g} sigma / √n"),
        N_(
            "Ranges: d2 sigma ± {nsigma:g} d3 sigma, not below zero; "
            "with sigma = Rbar/d2 these are D3 Rbar and D4 Rbar"
        ),
    ),
    source=N_(
        "ISO 7870-2:2013; Montgomery, Introduction to Statistical Quality Control, 7th ed., "
        "section 6.2; AIAG, SPC, 2nd ed., chapter II"
    ),
)


def statistic(groups: Subgroups) -> tuple[Floats, Floats]:
    """Mean and range of every subgroup."""
    return means_and_ranges(groups)


def single(values: Sequence[float], carried: float) -> Single:
    """Mean and range of one subgroup."""
    known = present(values)
    return Single(float(len(known)), mean_and_range(known), carried)


def spread(basis: Basis) -> Estimate:
    """The grand mean, and sigma from the ranges unless another method is named."""
    return estimate(basis, own="Rbar")


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band, Band]:
    """Means at nsigma standard errors; ranges at d2 sigma, nsigma times d3 sigma around, from zero."""
    return band_of_means(parameters, sizes), band_of_ranges(parameters, sizes)


XBAR_R = Kind(
    name="xbar-r",
    panels=("xbar", "r"),
    layout="subgroups",
    words=WORDS,
    methods=SUBGROUP_METHODS,
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
)
