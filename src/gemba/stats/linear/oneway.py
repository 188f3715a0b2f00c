"""One factor: do the means of its levels differ, which ones, and how much of the scatter is between them?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

import numpy as np

from gemba.stats.data import Frame, backend_of
from gemba.stats.distributions import f_sf, studentized_range_ppf, studentized_range_sf
from gemba.stats.linear.groups import group_values
from gemba.stats.linear.prediction import checked_level
from gemba.stats.linear.words import LEFT_OUT, anova_columns
from gemba.stats.results import (
    N_,
    NN_,
    Column,
    DataError,
    Floats,
    Ints,
    Result,
    Table,
    frozen_array,
    translator,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class OneWayAnova(Result):
    """A one-way analysis of variance.

    ``response`` is the column of values, ``factor`` that of the groups; ``missing`` rows were left out.
    One element a level: ``levels``, ``counts``, ``means``, ``sds`` (NaN for a single value).
    ``ss_between``, ``ss_within``, ``df_between``, ``df_within``, ``ms_between`` and ``ms_within`` are
    sums of squares, degrees of freedom and mean squares; ``f`` and ``p`` test equal means; ``s`` is the
    pooled standard deviation, ``r2`` the share of variation between levels, ``adj_r2`` the same adjusted
    for their number.
    """

    NAME: ClassVar[str] = "oneway_anova"

    response: str
    factor: str
    levels: tuple[str, ...]
    counts: Ints
    means: Floats
    sds: Floats
    ss_between: float
    ss_within: float
    df_between: int
    df_within: int
    ms_between: float
    ms_within: float
    f: float
    p: float
    r2: float
    adj_r2: float
    s: float
    missing: int

    def tukey(self, confidence: float = 0.95) -> TukeyComparisons:
        """Which pairs of means differ, at a confidence that holds for all pairs together?

        Parameters
        ----------
        confidence : float
            The joint level of all intervals.

        Returns
        -------
        TukeyComparisons
            Difference, interval and adjusted p-value of every pair.

        Notes
        -----
        Tukey (1953) and Kramer (1956): half width q / sqrt(2) s sqrt(1/n_i + 1/n_j), with q of the
        studentized range. NIST/SEMATECH e-Handbook, section 7.4.7.1.
        """
        k = len(self.levels)
        critical = studentized_range_ppf(checked_level(confidence), k, self.df_within)
        pairs = list(combinations(range(k), 2))
        first = np.array([i for i, _ in pairs])
        second = np.array([j for _, j in pairs])
        difference = self.means[second] - self.means[first]
        se = self.s * np.sqrt(0.5 / self.counts[first] + 0.5 / self.counts[second])
        p = [studentized_range_sf(q, k, self.df_within) for q in (np.abs(difference) / se).tolist()]
        return TukeyComparisons(
            response=self.response,
            confidence=confidence,
            pairs=tuple(f"{self.levels[j]}-{self.levels[i]}" for i, j in pairs),
            difference=frozen_array(difference),
            lower=frozen_array(difference - critical * se),
            upper=frozen_array(difference + critical * se),
            p=frozen_array(p),
            backend=self.backend,
        )

    def variance_components(self) -> VarianceComponents:
        """How much of the variance lies between the levels, if they are a random choice of many?

        Returns
        -------
        VarianceComponents
            Variance between and within levels.

        Notes
        -----
        The method of moments: (MS between - MS within) / n0 with n0 = (N - sum n_i^2 / N) / (k - 1), zero
        when negative (Searle, Casella and McCulloch, Variance Components, section 3.6). For equal counts it
        is the REML estimate.
        """
        total = int(self.counts.sum())
        typical = (total - float(np.sum(self.counts**2)) / total) / self.df_between
        raw = (self.ms_between - self.ms_within) / typical
        between = max(raw, 0.0)
        return VarianceComponents(
            response=self.response,
            factor=self.factor,
            between=between,
            within=self.ms_within,
            icc=between / (between + self.ms_within),
            negative=raw < 0,
            f=self.f,
            p=self.p,
            backend=self.backend,
        )

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        if self.p < 0.05:
            text = t(N_("The means of {response} differ between levels of {factor} (p = {p:.3g})."))
        else:
            text = t(N_("No difference of {response} between levels of {factor} is shown (p = {p:.3g})."))
        return text.format(response=self.response, factor=self.factor, p=self.p)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        df, ss = self.df_between + self.df_within, self.ss_between + self.ss_within
        analysis = (
            (self.factor, self.df_between, self.ss_between, self.ms_between, self.f, self.p),
            (t(N_("Error")), self.df_within, self.ss_within, self.ms_within, None, None),
            (t(N_("Total")), df, ss, None, None, None),
        )
        columns = (
            Column("level", self.factor, align="left"),
            Column("n", t(N_("n"))),
            Column("mean", t(N_("Mean"))),
            Column("sd", t(N_("Std dev"))),
        )
        levels = list(zip(self.levels, self.counts, self.means, self.sds, strict=True))
        note = t(N_("s = {s:.6g}, R² = {r2:.4f}, adjusted R² = {adj_r2:.4f}")).format(
            s=self.s, r2=self.r2, adj_r2=self.adj_r2
        )
        return (
            Table.build(t(N_("Analysis of variance")), anova_columns(language), analysis, [note]),
            Table.build(t(N_("Levels")), columns, levels),
        )

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        text = t(
            N_(
                "F compares the mean square between levels with that within them; p is its chance when all "
                "means are equal. Normal scatter with one standard deviation in all levels is assumed "
                "(NIST/SEMATECH e-Handbook, section 7.4.3)."
            )
        )
        if self.missing:
            text += " " + t.counted(LEFT_OUT, self.missing)
        return text.format(missing=self.missing)


@dataclass(frozen=True, kw_only=True, eq=False)
class TukeyComparisons(Result):
    """All pairwise comparisons of means: one element a pair, named ``"second-first"``."""

    NAME: ClassVar[str] = "tukey_comparisons"

    response: str
    confidence: float
    pairs: tuple[str, ...]
    difference: Floats
    lower: Floats
    upper: Floats
    p: Floats

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        shown = int(np.count_nonzero(self.p < 1 - self.confidence))
        text = t.counted(
            NN_(
                "{response}: {shown} of {count} pair of means differs at {level:g} % joint confidence.",
                "{response}: {shown} of {count} pairs of means differ at {level:g} % joint confidence.",
            ),
            len(self.pairs),
        )
        return text.format(
            response=self.response, shown=shown, count=len(self.pairs), level=100 * self.confidence
        )

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = (
            Column("pair", t(N_("Pair")), align="left"),
            Column("difference", t(N_("Difference"))),
            Column("lower", t(N_("Lower"))),
            Column("upper", t(N_("Upper"))),
            Column("p", t(N_("Adjusted p")), digits=3),
        )
        rows = list(zip(self.pairs, self.difference, self.lower, self.upper, self.p, strict=True))
        return (Table.build(t(N_("Pairwise differences")), columns, rows),)

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        return t(
            N_(
                "Tukey's comparisons, with Kramer's form for unequal counts: all intervals hold together at "
                "the stated confidence. Exact for equal counts, slightly wide otherwise."
            )
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class VarianceComponents(Result):
    """Variance ``between`` levels and ``within`` them; ``icc`` is the share between.

    ``negative`` says that the estimate between was below zero and was set to zero.
    """

    NAME: ClassVar[str] = "variance_components"

    response: str
    factor: str
    between: float
    within: float
    icc: float
    negative: bool
    f: float
    p: float

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        text = t(N_("{share:.1f} % of the variance of {response} lies between levels of {factor}."))
        return text.format(share=100 * self.icc, response=self.response, factor=self.factor)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = (
            Column("source", t(N_("Source")), align="left"),
            Column("variance", t(N_("Variance"))),
            Column("sd", t(N_("Std dev"))),
            Column("share", t(N_("% of total")), decimals=2),
        )
        total = self.between + self.within
        parts = (
            (self.factor, self.between),
            (t(N_("Error")), self.within),
            (t(N_("Total")), total),
        )
        rows = [(name, part, math.sqrt(part), 100 * part / total) for name, part in parts]
        return (Table.build(t(N_("Variance components")), columns, rows),)

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        text = t(
            N_(
                "The levels are taken as a random choice of many. Components by the method of moments from "
                "the mean squares; for equal counts this is the REML estimate."
            )
        )
        if self.negative:
            text += " " + t(N_("The component between levels came out negative and was set to zero."))
        return text


def anova_oneway(frame: Frame, *, value: str, factor: str) -> OneWayAnova:
    """Do the means of several levels differ by more than chance?

    Parameters
    ----------
    frame : Frame
        Where the columns are; rows with a missing value or level are left out and counted.
    value : str
        The column of measurements.
    factor : str
        The column of levels.

    Returns
    -------
    OneWayAnova
        The analysis of variance; ``tukey()`` and ``variance_components()`` go on from it.

    Raises
    ------
    DataError
        For fewer than two levels, no level with two values, or values without any scatter.

    Notes
    -----
    NIST/SEMATECH e-Handbook, section 7.4.3. Sums of squares come from deviations of shifted values and keep
    their digits at an offset of 1e12.

    Examples
    --------
    >>> anova = anova_oneway({"y": [1, 2, 3, 5, 6, 7], "m": list("aaabbb")}, value="y", factor="m")
    >>> anova.f, round(anova.p, 4)
    (24.0, 0.008)
    """
    grouped = group_values(frame, value, (factor,))
    codes, counts = grouped.codes[0], np.bincount(grouped.codes[0])
    n, k = len(grouped.values), len(counts)
    if n == k:
        raise DataError(
            N_("every level has a single value, so there is no scatter within levels"),
            mend=N_("Measure at least one level more than once"),
            column=factor,
        )
    inner, means = _level_means(grouped.values - grouped.values[0], codes, counts)
    within = float(np.sum(inner**2))
    between = float(np.sum(counts * (means - float(counts @ means) / n) ** 2))
    _check_scatter(within + between, value)
    with np.errstate(divide="ignore", invalid="ignore"):
        sds = np.sqrt(np.bincount(codes, weights=inner**2) / (counts - 1))
        f = float(np.float64(between / (k - 1)) / (within / (n - k)))
    return OneWayAnova(
        response=value,
        factor=factor,
        levels=grouped.levels[0],
        counts=frozen_array(counts, np.int64),
        means=frozen_array(grouped.values[0] + means),
        sds=frozen_array(sds),
        ss_between=between,
        ss_within=within,
        df_between=k - 1,
        df_within=n - k,
        ms_between=between / (k - 1),
        ms_within=within / (n - k),
        f=f,
        p=float(f_sf(f, k - 1, n - k)),
        r2=between / (between + within),
        adj_r2=1.0 - within / (n - k) * (n - 1) / (between + within),
        s=math.sqrt(within / (n - k)),
        missing=grouped.missing,
        backend=backend_of(frame),
    )


def _check_scatter(squares: float, value: str) -> None:
    if squares == 0:
        raise DataError(
            N_("all values are equal, so there is nothing to analyse"),
            mend=N_("Check the resolution of the gauge, or that this is the right column"),
            column=value,
        )


def _level_means(values: Floats, codes: Ints, counts: Ints) -> tuple[Floats, Floats]:
    """Deviations from the level means, and the means, each corrected by a second pass."""
    means = np.bincount(codes, weights=values) / counts
    inner = values - means[codes]
    correction = np.bincount(codes, weights=inner) / counts
    return inner - correction[codes], means + correction
