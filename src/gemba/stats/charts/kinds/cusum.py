"""cusum: tabular cumulative sums of what lies beyond an allowance, one upward and one downward."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

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
from gemba.stats.charts.recursion import floored_sums
from gemba.stats.data import all_finite
from gemba.stats.kernels import fast
from gemba.stats.results import N_, Bools, Floats, sealed, unfilled

WORDS = Words(
    title=N_("CUSUM chart"),
    purpose=N_("Has the mean shifted by a known amount, such as one sigma, and since when?"),
    needs=N_(
        "Subgroups or single measurements in time order, and a target with a sigma from a stable time: "
        "a mean that is estimated from few points makes false alarms"
    ),
    instead=(
        N_("ewma when the size of the shift to find is not known"),
        N_("xbar-r, xbar-s or i-mr when only shifts of two sigma and more matter"),
    ),
    formulas=(
        N_("Upper sum: what z lies above {k:g} is added, never below zero, with z = (x - mean) √n / sigma"),
        N_("Lower sum: the same downward; both begin at {fir:g} and signal beyond {h:g}"),
        N_("After a signal the sums: {after}"),
    ),
    source=N_(
        "Page, Biometrika 41, 1954, 100-115; Lucas and Crosier, Technometrics 24(3), 1982, 199-205; "
        "Montgomery, Introduction to Statistical Quality Control, 7th ed., section 9.1; ISO 7870-4:2021"
    ),
)
DESIGN = (
    Setting("k", 0.5, N_("allowance in sigma, half the shift to find")),
    Setting("h", 5.0, N_("decision interval in sigma")),
    Setting("fir", 0.0, N_("head start in sigma, often half of h"), zero=True),
    Setting("after", "go on", N_("way to go on after a signal"), choices=("go on", "reset")),
)
FARTHEST = 1e150
"""Where sigma is zero, so far are values from the mean that differ from it."""


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band, Band]:
    """Zero, and the decision interval above and below it."""
    center = np.where(np.isnan(sizes), np.nan, 0.0)
    none = np.full_like(center, np.nan)
    h = center + parameters.design["h"]
    return Band(center, none, h, none), Band(center, -h, none, none)


def along(
    parameters: Parameters, measured: tuple[Floats, ...], sizes: Floats, _learned: Bools | None
) -> tuple[tuple[Floats, Floats], tuple[Band, Band]]:
    """Both sums at every point; a missing one leaves them as they were."""
    if fast() and parameters.sigma > 0:
        return _compiled(parameters, measured[0], sizes)
    present = ~np.isnan(measured[0])
    k, fir = parameters.design["k"], parameters.design["fir"]
    away, counts = measured[0][present] - parameters.mean, sizes[present]
    sigma = parameters.sigma
    z = away * np.sqrt(counts) / sigma if sigma > 0 else np.sign(away) * FARTHEST
    if parameters.design["after"] == "reset":
        upper, lower = _restarting(parameters, z)
    else:
        upper, lower = floored_sums(z - k, fir), floored_sums(-z - k, fir)
    bands = tuple(scattered_band(band, present) for band in limits(parameters, counts))
    return (scattered(upper, present), scattered(0.0 - lower, present)), (bands[0], bands[1])


def _compiled(
    parameters: Parameters, values: Floats, sizes: Floats
) -> tuple[tuple[Floats, Floats], tuple[Band, Band]]:
    from gemba.stats.kernels import recursions

    design = parameters.design
    upper, lower = into = unfilled(values.shape), unfilled(values.shape)
    recursions.cusum(
        values,
        *by_step(sizes),
        parameters.mean,
        parameters.sigma,
        design["k"],
        design["h"] if design["after"] == "reset" else math.inf,
        design["fir"],
        into,
    )
    if all_finite(values):
        bands = tuple(level_band(band, len(values)) for band in limits(parameters, np.ones(1)))
    else:
        bands = limits(parameters, np.where(np.isnan(values), np.nan, 1.0))
    return (sealed(upper), sealed(lower)), (bands[0], bands[1])


def onward(parameters: Parameters, memory: Memory, size: float, measured: tuple[float, ...]) -> Onward:
    """Both sums at the next point."""
    (value,) = measured
    if math.isnan(value):
        return Onward((value, value), (Lines(value, value, value, value),) * 2, memory)
    design, away = parameters.design, value - parameters.mean
    z = away * math.sqrt(size) / parameters.sigma if parameters.sigma > 0 else _sign(away) * FARTHEST
    upper, lower = _next(design, memory, z)
    none, h = math.nan, design["h"]
    lines = Lines(0.0, none, h, none), Lines(0.0, -h, none, none)
    return Onward((upper, 0.0 - lower), lines, (upper, lower))


def _next(design: Mapping[str, Any], memory: Memory, z: float) -> tuple[float, float]:
    """Both sums after a point; at the start, and after a signal where it is asked, they begin anew."""
    h, k = design["h"], design["k"]
    anew = not memory or (design["after"] == "reset" and max(memory) > h)
    upper, lower = (design["fir"], design["fir"]) if anew else memory
    return max(0.0, upper + (z - k)), max(0.0, lower + (-z - k))


def _restarting(parameters: Parameters, z: Floats) -> tuple[Floats, Floats]:
    sums: Memory = ()
    pairs = []
    for one in z.tolist():
        sums = _next(parameters.design, sums, one)
        pairs.append(sums)
    upper, lower = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
    return upper, lower


def _sign(number: float) -> float:
    return math.copysign(1.0, number) if number else 0.0


CUSUM = Kind(
    name="cusum",
    panels=("upper", "lower"),
    layout="means",
    words=WORDS,
    methods=METHODS,
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    course=Course(along, onward),
    design=DESIGN,
    reach="h",
)
