"""ma: moving averages of the newest points, all with one weight."""

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
from gemba.stats.charts.kinds.means import METHODS, by_step, single, spread, statistic
from gemba.stats.kernels import fast
from gemba.stats.results import N_, Bools, Floats, sealed

WORDS = Words(
    title=N_("Moving average chart"),
    purpose=N_("Has the mean of the newest points shifted?"),
    needs=N_(
        "Subgroups or single measurements in time order, roughly one batch or tank mixing into the next"
    ),
    instead=(
        N_("ewma, which finds small shifts sooner and forgets gradually"),
        N_("xbar-r, xbar-s or i-mr when large shifts matter"),
    ),
    formulas=(
        N_("The mean of the last {span:d} points; the first ones average those that there are"),
        N_("Limits: mean ± {nsigma:g} sigma of that average"),
    ),
    source=N_("Montgomery, Introduction to Statistical Quality Control, 7th ed., section 9.3; Roberts 1959"),
)
DESIGN = (Setting("span", 3, N_("number of points averaged"), whole=True),)


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """The mean, and nsigma standard deviations of a full average of points of one size."""
    return (_band(parameters, parameters.sigma / np.sqrt(sizes * parameters.design["span"])),)


def along(
    parameters: Parameters, measured: tuple[Floats, ...], sizes: Floats, _learned: Bools | None
) -> tuple[tuple[Floats], tuple[Band]]:
    """Every average with its lines; a missing point has none, and is left out of those after it."""
    if fast():
        return _compiled(parameters, measured[0], sizes)
    present = ~np.isnan(measured[0])
    away = np.where(present, measured[0] - parameters.mean, 0.0)
    shares = np.zeros(len(away))
    np.divide(1.0, sizes, out=shares, where=present)
    total, share, count = np.zeros(len(away)), np.zeros(len(away)), np.zeros(len(away))
    for lag in range(min(parameters.design["span"], len(away))):
        stop = len(away) - lag
        total[lag:] += away[:stop]
        share[lag:] += shares[:stop]
        count[lag:] += present[:stop]
    count[~present] = np.nan
    sigma = parameters.sigma * (np.sqrt(share) / count)
    return (sealed(parameters.mean + total / count),), (_band(parameters, sigma),)


def _compiled(parameters: Parameters, values: Floats, sizes: Floats) -> tuple[tuple[Floats], tuple[Band]]:
    from gemba.stats.kernels import recursions

    means, errors = recursions.moving(values - parameters.mean, *by_step(sizes), parameters.design["span"])
    means += parameters.mean
    errors *= parameters.sigma
    return (sealed(means),), (_band(parameters, errors),)


def onward(parameters: Parameters, memory: Memory, size: float, measured: tuple[float, ...]) -> Onward:
    """The next average; the memory holds the points of the window and their sizes, the newest first."""
    value, mean = measured[0], parameters.mean
    kept = (value, size, *memory)[: 2 * parameters.design["span"]]
    memory = kept[: 2 * parameters.design["span"] - 2]
    if math.isnan(value):
        return Onward((value,), (Lines(value, value, value, value),), memory)
    total = share = count = 0.0
    for one, n in zip(kept[::2], kept[1::2], strict=True):
        if not math.isnan(one):
            total, share, count = total + (one - mean), share + 1.0 / n, count + 1.0
    sigma = parameters.sigma * (math.sqrt(share) / count)
    reach = parameters.nsigma * sigma
    return Onward((mean + total / count,), (Lines(mean, mean - reach, mean + reach, sigma),), memory)


def _band(parameters: Parameters, sigma: Floats) -> Band:
    reach = parameters.nsigma * sigma
    center = np.where(np.isnan(sigma), np.nan, parameters.mean)
    return Band(center, sealed(center - reach), sealed(center + reach), sealed(sigma))


MA = Kind(
    name="ma",
    panels=("ma",),
    layout="means",
    words=WORDS,
    methods=METHODS,
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    course=Course(along, onward),
    design=DESIGN,
)
