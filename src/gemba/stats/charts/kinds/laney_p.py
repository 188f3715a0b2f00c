"""laney-p: the share of defective items, with limits from how far the shares really scatter."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.charts.kind import Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.counts import band
from gemba.stats.charts.kinds.laney import METHOD, overdispersed
from gemba.stats.data import Counts
from gemba.stats.results import N_, Floats, sealed

WORDS = Words(
    title=N_("Laney p' chart"),
    purpose=N_("Is the share of defective items stable, where large samples differ by more than chance?"),
    needs=N_(
        "Large samples of items, each judged good or defective, in time order; at least 20 of them. With "
        "sigma z near one it is the p chart"
    ),
    instead=(
        N_("p or np when sigma z is near one: the samples differ by chance only"),
        N_("laney-u when one item can have several defects"),
    ),
    formulas=(
        N_("z = (p - pbar) / √(pbar (1 - pbar) / n); sigma z = mean moving range of z / d2(2)"),
        N_("pbar ± {nsigma:g} sigma z √(pbar (1 - pbar) / n), within zero and one"),
    ),
    source=N_("Laney, Quality Engineering 14(4), 2002, 531-537"),
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
    """All defectives over all items, and sigma of one item widened by sigma z."""
    return overdispersed(basis, lambda p: math.sqrt(p * (1 - p)))


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """The mean share, and nsigma times sigma over sqrt(n) around it, within zero and one."""
    center = np.where(np.isnan(sizes), np.nan, parameters.mean)
    return (band(center, parameters.sigma / np.sqrt(sizes), parameters.nsigma, 1.0),)


LANEY_P = Kind(
    name="laney-p",
    panels=("p",),
    layout="defectives",
    words=WORDS,
    methods=(METHOD,),
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    units=True,
)
