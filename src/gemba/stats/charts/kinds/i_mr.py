"""I-MR: individual values and their moving ranges."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gemba.stats.charts.kind import Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.individuals import bands_of_values, estimate, values_and_moves
from gemba.stats.charts.spread import INDIVIDUAL_METHODS
from gemba.stats.data import Sample
from gemba.stats.results import N_, Floats

WORDS = Words(
    title=N_("I-MR chart"),
    purpose=N_("Are single measurements stable, and is their change from one to the next?"),
    needs=N_("One measurement at a time, in time order, at least 20 of them, roughly normal"),
    instead=(
        N_("xbar-r or xbar-s when several measurements are made close together"),
        N_("ewma or cusum when a shift of one sigma and less matters"),
        N_("difference or z-mr when several parts follow one another in short runs"),
        N_("t2 or mewma when several variables go together"),
        N_("p, np, c or u when the numbers are counts"),
    ),
    formulas=(
        N_("Values: mean ± {nsigma:g} sigma"),
        N_("Moving ranges, each at its later point: d2(2) sigma ± {nsigma:g} d3(2) sigma, not below zero"),
    ),
    source=N_(
        "ISO 7870-2:2013; Montgomery, Introduction to Statistical Quality Control, 7th ed., "
        "section 6.4; NIST/SEMATECH e-Handbook, 6.3.2.2"
    ),
)


def statistic(sample: Sample) -> tuple[Floats, Floats]:
    """The values, and the moving range of each with the one before; none after a missing value."""
    return values_and_moves(sample)


def single(value: float | None, carried: float) -> Single:
    """One value, and its moving range with the value carried from the point before."""
    known = math.nan if value is None else value
    return Single(1.0, (known, abs(known - carried)), known)


def run(values: Sequence[float | None], carried: float) -> tuple[tuple[list[float], ...], float]:
    """The values, and the moving range of each with the one before, the first with the value carried."""
    known = [math.nan if value is None else value for value in values]
    before = [carried, *known[:-1]]
    return (known, [abs(now - past) for now, past in zip(known, before, strict=True)]), known[-1]


def spread(basis: Basis) -> Estimate:
    """The mean, and sigma from moving ranges."""
    return estimate(basis)


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band, Band]:
    """Values at nsigma sigma; moving ranges at d2(2) sigma, nsigma times d3(2) sigma around, from zero."""
    return bands_of_values(parameters, sizes)


I_MR = Kind(
    name="i-mr",
    panels=("i", "mr"),
    layout="individuals",
    words=WORDS,
    methods=INDIVIDUAL_METHODS,
    statistic=statistic,
    single=single,
    run=run,
    spread=spread,
    limits=limits,
)
