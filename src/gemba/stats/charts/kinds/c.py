"""c: the number of defects in equal areas of opportunity."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.charts.kind import FROM_MEAN, Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.counts import DESIGN, EXACT_WORDS, band, estimate, exact_defects, is_exact
from gemba.stats.data import Counts
from gemba.stats.results import N_, Floats

WORDS = Words(
    title=N_("c chart"),
    purpose=N_("Is the number of defects stable?"),
    needs=N_("Counts of defects, each from the same amount of product; at least 5 a count on average"),
    instead=(
        N_("u when the amounts inspected differ"),
        N_("g or t when most counts are zero"),
        N_("p or np when items are judged good or defective as a whole"),
    ),
    formulas=(
        N_("cbar ± {nsigma:g} √cbar, not below zero"),
        EXACT_WORDS,
    ),
    source=N_(
        "ISO 7870-2:2013; Montgomery, Introduction to Statistical Quality Control, 7th ed., "
        "section 7.3; NIST/SEMATECH e-Handbook, 6.3.3.1"
    ),
)


def statistic(counts: Counts) -> tuple[Floats]:
    """The counts themselves."""
    return (counts.counts,)


def single(count: float | None, carried: float) -> Single:
    """One count."""
    return Single(1.0, (math.nan if count is None else float(count),), carried)


def spread(basis: Basis) -> Estimate:
    """The mean count; sigma follows from it."""
    return estimate(basis.data, basis.used)


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """The mean count c, and nsigma times sqrt(c) around it, not below zero."""
    center = np.where(np.isnan(sizes), np.nan, parameters.mean)
    if is_exact(parameters):
        return (Band(center, *exact_defects(parameters, np.asarray(sizes)), np.sqrt(center)),)
    return (band(center, np.sqrt(center), parameters.nsigma, np.inf),)


C = Kind(
    name="c",
    panels=("c",),
    layout="defects",
    words=WORDS,
    methods=(FROM_MEAN,),
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    design=DESIGN,
)
