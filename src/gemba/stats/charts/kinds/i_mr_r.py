"""i-mr-r: means as single values, their moving ranges, and the range within each subgroup."""

from __future__ import annotations

from collections.abc import Sequence

from gemba.stats.charts.kind import Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.between import DESIGN, bands_of_means, needs_between, three_way
from gemba.stats.charts.kinds.individuals import moves_of
from gemba.stats.charts.kinds.spreads import band_of_ranges
from gemba.stats.charts.kinds.subgroups import present
from gemba.stats.charts.spread import SUBGROUP_METHODS
from gemba.stats.charts.subgroup_statistics import mean_and_range, means_and_ranges
from gemba.stats.data import Subgroups
from gemba.stats.results import N_, Floats

WORDS = Words(
    title=N_("I-MR-R chart (between/within)"),
    purpose=N_("Are means, their change from one to the next, and the range within subgroups stable?"),
    needs=N_(
        "Subgroups of measurements in time order, at least 20, between which the process moves by more than "
        "within: batches, lots, coils, wafers"
    ),
    instead=(
        N_("xbar-r when sigma between is near zero: all variation is within subgroups"),
        N_("i-mr-s when subgroups have 9 or more values"),
        N_("i-mr when there is one measurement at a time"),
    ),
    formulas=(
        N_("Means: mean of the means ± {nsigma:g} times their sigma, from moving ranges / d2(2)"),
        N_("Moving ranges of the means: d2(2) sigma ± {nsigma:g} d3(2) sigma of the means, not below zero"),
        N_("Ranges: d2 sigma ± {nsigma:g} d3 sigma within, not below zero"),
    ),
    source=N_(
        "Wheeler, Advanced Topics in Statistical Process Control, 1995, chapter 10 (three-way chart); "
        "Montgomery, Introduction to Statistical Quality Control, 7th ed., section 6.4"
    ),
)


def statistic(groups: Subgroups) -> tuple[Floats, Floats, Floats]:
    """Mean of every subgroup, its moving range with the one before, and its range."""
    means, spreads = means_and_ranges(groups)
    return means, moves_of(means), spreads


def single(values: Sequence[float], carried: float) -> Single:
    """Mean, moving range and range of one subgroup; the mean is carried to the next."""
    known = present(values)
    mean, spread = mean_and_range(known)
    return Single(float(len(known)), (mean, abs(mean - carried), spread), mean)


def spread(basis: Basis) -> Estimate:
    """Sigma within from the ranges or as named; that of the means from moving ranges."""
    return three_way(basis, own="Rbar")


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band, Band, Band]:
    """Means and moving ranges by the sigma of the means; ranges by sigma within."""
    return *bands_of_means(parameters, sizes), band_of_ranges(parameters, sizes)


I_MR_R = Kind(
    name="i-mr-r",
    panels=("xbar", "mr", "r"),
    layout="subgroups",
    words=WORDS,
    methods=SUBGROUP_METHODS,
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    design=DESIGN,
    learned=needs_between,
)
