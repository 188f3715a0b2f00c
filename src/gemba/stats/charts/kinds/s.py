"""s: the standard deviation of subgroups alone, where their mean is adjusted or of no interest."""

from __future__ import annotations

from collections.abc import Sequence

from gemba.stats.charts.kind import Band, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.spreads import band_of_deviations, estimate_of_deviations
from gemba.stats.charts.kinds.subgroups import present
from gemba.stats.charts.spread import DEVIATION_METHODS
from gemba.stats.charts.subgroup_statistics import mean_and_deviation, means_and_deviations
from gemba.stats.data import Subgroups
from gemba.stats.results import N_, Floats

WORDS = Words(
    title=N_("S chart"),
    purpose=N_("Is the standard deviation within subgroups stable, whatever their mean does?"),
    needs=N_(
        "Subgroups of 2 and more measurements made close together, best 9 and more, at least 20 of them"
    ),
    instead=(
        N_("xbar-s when the mean matters too, which is nearly always"),
        N_("r when subgroups are small and people work out the numbers by hand"),
        N_("mr when there is one measurement at a time"),
    ),
    formulas=(
        N_(
            "Standard deviations: c4 sigma ± {nsigma:g} c5 sigma, not below zero; "
            "with sigma = Sbar/c4 these are B3 Sbar and B4 Sbar"
        ),
    ),
    source=N_(
        "ISO 7870-2:2013; Montgomery, Introduction to Statistical Quality Control, 7th ed., section 6.3"
    ),
)


def statistic(groups: Subgroups) -> tuple[Floats]:
    """The standard deviation of every subgroup."""
    return (means_and_deviations(groups)[1],)


def single(values: Sequence[float], carried: float) -> Single:
    """The standard deviation of one subgroup."""
    known = present(values)
    return Single(float(len(known)), mean_and_deviation(known)[1:], carried)


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """Standard deviations at c4 sigma, nsigma times c5 sigma around, from zero."""
    return (band_of_deviations(parameters, sizes),)


S = Kind(
    name="s",
    panels=("s",),
    layout="subgroups",
    words=WORDS,
    methods=DEVIATION_METHODS,
    statistic=statistic,
    single=single,
    spread=estimate_of_deviations,
    limits=limits,
    spread_only=True,
)
