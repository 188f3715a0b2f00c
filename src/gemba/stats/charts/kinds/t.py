"""t: the time between rare events, on a scale on which it is roughly normal."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.charts.kind import Band, Basis, Estimate, Kind, Parameters, Setting, Single, Words
from gemba.stats.charts.kinds.individuals import estimate, values_and_moves
from gemba.stats.charts.spread import INDIVIDUAL_METHODS
from gemba.stats.data import Sample
from gemba.stats.results import N_, DataError, Floats

WORDS = Words(
    title=N_("t chart"),
    purpose=N_("Has a rare event become rarer or more frequent, judged by the time between two of them?"),
    needs=N_("For each event the time since the one before, exact enough that hardly any is zero; 20 events"),
    instead=(
        N_("g when items, cases or days are counted between the events"),
        N_("i-mr when the values are roughly normal as they are"),
    ),
    formulas=(
        N_("y = time to the power of {power:.4g}, which makes exponential times nearly normal"),
        N_("Limits: mean of y ± {nsigma:g} sigma of y, not below zero, turned back to times"),
    ),
    source=N_(
        "Nelson, Journal of Quality Technology 26(3), 1994, 239-243; Montgomery, Introduction to Statistical "
        "Quality Control, 7th ed., section 7.3.5"
    ),
)
DESIGN = (Setting("power", 1 / 3.6, N_("power of the transformation")),)


def statistic(sample: Sample) -> tuple[Floats]:
    """The times themselves."""
    return (sample.values,)


def single(value: float | None, carried: float) -> Single:
    """One time."""
    return Single(1.0, (math.nan if value is None else float(value),), carried)


def spread(basis: Basis) -> Estimate:
    """Mean and sigma of the transformed times, as for single values."""
    turned = Sample(basis.data.values ** basis.design["power"])
    return estimate(basis._replace(data=turned, points=values_and_moves(turned)))


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """Limits of the transformed times, turned back; there is no sigma on this scale."""
    same, back = np.ones_like(sizes), 1 / parameters.design["power"]
    reach = parameters.nsigma * parameters.sigma
    lower, upper = max(parameters.mean - reach, 0.0) ** back, (parameters.mean + reach) ** back
    return (Band(parameters.mean**back * same, lower * same, upper * same, np.nan * same),)


def check(sample: Sample) -> None:
    """Refuse a time below zero."""
    with np.errstate(invalid="ignore"):
        below = np.flatnonzero(sample.values < 0)
    if below.size:
        row = int(below[0])
        raise DataError(
            N_("the time {value} between two events is negative"),
            mend=N_("Give the time since the event before; correct the order of the events"),
            column=sample.name,
            row=row + 1,
            value=float(sample.values[row]),
        )


T = Kind(
    name="t",
    panels=("t",),
    layout="individuals",
    words=WORDS,
    methods=INDIVIDUAL_METHODS,
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    design=DESIGN,
    check=check,
)
