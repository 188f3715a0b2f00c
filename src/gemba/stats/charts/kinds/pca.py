"""pca: several variables by their principal components, inside the model (T²) and off it (SPE)."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from gemba.stats.charts.kind import (
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
from gemba.stats.charts.kinds.vectors import METHODS, distance_limits, learn, single, statistic
from gemba.stats.results import N_, Bools, DataError, Floats, sealed

WORDS = Words(
    title=N_("Principal component chart"),
    purpose=N_("Are many variables that go together stable, and do they still go together in the same way?"),
    needs=N_(
        "Many measured variables of the same items, some of which follow from others; best ten times as many "
        "points as components"
    ),
    instead=(
        N_("t2 for a few variables, none of which follows from the others"),
        N_("mewma or mcusum for a few variables when small shifts matter"),
        N_("a chart of each variable when they do not go together: it says at once which one moved"),
    ),
    formulas=(
        N_("Variables on the scale: {scale}; components: the first ones that hold {share:g} of the variance"),
        N_(
            "T²: squares of the scores over their variances; its limits as on a t2 chart of the components, "
            "at chance alpha = {alpha:g}"
        ),
        N_(
            "SPE (also called Q): squares of what the components leave over; its limit by Jackson and "
            "Mudholkar at the same chance"
        ),
    ),
    source=N_(
        "Jackson and Mudholkar, Technometrics 21(3), 1979, 341-349; MacGregor and Kourti, Control "
        "Engineering Practice 3(3), 1995, 403-414; Montgomery, Introduction to Statistical Quality "
        "Control, 7th ed., chapter 11"
    ),
)
DESIGN = (
    Setting("components", math.nan, N_("number of components"), whole=True),
    Setting("share", 0.9, N_("share of the variance that the components hold"), most=1.0),
    Setting("scale", "correlation", N_("scale of the variables"), choices=("correlation", "covariance")),
    Setting("alpha", 0.0027, N_("chance of a false alarm at each point"), most=0.5),
)
_EMPTY = 1e-12
"""A variance below this share of the largest is none."""


class Model(NamedTuple):
    """The components: ``loadings`` has a column for each, ``variances`` those of all, the largest first."""

    sigmas: Floats
    loadings: Floats
    variances: Floats

    @property
    def kept(self) -> int:
        """How many components there are."""
        return int(self.loadings.shape[1])

    @property
    def rest(self) -> Floats:
        """The variances that the components leave over."""
        return self.variances[self.kept :]


@lru_cache(maxsize=64)
def model_of(several: Several, components: float, share: float, scale: str) -> Model:
    """The components of a covariance.

    Raises
    ------
    DataError
        When a variable never varies, or there are not so many components.
    """
    covariance = np.array(several.covariance)
    variances = np.diag(covariance)
    flat = [name for name, variance in zip(several.names, variances, strict=True) if not variance > 0]
    if flat:
        raise DataError(
            N_("{value} never varies, so it belongs to no component"),
            mend=N_("Leave it out"),
            argument="value",
            value=flat[0],
        )
    sigmas = np.sqrt(variances) if scale == "correlation" else np.ones(len(variances))
    values, directions = np.linalg.eigh(covariance / np.outer(sigmas, sigmas))
    values, directions = np.maximum(values[::-1], 0.0), directions[:, ::-1]
    able = int(np.count_nonzero(values > _EMPTY * values[0]))
    held = np.cumsum(values) / values.sum()
    count = int(np.searchsorted(held, share - 1e-12)) + 1 if math.isnan(components) else int(components)
    if count > able:
        raise DataError(
            N_("there are no {value} components: {able} hold all the variance"),
            mend=N_("Give fewer components"),
            argument="components",
            value=count,
            able=able,
        )
    loadings = directions[:, :count]
    loadings = loadings * np.where(loadings[np.abs(loadings).argmax(axis=0), range(count)] < 0, -1.0, 1.0)
    return Model(sealed(sigmas), sealed(loadings), sealed(values))


def _model(parameters: Parameters) -> Model:
    design = parameters.design
    return model_of(
        parameters.several, float(design["components"]), float(design["share"]), str(design["scale"])
    )


def spread(basis: Basis) -> Estimate:
    """Mean and covariance of the points that are used, and what their components hold."""
    found = learn(basis)
    design = basis.design
    assert found.several is not None  # noqa: S101 (learned from several variables)
    model = model_of(found.several, float(design["components"]), float(design["share"]), str(design["scale"]))
    freedom = found.further["freedom"]
    if freedom <= model.kept + 1:
        raise DataError(
            N_("{points} points are too few for {value} components"),
            mend=N_("Give more points, best ten times as many as components, or fewer components"),
            argument="components",
            value=model.kept,
            points=found.points,
        )
    held = float(model.variances[: model.kept].sum() / model.variances.sum())
    further = {"freedom": freedom, "components": float(model.kept), "held": held}
    return found._replace(further=further)


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band, Band]:
    """Median and limit of T² of new points; mean and limit of SPE."""
    return _bands(parameters, sizes, learned=False)


def along(
    parameters: Parameters, measured: tuple[Floats, ...], sizes: Floats, learned: Bools | None
) -> tuple[tuple[Floats, Floats], tuple[Band, Band]]:
    """Both distances of every point; T² of those that the model was learned from has a limit of its own."""
    model, (means,) = _model(parameters), measured
    away = (means - np.array(parameters.several.mean)) / model.sigmas
    scores = away @ model.loadings
    counts = np.asarray(sizes)
    t2 = counts * (scores * scores / model.variances[: model.kept]).sum(axis=1)
    over = away - scores @ model.loadings.T
    spe = counts * (over * over).sum(axis=1)
    inside, off = _bands(parameters, counts, learned=False)
    if learned is not None and learned.any():
        own, _ = _bands(parameters, counts, learned=True)
        inside = Band(*(np.where(learned, a, b) for a, b in zip(own, inside, strict=True)))
    gone = np.isnan(t2)
    inside, off = (Band(*(np.where(gone, np.nan, line) for line in band)) for band in (inside, off))
    return (sealed(t2), sealed(spe)), (inside, off)


def onward(parameters: Parameters, memory: Memory, size: float, measured: tuple[float, ...]) -> Onward:
    """Both distances of one new point."""
    none = math.nan
    if math.isnan(measured[0]):
        return Onward((none, none), (Lines(none, none, none, none),) * 2, memory)
    points, _ = along(parameters, (np.array([measured]),), np.array([size]), None)
    center, ucl = distance_limits(parameters, _model(parameters).kept, size, learned=False)
    mean, most = _spe_lines(parameters)
    lines = Lines(center, none, ucl, none), Lines(mean, none, most, none)
    return Onward((float(points[0][0]), float(points[1][0])), lines, memory)


def _bands(parameters: Parameters, sizes: Floats, *, learned: bool) -> tuple[Band, Band]:
    width = _model(parameters).kept
    center, ucl = (np.full(len(sizes), np.nan) for _ in range(2))
    for size in np.unique(sizes[sizes > 0]):
        here = sizes == size
        center[here], ucl[here] = distance_limits(parameters, width, float(size), learned=learned)
    none = np.full(len(sizes), np.nan)
    mean, most = _spe_lines(parameters)
    there = np.where(sizes > 0, 1.0, np.nan)
    return Band(center, none, ucl, none), Band(there * mean, none, there * most, none)


def _spe_lines(parameters: Parameters) -> tuple[float, float]:
    """The mean of SPE, and its limit by Jackson and Mudholkar; NaN where nothing is left over."""
    rest = _model(parameters).rest
    if not rest.sum() > 0:
        return math.nan, math.nan
    return float(rest.sum()), spe_limit(rest, float(parameters.design["alpha"]))


def spe_limit(rest: Any, alpha: float) -> float:
    """Where the sum of squares of normal values with these variances lies above with chance alpha, nearly.

    Jackson and Mudholkar: the power h0 of the sum is nearly normal.
    """
    from scipy.special import ndtri

    one, two, three = (float((np.asarray(rest) ** power).sum()) for power in (1, 2, 3))
    h0 = 1 - 2 * one * three / (3 * two * two)
    z = float(ndtri(1 - alpha))
    inner = 1 + z * math.sqrt(2 * two * h0 * h0) / one + two * h0 * (h0 - 1) / (one * one)
    return float(one * inner ** (1 / h0))


PCA = Kind(
    name="pca",
    panels=("t2", "spe"),
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
