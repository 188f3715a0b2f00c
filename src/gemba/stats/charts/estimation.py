"""Limits from a short Phase I, moved outwards or inwards so that they keep what they promise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np

from gemba.stats.charts.kind import Estimate
from gemba.stats.constants import c4, c5, d2, d3
from gemba.stats.distributions.normal import normal_sf
from gemba.stats.results import N_, Column, DataError, Floats, Result, Table, UnknownName, translator

Promise = Literal["guaranteed", "average", "run length"]
PROMISES: tuple[Promise, ...] = get_args(Promise)
CONFIDENCE, TOLERANCE = 0.9, 0.1
METHODS = ("pooled", "Rbar", "Sbar", "average moving range")
DEFAULTS = {"xbar-r": "Rbar", "xbar-s": "Sbar", "i-mr": "average moving range"}
_NODES = 60
"""Gauss and Legendre's nodes over the centre line."""
_CHART_SHARES = (0.1, 0.5, 0.9)

ABOUT = {
    "guaranteed": N_(
        "Guaranteed: so large a share of all Phase I studies gives limits whose chance of a false alarm at a "
        "point is at most the nominal one and the tolerance."
    ),
    "average": N_(
        "Average: the chance of a false alarm at a point is the nominal one on average over Phase I studies."
    ),
    "run length": N_(
        "Run length: the average run length in control, averaged over Phase I studies, is the nominal one. "
        "Mostly this brings the limits closer, because a few very wide ones run for very long."
    ),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class LimitCorrection(Result):
    """Where limits stand that were estimated from few points.

    ``kind`` is the chart, ``promise`` what it shall keep, with ``confidence`` and ``tolerance``. ``nsigma``
    replaces ``nominal``. ``points`` of size ``n`` are Phase I, ``method`` estimates sigma with the
    ``freedom`` of a chi-square. ``shares`` of all charts have an average run length in control below
    ``before`` with the nominal limits and below ``after`` with the corrected ones.
    """

    NAME: ClassVar[str] = "limit correction"

    kind: str
    method: str
    points: int
    n: int
    promise: str
    confidence: float
    tolerance: float
    nominal: float
    nsigma: float
    freedom: float
    shares: tuple[float, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]

    def headline(self, language: str | None = None) -> str:
        """The corrected limits, and what one chart in ten would do without."""
        t = translator(language)
        words = t(
            N_(
                "Limits from {points} points at {nsigma:.4f} instead of {nominal:g} sigma. Uncorrected, one "
                "chart in ten has a false alarm in fewer than {before:.0f} points on average; corrected, in "
                "fewer than {after:.0f}."
            )
        )
        return words.format(
            points=self.points,
            nsigma=self.nsigma,
            nominal=self.nominal,
            before=self.before[0],
            after=self.after[0],
        )

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        """The average run length in control that so many charts stay below."""
        t = translator(language)
        columns = [
            Column("share", t(N_("Share of charts"))),
            Column("before", t(N_("Nominal limits")), digits=4),
            Column("after", t(N_("Corrected limits")), digits=4),
        ]
        rows = list(zip(self.shares, self.before, self.after, strict=True))
        return (
            Table.build(t(N_("Points to a false alarm, below which so many charts stay")), columns, rows),
        )

    def explain(self, language: str | None = None) -> str:
        """What is promised, how it is computed, and what is assumed."""
        t = translator(language)
        return " ".join(
            t(words)
            for words in (
                ABOUT[self.promise],
                N_(
                    "The chance of a false alarm depends on where the estimated mean and sigma came to lie. "
                    "The mean is normal; a pooled sigma is that of a chi-square, exactly; one from ranges, "
                    "standard deviations or moving ranges is taken as the chi-square with the same mean and "
                    "variance (Patnaik)."
                ),
                N_("Values are independent, normal, and stable in Phase I; only the limits are judged."),
                N_(
                    "Sources: Quesenberry, Journal of Quality Technology 25(4), 1993; Chakraborti, "
                    "Communications in Statistics 29, 2000; Jardim, Chakraborti and Epprecht, Journal of "
                    "Quality Technology 52(2), 2020."
                ),
            )
        )


def limit_correction(
    kind: str = "xbar-r",
    *,
    points: int,
    n: int = 1,
    method: str | None = None,
    promise: Promise = "guaranteed",
    confidence: float = CONFIDENCE,
    tolerance: float = TOLERANCE,
    nsigma: float = 3.0,
) -> LimitCorrection:
    """How far out must limits stand that were estimated from so few points?

    Parameters
    ----------
    kind : {"xbar-r", "xbar-s", "i-mr"}
        The chart; the limits of means or single values are corrected.
    points : int
        Subgroups, or single values, of Phase I.
    n : int
        Values in a subgroup; 1 for ``i-mr``.
    method : {"pooled", "Rbar", "Sbar", "average moving range"}, optional
        How sigma is estimated; the default of the kind when left out.
    promise : {"guaranteed", "average", "run length"}
        What the limits shall keep: ``"guaranteed"`` bounds the false alarms of nearly every chart,
        ``"average"`` keeps their chance on average, ``"run length"`` the mean of the average run lengths.
    confidence, tolerance : float
        For ``"guaranteed"``: the share of all Phase I studies, and by how much the chance of a false alarm
        may exceed the nominal one.
    nsigma : float
        The nominal limits, which known mean and sigma would have.

    Returns
    -------
    LimitCorrection
        ``nsigma`` to use instead, and what charts do with and without.

    Raises
    ------
    UnknownName
        For an unknown kind, method or promise.
    DataError
        For numbers that cannot be, and where so few points allow no such promise.

    Examples
    --------
    >>> round(limit_correction("xbar-s", points=25, n=5, method="pooled", promise="average").nsigma, 4)
    3.1299
    """
    chosen = _checked(kind, points, n, method, promise)
    for name, number, most in (("confidence", confidence, 1.0), ("tolerance", tolerance, 10.0)):
        if not 0 < number < most:
            raise DataError(
                N_("{value} is no such share"),
                mend=N_("Give a share above 0, such as 0.9 for confidence and 0.1 for tolerance"),
                argument=name,
                value=number,
            )
    law = _Sigma.of(chosen, points, n)
    alpha = 2 * float(normal_sf(nsigma))
    if promise == "guaranteed":
        reach = law.reach_for(alpha * (1 + tolerance), confidence)
    elif promise == "average":
        reach = law.reach_on_average(alpha)
    else:
        reach = law.reach_for_run_length(1 / alpha, nsigma)
    return LimitCorrection(
        kind=kind,
        method=chosen,
        points=points,
        n=n,
        promise=promise,
        confidence=confidence,
        tolerance=tolerance,
        nominal=nsigma,
        nsigma=reach,
        freedom=law.freedom,
        shares=_CHART_SHARES,
        before=tuple(law.run_length_below(share, nsigma) for share in _CHART_SHARES),
        after=tuple(law.run_length_below(share, reach) for share in _CHART_SHARES),
    )


def check_promise(kind: str, promise: str | None, *, given: bool) -> None:
    """Refuse to correct limits that are not estimated, or of a kind whose correction is not known."""
    if promise is None:
        return
    if promise not in PROMISES:
        raise UnknownName(str(promise), PROMISES, what=N_("promise"), argument="corrected")
    if kind not in DEFAULTS:
        raise DataError(
            N_("limits of a {kind} chart are not corrected for few points"),
            mend=N_("Leave out corrected, or use one of: {known}"),
            argument="corrected",
            value=promise,
            kind=kind,
            known=", ".join(DEFAULTS),
        )
    if given:
        raise DataError(
            N_("mean or sigma are given, and there is nothing to correct"),
            mend=N_("Leave out corrected, or mean and sigma"),
            argument="corrected",
            value=promise,
        )


def correct(estimate: Estimate, kind: str, method: str, promise: Promise, nsigma: float) -> Estimate:
    """The estimate with the reach that its limits of location need."""
    if estimate.smallest != estimate.largest:
        raise DataError(
            N_("corrected limits need subgroups of one size, and these have {least} to {most} values"),
            mend=N_("Leave out corrected, or the subgroups of other sizes"),
            argument="corrected",
            least=f"{estimate.smallest:g}",
            most=f"{estimate.largest:g}",
        )
    found = limit_correction(
        kind,
        points=estimate.points,
        n=int(estimate.smallest),
        method=method.removesuffix(" unweighted"),
        promise=promise,
        nsigma=nsigma,
    )
    return estimate._replace(further={**estimate.further, "reach": found.nsigma})


def _checked(kind: str, points: int, n: int, method: str | None, promise: str) -> str:
    if kind not in DEFAULTS:
        raise UnknownName(str(kind), DEFAULTS, what=N_("kind with corrected limits"), argument="kind")
    if promise not in PROMISES:
        raise UnknownName(str(promise), PROMISES, what=N_("promise"), argument="promise")
    chosen = DEFAULTS[kind] if method is None else method
    known = METHODS[3:] if kind == "i-mr" else METHODS[:3]
    if chosen not in known:
        raise UnknownName(chosen, known, what=N_("sigma method with corrected limits"), argument="method")
    least = 1 if kind == "i-mr" else 2
    if points < 3 or n < least or (kind == "i-mr" and n != 1):
        raise DataError(
            N_("{points} points of {value} values are no Phase I of a {kind} chart"),
            mend=N_("Give at least 3 points, of n = 1 for i-mr and of n from 2 on for means"),
            argument="points" if points < 3 else "n",
            value=n,
            points=points,
            kind=kind,
        )
    return chosen


@dataclass(frozen=True)
class _Sigma:
    """The law of mean and sigma from Phase I: sigma is ``scale`` times a chi over the root of its freedom."""

    points: int
    freedom: float
    scale: float

    @classmethod
    def of(cls, method: str, points: int, n: int) -> _Sigma:
        pooled = method == "pooled"
        freedom = float(points * (n - 1)) if pooled else freedom_for(_variance(method, points, n))
        return cls(points, freedom, 1 / c4(freedom + 1))

    def reach_for(self, alpha: float, confidence: float) -> float:
        """The reach with which that share of charts has at most that chance of a false alarm."""
        from scipy.optimize import brentq

        found: float = brentq(
            lambda reach: self.share_within(alpha, reach) - confidence, 0.05, 60.0, xtol=1e-10
        )
        return found

    def share_within(self, alpha: float, reach: float) -> float:
        """The share of charts whose chance of a false alarm at a point is at most alpha."""
        from scipy.special import chdtrc

        centers, masses = _centers()
        needed = _distance_for(alpha, centers / math.sqrt(self.points)) / (reach * self.scale)
        return float(masses @ chdtrc(self.freedom, self.freedom * needed**2))

    def run_length_below(self, share: float, reach: float) -> float:
        """The average run length in control that this share of charts stays below."""
        from scipy.optimize import brentq

        found: float = brentq(
            lambda log: self.share_within(math.exp(-log), reach) - (1 - share), 1e-6, 600.0, xtol=1e-9
        )
        return math.exp(found)

    def reach_on_average(self, alpha: float) -> float:
        """By Student's t: a new point less the estimated mean, over the estimated sigma."""
        from scipy.special import stdtrit

        t = -float(stdtrit(self.freedom, alpha / 2))
        return t * math.sqrt(1 + 1 / self.points) / self.scale

    def reach_for_run_length(self, arl: float, nsigma: float) -> float:
        """The reach with which run lengths average to the nominal one, over all charts."""
        from scipy.optimize import brentq

        if self.freedom <= 1.5 * (nsigma + 0.5) ** 2:
            raise DataError(
                N_(
                    "with {freedom} degrees of freedom of sigma a few charts run nearly for ever, and no "
                    "mean of run lengths says anything"
                ),
                mend=N_("Ask for promise='guaranteed', or give more points"),
                argument="points",
                value=self.points,
                freedom=f"{self.freedom:.3g}",
            )
        found: float = brentq(
            lambda reach: math.log(self._mean_run_length(reach) / arl), 0.5 * nsigma, 1.5 * nsigma, xtol=1e-10
        )
        return found

    def _mean_run_length(self, reach: float) -> float:
        """Over all places of the centre line and all values of sigma."""
        from scipy.special import gammaln

        centers, masses = _centers()
        nodes, weights = np.polynomial.legendre.leggauss(400)
        most = self.scale * (1 + 14 / math.sqrt(self.freedom - (self.scale * reach) ** 2))
        sigmas = 0.5 * most * (nodes + 1)
        chi = sigmas / self.scale
        half = self.freedom / 2
        logs = (self.freedom - 1) * np.log(chi) - half * chi * chi + half * math.log(half) - gammaln(half)
        density = 2 * np.exp(logs) / self.scale * (0.5 * most * weights)
        off = centers / math.sqrt(self.points)
        chance = normal_sf(reach * sigmas[:, None] - off) + normal_sf(reach * sigmas[:, None] + off)
        return float(density @ (1 / chance) @ masses)


def _centers() -> tuple[Floats, Floats]:
    """Places of a standard normal value and their chances."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    places = 9.0 * nodes
    return places, 9.0 * weights * np.exp(-0.5 * places**2) / math.sqrt(2 * math.pi)


def _distance_for(alpha: float, off: Floats) -> Floats:
    """How far out limits stand, around a centre that is off, whose chance of a point beyond is alpha."""
    low, high = np.zeros_like(off), np.full_like(off, 45.0) + np.abs(off)
    for _ in range(60):
        middle = 0.5 * (low + high)
        wide = normal_sf(middle - off) + normal_sf(middle + off) < alpha
        low, high = np.where(wide, low, middle), np.where(wide, middle, high)
    return np.asarray(0.5 * (low + high), dtype=np.float64)


def _variance(method: str, points: int, n: int) -> float:
    """The relative variance of sigma as the method estimates it."""
    if method == "Rbar":
        return (d3(n) / d2(n)) ** 2 / points
    if method == "Sbar":
        return (c5(n) / c4(n)) ** 2 / points
    moves = points - 1
    alone = 2 - 4 / math.pi
    beside = 4 / math.pi * (math.sqrt(0.75) + math.pi / 12) - 4 / math.pi
    return (moves * alone + 2 * (moves - 1) * beside) / moves**2 / d2(2) ** 2


def freedom_for(variance: float) -> float:
    """The degrees of freedom with which an unbiased estimate of sigma has that relative variance.

    Examples
    --------
    >>> round(freedom_for((c5(11) / c4(11)) ** 2), 6)
    10.0
    """
    from scipy.optimize import brentq

    found: float = brentq(lambda f: (c5(f + 1) / c4(f + 1)) ** 2 - variance, 1.0, 1e7, xtol=1e-9, rtol=1e-13)
    return found
