"""What a capability study answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal

from gemba.stats.capability.chance import Beyond, explained_by_chance
from gemba.stats.capability.indices import EACH
from gemba.stats.capability.intervals import (
    Interval,
    bissell_interval,
    boyles_interval,
    check_level,
    chi_square_interval,
)
from gemba.stats.capability.nonconforming import Ppm
from gemba.stats.capability.remarks import Remark
from gemba.stats.capability.within import Within
from gemba.stats.charts import ControlChart
from gemba.stats.data import Tolerance
from gemba.stats.results import N_, DataError, Floats, Result, Table, UnknownName

if TYPE_CHECKING:
    from gemba.stats.figures import Figure

Sigma = Literal["overall", "within"]
Side = Literal["both", "lower"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Capability(Result):
    """Can the process keep the specification, and is it stable enough to say so?

    Attributes
    ----------
    name : str
        The characteristic.
    values : array
        Every value that is not missing, in time order.
    n, missing, groups : int
        Values used, values missing, points in time (subgroups, or individual values).
    mean, sigma_within, sigma_overall : float
        In the unit of the values. ``within`` states how sigma within was estimated.
    tolerance : Tolerance
        Limits and target.
    cp, cpl, cpu, cpk : float or None
        From sigma within; ``None`` where the limit is missing or natural, or sigma within is zero.
    pp, ppl, ppu, ppk : float or None
        From sigma overall.
    cpm : float or None
        Only with a target; ``cpm_sigma`` says from which sigma.
    z_bench_within, z_bench_overall : float or None
        The z whose one tail holds what lies outside both limits.
    z_shift : float or None
        What was asked to be added to ``z_bench_overall`` in ``sigma_level``.
    ppm_observed, ppm_within, ppm_overall : Ppm
        Parts per million seen, expected from sigma within, and expected from sigma overall.
    chart : ControlChart or None
        What stability was judged by; ``None`` when there is only one point in time.
    anderson_darling, normality_p : float or None
        The normality test of all values; ``None`` below 8 values.
    cpk_lower : float or None
        What Cpk is at least, with that confidence; what ``capable`` is decided by.
    remarks : tuple of Remark
        Warnings as values; ``warnings()`` says them.
    confidence, min_cpk : float
        What was asked.
    convention : str or None
        Whose way was taken where nothing was said.
    """

    NAME: ClassVar[str] = "capability"

    name: str
    values: Floats
    n: int
    missing: int
    groups: int
    mean: float
    sigma_within: float
    sigma_overall: float
    within: Within
    tolerance: Tolerance
    cp: float | None
    cpl: float | None
    cpu: float | None
    cpk: float | None
    pp: float | None
    ppl: float | None
    ppu: float | None
    ppk: float
    cpm: float | None
    cpm_sigma: Sigma
    z_bench_within: float | None
    z_bench_overall: float
    z_shift: float | None
    ppm_observed: Ppm
    ppm_within: Ppm | None
    ppm_overall: Ppm
    chart: ControlChart | None
    anderson_darling: float | None
    normality_p: float | None
    remarks: tuple[Remark, ...]
    confidence: float
    min_cpk: float
    convention: str | None = None

    @property
    def sigma_level(self) -> float:
        """Z.bench overall, plus the shift when one was asked for."""
        return self.z_bench_overall + (self.z_shift or 0.0)

    @property
    def stability_index(self) -> float | None:
        """Sigma overall / sigma within: far above one, the mean moves between the subgroups."""
        return self.sigma_overall / self.sigma_within if self.sigma_within > 0 else None

    @cached_property
    def chance(self) -> tuple[Beyond, ...]:
        """Points beyond the limits of the control chart, where chance alone explains them all."""
        return () if self.chart is None else explained_by_chance(self.chart)

    @property
    def stable(self) -> bool | None:
        """Whether no rule fired on the control chart, or what fired is chance in a long series.

        ``None`` when there was nothing to judge.
        """
        return None if self.chart is None else self.chart.stable or bool(self.chance)

    @property
    def cpk_lower(self) -> float | None:
        """What Cpk is at least, with the confidence that was asked: its one-sided bound."""
        return None if self.cpk is None else self.confidence_interval("cpk", self.confidence, "lower").lower

    @property
    def capable(self) -> bool | None:
        """Whether the lower bound of Cpk reaches ``min_cpk``; ``None`` if not known to be stable."""
        bound = self.cpk_lower
        return bound >= self.min_cpk if self.stable and bound is not None else None

    @property
    def undecided(self) -> bool:
        """Whether Cpk itself reaches ``min_cpk`` and only its lower bound does not: too few values."""
        return self.capable is False and self.cpk is not None and self.cpk >= self.min_cpk

    @property
    def intervals(self) -> Mapping[str, Interval]:
        """The interval of every index that exists, at the confidence that was asked."""
        existing = (name for name in EACH if getattr(self, name) is not None)
        return {name: self.confidence_interval(name, self.confidence) for name in existing}

    def confidence_interval(self, index: str, level: float = 0.95, side: Side = "both") -> Interval:
        """Between which bounds does an index of the process itself lie?

        Parameters
        ----------
        index : str
            One of cp, cpl, cpu, cpk, pp, ppl, ppu, ppk, cpm.
        level : float
            Confidence, above 0 and below 1.
        side : {"both", "lower"}
            Both bounds, or only the lower one, at the whole level.

        Returns
        -------
        Interval
            Its ``upper`` is infinite for a lower bound. Pp is exact (chi-square, n - 1); Cp is chi-square
            with the degrees of freedom of sigma within; Cpm follows Boyles; the others Bissell.

        Raises
        ------
        UnknownName
            For an index or a side that does not exist.
        DataError
            For an index that this study has not, or a level outside 0 to 1.

        Examples
        --------
        >>> from gemba.stats.capability import capability
        >>> study = capability([9.8, 10.1, 10.0, 9.9, 10.3, 10.1, 9.7, 10.0], usl=11)
        >>> round(study.confidence_interval("ppk", 0.9, side="lower").lower, 2)
        1.16
        """
        value = self._checked(index, level, side)
        tails = ((1 - level) / 2, (1 - level) / 2) if side == "both" else (1 - level, 0.0)
        overall = index.lower().startswith("pp")
        df = float(self.n - 1) if overall else self.within.df
        if index.lower() == "pp":
            return chi_square_interval(value, df, tails)
        if index.lower() == "cp":
            exact = value * self.sigma_within / self.within.chi_sigma(self.sigma_within)
            return chi_square_interval(exact, df, tails)
        if index.lower() == "cpm" and self.tolerance.target is not None:
            sigma = self.sigma_overall if self.cpm_sigma == "overall" else self.sigma_within
            return boyles_interval(value, self.n, (self.mean - self.tolerance.target) / sigma, tails)
        return bissell_interval(value, self.n, df, tails)

    def _checked(self, index: str, level: float, side: str) -> float:
        if index.lower() not in EACH:
            raise UnknownName(index, EACH, what=N_("index"), argument="index")
        if side not in ("both", "lower"):
            raise UnknownName(side, ("both", "lower"), what=N_("side"), argument="side")
        check_level(level, argument="level")
        value: float | None = getattr(self, index.lower())
        if value is None:
            raise DataError(
                N_("this study has no {value}"),
                mend=N_("See explain() for the limits, the target or the spread that it would need"),
                argument="index",
                value=index,
            )
        return value

    def warnings(self, language: str | None = None) -> tuple[str, ...]:
        """Every remark as a sentence."""
        return tuple(remark.words(language) for remark in self.remarks)

    def headline(self, language: str | None = None) -> str:
        from gemba.stats.capability.words import headline

        return headline(self, language)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        from gemba.stats.capability.tables import capability_tables

        return capability_tables(self, language)

    def explain(self, language: str | None = None) -> str:
        from gemba.stats.capability.words import explain

        return explain(self, language)

    def plot(self, *, language: str | None = None) -> Figure:
        """The report on one page: control chart, histogram, probability plot and the indices."""
        from gemba.stats.capability.picture import capability_figure

        return capability_figure(self, language=language)

    def plot_histogram(self, *, room: float, language: str | None = None) -> Figure:
        """Only the histogram of the report, in a whole width of ``room`` pixels."""
        from gemba.stats.capability.picture import histogram_figure

        return histogram_figure(self, room=room, language=language)
