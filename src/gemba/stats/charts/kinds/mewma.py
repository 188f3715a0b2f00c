"""mewma: exponentially weighted averages of several variables, by their distance from the mean."""

from __future__ import annotations

import math
from functools import lru_cache

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
from gemba.stats.charts.recursion import decaying_sums
from gemba.stats.kernels import fast
from gemba.stats.results import N_, Bools, Floats, sealed, unfilled

WORDS = Words(
    title=N_("MEWMA chart"),
    purpose=N_("Have several variables drifted together by a little?"),
    needs=N_(
        "Two or more measured variables of the same items, single or in subgroups, with mean and covariance "
        "from a stable time: at least a hundred points"
    ),
    instead=(
        N_("t2 when only large shifts matter, or mean and covariance are still to be found"),
        N_("ewma of each variable when they do not go together"),
    ),
    formulas=(
        N_("z = {lam:g} (x - mean) + (1 - {lam:g}) z before, beginning at zero"),
        N_("T² = z' Sz⁻¹ z, with Sz the exact covariance of z, which grows from the first point"),
        N_("Limit: h; where none is given, the one with a false alarm in 200 points on average"),
    ),
    source=N_(
        "Lowry, Woodall, Champ and Rigdon, Technometrics 34(1), 1992, 46-53; Runger and Prabhu, Journal of "
        "the American Statistical Association 91, 1996, 1701-1706"
    ),
)
DESIGN = (
    Setting("lam", 0.1, N_("weight of the newest point"), most=1.0),
    Setting("h", math.nan, N_("limit of T²")),
)
RUN_LENGTH = 200.0
"""In control, so many points to a false alarm where no limit is given."""
RINGS = 40


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """The mean of T² in control, and the limit."""
    center = np.where(np.isnan(sizes), np.nan, float(len(parameters.several.names)))
    none = np.full_like(center, np.nan)
    return (Band(center, none, np.where(np.isnan(center), np.nan, _limit(parameters)), none),)


def along(
    parameters: Parameters, measured: tuple[Floats, ...], sizes: Floats, _learned: Bools | None
) -> tuple[tuple[Floats], tuple[Band]]:
    """T² of every average; a missing point has none, and leaves the average as it was."""
    lam = parameters.design["lam"]
    present = ~np.isnan(measured[0][:, 0])
    if fast():
        points = _compiled(parameters, measured[0], sizes)
        return (sealed(points),), (_lines(parameters, present),)
    white, counts = whitened(parameters.several, measured[0][present]), np.asarray(sizes[present])
    z = decaying_sums(lam * white, 1 - lam)
    shares = decaying_sums(lam * lam / counts, (1 - lam) * (1 - lam))
    points = np.full(len(present), np.nan)
    points[present] = np.einsum("ij,ij->i", z, z) / shares
    return (sealed(points),), (_lines(parameters, present),)


def _compiled(parameters: Parameters, means: Floats, sizes: Floats) -> Floats:
    from gemba.stats.kernels import vectors

    points: Floats = unfilled(len(means))
    rows, mean, turn = turning(parameters.several, means)
    vectors.mewma(rows, *by_step(sizes), mean, turn, parameters.design["lam"], points)
    return points


def _lines(parameters: Parameters, present: Bools) -> Band:
    """The lines of all points, none where one is missing."""
    if present.all():
        return level_band(limits(parameters, np.ones(1))[0], len(present))
    return limits(parameters, np.where(present, 1.0, np.nan))[0]


def onward(parameters: Parameters, memory: Memory, size: float, measured: tuple[float, ...]) -> Onward:
    """T² of the next average; the memory holds its variance as a share, and the average itself."""
    if math.isnan(measured[0]):
        return Onward((math.nan,), (Lines(math.nan, math.nan, math.nan, math.nan),), memory)
    lam, width = parameters.design["lam"], len(parameters.several.names)
    share, *z = memory or (0.0,) * (width + 1)
    white = whitened_one(parameters.several, measured)
    z = [(1 - lam) * before + lam * new for before, new in zip(z, white, strict=True)]
    share = (1 - lam) * (1 - lam) * share + lam * lam / size
    lines = Lines(float(width), math.nan, _limit(parameters), math.nan)
    return Onward((math.fsum(x * x for x in z) / share,), (lines,), (share, *z))


def _limit(parameters: Parameters) -> float:
    design = parameters.design
    given = float(design["h"])
    return limit_for(RUN_LENGTH, len(parameters.several.names), design["lam"]) if math.isnan(given) else given


@lru_cache(maxsize=64)
def limit_for(run_length: float, width: int, lam: float) -> float:
    """The limit with that many points to a false alarm on average, for so many variables."""
    from scipy.optimize import brentq
    from scipy.special import chdtri

    highest = float(chdtri(width, 1 / run_length)) + 1e-9
    found: float = brentq(lambda h: in_control(h, width, lam) - run_length, 0.01, highest, xtol=1e-10)
    return found


def in_control(h: float, width: int, lam: float) -> float:
    """Points to a false alarm on average: a Markov chain on rings around the mean (Runger and Prabhu).

    The error of a chain falls with the square of its rings, so two of them give it away.
    """
    if lam == 1:
        from scipy.special import chdtrc

        return 1 / float(chdtrc(width, h))
    coarse, fine = (_on_rings(h, width, lam, rings) for rings in (RINGS, 2 * RINGS))
    return (4 * fine - coarse) / 3


def _on_rings(h: float, width: int, lam: float, rings: int) -> float:
    from scipy.special import chndtr

    ring = 2 * math.sqrt(h * lam / (2 - lam)) / (2 * rings + 1)
    places = np.arange(rings + 1)
    edges = ((places + 0.5) * ring / lam) ** 2
    away = ((1 - lam) * places * ring / lam) ** 2
    reached = chndtr(edges[None, :], width, away[:, None])
    moves = np.diff(reached, axis=1, prepend=0.0)
    lengths = np.linalg.solve(np.eye(rings + 1) - moves, np.ones(rings + 1))
    return float(lengths[0])


MEWMA = Kind(
    name="mewma",
    panels=("mewma",),
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
