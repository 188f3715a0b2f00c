"""Capability of counts: the share of defective items, or the defects a unit, with exact intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from gemba.stats.capability.chance import Beyond, explained_by_chance
from gemba.stats.capability.intervals import Interval, check_level
from gemba.stats.capability.remarks import remarks_of
from gemba.stats.charts import ControlChart, control_chart
from gemba.stats.data import Counts, Frame, backend_of
from gemba.stats.distributions import normal_isf
from gemba.stats.results import N_, Column, DataError, Result, Table, UnknownName, translator

if TYPE_CHECKING:
    from gemba.stats.figures import Figure

Model = Literal["binomial", "poisson"]


@dataclass(frozen=True, kw_only=True, eq=False)
class CountCapability(Result):
    """How many items are defective, or how many defects a unit has.

    ``model`` is ``"binomial"`` for defective items and ``"poisson"`` for defects. ``count`` is their sum,
    ``inspected`` the items or units looked at. ``rate`` is one over the other, ``lower`` and ``upper`` its
    exact interval with ``confidence``, ``bound`` the one-sided upper bound, from which the decision is made.
    ``z`` is the normal distance of a share that large, ``yield_`` the share of units without a defect.
    ``chart`` judged the stability; ``target`` is the largest rate that was wanted, ``None`` for none.
    """

    NAME: ClassVar[str] = "count capability"

    model: Model
    count: float
    inspected: float
    rate: float
    lower: float
    upper: float
    bound: float
    confidence: float
    z: float
    yield_: float
    chart: ControlChart
    target: float | None = None

    @property
    def chance(self) -> tuple[Beyond, ...]:
        """Points beyond the limits of the chart, where chance alone explains them all."""
        return explained_by_chance(self.chart)

    @property
    def stable(self) -> bool:
        """Whether the counts keep the limits of their chart, but for what chance alone puts beyond them."""
        return self.chart.stable or bool(self.chance)

    @property
    def capable(self) -> bool | None:
        """Whether the upper bound keeps the target; ``None`` without a target, or for an unstable process."""
        return self.bound <= self.target if self.target is not None and self.stable else None

    @property
    def interval(self) -> Interval:
        """The interval of the rate."""
        return Interval(self.lower, self.upper)

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        words = (
            N_("{rate:.4g} % defective ({lower:.4g} to {upper:.4g} % with {confidence:g} % confidence).")
            if self.model == "binomial"
            else N_(
                "{rate:.4g} defects in 100 units ({lower:.4g} to {upper:.4g} with {confidence:g} % "
                "confidence)."
            )
        )
        filled = {"rate": self.rate, "lower": self.lower, "upper": self.upper, "confidence": self.confidence}
        said = [t(words).format(**{name: 100 * value for name, value in filled.items()})]
        chance = self.chance
        said += [remark.words(language) for remark in remarks_of(chance)]
        if not (self.chart.stable or chance):
            said.append(t(N_("The process is not stable, so this says nothing of the next items.")))
        elif self.capable is not None and self.target is not None:
            verdict = (
                N_("Capable: at most {bound:.4g} %, where {target:.4g} % is allowed.")
                if self.capable
                else N_("Not shown to be capable: it may be {bound:.4g} %, where {target:.4g} % is allowed.")
            )
            said.append(t(verdict).format(bound=100 * self.bound, target=100 * self.target))
        return " ".join(said)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = (
            Column("count", t(N_("Count"))),
            Column("inspected", t(N_("Inspected"))),
            Column("rate", t(N_("Rate"))),
            Column("lower", t(N_("Lower"))),
            Column("upper", t(N_("Upper"))),
            Column("bound", t(N_("Upper bound"))),
            Column("ppm", t(N_("ppm"))),
            Column("z", t(N_("Z")), decimals=3),
            Column("yield", t(N_("Yield")), decimals=4),
        )
        ppm = 1e6 * self.rate
        row = (
            *(self.count, self.inspected, self.rate, self.lower, self.upper, self.bound, ppm),
            *(self.z if math.isfinite(self.z) else None, self.yield_),
        )
        return (Table.build(t(N_("Capability of counts")), columns, [row]),)

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        exact = (
            N_("The interval is exact for a binomial count (Clopper and Pearson 1934, Biometrika 26:404).")
            if self.model == "binomial"
            else N_("The interval is exact for a Poisson count (Garwood 1936, Biometrika 28:437).")
        )
        rest = N_(
            "Z is the normal distance beyond which a share as large as that of the defective items or units "
            "lies. The yield is the share of units without a defect: 1 - p, or exp(-u). The decision uses "
            "the one-sided upper bound. Stability is judged by a p or u chart."
        )
        long = N_(
            "Points beyond its limits do not count where the samples are so many that chance more often than "
            "not puts one there, where they are no more than m + 3√m (m is what chance gives by the exact "
            "law) and none is so far out that its like comes once in a hundred such series."
        )
        return f"{t(exact)} {t(rest)} {t(long)}"

    def plot(self, *, language: str | None = None) -> Figure:
        """The chart that judged the stability."""
        return self.chart.plot(language=language)


def count_capability(
    frame: Frame,
    *,
    value: str,
    n: str | float,
    model: Model = "binomial",
    confidence: float = 0.95,
    target: float | None = None,
) -> CountCapability:
    """How many items are defective, or how many defects has a unit, and how sure is that?

    Parameters
    ----------
    frame : Frame
        One row a sample, in time order.
    value : str
        The column of defective items or of defects.
    n : str or float
        The column of items or units inspected, or one number for all.
    model : {"binomial", "poisson"}
        Defective items, or defects.
    confidence : float
        Of the interval and the bound.
    target : float, optional
        The largest share, or number of defects a unit, that is allowed.

    Returns
    -------
    CountCapability
        Rate with its exact interval, Z, yield, and the chart that judged stability.

    Raises
    ------
    DataError
        For what a p or u chart refuses, or a confidence or target that cannot be.
    UnknownName
        For an unknown model.

    Notes
    -----
    Clopper and Pearson (1934); Garwood (1936).

    Examples
    --------
    >>> lots = {"bad": [2, 0, 1, 3, 1], "n": [100, 100, 80, 100, 120]}
    >>> study = count_capability(lots, value="bad", n="n")
    >>> round(study.rate, 3), round(study.bound, 4)
    (0.014, 0.0261)
    """
    check_level(confidence, argument="confidence")
    if model not in ("binomial", "poisson"):
        raise UnknownName(str(model), ("binomial", "poisson"), what=N_("model"), argument="model")
    if target is not None and not 0 < target < math.inf:
        raise DataError(
            N_("{value} is no allowed rate"),
            mend=N_("Give a number above 0, such as 0.01 for one in a hundred"),
            argument="target",
            value=target,
        )
    kind = "p" if model == "binomial" else "u"
    chart = control_chart(kind, frame, value=value, n=n)
    counted = Counts.of(frame, value, n, nature="defectives" if model == "binomial" else "defects")
    known = ~np.isnan(counted.counts)
    count, inspected = float(counted.counts[known].sum()), float(counted.sizes[known].sum())
    outside = (1 - confidence) / 2
    lower, upper = (rate_bound(model, count, inspected, share) for share in (outside, 1 - outside))
    rate = count / inspected
    share = rate if model == "binomial" else -math.expm1(-rate)
    return CountCapability(
        model=model,
        count=count,
        inspected=inspected,
        rate=rate,
        lower=lower,
        upper=upper,
        bound=rate_bound(model, count, inspected, confidence),
        confidence=confidence,
        z=float(normal_isf(share)),
        yield_=1 - share,
        chart=chart,
        target=target,
        backend=backend_of(frame),
    )


def rate_bound(model: Model, count: float, inspected: float, share: float) -> float:
    """The rate at which so few, or so many, would come about with the chance left over."""
    from scipy.special import betaincinv, gammaincinv

    above = share > 0.5
    if model == "poisson":
        shape = count + 1 if above else count
        return float(gammaincinv(shape, share)) / inspected if shape > 0 else 0.0
    if above:
        return 1.0 if count >= inspected else float(betaincinv(count + 1, inspected - count, share))
    return 0.0 if count == 0 else float(betaincinv(count, inspected - count + 1, share))
