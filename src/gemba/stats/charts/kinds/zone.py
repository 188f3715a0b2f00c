"""zone: a score for each point by the zone it falls into, added up as long as the points stay on one side."""

from __future__ import annotations

import math
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
from gemba.stats.charts.kinds.means import METHODS, scattered, scattered_band, single, spread, statistic
from gemba.stats.results import N_, Bools, Floats

WORDS = Words(
    title=N_("Zone chart"),
    purpose=N_("Is the mean stable, judged by one number that people can add up in their heads?"),
    needs=N_("Subgroups or single measurements in time order, roughly normal"),
    instead=(
        N_("xbar-r, xbar-s or i-mr with run rules, which also say what pattern it is"),
        N_("ewma, which weighs the points more finely and finds a small shift about as soon"),
    ),
    formulas=(
        N_(
            "Within 1 sigma of the mean a point scores {inner:d}, up to 2 sigma 2, up to 3 sigma 4, "
            "beyond 8; points below the mean count negative"
        ),
        N_("Scores on one side add up; a point on the other side begins anew, one on the mean ends both"),
        N_("A sum of 8 signals; after a signal: {after}"),
    ),
    source=N_(
        "Jaehn, Quality Progress 24(7), 1991, 65-68; Davis, Homer and Woodall, Journal of Quality Technology "
        "22(4), 1990, 296-300"
    ),
)
DESIGN = (
    Setting("inner", 0, N_("score within 1 sigma"), most=2.0, whole=True, zero=True),
    Setting("after", "reset", N_("way to go on after a signal"), choices=("reset", "go on")),
)
SIGNAL = 8.0
LIMIT = math.nextafter(SIGNAL, 0.0)
"""A score of 8 signals, and a point on a limit does not: so the limit lies a hair's breadth below."""


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:  # noqa: ARG001 (scores know no parameters)
    """Zero, and a score of 8 on each side."""
    center = np.where(np.isnan(sizes), np.nan, 0.0)
    return (Band(center, center - LIMIT, center + LIMIT, np.full_like(center, np.nan)),)


def along(
    parameters: Parameters, measured: tuple[Floats, ...], sizes: Floats, _learned: Bools | None
) -> tuple[tuple[Floats], tuple[Band]]:
    """The score at every point; a missing one leaves it as it was."""
    present = ~np.isnan(measured[0])
    values, counts = measured[0][present], np.asarray(sizes[present])
    scores: list[float] = []
    score, reset = 0.0, parameters.design["after"] == "reset"
    for one in _signed(parameters, values, counts).tolist():
        score = _add(score, one, reset=reset)
        scores.append(score)
    (band,) = limits(parameters, counts)
    return (scattered(np.array(scores) + 0.0, present),), (scattered_band(band, present),)


def onward(parameters: Parameters, memory: Memory, size: float, measured: tuple[float, ...]) -> Onward:
    """The next score; the memory is the score before."""
    (value,) = measured
    if math.isnan(value):
        return Onward((value,), (Lines(value, value, value, value),), memory)
    one = float(_signed(parameters, np.array([value]), np.array([size]))[0])
    (before,) = memory or (0.0,)
    score = _add(before, one, reset=parameters.design["after"] == "reset")
    return Onward((score + 0.0,), (Lines(0.0, -LIMIT, LIMIT, math.nan),), (score,))


def _signed(parameters: Parameters, values: Floats, sizes: Floats) -> Any:
    """The score of each point alone, negative below the mean; a point inside that scores 0 keeps its sign."""
    sigma = parameters.sigma / np.sqrt(sizes)
    weights = np.full(len(values), float(parameters.design["inner"]))
    for reach, weight in ((1, 2.0), (2, 4.0), (3, SIGNAL)):
        high = values > parameters.mean + reach * sigma
        low = values < parameters.mean - reach * sigma
        weights[high | low] = weight
    signs = np.sign(values - parameters.mean)
    return np.where(signs == 0, np.nan, np.copysign(weights, signs))


def _add(before: float, one: float, *, reset: bool) -> float:
    """The score after a point; NaN is a point on the mean, which is on neither side."""
    if math.isnan(one):
        return 0.0
    same = math.copysign(1.0, before) == math.copysign(1.0, one)
    if not same or (reset and abs(before) >= SIGNAL):
        return one
    return before + one


ZONE = Kind(
    name="zone",
    panels=("zone",),
    layout="means",
    words=WORDS,
    methods=METHODS,
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    course=Course(along, onward),
    design=DESIGN,
    reach="zones",
)
