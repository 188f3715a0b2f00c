"""i-mr-s: means as single values, their moving ranges, and the standard deviation within each subgroup."""

from __future__ import annotations

from collections.abc import Sequence

from gemba.stats.charts.kind import Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.between import DESIGN, bands_of_means, needs_between, three_way
from gemba.stats.charts.kinds.individuals import moves_of
from gemba.stats.charts.kinds.spreads import band_of_deviations
from gemba.stats.charts.kinds.subgroups import present
from gemba.stats.charts.spread import DEVIATION_METHODS
from gemba.stats.charts.subgroup_statistics import mean_and_deviation, means_and_deviations
from gemba.stats.data import Subgroups
from gemba.stats.results import N_, Floats

WORDS = Words(
    title=N_("I-MR-S chart (between/within)"),
    purpose=N_(
        "Are means, their change from one to the next, and the standard deviation within subgroups stable?"
    ),
    needs=N_(
        "Subgroups of measurements in time order, at least 20, between which the process moves by more than "
        "within: batches, lots, coils, wafers"
    ),
    instead=(
        N_("xbar-s when sigma between is near zero: all variation is within subgroups"),
        N_("i-mr-r when subgroups have 2 to 8 values and people think in ranges"),
        N_("i-mr when there is one measurement at a time"),
    ),
    formulas=(
        N_("Means: mean of the means ± {nsigma:g} times their sigma, from moving ranges / d2(2)"),
        N_("Moving ranges of the means: d2(2) sigma ± {nsigma:g} d3(2) sigma of the means, not below zero"),
        N_("Standard deviations: c4 sigma ± {nsigma:g} c5 sigma within, not below zero"),
    ),
    source=N_(
        "Wheeler, Advanced Topics in Statistical Process Control, 1995, chapter 10 (three-way chart); "
        "Montgomery, Introduction to Statistical Quality Control, 7th ed., section 6.4"
    ),
)


def statistic(groups: Subgroups) -> tuple[Floats, Floats, Floats]:
    """Mean of every subgroup, its moving range with the one before, and its standard deviation."""
    means, spreads = means_and_deviations(groups)
    return means, moves_of(means), spreads


def single(values: Sequence[float], carried: float) -> Single:
    """Mean, moving range and standard deviation of one subgroup; the mean is carried to the next."""
    known = present(values)
    mean, spread = mean_and_deviation(known)
    return Single(float(len(known)), (mean, abs(mean - carried), spread), mean)


def spread(basis: Basis) -> Estimate:
    """Sigma within from the standard deviations or as named; that of the means from moving ranges."""
    return three_way(basis, own="Sbar")


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band, Band, Band]:
    """Means and moving ranges by the sigma of the means; standard deviations by sigma within."""
    return *bands_of_means(parameters, sizes), band_of_deviations(parameters, sizes)


I_MR_S = Kind(
    name="i-mr-s",
    panels=("xbar", "mr", "s"),
    layout="subgroups",
    words=WORDS,
    methods=DEVIATION_METHODS,
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    design=DESIGN,
    learned=needs_between,
)
