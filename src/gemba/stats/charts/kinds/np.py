"""np: the number of defective items in samples of one size."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.charts.kind import FROM_MEAN, Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.counts import DESIGN, EXACT_WORDS, band, estimate, exact_defectives, is_exact
from gemba.stats.data import Counts
from gemba.stats.results import N_, Floats

WORDS = Words(
    title=N_("np chart"),
    purpose=N_("Is the number of defective items in samples of one size stable?"),
    needs=N_("Samples of one size, each item judged good or defective; at least 5 defective ones on average"),
    instead=(
        N_("p when the sizes differ"),
        N_("c when one item can have several defects"),
    ),
    formulas=(
        N_("n pbar ± {nsigma:g} √(n pbar (1 - pbar)), within zero and n"),
        EXACT_WORDS,
    ),
    source=N_(
        "ISO 7870-2:2013; Montgomery, Introduction to Statistical Quality Control, 7th ed., section 7.2"
    ),
)


def statistic(counts: Counts) -> tuple[Floats]:
    """The number of defectives in each sample."""
    return (counts.counts,)


def single(point: tuple[float | None, float], carried: float) -> Single:
    """The number of one sample, given as (defectives, size)."""
    count, size = point
    return Single(float(size), (math.nan if count is None else float(count),), carried)


def spread(basis: Basis) -> Estimate:
    """All defectives over all items; sigma follows from it."""
    return estimate(basis.data, basis.used)


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """The mean number n p, and nsigma times sqrt(n p (1 - p)) around it, within zero and n."""
    p = parameters.mean
    sigma = np.sqrt(sizes * p * (1 - p))
    if is_exact(parameters):
        return (Band(sizes * p, *exact_defectives(parameters, sizes), sigma),)
    return (band(sizes * p, sigma, parameters.nsigma, sizes),)


NP = Kind(
    name="np",
    panels=("np",),
    layout="defectives",
    words=WORDS,
    methods=(FROM_MEAN,),
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    design=DESIGN,
    units=True,
)
