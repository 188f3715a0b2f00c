"""Sigma within subgroups: the estimators, and how many degrees of freedom each one really has."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from gemba.stats.charts import TOTAL, Convention
from gemba.stats.charts.spread import (
    CORRECTED,
    INDIVIDUAL_METHODS,
    SUBGROUP_METHODS,
    sigma_from_deviations,
    sigma_from_moves,
    sigma_from_ranges,
    sigma_pooled,
)
from gemba.stats.charts.subgroup_statistics import means_and_deviations, means_and_ranges
from gemba.stats.constants import c4, c4_of, c5_of, d2_of, d3_of
from gemba.stats.data import Subgroups
from gemba.stats.distributions import standard_deviation
from gemba.stats.results import N_, Bools, DataError, Floats, UnknownName

MEDIAN_MR_VARIANCE = 1.6499826567984361
"""m times the relative variance of the median of m moving ranges of normal values, for large m.

The median of ranges |D| has the variance (1/4 + 2 (P - 1/4)) / (m f^2), where f is the density of |D| at its
median and P the chance that two neighbouring ranges both lie below it; neighbouring differences have the
correlation -1/2.
"""
BETWEEN = "between/within"
"""Batches differ by nature: what varies between them counts as well."""
_MR_VARIANCE = math.pi / 2 - 1
_MR_COVARIANCE = math.sqrt(3) / 2 + math.pi / 12 - 1
"""Relative variance of a moving range, and covariance of two neighbouring ones, of normal values."""


@dataclass(frozen=True)
class Within:
    """How sigma within was estimated.

    ``method`` is the estimator and ``unbiased`` whether its bias was taken out. ``df`` are its degrees of
    freedom, and ``bias`` is the ratio of its expectation to sigma.
    """

    method: str
    unbiased: bool
    df: float
    bias: float

    def chi_sigma(self, sigma: float) -> float:
        """The estimate s on the scale on which df s^2 / sigma^2 is chi-square with df."""
        return sigma / self.bias * c4(self.df + 1)


def estimate_within(
    subgroups: Subgroups, method: str | None = None, *, unbiased: bool = True
) -> tuple[float, Within]:
    """Sigma within subgroups, or between neighbours when no subgroup has a second value.

    Parameters
    ----------
    subgroups : Subgroups
        The data.
    method : str, optional
        ``"pooled"`` (the default), ``"Rbar"``, ``"Sbar"``, each of the last two also ``"... unweighted"``,
        ``"between/within"``;
        for individuals ``"average moving range"`` (the default), ``"median moving range"``, ``"sqrt(MSSD)"``.
    unbiased : bool
        Take out the bias of ``"pooled"`` (c4) and ``"sqrt(MSSD)"``; the others have none.

    Raises
    ------
    UnknownName, DataError
        For a method that does not exist or does not fit the data.
    """
    single = int(subgroups.sizes.max()) == 1
    name = _resolve(method or ("average moving range" if single else "pooled"), single)
    if not unbiased and name not in (*CORRECTED, BETWEEN):
        raise DataError(
            N_("unbiased=False has no meaning for {value}: its constant makes it an estimate of sigma"),
            mend=N_("Leave it out, or choose within from: {corrected}"),
            argument="unbiased",
            value=name,
            corrected=", ".join(CORRECTED),
        )
    return _from_moves(subgroups, name, unbiased) if single else _from_subgroups(subgroups, name, unbiased)


def by_convention(
    subgroups: Subgroups, method: str | None, convention: Convention, *, unbiased: bool = True
) -> tuple[float, Within]:
    """As ``estimate_within``, with the estimator of a convention where none is named, and its intervals."""
    single = int(subgroups.sizes.max()) == 1
    usual = convention.moves if single and convention.study != TOTAL else convention.study
    n = len(subgroups.values)
    if method is None and usual == TOTAL:
        return standard_deviation(subgroups.values), Within(TOTAL, False, float(n - 1), c4(float(n)))
    sigma, within = estimate_within(subgroups, method or usual, unbiased=unbiased)
    if within.method in convention.plain_df:
        within = replace(within, df=float(n - 1))
    if convention.keeps_bias:
        within = replace(within, bias=c4(within.df + 1))
    return sigma, within


def _between_within(subgroups: Subgroups, unbiased: bool) -> tuple[float, Within]:
    """The root of both variances: pooled within the subgroups, and between them by the ranges of their means.

    Degrees of freedom after Satterthwaite, Biometrics Bulletin 2 (1946), 110-114.
    """
    sigma, inside = _from_subgroups(subgroups, "pooled", unbiased)
    moves: Floats = np.abs(np.diff(means_and_deviations(subgroups)[0]))
    present = ~np.isnan(moves)
    if not present.any():
        return sigma, replace(inside, method=BETWEEN)
    share = float((1 / subgroups.sizes[subgroups.sizes > 0]).mean())
    of_means = sigma_from_moves(moves, "average moving range") ** 2
    if of_means <= sigma**2 * share:
        return sigma, replace(inside, method=BETWEEN)
    within = sigma**2 * (1 - share)
    total = of_means + within
    df = total**2 / (within**2 / inside.df + of_means**2 / degrees_of_freedom(_relative_variance(present)))
    return math.sqrt(total), Within(BETWEEN, unbiased, df, 1.0)


def _relative_variance(present: Bools) -> float:
    """Of the average of moving ranges, some of which are missing."""
    m, neighbours = int(present.sum()), int((present[1:] & present[:-1]).sum())
    return (m * _MR_VARIANCE + 2 * neighbours * _MR_COVARIANCE) / m**2


def degrees_of_freedom(relative_variance: float) -> float:
    """Degrees of freedom of an estimator of sigma from its relative variance.

    Patnaik's match of a chi variable: 1/df = -2 + 2 sqrt(1 + 2 v). Source: P. B. Patnaik, Biometrika 37
    (1950), 78-87; it is what stands behind the df columns of the d2* tables.
    """
    return max(1.0, 1 / (2 * (math.sqrt(1 + 2 * relative_variance) - 1)))


def _resolve(method: str, single: bool) -> str:
    of_groups = (*SUBGROUP_METHODS, BETWEEN)
    fitting: tuple[str, ...] = INDIVIDUAL_METHODS if single else of_groups
    others: tuple[str, ...] = of_groups if single else INDIVIDUAL_METHODS
    name = _find(method, (*fitting, *others))
    if name in others:
        raise DataError(
            N_("{value} needs subgroups of two values or more, and these are individual values")
            if single
            else N_("{value} is for individual values, and these are subgroups"),
            mend=N_("Use one of: {fitting}"),
            argument="within",
            value=name,
            fitting=", ".join(fitting),
        )
    return name


def _find(method: str, known: Iterable[str]) -> str:
    found = {name.lower(): name for name in known}
    if method.strip().lower() not in found:
        raise UnknownName(method, found.values(), what=N_("estimator of sigma"), argument="within")
    return found[method.strip().lower()]


def _from_subgroups(subgroups: Subgroups, name: str, unbiased: bool) -> tuple[float, Within]:
    if name == BETWEEN:
        return _between_within(subgroups, unbiased)
    sizes = subgroups.sizes
    used = sizes[sizes > 1]
    if name == "pooled":
        df = float((used - 1).sum())
        sigma = sigma_pooled(means_and_deviations(subgroups)[1], sizes, unbiased=unbiased)
        return sigma, Within(name, unbiased, df, 1.0 if unbiased else c4(df + 1))
    weighted = not name.endswith("unweighted")
    if name.startswith("Rbar"):
        sigma = sigma_from_ranges(means_and_ranges(subgroups)[1], sizes, weighted=weighted)
        relative = (d3_of(used) / d2_of(used)) ** 2
    else:
        sigma = sigma_from_deviations(means_and_deviations(subgroups)[1], sizes, weighted=weighted)
        relative = (c5_of(used) / c4_of(used)) ** 2
    variance = 1 / float((1 / relative).sum()) if weighted else float(relative.mean()) / len(used)
    return sigma, Within(name, True, degrees_of_freedom(variance), 1.0)


def _from_moves(subgroups: Subgroups, name: str, unbiased: bool) -> tuple[float, Within]:
    ranges = _moving_ranges(subgroups)
    present = ~np.isnan(ranges)
    m = int(present.sum())
    neighbours = int((present[1:] & present[:-1]).sum())
    sigma = sigma_from_moves(ranges, name, unbiased=unbiased)
    if name == "sqrt(MSSD)":
        raw = sigma_from_moves(ranges, name, unbiased=False)
        bias = raw / sigma_from_moves(ranges, name, unbiased=True) if raw > 0 else 1.0
        return sigma, Within(name, unbiased, 2 * m**2 / (2 * m + neighbours), 1.0 if unbiased else bias)
    if name == "median moving range":
        return sigma, Within(name, True, degrees_of_freedom(MEDIAN_MR_VARIANCE / m), 1.0)
    return sigma, Within(name, True, degrees_of_freedom(_relative_variance(present)), 1.0)


def in_line(subgroups: Subgroups) -> Floats:
    """Individual values at their places in time, NaN where one is missing."""
    line = np.full(subgroups.count, np.nan)
    line[subgroups.sizes > 0] = subgroups.values
    return line


def _moving_ranges(subgroups: Subgroups) -> Floats:
    """The difference of each value from the one before; NaN where that one is missing."""
    ranges: Floats = np.abs(np.diff(in_line(subgroups)))
    if np.isnan(ranges).all():
        raise DataError(
            N_("no two values stand beside each other, so there is no moving range"),
            mend=N_("Give more values, or leave out the empty rows"),
            argument="value",
        )
    return ranges
