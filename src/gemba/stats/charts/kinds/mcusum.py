"""mcusum: one cumulative sum of several variables, shrunk towards zero by an allowance (Crosier)."""

from __future__ import annotations

import math
from functools import lru_cache
from operator import add

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
from gemba.stats.charts.kinds.means import by_step
from gemba.stats.charts.kinds.vectors import (
    METHODS,
    single,
    spread,
    statistic,
    turning,
    whitened,
    whitened_one,
)
from gemba.stats.charts.panel import level_band
from gemba.stats.kernels import fast
from gemba.stats.results import N_, Bools, Floats, sealed, unfilled

WORDS = Words(
    title=N_("MCUSUM chart"),
    purpose=N_("Have several variables shifted together by a known distance, and since when?"),
    needs=N_(
        "Two or more measured variables of the same items, single or in subgroups, with mean and covariance "
        "from a stable time: at least a hundred points"
    ),
    instead=(
        N_("mewma when the size of the shift is not known: both find it about equally soon"),
        N_("t2 when only large shifts matter, or mean and covariance are still to be found"),
        N_("cusum of each variable when they do not go together, or only one can shift"),
    ),
    formulas=(
        N_("C = the length of (sum before + x - mean) by the covariance, times √n for means of n"),
        N_("The new sum is that vector shrunk by {k:g} of its length C, or zero where C is less"),
        N_("Its length is plotted; limit: h; where none is given, the one with a false alarm in 200 points"),
        N_("After a signal the sum: {after}"),
    ),
    source=N_(
        "Crosier, Technometrics 30(3), 1988, 291-303; Montgomery, Introduction to Statistical Quality "
        "Control, 7th ed., chapter 11"
    ),
)
DESIGN = (
    Setting("k", 0.5, N_("allowance in sigma, half the distance to find")),
    Setting("h", math.nan, N_("limit of the sum")),
    Setting("after", "go on", N_("way to go on after a signal"), choices=("go on", "reset")),
)
RUN_LENGTH = 200.0
"""In control, so many points to a false alarm where no limit is given."""


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """Zero, and the limit."""
    center = np.where(np.isnan(sizes), np.nan, 0.0)
    none = np.full_like(center, np.nan)
    return (Band(center, none, center + _limit(parameters), none),)


def along(
    parameters: Parameters, measured: tuple[Floats, ...], sizes: Floats, _learned: Bools | None
) -> tuple[tuple[Floats], tuple[Band]]:
    """The length of the sum at every point; a missing one leaves it as it was."""
    present = ~np.isnan(measured[0][:, 0])
    if fast():
        points = _compiled(parameters, measured[0], sizes)
        return (sealed(points),), (_lines(parameters, present),)
    white = whitened(parameters.several, measured[0][present])
    white = white * np.sqrt(np.asarray(sizes[present]))[:, None]
    memory: Memory = ()
    found: list[float] = []
    h = _limit(parameters)
    for row in white.tolist():
        memory = _next(parameters, h, memory, row)
        found.append(memory[0])
    points = np.full(len(present), np.nan)
    points[present] = found
    return (sealed(points),), (_lines(parameters, present),)


def _compiled(parameters: Parameters, means: Floats, sizes: Floats) -> Floats:
    from gemba.stats.kernels import vectors

    points: Floats = unfilled(len(means))
    rows, mean, turn = turning(parameters.several, means)
    h = _limit(parameters) if parameters.design["after"] == "reset" else math.inf
    vectors.mcusum(rows, *by_step(sizes), mean, turn, parameters.design["k"], h, points)
    return points


def _lines(parameters: Parameters, present: Bools) -> Band:
    """The lines of all points, none where one is missing."""
    if present.all():
        return level_band(limits(parameters, np.ones(1))[0], len(present))
    return limits(parameters, np.where(present, 1.0, np.nan))[0]


def onward(parameters: Parameters, memory: Memory, size: float, measured: tuple[float, ...]) -> Onward:
    """The next sum; the memory holds its length, and the sum itself."""
    if math.isnan(measured[0]):
        return Onward((math.nan,), (Lines(math.nan, math.nan, math.nan, math.nan),), memory)
    h, scale = _limit(parameters), math.sqrt(size)
    row = [scale * x for x in whitened_one(parameters.several, measured)]
    memory = _next(parameters, h, memory, row)
    return Onward((memory[0],), (Lines(0.0, math.nan, h, math.nan),), memory)


def _next(parameters: Parameters, h: float, memory: Memory, row: list[float]) -> Memory:
    """The length of the new sum, and the sum."""
    k, reset = parameters.design["k"], parameters.design["after"] == "reset"
    if memory and not (reset and memory[0] > h):
        row = list(map(add, memory[1:], row))
    length = math.hypot(*row)
    if length <= k:
        return (0.0,) * (len(row) + 1)
    shrunk = 1 - k / length
    return (length - k, *[x * shrunk for x in row])


def _limit(parameters: Parameters) -> float:
    design = parameters.design
    given = float(design["h"])
    return limit_for(RUN_LENGTH, len(parameters.several.names), design["k"]) if math.isnan(given) else given


@lru_cache(maxsize=64)
def limit_for(run_length: float, width: int, k: float) -> float:
    """The limit with that many points to a false alarm on average, for so many variables."""
    from gemba.stats.charts.run_length import run_length_limit

    return run_length_limit("mcusum", arl=run_length, variables=width, k=k)


MCUSUM = Kind(
    name="mcusum",
    panels=("mcusum",),
    layout="vectors",
    words=WORDS,
    methods=METHODS,
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    course=Course(along, onward),
    design=DESIGN,
    units=True,
    reach="h",
)
