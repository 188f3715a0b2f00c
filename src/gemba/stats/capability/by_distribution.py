"""Capability of values that are not normal: by a fitted distribution, a transform, or the values alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from gemba.stats.capability.chance import explained_by_chance
from gemba.stats.capability.intervals import Interval, check_level
from gemba.stats.capability.nonconforming import Ppm, observed_ppm
from gemba.stats.capability.percentiles import SHARES, Law, Sample, bounds, percentile_indices
from gemba.stats.charts import control_chart
from gemba.stats.data import Frame, Tolerance, backend_of
from gemba.stats.data import Sample as Measured
from gemba.stats.data.tolerance import Number
from gemba.stats.distributions import FAMILIES, Fit, identify_distribution, normal_ppf
from gemba.stats.distributions.fitting import a_squared
from gemba.stats.distributions.normality import p_of_distance
from gemba.stats.distributions.transforms import Transform, fit_transform
from gemba.stats.results import (
    N_,
    Column,
    DataError,
    Floats,
    Result,
    Table,
    Translate,
    UnknownName,
    sealed,
    translator,
)

if TYPE_CHECKING:
    from gemba.stats.figures import Figure

TRANSFORMS = ("box-cox", "yeo-johnson", "johnson")
FROM_ZERO = ("beta", "folded-normal", "box-cox")
"""Further distributions without a value below zero."""
TO_ONE = ("beta",)
"""Distributions without a value above one."""
FEWEST = 5
TAIL_FROM = 740
"""So many values are needed before the sample itself has a value at 0.135 %."""


@dataclass(frozen=True, kw_only=True, eq=False)
class DistributionCapability(Result):
    """Can a process whose values are not normal keep its specification?

    ``name`` is the characteristic, ``values`` are its values in time order, ``n`` and ``missing`` count
    them, ``tolerance`` holds the limits. ``distribution`` is what was taken: ``fit`` or ``transform`` are its
    numbers, both ``None`` for the values alone. ``low``, ``median`` and ``high`` are the percentiles at
    0.135, 50 and 99.865 %. ``pp``, ``ppl``, ``ppu``, ``ppk`` follow from them, ``ppk_lower`` is the bound
    that
    Ppk of the process passes with ``confidence``. ``ppm_observed`` and ``ppm_expected`` count what lies
    outside. ``a_squared`` and ``p`` tell how well the distribution fits. ``stable`` says whether the values,
    made normal by it, keep the limits of an individuals chart, but for what chance alone puts beyond them
    in a long series. ``min_ppk`` is what was wanted.
    ``intervals`` are those of the indices by name, at the same confidence; a study that was stored before has
    none.
    """

    NAME: ClassVar[str] = "capability by distribution"

    name: str
    values: Floats
    n: int
    missing: int
    tolerance: Tolerance
    distribution: str
    fit: Fit | None
    transform: Transform | None
    low: float
    median: float
    high: float
    pp: float | None
    ppl: float | None
    ppu: float | None
    ppk: float
    ppk_lower: float
    confidence: float
    ppm_observed: Ppm
    ppm_expected: Ppm
    a_squared: float | None
    p: float | None
    stable: bool
    min_ppk: float
    intervals: Mapping[str, Interval] = field(default_factory=dict)

    @property
    def capable(self) -> bool | None:
        """Whether the lower bound of Ppk reaches what was wanted; ``None`` for an unstable process."""
        return self.ppk_lower >= self.min_ppk if self.stable else None

    @property
    def law(self) -> Law:
        """What the percentiles come from."""
        return self.fit or self.transform or Sample(np.sort(self.values))

    def title(self, language: str | None = None) -> str:
        """The distribution in words."""
        t = translator(language)
        if self.fit is not None:
            return t(FAMILIES[self.fit.family].title)
        if self.transform is None:
            return t(N_("No distribution"))
        return {
            "box-cox": t(N_("Box-Cox transform")),
            "yeo-johnson": t(N_("Yeo-Johnson transform")),
            "johnson-su": t(N_("Johnson SU curve")),
            "johnson-sb": t(N_("Johnson SB curve")),
        }[self.transform.name]

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        filled = {
            "name": self.name,
            "ppk": f"{self.ppk:.3f}",
            "bound": f"{self.ppk_lower:.3f}",
            "confidence": f"{100 * self.confidence:g}",
            "wanted": f"{self.min_ppk:g}",
            "law": self.title(language),
        }
        words = {
            None: N_("{name}: not stable, so no index is meaningful ({law}: Ppk would be {ppk})."),
            True: N_("{name}: capable. Ppk {ppk}, at least {bound} with {confidence} % ({law})."),
            False: N_(
                "{name}: not shown to be capable. Ppk {ppk}, at least {bound} with {confidence} % where "
                "{wanted} is wanted ({law})."
            ),
        }[self.capable]
        said = [t(words).format(**filled)]
        if self.p is not None and self.p < 0.05:
            said.append(t(N_("The data contradict this distribution (p = {p:.3g}).")).format(p=self.p))
        if self.fit is None and self.transform is None and self.n < TAIL_FROM:
            said.append(
                t(
                    N_("{n} values do not reach 0.135 %: the extreme values stand for it, which flatters.")
                ).format(n=self.n)
            )
        return " ".join(said)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        what, number = Column("what", t(N_("Figure")), align="left"), Column("number", t(N_("Value")))
        shown: list[tuple[object, ...]] = [
            (t(N_("Percentile 0.135 %")), self.low),
            (t(N_("Median")), self.median),
            (t(N_("Percentile 99.865 %")), self.high),
            *self._indices(t),
            (t(N_("Lower bound of Ppk")), self.ppk_lower),
            (t(N_("Observed, ppm")), self.ppm_observed.total),
            (t(N_("Expected, ppm")), self.ppm_expected.total),
            (t(N_("A² of the fit")), self.a_squared),
            (t(N_("p of the fit")), self.p),
        ]
        title = t(N_("Capability by distribution: {law}")).format(law=self.title(language))
        percent = {"percent": f"{100 * self.confidence:g}"}
        ends = (("lower", N_("Lower {percent} %")), ("upper", N_("Upper {percent} %")))
        lower, upper = (Column(name, t(text).format(**percent)) for name, text in ends)
        rows = [(*row, None, None)[:4] for row in shown]
        return (Table.build(title, (what, number, lower, upper), rows, self._notes(language)),)

    def _indices(self, t: Translate) -> Iterator[tuple[object, ...]]:
        """Each index with its interval."""
        for name, label in (("pp", N_("Pp")), ("ppl", N_("Ppl")), ("ppu", N_("Ppu")), ("ppk", N_("Ppk"))):
            found = self.intervals.get(name)
            ends = (None, None) if found is None else (found.lower, found.upper)
            yield (t(label), getattr(self, name), *ends)

    def _notes(self, language: str | None) -> list[str]:
        t = translator(language)
        if self.fit is not None:
            return [self.fit.told(t)]
        told = []
        if self.transform is not None:
            names = ("λ",) if len(self.transform.numbers) == 1 else ("γ", "δ", "ξ", "λ")
            told = [f"{name} {x:.6g}" for name, x in zip(names, self.transform.numbers, strict=True)]
        return [", ".join(told)] if told else []

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        return t(
            N_(
                "Pp = (USL - LSL) / (X99.865 - X0.135), Ppl = (X50 - LSL) / (X50 - X0.135), Ppu = (USL - "
                "X50) / (X99.865 - X50), Ppk the smaller: the percentile method of ISO 22514-2:2017, which "
                "agrees with the usual indices for a normal distribution. Distributions are fitted by "
                "greatest likelihood; Box-Cox and Yeo-Johnson exponents are not rounded; Johnson curves go "
                "through four percentiles (Slifker and Shapiro 1980) at the place where they make the "
                "values most nearly normal. The lower bound and the intervals come from samples drawn from "
                "the law and fitted anew, with threshold and transform held. Stability is judged on the "
                "values made normal, so that a tail is no alarm; nor are the points that chance alone puts "
                "beyond the limits of a long series."
            )
        )

    def plot(self, *, language: str | None = None) -> Figure:
        from gemba.stats.capability.picture_distribution import draw

        return draw(self, language)


def capability_by_distribution(
    frame: Frame,
    value: str | None = None,
    *,
    lsl: Number | None = None,
    usl: Number | None = None,
    distribution: str = "best",
    lower_natural: bool = False,
    upper_natural: bool = False,
    confidence: float = 0.95,
    min_ppk: float = 1.33,
) -> DistributionCapability:
    """Can a process whose values are not normal keep its specification?

    Parameters
    ----------
    frame : Frame
        Measurements in time order.
    value : str, optional
        The column; not needed for bare numbers.
    lsl, usl : number or text, optional
        Specification limits; a blank is no limit.
    distribution : str
        A family of ``identify_distribution``; ``"best"`` of the twelve usual ones;
        ``"box-cox"``, ``"yeo-johnson"`` or ``"johnson"``; or ``"nonparametric"``.
    lower_natural, upper_natural : bool
        The limit is a bound that cannot be passed: no index against it.
    confidence : float
        Of the lower bound of Ppk.
    min_ppk : float
        The bound from which the process is called capable.

    Returns
    -------
    DistributionCapability
        Percentiles, indices with a lower bound, parts per million, and how well the distribution fits.

    Raises
    ------
    DataError
        For fewer than five values, equal values, no limit, or values and limits that the distribution cannot
        have.
    UnknownName
        For an unknown distribution.

    Notes
    -----
    Percentile method of ISO 22514-2:2017; bound by the parametric bootstrap (Efron and Tibshirani 1993).

    Examples
    --------
    >>> study = capability_by_distribution([3.1, 5.2, 1.4, 0.7, 2.2, 9.8, 1.9, 4.0], usl=20,
    ...                                    distribution="lognormal")
    >>> round(study.median, 3), round(study.ppu, 3)
    (2.671, 0.61)
    """
    check_level(confidence, argument="confidence")
    tolerance = Tolerance.of(lsl, usl, lower_natural=lower_natural, upper_natural=upper_natural)
    sample = Measured.of(frame, value, at_least=FEWEST)
    present = sample.present
    law, distance, p = _law(present, distribution, value)
    _check_reach(distribution, tolerance)
    low, median, high = (float(x) for x in law.quantile(np.array(SHARES)))
    if not low < median < high:
        raise DataError(
            N_("the percentiles of this distribution coincide, so there is no index"),
            mend=N_("Give more values, or take another distribution"),
            argument="distribution",
        )
    found = percentile_indices(law, tolerance)
    bound, intervals = bounds(law, present, tolerance, confidence)
    return DistributionCapability(
        name=sample.name,
        values=sealed(present.copy()),
        n=len(present),
        missing=sample.missing,
        tolerance=tolerance,
        distribution=distribution,
        fit=law if isinstance(law, Fit) else None,
        transform=law if isinstance(law, Transform) else None,
        low=low,
        median=median,
        high=high,
        **asdict(found),
        ppk_lower=bound,
        confidence=confidence,
        ppm_observed=observed_ppm(present, tolerance),
        ppm_expected=_expected(law, tolerance),
        a_squared=distance,
        p=p,
        stable=_stable(law, present),
        min_ppk=min_ppk,
        intervals=intervals,
        backend=backend_of(frame),
    )


def _check_reach(distribution: str, tolerance: Tolerance) -> None:
    """A limit that no value of a distribution can pass is a slip, or a natural bound."""
    family = FAMILIES.get(distribution)
    from_zero = distribution in FROM_ZERO or (family is not None and family.positive)
    lsl, usl = tolerance.required_lsl, tolerance.required_usl
    below = lsl is not None and from_zero and lsl < 0
    above = usl is not None and ((from_zero and usl <= 0) or (distribution in TO_ONE and usl > 1))
    if below or above:
        raise DataError(
            N_("the distribution {distribution} has no values on both sides of the limit {value}"),
            mend=N_("Leave the limit out, say {natural}=True if it is a bound, or take another distribution"),
            argument="lsl" if below else "usl",
            value=lsl if below else usl,
            distribution=distribution,
            natural="lower_natural" if below else "upper_natural",
        )


def _law(present: Floats, distribution: str, column: str | None) -> tuple[Law, float | None, float | None]:
    """What gives the percentiles, A² of its fit and its p."""
    if present.min() == present.max():
        raise DataError(
            N_("all values are equal, so there is no spread and no capability to state"),
            mend=N_("Check that this is the right column and that the gauge resolves the tolerance"),
            column=column,
            argument=None if column else "value",
        )
    if distribution == "nonparametric":
        return Sample(np.sort(present)), None, None
    if distribution in TRANSFORMS:
        transform = fit_transform(present, distribution)
        below, above = (
            np.log(np.maximum(f(np.sort(present)), 1e-300)) for f in (transform.cdf, transform.sf)
        )
        distance = float(a_squared(below[None, :], above[None, :])[0])
        return transform, distance, p_of_distance(distance, len(present))
    if distribution != "best" and distribution not in FAMILIES:
        known = ["best", *FAMILIES, *TRANSFORMS, "nonparametric"]
        raise UnknownName(distribution, known, what=N_("distribution"), argument="distribution")
    best = identify_distribution(
        present, distributions=() if distribution == "best" else (distribution,)
    ).best
    assert best.fit is not None  # noqa: S101 (told to the type checker: the best has a fit, or it was refused)
    return best.fit, best.a_squared, best.p


def _expected(law: Law, tolerance: Tolerance) -> Ppm:
    lsl, usl = tolerance.required_lsl, tolerance.required_usl
    below = None if lsl is None else 1e6 * float(law.cdf(lsl))
    above = None if usl is None else 1e6 * float(law.sf(usl))
    return Ppm(below, above, (below or 0.0) + (above or 0.0))


def _stable(law: Law, present: Floats) -> bool:
    """Whether the values, made normal, keep the limits of an individuals chart, but for what chance gives."""
    n = len(present)
    if isinstance(law, Sample):
        ranks = np.searchsorted(law.values, present, side="right")
        shares = (ranks - 0.375) / (n + 0.25)
    else:
        shares = np.clip(law.cdf(present), 1e-12, 1 - 1e-12)
    chart = control_chart("i-mr", normal_ppf(shares))
    return chart.stable or bool(explained_by_chance(chart))
