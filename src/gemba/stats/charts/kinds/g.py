"""g: how many good items, days or cases lie between rare events."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.charts.kind import FROM_MEAN, Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.counts import band, estimate
from gemba.stats.data import Counts
from gemba.stats.results import N_, Floats

WORDS = Words(
    title=N_("g chart"),
    purpose=N_("Has a rare event become rarer or more frequent, judged by the count between two of them?"),
    needs=N_(
        "For each event the number of items, cases or days since the one before, without the event itself: "
        "0 when it follows at once; at least 20 events"
    ),
    instead=(
        N_("t when the time between the events is measured and not counted"),
        N_("p, np, c or u when a sample has at least five events on average"),
    ),
    formulas=(N_("gbar ± {nsigma:g} √(gbar (gbar + 1)), not below zero"),),
    source=N_(
        "Kaminsky, Benneyan, Davis and Burke, Journal of Quality Technology 24(2), 1992, 63-69; "
        "Benneyan, Health Care Management Science 4, 2001, 305-318"
    ),
)


def statistic(counts: Counts) -> tuple[Floats]:
    """The counts between events."""
    return (counts.counts,)


def single(count: float | None, carried: float) -> Single:
    """One count between two events."""
    return Single(1.0, (math.nan if count is None else float(count),), carried)


def spread(basis: Basis) -> Estimate:
    """The mean count between events; sigma follows from it."""
    return estimate(basis.data, basis.used)


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """The mean count g, and nsigma times sqrt(g (g + 1)) around it, not below zero."""
    center = np.where(np.isnan(sizes), np.nan, parameters.mean)
    return (band(center, np.sqrt(center * (center + 1)), parameters.nsigma, np.inf),)


G = Kind(
    name="g",
    panels=("g",),
    layout="gaps",
    words=WORDS,
    methods=(FROM_MEAN,),
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
)
