"""u: defects per unit where the amounts inspected differ."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.charts.kind import FROM_MEAN, Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.counts import DESIGN, EXACT_WORDS, band, estimate, exact_defects, is_exact
from gemba.stats.data import Counts
from gemba.stats.results import N_, Floats, sealed

WORDS = Words(
    title=N_("u chart"),
    purpose=N_("Is the number of defects per unit stable?"),
    needs=N_(
        "Counts of defects with the units inspected (any positive number); at least 5 a count on average"
    ),
    instead=(
        N_("c when the same amount is inspected each time"),
        N_("laney-u when samples are so large that nearly every point lies outside"),
        N_("p or np when items are judged good or defective as a whole"),
    ),
    formulas=(
        N_("ubar ± {nsigma:g} √(ubar / n), not below zero"),
        EXACT_WORDS,
    ),
    source=N_(
        "ISO 7870-2:2013; Montgomery, Introduction to Statistical Quality Control, 7th ed., section 7.3"
    ),
)


def statistic(counts: Counts) -> tuple[Floats]:
    """Defects per unit."""
    return (sealed(counts.counts / counts.sizes),)


def single(point: tuple[float | None, float], carried: float) -> Single:
    """Defects per unit of one sample, given as (defects, units)."""
    count, size = point
    known = math.nan if count is None else count
    return Single(float(size), (known / size,), carried)


def spread(basis: Basis) -> Estimate:
    """All defects over all units; sigma follows from it."""
    return estimate(basis.data, basis.used)


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """The mean rate u, and nsigma times sqrt(u / n) around it, not below zero."""
    center = np.where(np.isnan(sizes), np.nan, parameters.mean)
    sigma = np.sqrt(parameters.mean / sizes)
    if is_exact(parameters):
        low, high = exact_defects(parameters, sizes)
        return (Band(center, low / sizes, high / sizes, sigma),)
    return (band(center, sigma, parameters.nsigma, np.inf),)


U = Kind(
    name="u",
    panels=("u",),
    layout="defects",
    words=WORDS,
    methods=(FROM_MEAN,),
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    design=DESIGN,
    units=True,
)
