"""Quantiles of a sample and plotting positions, under the names of those who defined them."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from gemba.stats.data import Frame, Sample
from gemba.stats.results import N_, DataError, Floats, UnknownName, sealed

QuantileMethod = Literal[
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
]
_METHODS: Final[tuple[QuantileMethod, ...]] = (
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
)

MINITAB_QUANTILES: Final = 6
"""Type 6, at (n + 1) p: Minitab, JMP, SPSS."""
EXCEL_QUANTILES: Final = 7
"""Type 7, at (n - 1) p + 1: Excel's PERCENTILE.INC, R, NumPy."""

_OFFSETS: Final = {"benard": 0.3, "blom": 0.375, "hazen": 0.5, "weibull": 0.0, "tukey": 1.0 / 3.0}


def quantile(values: Frame, p: float | Floats, *, kind: int = MINITAB_QUANTILES) -> Floats:
    """Below which value does a given share of the sample lie?

    Parameters
    ----------
    values : array_like, shape (n,)
        Measurements; a missing one is left out.
    p : float or array_like
        Shares, from 0 to 1.
    kind : int
        The type of Hyndman and Fan, 1 to 9. 6 is Minitab's and JMP's, 7 is Excel's and R's.

    Returns
    -------
    array, of the shape of ``p``
        Quantiles in the unit of the values.

    Raises
    ------
    DataError
        When no value is left, a share lies outside 0 to 1, or the type is unknown.

    Notes
    -----
    Hyndman and Fan (1996), The American Statistician 50:361.

    Examples
    --------
    >>> float(quantile([1, 2, 3, 4], 0.25)), float(quantile([1, 2, 3, 4], 0.25, kind=7))
    (1.25, 1.75)
    """
    if kind not in range(1, 10):
        raise DataError(
            N_("there is no quantile of type {value}"),
            mend=N_("Give 1 to 9 (Hyndman and Fan): 6 as in Minitab, 7 as in Excel"),
            argument="kind",
            value=kind,
        )
    shares = np.asarray(p, dtype=np.float64)
    if not ((shares >= 0) & (shares <= 1)).all():
        raise DataError(
            N_("{value} is no share of a sample"),
            mend=N_("Give numbers from 0 to 1"),
            argument="p",
            value=float(shares[~((shares >= 0) & (shares <= 1))].flat[0]),
        )
    found = np.quantile(Sample.of(values).present, shares, method=_METHODS[kind - 1])
    return np.asarray(found, dtype=np.float64)


def plotting_positions(n: int, method: str = "benard") -> Floats:
    """At which share of the distribution is each of n sorted values drawn?

    Parameters
    ----------
    n : int
        Number of values, at least 1.
    method : str
        ``"benard"`` (i - 0.3) / (n + 0.4), the approximate median rank; ``"median"`` the exact median rank;
        ``"blom"`` (i - 3/8) / (n + 1/4); ``"hazen"`` (i - 1/2) / n, also called modified Kaplan-Meier;
        ``"tukey"`` (i - 1/3) / (n + 1/3); ``"weibull"`` i / (n + 1), the mean rank;
        ``"kaplan-meier"`` i / n, which puts the last value at 1.

    Returns
    -------
    array, shape (n,)
        Rising shares from 0 to 1.

    Raises
    ------
    DataError
        For n below 1.
    UnknownName
        For an unknown method.

    Notes
    -----
    (i - a) / (n + 1 - 2a): Cunnane (1978), Journal of Hydrology 37:205; Benard and Bos-Levenbach (1953). The
    exact median rank is the median of a beta distribution with parameters i and n - i + 1.

    Examples
    --------
    >>> plotting_positions(3, "hazen").round(4).tolist()
    [0.1667, 0.5, 0.8333]
    """
    if n < 1:
        raise DataError(
            N_("{value} values cannot be drawn"), mend=N_("Give at least one"), argument="n", value=n
        )
    ranks = np.arange(1.0, n + 1.0)
    if method == "kaplan-meier":
        return sealed(ranks / n)  # type: ignore[no-any-return]
    if method == "median":
        from scipy.special import betaincinv

        return sealed(betaincinv(ranks, n + 1.0 - ranks, 0.5))  # type: ignore[no-any-return]
    if method not in _OFFSETS:
        known = [*_OFFSETS, "kaplan-meier", "median"]
        raise UnknownName(method, known, what=N_("plotting position"), argument="method")
    a = _OFFSETS[method]
    return sealed((ranks - a) / (n + 1.0 - 2.0 * a))  # type: ignore[no-any-return]
