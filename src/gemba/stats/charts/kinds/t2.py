"""t2: how far several variables lie from their mean, in view of how they go together."""

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
from gemba.stats.charts.kinds.vectors import (
    METHODS,
    distance_limits,
    distances,
    single,
    spread,
    statistic,
    whitened_one,
)
from gemba.stats.results import N_, Bools, Floats, sealed

WORDS = Words(
    title=N_("Hotelling T² chart"),
    purpose=N_("Are several variables stable together, also in the way they go together?"),
    needs=N_(
        "Two or more measured variables of the same items, single or in subgroups, roughly normal; best ten "
        "times as many points as variables"
    ),
    instead=(
        N_("mewma when small shifts matter"),
        N_("a chart of each variable when they do not go together: it says at once which one moved"),
        N_("gv beside it, to watch the spread of subgroups"),
    ),
    formulas=(
        N_("T² = n (x - mean)' S⁻¹ (x - mean), with S by the method named"),
        N_(
            "Limit at chance alpha = {alpha:g}: beta for single rows that S was learned from, F for all "
            "others, chi-square for given parameters"
        ),
        N_(
            "With successive differences these are approximations: S has 2 (m - 1)² / (3 m - 4) degrees of "
            "freedom, and its own rows are judged by chi-square when there are more than p² + 3 p of them"
        ),
    ),
    source=N_(
        "Tracy, Young and Mason, Journal of Quality Technology 24(2), 1992, 88-95; Sullivan and Woodall, "
        "Journal of Quality Technology 28(4), 1996, 398-408; Scholz and Tosch, ASA Proceedings, 1994; "
        "Williams, Woodall, Birch and Sullivan, Journal of Quality Technology 38(3), 2006, 217-229; "
        "Montgomery, Introduction to Statistical Quality Control, 7th ed., section 11.3"
    ),
)
DESIGN = (Setting("alpha", 0.0027, N_("chance of a false alarm at each point"), most=0.5),)


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """Median and limit of T² of new points."""
    return (_band(parameters, sizes, learned=False),)


def along(
    parameters: Parameters, measured: tuple[Floats, ...], sizes: Floats, learned: Bools | None
) -> tuple[tuple[Floats], tuple[Band]]:
    """T² of every point; those that the covariance was learned from have a limit of their own."""
    (means,) = measured
    points = distances(parameters.several, means)
    if sizes.strides != (0,) or sizes[0] != 1:
        points *= sizes
    band = _band(parameters, sizes, learned=False)
    if learned is not None and learned.all():
        band = _band(parameters, sizes, learned=True)
    elif learned is not None and learned.any():
        own = _band(parameters, sizes, learned=True)
        band = Band(*(np.where(learned, a, b) for a, b in zip(own, band, strict=True)))
    gone = np.isnan(points)
    if gone.any():
        band = Band(*(np.where(gone, np.nan, line) for line in band))
    return (sealed(points),), (band,)


def onward(parameters: Parameters, memory: Memory, size: float, measured: tuple[float, ...]) -> Onward:
    """T² of one new point."""
    if math.isnan(measured[0]):
        return Onward((math.nan,), (Lines(math.nan, math.nan, math.nan, math.nan),), memory)
    white = whitened_one(parameters.several, measured)
    center, ucl = distance_limits(parameters, _width(parameters), size, learned=False)
    return Onward(
        (size * math.fsum(x * x for x in white),), (Lines(center, math.nan, ucl, math.nan),), memory
    )


def _band(parameters: Parameters, sizes: Floats, *, learned: bool) -> Band:
    if sizes.strides == (0,) and sizes[0] > 0:
        levels = distance_limits(parameters, _width(parameters), float(sizes[0]), learned=learned)
        center, ucl, none = (np.broadcast_to(level, len(sizes)) for level in (*levels, math.nan))
        return Band(center, none, ucl, none)
    present = np.unique(sizes[sizes > 0])
    lines = np.array(
        [distance_limits(parameters, _width(parameters), float(size), learned=learned) for size in present]
    )
    center, ucl = (np.full(len(sizes), np.nan) for _ in range(2))
    for size, (middle, upper) in zip(present, lines, strict=True):
        here = sizes == size
        center[here], ucl[here] = middle, upper
    none = np.full(len(sizes), np.nan)
    return Band(center, none, ucl, none)


def _width(parameters: Parameters) -> int:
    return len(parameters.several.names)


T2 = Kind(
    name="t2",
    panels=("t2",),
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
    reach="alpha",
)
