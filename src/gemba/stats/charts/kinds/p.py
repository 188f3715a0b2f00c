"""p: the share of defective items in samples of any size."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.charts.kind import FROM_MEAN, Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.counts import DESIGN, EXACT_WORDS, band, estimate, exact_defectives, is_exact
from gemba.stats.data import Counts
from gemba.stats.results import N_, Floats, sealed

WORDS = Words(
    title=N_("p chart"),
    purpose=N_("Is the share of defective items stable?"),
    needs=N_("Samples of items, each judged good or defective; at least 5 defective ones on average"),
    instead=(
        N_("np when all samples have one size and people think in numbers of items"),
        N_("laney-p when samples are so large that nearly every point lies outside"),
        N_("u when one item can have several defects"),
        N_("g or t when most samples have no defective item at all"),
    ),
    formulas=(
        N_("pbar ± {nsigma:g} √(pbar (1 - pbar) / n), within zero and one"),
        EXACT_WORDS,
    ),
    source=N_(
        "ISO 7870-2:2013; Montgomery, Introduction to Statistical Quality Control, 7th ed., section 7.2"
    ),
)


def statistic(counts: Counts) -> tuple[Floats]:
    """The share of defectives in each sample."""
    return (sealed(counts.counts / counts.sizes),)


def single(point: tuple[float | None, float], carried: float) -> Single:
    """The share of one sample, given as (defectives, size)."""
    count, size = point
    known = math.nan if count is None else count
    return Single(float(size), (known / size,), carried)


def spread(basis: Basis) -> Estimate:
    """All defectives over all items; sigma follows from it."""
    return estimate(basis.data, basis.used)


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """The mean share p, and nsigma times sqrt(p (1 - p) / n) around it, within zero and one."""
    p = parameters.mean
    center = np.where(np.isnan(sizes), np.nan, p)
    sigma = np.sqrt(p * (1 - p) / sizes)
    if is_exact(parameters):
        low, high = exact_defectives(parameters, sizes)
        return (Band(center, low / sizes, high / sizes, sigma),)
    return (band(center, sigma, parameters.nsigma, 1.0),)


P = Kind(
    name="p",
    panels=("p",),
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
