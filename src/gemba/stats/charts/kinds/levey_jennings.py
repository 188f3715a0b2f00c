"""levey-jennings: the values of a control material, with limits by their overall standard deviation."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.charts.kind import Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.means import known_of, mean_of
from gemba.stats.data import Sample
from gemba.stats.results import N_, Floats

WORDS = Words(
    title=N_("Levey-Jennings chart"),
    purpose=N_("Does an analytical method still give what its control material holds?"),
    needs=N_(
        "One result of the control material in each run, in time order; mean and standard deviation from at "
        "least 20 runs on different days, which hold what varies from day to day too"
    ),
    instead=(
        N_("i-mr for a process: its moving ranges leave out what drifts, and make limits that find it"),
        N_("ewma when a small lasting bias matters"),
    ),
    formulas=(N_("Values: mean ± {nsigma:g} s, with s the standard deviation of all values"),),
    source=N_(
        "Levey and Jennings, American Journal of Clinical Pathology 20, 1950, 1059-1066; Westgard, Barry, "
        "Hunt and Groth, Clinical Chemistry 27(3), 1981, 493-501"
    ),
)
METHOD = "standard deviation of all values"


def statistic(sample: Sample) -> tuple[Floats]:
    """The values."""
    return (sample.values,)


def single(value: float | None, carried: float) -> Single:
    """One value."""
    return Single(1.0, (math.nan if value is None else float(value),), carried)


def spread(basis: Basis) -> Estimate:
    """Mean and standard deviation (n - 1) of all values that are used."""
    (values,) = basis.points
    known = known_of(values if basis.used is None else values[basis.used])
    mean = mean_of(known)
    away = known - mean
    sigma = math.sqrt(float(away @ away) / (len(known) - 1))
    return Estimate(mean, sigma, len(known), float(len(known)), 1.0, 1.0)


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """The mean, and nsigma standard deviations around it."""
    same = np.ones_like(sizes)
    center, reach = parameters.mean * same, parameters.nsigma * parameters.sigma
    return (Band(center, center - reach, center + reach, parameters.sigma * same),)


LEVEY_JENNINGS = Kind(
    name="levey-jennings",
    panels=("i",),
    layout="individuals",
    words=WORDS,
    methods=(METHOD,),
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
)
