"""gv: the generalized variance, one number for the spread of several variables within subgroups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from gemba.stats.charts.kind import NO_VARIABLES, Band, Basis, Estimate, Kind, Parameters, Single, Words
from gemba.stats.charts.kinds.vectors import GROUPED_METHODS
from gemba.stats.charts.kinds.vectors import spread as covariance_of
from gemba.stats.data import Vectors
from gemba.stats.data.vectors import products_of
from gemba.stats.results import N_, DataError, Floats, sealed

WORDS = Words(
    title=N_("Generalized variance chart"),
    purpose=N_("Is the spread of several variables within subgroups stable?"),
    needs=N_("Subgroups of two or more measured variables, each with more items than variables"),
    instead=(
        N_("an r or s panel for each variable: a determinant can stay while two spreads trade places"),
        N_("t2 for the means of the same subgroups"),
    ),
    formulas=(
        N_("The determinant of each subgroup's covariance"),
        N_("b1 D ± {nsigma:g} √b2 D, not below zero; D is the unbiased determinant of the pooled covariance"),
    ),
    source=N_(
        "Montgomery, Introduction to Statistical Quality Control, 7th ed., section 11.5; Aparisi, Jabaloyes "
        "and Carrion, Communications in Statistics 28(11), 1999, 2671-2686"
    ),
)


def statistic(vectors: Vectors) -> tuple[Floats]:
    """The determinant of each covariance; none where a subgroup has no more items than variables."""
    sizes, width = vectors.sizes, len(vectors.names)
    enough = sizes > width
    points = np.full(len(sizes), np.nan)
    points[enough] = np.linalg.det(vectors.products[enough] / (sizes[enough] - 1)[:, None, None])
    return (sealed(points),)


def single(rows: Sequence[Sequence[float | None]], carried: float) -> Single:
    """The determinant of the covariance of one subgroup."""
    whole = [row for row in rows if not any(value is None or math.isnan(value) for value in row)]
    if not whole or len(whole) <= len(whole[0]):
        return Single(float(len(whole)), (math.nan,), carried)
    products = products_of(np.array([whole], dtype=np.float64))
    determinant = float(np.linalg.det(products / (len(whole) - 1))[0])
    return Single(float(len(whole)), (determinant,), carried)


def spread(basis: Basis) -> Estimate:
    """The pooled covariance, and its determinant without bias."""
    found = covariance_of(basis)
    several, freedom = found.several or NO_VARIABLES, found.further["freedom"]
    bias = math.prod((freedom - i) / freedom for i in range(len(several.names)))
    determinant = float(np.linalg.det(np.array(several.covariance))) / bias
    return found._replace(further={**found.further, "determinant": determinant})


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """b1 and b2 of each size times the determinant, from zero; none where a size shows no covariance."""
    width = len(parameters.several.names)
    determinant = parameters.further.get("determinant")
    if determinant is None:
        determinant = float(np.linalg.det(np.array(parameters.several.covariance)))
    n = np.where(sizes > width, sizes, np.nan)
    places = np.arange(1, width + 1)[:, None]
    b1 = np.prod((n - places) / (n - 1), axis=0)
    b2 = b1 * (np.prod((n - places + 2) / (n - 1), axis=0) - b1)
    center, sigma = b1 * determinant, np.sqrt(b2) * determinant
    reach = parameters.nsigma * sigma
    return (Band(center, np.maximum(center - reach, 0.0), center + reach, sigma),)


def check(vectors: Vectors) -> None:
    """Refuse rows without subgroups, and subgroups that are all too small."""
    width = len(vectors.names)
    if vectors.groups is None or vectors.groups.sizes.max() <= width:
        largest: Any = 1 if vectors.groups is None else int(vectors.groups.sizes.max())
        raise DataError(
            N_("subgroups of {value} items show no covariance of {width} variables"),
            mend=N_("Give subgroup or size, with more items in a subgroup than there are variables"),
            argument="subgroup",
            value=largest,
            width=width,
        )


GV = Kind(
    name="gv",
    panels=("gv",),
    layout="vectors",
    words=WORDS,
    methods=GROUPED_METHODS,
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    check=check,
)
