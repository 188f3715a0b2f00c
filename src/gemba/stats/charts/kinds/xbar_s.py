"""Xbar-S: means and standard deviations of subgroups."""

from __future__ import annotations

from collections.abc import Sequence

from gemba.stats.charts.kind import Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.spreads import band_of_deviations
from gemba.stats.charts.kinds.subgroups import band_of_means, estimate, present
from gemba.stats.charts.spread import DEVIATION_METHODS
from gemba.stats.charts.subgroup_statistics import mean_and_deviation, means_and_deviations
from gemba.stats.data import Subgroups
from gemba.stats.results import N_, Floats

WORDS = Words(
    title=N_("Xbar-S chart"),
    purpose=N_("Is the mean of subgroups stable, and is their standard deviation?"),
    needs=N_("Subgroups of 2 or more measurements made close together, of any sizes, at least 20 of them"),
    instead=(
        N_("xbar-r when subgroups are small and ranges are read off by hand"),
        N_("i-mr-s when batches differ by nature, so that nearly every mean lies outside"),
        N_("ewma or cusum when a shift of one sigma and less matters"),
        N_("i-mr when there is one measurement at a time"),
    ),
    formulas=(
        N_("Means: Xbarbar ± {nsigma:g} sigma / √n"),
        N_(
            "Standard deviations: c4 sigma ± {nsigma:g} √(1 - c4²) sigma, not below zero; "
            "with sigma = Sbar/c4 these are B3 Sbar and B4 Sbar"
        ),
    ),
    source=N_(
        "ISO 7870-2:2013; Montgomery, Introduction to Statistical Quality Control, 7th ed., "
        "section 6.3; AIAG, SPC, 2nd ed., chapter II"
    ),
)


def statistic(groups: Subgroups) -> tuple[Floats, Floats]:
    """Mean and standard deviation of every subgroup."""
    return means_and_deviations(groups)


def single(values: Sequence[float], carried: float) -> Single:
    """Mean and standard deviation of one subgroup."""
    known = present(values)
    return Single(float(len(known)), mean_and_deviation(known), carried)


def spread(basis: Basis) -> Estimate:
    """The grand mean, and sigma from the standard deviations unless another method is named."""
    return estimate(basis, own="Sbar")


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band, Band]:
    """Means at nsigma standard errors; deviations at c4 sigma, nsigma times c5 sigma around it, from zero."""
    return band_of_means(parameters, sizes), band_of_deviations(parameters, sizes)


XBAR_S = Kind(
    name="xbar-s",
    panels=("xbar", "s"),
    layout="subgroups",
    words=WORDS,
    methods=DEVIATION_METHODS,
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
)
