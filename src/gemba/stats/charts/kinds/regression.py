"""regression: a value against what drives it, such as the wear of a tool or a temperature."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from gemba.stats.charts.kind import (
    NO_VARIABLES,
    Band,
    Basis,
    Course,
    Estimate,
    Kind,
    Lines,
    Memory,
    Onward,
    Parameters,
    Setting,
    Several,
    Words,
)
from gemba.stats.charts.kinds.vectors import ALONE_METHODS, learn, single, statistic, whitener
from gemba.stats.data import Vectors
from gemba.stats.results import N_, Bools, DataError, Floats, sealed

WORDS = Words(
    title=N_("Regression chart"),
    purpose=N_("Is a value stable apart from what drives it: a tool that wears, a temperature, a load?"),
    needs=N_(
        "Single measurements, each with the value of one or more variables that drive it, at least 20; the "
        "first variable named is the measurement, the others drive it in a straight line"
    ),
    instead=(
        N_("i-mr when nothing drives the value"),
        N_("t2 when no variable drives the other"),
        N_("residual when the value before drives the next one"),
    ),
    formulas=(
        N_("Centre: the straight line by least squares of the measurement on the other variables"),
        N_(
            "Limits: {limits}; plain ones lie {nsigma:g} s around the line, with s of m - p - 1 degrees of "
            "freedom; prediction adds what is not known of the line"
        ),
    ),
    source=N_(
        "Mandel, Journal of Quality Technology 1(1), 1969, 1-9; Montgomery, Introduction to Statistical "
        "Quality Control, 7th ed., chapter 10"
    ),
)
DESIGN = (Setting("limits", "plain", N_("way to draw limits"), choices=("plain", "prediction")),)


class Line(NamedTuple):
    """The straight line: where it stands at zero, its slopes, and the variance around it but for freedom."""

    intercept: float
    slopes: tuple[float, ...]
    share: float
    turned: Floats


@lru_cache(maxsize=64)
def line_of(several: Several) -> Line:
    """The straight line of the first variable on the others, from their means and covariance.

    Raises
    ------
    DataError
        When a variable that drives never varies, or follows from the others.
    """
    covariance, mean = np.array(several.covariance), several.mean
    drivers = Several(several.names[1:], mean[1:], tuple(map(tuple, covariance[1:, 1:].tolist())))
    turned = whitener(drivers)
    slopes = turned.T @ (turned @ covariance[1:, 0])
    share = max(0.0, float(covariance[0, 0] - slopes @ covariance[1:, 0]))
    intercept = mean[0] - math.fsum(b * x for b, x in zip(slopes.tolist(), mean[1:], strict=True))
    return Line(intercept, tuple(slopes.tolist()), share, turned)


def spread(basis: Basis) -> Estimate:
    """The means and covariance of all variables, from which the line follows, and s around it."""
    found = learn(basis)
    several = found.several or NO_VARIABLES
    line, drivers = line_of(several), len(several.names) - 1
    freedom = found.points - drivers - 1
    if freedom < 1:
        raise DataError(
            N_("{points} points are too few for a line on {value} variables"),
            mend=N_("Give more points, at least 20, or fewer variables"),
            argument="value",
            value=drivers,
            points=found.points,
        )
    sigma = math.sqrt(line.share * (found.points - 1) / freedom)
    return found._replace(further={"rest": float(freedom), "intercept": line.intercept, "sigma": sigma})


def check(vectors: Vectors) -> None:
    """Refuse subgroups: the line goes through single values."""
    if vectors.groups is not None:
        raise DataError(
            N_("a regression chart judges single values, and the rows are cut into subgroups"),
            mend=N_("Leave out subgroup and size"),
            argument="subgroup",
        )


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """The line where the other variables are at their means, and the limits there."""
    (_, (band,)) = along(parameters, (np.tile(parameters.several.mean, (len(sizes), 1)),), sizes, None)
    return (band,)


def along(
    parameters: Parameters, measured: tuple[Floats, ...], sizes: Floats, _learned: Bools | None
) -> tuple[tuple[Floats], tuple[Band]]:
    """Every value, and the line at what drives it; ``_learned`` makes no difference to plain limits."""
    several, line = parameters.several, line_of(parameters.several)
    rows = np.where(np.isnan(sizes)[:, None], np.nan, measured[0])
    away = rows[:, 1:] - np.array(several.mean[1:])
    center = several.mean[0] + away @ np.array(line.slopes)
    sigma = np.where(np.isnan(center), np.nan, _sigma(parameters, line))
    if parameters.design["limits"] == "prediction" and parameters.points:
        white = away @ line.turned.T
        far = (white * white).sum(axis=1) / (parameters.points - 1)
        sigma = sigma * np.sqrt(1 + 1 / parameters.points + far)
    reach = parameters.nsigma * sigma
    band = Band(sealed(center), sealed(center - reach), sealed(center + reach), sealed(sigma))
    return (sealed(np.ascontiguousarray(rows[:, 0])),), (band,)


def onward(parameters: Parameters, memory: Memory, size: float, measured: tuple[float, ...]) -> Onward:
    """The next value, and the line at what drives it."""
    if math.isnan(measured[0]):
        return Onward((math.nan,), (Lines(math.nan, math.nan, math.nan, math.nan),), memory)
    (points,), (band,) = along(parameters, (np.array([measured]),), np.array([size]), None)
    return Onward((float(points[0]),), (Lines(*(float(line[0]) for line in band)),), memory)


def _sigma(parameters: Parameters, line: Line) -> float:
    """The standard deviation around the line: as it was learned, or as the given covariance has it."""
    return parameters.further.get("sigma", math.sqrt(line.share))


REGRESSION = Kind(
    name="regression",
    panels=("regression",),
    layout="vectors",
    words=WORDS,
    methods=ALONE_METHODS[:1],
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    course=Course(along, onward),
    design=DESIGN,
    check=check,
)
