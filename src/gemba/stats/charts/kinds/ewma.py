"""ewma: exponentially weighted moving averages of means or single values."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.charts.kind import (
    Band,
    Course,
    Kind,
    Lines,
    Memory,
    Onward,
    Parameters,
    Setting,
    Words,
)
from gemba.stats.charts.kinds.means import (
    METHODS,
    by_step,
    scattered,
    scattered_band,
    single,
    spread,
    statistic,
)
from gemba.stats.charts.panel import level_band
from gemba.stats.charts.recursion import decaying_sums
from gemba.stats.data import all_finite
from gemba.stats.kernels import fast
from gemba.stats.results import N_, Bools, Floats, sealed, unfilled

WORDS = Words(
    title=N_("EWMA chart"),
    purpose=N_("Has the mean drifted by a little, such as half a sigma to one and a half?"),
    needs=N_(
        "Subgroups or single measurements in time order; best a known mean and sigma from a stable time. "
        "Skewed data do little harm where lam is small"
    ),
    instead=(
        N_("xbar-r, xbar-s or i-mr when only shifts of two sigma and more matter"),
        N_("cusum when the size of the shift to find is known: both find it about equally soon"),
        N_("mewma when several characteristics move together"),
    ),
    formulas=(
        N_("z = {lam:g} x + (1 - {lam:g}) z before, beginning at the mean"),
        N_(
            "Limits: mean ± {nsigma:g} sigma of z, which grows from the first point "
            "to √(lam / (2 - lam)) sigma / √n"
        ),
    ),
    source=N_(
        "Roberts, Technometrics 1(3), 1959, 239-250; Lucas and Saccucci, Technometrics 32(1), 1990, 1-12; "
        "Montgomery, Introduction to Statistical Quality Control, 7th ed., section 9.2; ISO 7870-6:2016"
    ),
)
DESIGN = (
    Setting("lam", 0.2, N_("weight of the newest point"), most=1.0),
    Setting("L", 3.0, N_("reach of the limits in standard deviations")),
    Setting("limits", "exact", N_("way to draw limits"), choices=("exact", "asymptotic")),
)


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """The mean, and nsigma standard deviations of z in the long run, for points of one size."""
    lam = parameters.design["lam"]
    sigma = parameters.sigma * np.sqrt(lam / (2 - lam) / sizes)
    return (_band(parameters, sigma),)


def along(
    parameters: Parameters, measured: tuple[Floats, ...], sizes: Floats, _learned: Bools | None
) -> tuple[tuple[Floats], tuple[Band]]:
    """Every z with its lines; a missing point has neither, and leaves z as it was."""
    if fast() and len(measured[0]) and all_finite(measured[0]):
        return _compiled(parameters, measured[0], sizes)
    lam = parameters.design["lam"]
    present = ~np.isnan(measured[0])
    values, counts = measured[0][present], sizes[present]
    z = parameters.mean + decaying_sums(lam * (values - parameters.mean), 1 - lam)
    if parameters.design["limits"] == "asymptotic":
        (band,) = limits(parameters, counts)
    else:
        shares = decaying_sums(np.asarray(lam * lam / counts), (1 - lam) * (1 - lam))
        band = _band(parameters, parameters.sigma * np.sqrt(shares))
    return (scattered(z, present),), (scattered_band(band, present),)


def _compiled(parameters: Parameters, values: Floats, sizes: Floats) -> tuple[tuple[Floats], tuple[Band]]:
    from gemba.stats.kernels import recursions

    mean, lam, count = parameters.mean, parameters.design["lam"], len(values)
    z: Floats = unfilled(count)
    recursions.averages(values, mean, lam, z)
    by_size, step = by_step(sizes)
    if parameters.design["limits"] == "asymptotic":
        (band,) = limits(parameters, np.asarray(by_size))
        return (sealed(z),), (band if step else level_band(band, count),)
    lower, upper, sigma = into = unfilled(count), unfilled(count), unfilled(count)
    recursions.widening(by_size, step, mean, parameters.sigma, lam, parameters.nsigma, into)
    return (sealed(z),), (Band(np.broadcast_to(mean, count), *map(sealed, (lower, upper, sigma))),)


def onward(parameters: Parameters, memory: Memory, size: float, measured: tuple[float, ...]) -> Onward:
    """The next z; the memory is how far z is from the mean, and its variance as a share of sigma's."""
    (value,) = measured
    if math.isnan(value):
        return Onward((value,), (Lines(value, value, value, value),), memory)
    mean, lam = parameters.mean, parameters.design["lam"]
    away, share = memory or (0.0, 0.0)
    away = (1 - lam) * away + lam * (value - mean)
    share = (1 - lam) * (1 - lam) * share + lam * lam / size
    drawn = lam / (2 - lam) / size if parameters.design["limits"] == "asymptotic" else share
    sigma = parameters.sigma * math.sqrt(drawn)
    reach = parameters.nsigma * sigma
    return Onward((mean + away,), (Lines(mean, mean - reach, mean + reach, sigma),), (away, share))


def _band(parameters: Parameters, sigma: Floats) -> Band:
    reach = parameters.nsigma * sigma
    center = np.where(np.isnan(sigma), np.nan, parameters.mean)
    return Band(center, center - reach, center + reach, sigma)


EWMA = Kind(
    name="ewma",
    panels=("ewma",),
    layout="means",
    words=WORDS,
    methods=METHODS,
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    course=Course(along, onward),
    design=DESIGN,
    reach="L",
)
