"""laney-u: defects per unit, with limits from how far the rates really scatter."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.charts.kind import Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.counts import band
from gemba.stats.charts.kinds.laney import METHOD, overdispersed
from gemba.stats.data import Counts
from gemba.stats.results import N_, Floats, sealed

WORDS = Words(
    title=N_("Laney u' chart"),
    purpose=N_("Is the number of defects per unit stable, where large samples differ by more than chance?"),
    needs=N_(
        "Counts of defects and the large amount inspected each time, in time order; at least 20 of them. "
        "With sigma z near one it is the u chart"
    ),
    instead=(
        N_("u or c when sigma z is near one: the samples differ by chance only"),
        N_("laney-p when items are judged good or defective as a whole"),
    ),
    formulas=(
        N_("z = (u - ubar) / √(ubar / n); sigma z = mean moving range of z / d2(2)"),
        N_("ubar ± {nsigma:g} sigma z √(ubar / n), not below zero"),
    ),
    source=N_("Laney, Quality Engineering 14(4), 2002, 531-537"),
)


def statistic(counts: Counts) -> tuple[Floats]:
    """Defects per unit in each sample."""
    return (sealed(counts.counts / counts.sizes),)


def single(point: tuple[float | None, float], carried: float) -> Single:
    """The rate of one sample, given as (defects, size)."""
    count, size = point
    known = math.nan if count is None else count
    return Single(float(size), (known / size,), carried)


def spread(basis: Basis) -> Estimate:
    """All defects over all units, and sigma of one unit widened by sigma z."""
    return overdispersed(basis, math.sqrt)


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """The mean rate, and nsigma times sigma over sqrt(n) around it, not below zero."""
    center = np.where(np.isnan(sizes), np.nan, parameters.mean)
    return (band(center, parameters.sigma / np.sqrt(sizes), parameters.nsigma, np.inf),)


LANEY_U = Kind(
    name="laney-u",
    panels=("u",),
    layout="defects",
    words=WORDS,
    methods=(METHOD,),
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    units=True,
)
