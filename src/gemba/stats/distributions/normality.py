"""Do the data contradict a normal distribution? Anderson and Darling's answer, and Shapiro and Wilk's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gemba.stats.data import Frame, Sample, backend_of
from gemba.stats.distributions.moments import mean, standard_deviation
from gemba.stats.distributions.normal import normal_ppf
from gemba.stats.results import N_, Column, DataError, Floats, Result, Table, translator

_FEWEST_FOR_P = 8
_MOST_FOR_W = 5000
_LARGEST = 10.0


@dataclass(frozen=True, kw_only=True, eq=False)
class AndersonDarling(Result):
    """The Anderson-Darling test of normality with mean and standard deviation estimated.

    ``name`` is the characteristic, ``n`` and ``missing`` count its values, ``mean`` and ``sd`` are
    estimated from them. ``statistic`` is A squared, ``adjusted`` the same corrected for the sample size,
    ``p`` its chance under a normal distribution (``None`` for fewer than 8 values, where the
    approximation does not hold).
    """

    NAME: ClassVar[str] = "anderson_darling"

    name: str
    n: int
    missing: int
    mean: float
    sd: float
    statistic: float
    adjusted: float
    p: float | None

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        if self.p is None:
            text = t(N_("{name}: {n} values are too few to judge normality; at least {fewest} are needed."))
        elif self.p < 0.05:
            text = t(N_("{name}: the data contradict a normal distribution (p = {p:.3g})."))
        else:
            text = t(N_("{name}: the data do not contradict a normal distribution (p = {p:.3g})."))
        return text.format(name=self.name, n=self.n, fewest=_FEWEST_FOR_P, p=self.p)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = (
            Column("name", t(N_("Characteristic")), align="left"),
            Column("n", t(N_("n"))),
            Column("mean", t(N_("Mean"))),
            Column("sd", t(N_("Std dev"))),
            Column("statistic", t(N_("A²")), decimals=4),
            Column("adjusted", t(N_("A² adjusted")), decimals=4),
            Column("p", t(N_("p")), digits=3),
        )
        row = [getattr(self, column.name) for column in columns]
        return (Table.build(t(N_("Anderson-Darling test of normality")), columns, [row]),)

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        return t(
            N_(
                "Anderson and Darling's A² measures the distance between the data and a normal distribution "
                "with their mean and standard deviation, and weighs the tails most. It is adjusted by "
                "1 + 0.75/n + 2.25/n², and p follows the approximation of D'Agostino and Stephens (1986), "
                "Goodness-of-Fit Techniques, table 4.9. A large p proves no normality: small samples "
                "contradict little, and large ones contradict what does not matter."
            )
        )


def anderson_darling(frame: Frame, value: str | None = None) -> AndersonDarling:
    """Do the data contradict a normal distribution?

    Parameters
    ----------
    frame : Frame
        Where the numbers are.
    value : str, optional
        The column; not needed for bare numbers.

    Returns
    -------
    AndersonDarling
        A squared and its p-value.

    Raises
    ------
    DataError
        For fewer than three values, equal values, text or infinity.

    Notes
    -----
    A^2 = -n - (1/n) sum (2i - 1) (ln F(z_i) + ln (1 - F(z_(n+1-i)))) over the sorted standardised values;
    p by D'Agostino and Stephens (1986), Goodness-of-Fit Techniques, table 4.9.

    Examples
    --------
    >>> test = anderson_darling([148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236])
    >>> round(test.statistic, 4), round(test.p, 4)
    (0.9468, 0.0105)
    """
    sample = Sample.of(frame, value, at_least=3)
    present, n = sample.present, len(sample.present)
    center, sd = mean(present), standard_deviation(present)
    if sd == 0:
        raise _no_spread(value)
    statistic = _a_squared(np.sort(present - center) / sd)
    adjusted = _for_the_size(statistic, n)
    return AndersonDarling(
        name=sample.name,
        n=n,
        missing=sample.missing,
        mean=center,
        sd=sd,
        statistic=statistic,
        adjusted=adjusted,
        p=_p_value(adjusted) if n >= _FEWEST_FOR_P else None,
        backend=backend_of(frame),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class ShapiroWilk(Result):
    """The test of normality by Shapiro and Wilk.

    ``name`` is the characteristic, ``n`` and ``missing`` count its values. ``statistic`` is W, at most 1, and
    ``p`` its chance under a normal distribution (``None`` above 5000 values, where Royston's approximation
    was not tried).
    """

    NAME: ClassVar[str] = "shapiro_wilk"

    name: str
    n: int
    missing: int
    statistic: float
    p: float | None

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        if self.p is None:
            text = t(N_("{name}: {n} values are too many for this test; use anderson_darling."))
        elif self.p < 0.05:
            text = t(N_("{name}: the data contradict a normal distribution (p = {p:.3g})."))
        else:
            text = t(N_("{name}: the data do not contradict a normal distribution (p = {p:.3g})."))
        return text.format(name=self.name, n=self.n, p=self.p)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = (
            Column("name", t(N_("Characteristic")), align="left"),
            Column("n", t(N_("n"))),
            Column("statistic", t(N_("W")), decimals=4),
            Column("p", t(N_("p")), digits=3),
        )
        row = [getattr(self, column.name) for column in columns]
        return (Table.build(t(N_("Shapiro-Wilk test of normality")), columns, [row]),)

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        return t(
            N_(
                "W compares the spread that the ordered values would have if they were normal with the "
                "spread that they have; 1 is a straight probability plot. Weights and p follow Royston "
                "(1995), Applied Statistics 44:547, algorithm AS R94, for 3 to 5000 values. It finds more "
                "kinds of deviation than other tests, and suffers from ties: a coarse gauge lowers p. Above "
                "5000 values W is that of Shapiro and Francia, without p."
            )
        )


def shapiro_wilk(frame: Frame, value: str | None = None) -> ShapiroWilk:
    """Do the data contradict a normal distribution, by Shapiro and Wilk?

    Parameters
    ----------
    frame : Frame
        Where the numbers are.
    value : str, optional
        The column; not needed for bare numbers.

    Returns
    -------
    ShapiroWilk
        W and its p-value.

    Raises
    ------
    DataError
        For fewer than three values, equal values, text or infinity.

    Notes
    -----
    W = (sum a_i x_(i))^2 / sum (x_i - mean)^2; Royston (1995), Applied Statistics 44:547.

    Examples
    --------
    >>> test = shapiro_wilk([148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236])
    >>> round(test.statistic, 4), round(test.p, 4)
    (0.7888, 0.0067)
    """
    from scipy.stats import shapiro

    sample = Sample.of(frame, value, at_least=3)
    present, n = sample.present, len(sample.present)
    if present.min() == present.max():
        raise _no_spread(value)
    p: float | None = None
    if n <= _MOST_FOR_W:
        found = shapiro((present - mean(present)) / standard_deviation(present))
        statistic, p = float(found.statistic), float(found.pvalue)
    else:
        statistic = _royston(np.sort(present))
    return ShapiroWilk(
        name=sample.name,
        n=n,
        missing=sample.missing,
        statistic=statistic,
        p=p,
        backend=backend_of(frame),
    )


def _royston(ordered: Floats) -> float:
    """W of many values, with Blom's scores as its weights: Shapiro and Francia."""
    scores = normal_ppf((np.arange(1, len(ordered) + 1) - 0.375) / (len(ordered) + 0.25))
    away = ordered - ordered.mean()
    return float((scores @ away) ** 2 / ((scores @ scores) * (away @ away)))


def _no_spread(value: str | None) -> DataError:
    return DataError(
        N_("all values are equal, so they have no distribution to test"),
        mend=N_("Check the resolution of the gauge, or that this is the right column"),
        column=value,
        argument=None if value else "value",
    )


def _a_squared(z: Floats) -> float:
    from scipy.special import log_ndtr

    n = len(z)
    odd = 2.0 * np.arange(1.0, n + 1.0) - 1.0
    return float(-n - np.sum(odd * (log_ndtr(z) + log_ndtr(-z[::-1]))) / n)


def p_of_distance(statistic: float, n: int) -> float | None:
    """The chance of an A² at least as large under a normal distribution; ``None`` for too few values."""
    return _p_value(_for_the_size(statistic, n)) if n >= _FEWEST_FOR_P else None


def _for_the_size(statistic: float, n: int) -> float:
    """A² of n values as that of very many."""
    return statistic * (1.0 + 0.75 / n + 2.25 / n**2)


def _p_value(a: float) -> float:
    if a < 0.2:
        return 1.0 - math.exp(-13.436 + 101.14 * a - 223.73 * a * a)
    if a < 0.34:
        return 1.0 - math.exp(-8.318 + 42.796 * a - 59.938 * a * a)
    if a < 0.6:
        return math.exp(0.9177 - 4.279 * a - 1.38 * a * a)
    a = min(a, _LARGEST)  # beyond, the approximation would rise again; p is below 4e-24
    return math.exp(1.2937 - 5.709 * a + 0.0186 * a * a)
