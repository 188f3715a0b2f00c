"""Tolerance intervals: between which values does a share of all items lie, with a stated confidence?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from gemba.stats.data import Frame, Sample, backend_of
from gemba.stats.distributions.moments import mean, standard_deviation
from gemba.stats.distributions.normal import normal_pdf, normal_ppf
from gemba.stats.distributions.normality import anderson_darling
from gemba.stats.results import N_, Column, DataError, Floats, Result, Table, UnknownName, sealed, translator

if TYPE_CHECKING:
    from gemba.stats.figures import Figure

Side = Literal["both", "lower", "upper"]
Method = Literal["normal", "nonparametric"]
_SIDES, _METHODS = ("both", "lower", "upper"), ("normal", "nonparametric")
_FARTHEST = 9.0
_PIECES, _NODES = 12, 20


@dataclass(frozen=True, kw_only=True, eq=False)
class ToleranceInterval(Result):
    """Where a share of all items lies.

    ``name`` is the characteristic, ``values`` are its values from the smallest, ``n`` and ``missing`` count
    them, ``mean`` and ``sd`` describe them. ``coverage`` is the share, ``confidence`` what was asked,
    ``reached`` what the interval has; ``side`` says whether both ends count, ``method`` how it was found.
    ``factor`` is the number of standard deviations from the mean (``None`` without a normal distribution),
    ``lower`` and ``upper`` are the ends, infinite where none was asked. ``needed`` is how many values a
    nonparametric interval takes; ``normality_p`` is Anderson and Darling's, where there are 8 values.
    """

    NAME: ClassVar[str] = "tolerance interval"

    name: str
    values: Floats
    n: int
    missing: int
    mean: float
    sd: float
    coverage: float
    confidence: float
    reached: float
    side: Side
    method: Method
    factor: float | None
    lower: float
    upper: float
    needed: int
    normality_p: float | None

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        words = {
            "both": N_("{name}: at least {coverage:.4g} % of all lie between {lower:.6g} and {upper:.6g}"),
            "lower": N_("{name}: at least {coverage:.4g} % of all lie above {lower:.6g}"),
            "upper": N_("{name}: at least {coverage:.4g} % of all lie below {upper:.6g}"),
        }[self.side]
        said = t(words).format(
            name=self.name, coverage=100 * self.coverage, lower=self.lower, upper=self.upper
        )
        with_what = t(N_("with a confidence of {confidence:.4g} %."))
        parts = [f"{said}, {with_what.format(confidence=100 * self.reached)}"]
        if self.reached < self.confidence:
            short = N_(
                "That is less than the {wanted:.4g} % wanted: {n} values are too few, {needed} are needed."
            )
            parts.append(t(short).format(wanted=100 * self.confidence, n=self.n, needed=self.needed))
        if self.method == "normal" and self.normality_p is not None and self.normality_p < 0.05:
            parts.append(
                t(
                    N_(
                        "The data contradict the normal distribution that it assumes (p = {p:.3g}): take the "
                        "nonparametric interval."
                    )
                ).format(p=self.normality_p)
            )
        return " ".join(parts)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = (
            Column("name", t(N_("Characteristic")), align="left"),
            Column("n", t(N_("n"))),
            Column("mean", t(N_("Mean"))),
            Column("sd", t(N_("Std dev"))),
            Column("coverage", t(N_("Coverage")), decimals=4),
            Column("reached", t(N_("Confidence")), decimals=4),
            Column("factor", t(N_("Factor")), decimals=4),
            Column("lower", t(N_("Lower")), digits=7),
            Column("upper", t(N_("Upper")), digits=7),
        )
        row = [getattr(self, column.name) for column in columns]
        return (Table.build(t(N_("Tolerance interval")), columns, [row]),)

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        if self.method == "normal":
            return t(
                N_(
                    "The interval is mean ± factor times standard deviation (divisor n - 1). The factor is "
                    "exact for a normal distribution: one-sided by the noncentral t distribution, two-sided "
                    "by the integral over the sample mean, as in ISO 16269-6:2014. Printed tables after "
                    "Bowker (1947) and Howe's approximation are up to 0.4 % off. A tolerance interval "
                    "speaks of single items; a confidence interval speaks of the mean."
                )
            )
        return t(
            N_(
                "The ends are values of the sample itself, counted in from both ends, so no distribution is "
                "assumed. The confidence is exact: the share between two ordered values follows a beta "
                "distribution. Source: Wilks (1941), Annals of Mathematical Statistics 12:91; ISO "
                "16269-6:2014."
            )
        )

    def plot(self, *, language: str | None = None) -> Figure:
        from gemba.stats.distributions.tolerance_picture import draw

        return draw(self, language)


def tolerance_interval(
    frame: Frame,
    value: str | None = None,
    *,
    coverage: float = 0.95,
    confidence: float = 0.95,
    side: Side = "both",
    method: Method = "normal",
) -> ToleranceInterval:
    """Between which values does a share of all items lie, with a stated confidence?

    Parameters
    ----------
    frame : Frame
        Where the numbers are.
    value : str, optional
        The column; not needed for bare numbers.
    coverage : float
        The share of all items, above 0 and below 1.
    confidence : float
        How sure that is, above 0 and below 1.
    side : {"both", "lower", "upper"}
        An interval, or one bound.
    method : {"normal", "nonparametric"}
        By a normal distribution, or by the ordered values alone.

    Returns
    -------
    ToleranceInterval
        The ends, the factor, and the confidence reached.

    Raises
    ------
    DataError
        For fewer than two values, a share or confidence outside 0 to 1, text or infinity.
    UnknownName
        For an unknown side or method.

    Notes
    -----
    ISO 16269-6:2014, Statistical interpretation of data, part 6. Normal: mean +- k s with exact k;
    nonparametric: ordered values by Wilks (1941).

    Examples
    --------
    >>> found = tolerance_interval([9.9, 10.1, 10.0, 9.8, 10.2, 10.0], coverage=0.9)
    >>> round(found.factor, 4), round(found.lower, 3)
    (3.7326, 9.472)
    """
    _check_share(coverage, "coverage")
    _check_share(confidence, "confidence")
    _check_name(side, _SIDES, N_("side"), "side")
    _check_name(method, _METHODS, N_("method"), "method")
    sample = Sample.of(frame, value, at_least=2)
    present = np.sort(sample.present)
    n, center, sd = len(present), mean(present), standard_deviation(present)
    factor: float | None = None
    reached = confidence
    if method == "normal":
        factor = tolerance_factor(n, coverage=coverage, confidence=confidence, side=side)
        low, high = center - factor * sd, center + factor * sd
    else:
        low, high, reached = _ordered(present, coverage, confidence, side)
    return ToleranceInterval(
        name=sample.name,
        values=sealed(present),
        n=n,
        missing=sample.missing,
        mean=center,
        sd=sd,
        coverage=coverage,
        confidence=confidence,
        reached=reached,
        side=side,
        method=method,
        factor=factor,
        lower=-math.inf if side == "upper" else low,
        upper=math.inf if side == "lower" else high,
        needed=tolerance_sample_size(coverage=coverage, confidence=confidence, side=side),
        normality_p=anderson_darling(present).p if n >= 8 and sd > 0 else None,
        backend=backend_of(frame),
    )


@lru_cache(maxsize=256)
def tolerance_factor(
    n: int, *, coverage: float = 0.95, confidence: float = 0.95, side: Side = "both"
) -> float:
    """How many standard deviations from the mean of n normal values are the ends of a tolerance interval?

    Parameters
    ----------
    n : int
        How many values mean and standard deviation come from, at least 2.
    coverage, confidence : float
        The share of all items, and how sure that is.
    side : {"both", "lower", "upper"}
        An interval, or one bound.

    Returns
    -------
    float
        The factor k, exact but for rounding.

    Raises
    ------
    DataError
        For n below 2, or a share or confidence outside 0 to 1.
    UnknownName
        For an unknown side.

    Notes
    -----
    Two-sided, k solves E P(chi2(n - 1) >= (n - 1) r^2 / k^2) = confidence over the sample mean z / sqrt(n),
    with r the half width about it that holds the coverage. One-sided, k sqrt(n) is a quantile of the
    noncentral t distribution. Source: Odeh and Owen (1980); ISO 16269-6:2014.

    Examples
    --------
    >>> round(tolerance_factor(10), 4), round(tolerance_factor(10, side="upper"), 4)
    (3.3934, 2.911)
    """
    from scipy.optimize import brentq
    from scipy.special import chdtrc, chndtrix, ndtr

    _check_share(coverage, "coverage")
    _check_share(confidence, "confidence")
    _check_name(side, _SIDES, N_("side"), "side")
    if n < 2:
        raise DataError(
            N_("{value} value has no standard deviation"),
            mend=N_("Give at least 2 values"),
            argument="n",
            value=n,
        )
    df = n - 1.0
    offset = float(normal_ppf(coverage)) * math.sqrt(n)
    start = 0.0 if side == "both" else max(-offset, -_FARTHEST)
    z, weights = _pieces(start, _FARTHEST)
    if side == "both":
        squares, sure, share = chndtrix(coverage, 1.0, z * z / n), 0.0, 2.0 * weights * normal_pdf(z)
    else:
        squares, sure, share = (offset + z) ** 2 / n, float(ndtr(start)), weights * normal_pdf(z)

    def miss(log_k: float) -> float:
        return sure + float(share @ chdtrc(df, df * squares * math.exp(-2 * log_k))) - confidence

    if confidence <= sure:  # so little is asked that the bound lies on the other side of the mean
        return _low_factor(n, coverage, confidence)
    return math.exp(float(brentq(miss, -14.0, 24.0, xtol=1e-13)))


def tolerance_sample_size(*, coverage: float = 0.95, confidence: float = 0.95, side: Side = "both") -> int:
    """How many values does a nonparametric tolerance interval take, with the extreme values as its ends?

    Parameters
    ----------
    coverage, confidence : float
        The share of all items, and how sure that is.
    side : {"both", "lower", "upper"}
        Both extreme values, or one of them.

    Returns
    -------
    int
        The smallest sample.

    Raises
    ------
    DataError
        For a share or confidence outside 0 to 1.
    UnknownName
        For an unknown side.

    Notes
    -----
    Wilks (1941), Annals of Mathematical Statistics 12:91.

    Examples
    --------
    >>> tolerance_sample_size(coverage=0.95, confidence=0.95)
    93
    """
    _check_share(coverage, "coverage")
    _check_share(confidence, "confidence")
    _check_name(side, _SIDES, N_("side"), "side")
    dropped = 2 if side == "both" else 1
    low, high = dropped - 1, dropped
    while confidence_of(high, dropped, coverage) < confidence:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if confidence_of(middle, dropped, coverage) < confidence:
            low = middle
        else:
            high = middle
    return high


def confidence_of(n: int, dropped: int, coverage: float) -> float:
    """The confidence that what is left of n ordered values holds the coverage, when so many ends are cut.

    An interval from the smallest to the largest value cuts two, one bound at an extreme value cuts one.
    """
    from scipy.special import betaincc

    return float(betaincc(n - dropped + 1.0, float(dropped), coverage)) if dropped <= n else 0.0


def _ordered(present: Floats, coverage: float, confidence: float, side: Side) -> tuple[float, float, float]:
    """Ends and confidence: as far in from the extreme values as the confidence allows."""
    n, least = len(present), 2 if side == "both" else 1
    low, high = least, n
    while low < high:  # the confidence falls with every end that is cut
        middle = (low + high + 1) // 2
        if confidence_of(n, middle, coverage) >= confidence:
            low = middle
        else:
            high = middle - 1
    first = (low + 1) // 2 if side == "both" else low
    last = low - first if side == "both" else low
    return float(present[first - 1]), float(present[n - last]), confidence_of(n, low, coverage)


def _low_factor(n: int, coverage: float, confidence: float) -> float:
    """One-sided, where the factor is not above zero: a quantile of the noncentral t by its distribution."""
    from scipy.optimize import brentq
    from scipy.special import nctdtr

    offset = float(normal_ppf(coverage)) * math.sqrt(n)
    reach = 1e3 + abs(offset)
    found: float = brentq(lambda t: float(nctdtr(n - 1.0, offset, t)) - confidence, -reach, reach, xtol=1e-12)
    return found / math.sqrt(n)


@lru_cache(maxsize=32)
def _pieces(start: float, stop: float) -> tuple[Floats, Floats]:
    """Gauss and Legendre's nodes on equal pieces of an interval."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    edges = np.linspace(start, stop, _PIECES + 1)
    half = (edges[1] - edges[0]) / 2
    places = (edges[:-1, None] + half * (nodes[None, :] + 1)).ravel()
    return places, np.tile(half * weights, _PIECES)


def _check_share(share: float, argument: str) -> None:
    if not 0 < share < 1:
        raise DataError(
            N_("{value} is no share of all items")
            if argument == "coverage"
            else N_("{value} is no confidence"),
            mend=N_("Give a number between 0 and 1, such as 0.95"),
            argument=argument,
            value=share,
        )


def _check_name(given: str, known: tuple[str, ...], what: str, argument: str) -> None:
    if given not in known:
        raise UnknownName(str(given), known, what=what, argument=argument)
