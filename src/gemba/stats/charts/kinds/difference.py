"""difference: single values less the nominal of their part, for short runs on one machine."""

from __future__ import annotations

import math

from gemba.stats.charts.kind import Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.individuals import bands_of_values, estimate, values_and_moves
from gemba.stats.charts.spread import INDIVIDUAL_METHODS
from gemba.stats.data import Sample
from gemba.stats.results import N_, Floats

WORDS = Words(
    title=N_("Difference chart"),
    purpose=N_("Is a process stable that makes one part after the other, each for a short time?"),
    needs=N_(
        "Single measurements in time order, each with the nominal of its part; all parts with one sigma"
    ),
    instead=(
        N_("z-mr when parts differ in sigma, or have no nominal"),
        N_("i-mr when one part runs long enough for a chart of its own"),
    ),
    formulas=(
        N_("Difference = value - nominal"),
        N_("Differences: mean ± {nsigma:g} sigma; a mean away from zero is the setting of the machine"),
        N_("Moving ranges, also from one part to the next: d2(2) sigma ± {nsigma:g} d3(2) sigma, from zero"),
    ),
    source=N_(
        "Wheeler, Short Run SPC, 1991; Farnum, Journal of Quality Technology 24(3), 1992, 138-144; "
        "Montgomery, Introduction to Statistical Quality Control, 7th ed., section 10.1"
    ),
)


def statistic(sample: Sample) -> tuple[Floats, Floats]:
    """The differences, and their moving ranges."""
    return values_and_moves(sample)


def single(point: tuple[float | None, float], carried: float) -> Single:
    """One value with the nominal of its part, given as (value, nominal)."""
    value, nominal = point
    known = math.nan if value is None else value - nominal
    return Single(1.0, (known, abs(known - carried)), known)


def spread(basis: Basis) -> Estimate:
    """Mean and sigma of the differences."""
    return estimate(basis)


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band, Band]:
    """As for single values."""
    return bands_of_values(parameters, sizes)


DIFFERENCE = Kind(
    name="difference",
    panels=("difference", "mr"),
    layout="deviations",
    words=WORDS,
    methods=INDIVIDUAL_METHODS,
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
)
