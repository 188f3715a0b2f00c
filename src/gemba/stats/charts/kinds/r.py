"""r: the range of small subgroups alone, where their mean is adjusted or of no interest."""

from __future__ import annotations

from collections.abc import Sequence

from gemba.stats.charts.kind import Band, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.spreads import band_of_ranges, estimate_of_ranges
from gemba.stats.charts.kinds.subgroups import present
from gemba.stats.charts.spread import SUBGROUP_METHODS
from gemba.stats.charts.subgroup_statistics import mean_and_range, means_and_ranges
from gemba.stats.data import Subgroups
from gemba.stats.results import N_, Floats

WORDS = Words(
    title=N_("R chart"),
    purpose=N_("Is the range within small subgroups stable, whatever their mean does?"),
    needs=N_("Subgroups of 2 to 8 measurements made close together, at least 20 of them"),
    instead=(
        N_("xbar-r when the mean matters too, which is nearly always"),
        N_("s when subgroups have 9 or more values"),
        N_("mr when there is one measurement at a time"),
    ),
    formulas=(
        N_(
            "Ranges: d2 sigma ± {nsigma:g} d3 sigma, not below zero; "
            "with sigma = Rbar/d2 these are D3 Rbar and D4 Rbar"
        ),
    ),
    source=N_(
        "ISO 7870-2:2013; Montgomery, Introduction to Statistical Quality Control, 7th ed., section 6.2"
    ),
)


def statistic(groups: Subgroups) -> tuple[Floats]:
    """The range of every subgroup."""
    return (means_and_ranges(groups)[1],)


def single(values: Sequence[float], carried: float) -> Single:
    """The range of one subgroup."""
    known = present(values)
    return Single(float(len(known)), mean_and_range(known)[1:], carried)


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """Ranges at d2 sigma, nsigma times d3 sigma around, from zero."""
    return (band_of_ranges(parameters, sizes),)


R = Kind(
    name="r",
    panels=("r",),
    layout="subgroups",
    words=WORDS,
    methods=SUBGROUP_METHODS,
    statistic=statistic,
    single=single,
    spread=estimate_of_ranges,
    limits=limits,
    spread_only=True,
)
