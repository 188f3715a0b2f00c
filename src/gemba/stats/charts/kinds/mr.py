"""mr: moving ranges of single values alone."""

from __future__ import annotations

import math

from gemba.stats.charts.kind import Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.individuals import bands_of_values, estimate, values_and_moves
from gemba.stats.charts.spread import INDIVIDUAL_METHODS
from gemba.stats.data import Sample
from gemba.stats.results import N_, Floats

WORDS = Words(
    title=N_("Moving range chart"),
    purpose=N_("Is the change from one measurement to the next stable, whatever their level does?"),
    needs=N_("One measurement at a time, in time order, at least 20 of them, roughly normal"),
    instead=(
        N_("i-mr when the level matters too, which is nearly always"),
        N_("r or s when several measurements are made close together"),
    ),
    formulas=(
        N_("Moving ranges, each at its later point: d2(2) sigma ± {nsigma:g} d3(2) sigma, not below zero"),
    ),
    source=N_(
        "ISO 7870-2:2013; Montgomery, Introduction to Statistical Quality Control, 7th ed., section 6.4"
    ),
)


def statistic(sample: Sample) -> tuple[Floats]:
    """The moving range of each value with the one before; none after a missing value."""
    return (values_and_moves(sample)[1],)


def single(value: float | None, carried: float) -> Single:
    """The moving range of one value with the value carried from the point before."""
    known = math.nan if value is None else value
    return Single(1.0, (abs(known - carried),), known)


def spread(basis: Basis) -> Estimate:
    """The mean, and sigma from moving ranges."""
    return estimate(basis._replace(points=values_and_moves(basis.data)))


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """Moving ranges at d2(2) sigma, nsigma times d3(2) sigma around, from zero."""
    return bands_of_values(parameters, sizes)[1:]


MR = Kind(
    name="mr",
    panels=("mr",),
    layout="individuals",
    words=WORDS,
    methods=INDIVIDUAL_METHODS,
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    spread_only=True,
)
