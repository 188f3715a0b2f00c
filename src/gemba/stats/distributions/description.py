"""A column of numbers in one table: how many, where, how wide, what shape."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from gemba.stats.data import Frame, Sample, backend_of
from gemba.stats.distributions.moments import autocorrelation, kurtosis, mean, skewness, standard_deviation
from gemba.stats.distributions.quantiles import MINITAB_QUANTILES, quantile
from gemba.stats.results import N_, Column, Floats, Result, Table, frozen_array, require, translator

if TYPE_CHECKING:
    from gemba.stats.figures import Figure


@dataclass(frozen=True, kw_only=True, eq=False)
class Description(Result):
    """Descriptive statistics of one characteristic.

    ``name`` is the characteristic. ``n`` values were there and ``missing`` were not. ``mean``, ``sd``
    (divisor n - 1), ``se`` (of the mean), ``minimum``, ``q1``, ``median``, ``q3`` and ``maximum`` have
    the unit of the values. ``skewness`` is G1, ``kurtosis`` the excess G2; ``autocorrelation`` is that of
    lag 1. NaN where there are too few values, and for the shape of a constant column. ``quantile_kind``
    is the type of Hyndman and Fan. ``values`` are the values themselves in time order, without the
    missing ones.
    """

    NAME: ClassVar[str] = "description"

    name: str
    n: int
    missing: int
    mean: float
    sd: float
    se: float
    minimum: float
    q1: float
    median: float
    q3: float
    maximum: float
    skewness: float
    kurtosis: float
    autocorrelation: float
    quantile_kind: int
    values: Floats

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        if self.n == 1:
            text = t(N_("{name}: one value, {mean:.6g}."))
        elif self.sd == 0:
            text = t(N_("{name}: {n} values, all equal to {mean:.6g}."))
        else:
            text = t(N_("{name}: {n} values with mean {mean:.6g} and standard deviation {sd:.6g}."))
        gone = t(N_(" {missing} missing.")) if self.missing else ""
        return (text + gone).format(
            name=self.name, n=self.n, mean=self.mean, sd=self.sd, missing=self.missing
        )

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = (
            Column("name", t(N_("Characteristic")), align="left"),
            Column("n", t(N_("n"))),
            Column("missing", t(N_("Missing"))),
            Column("mean", t(N_("Mean"))),
            Column("sd", t(N_("Std dev"))),
            Column("se", t(N_("SE of mean"))),
            Column("minimum", t(N_("Minimum"))),
            Column("q1", t(N_("Q1"))),
            Column("median", t(N_("Median"))),
            Column("q3", t(N_("Q3"))),
            Column("maximum", t(N_("Maximum"))),
            Column("skewness", t(N_("Skewness")), decimals=3),
            Column("kurtosis", t(N_("Kurtosis")), decimals=3),
            Column("autocorrelation", t(N_("Autocorrelation")), decimals=3),
        )
        row = [getattr(self, column.name) for column in columns]
        return (Table.build(t(N_("Descriptive statistics")), columns, [row]),)

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        return t(
            N_(
                "Missing values are left out. The standard deviation has the divisor n - 1; the standard "
                "error is that of the mean, s/√n. Quartiles are of type {kind} of Hyndman and Fan (1996); "
                "type 6 is that of Minitab and JMP, type 7 that of Excel and R. Skewness is G1 and kurtosis "
                "the excess G2 (Joanes and Gill 1998), as in Minitab, JMP and Excel; both are about zero for "
                "a normal distribution. Autocorrelation is that of neighbours in the order of the data; a "
                "missing value breaks the pairs it would be in."
            )
        ).format(kind=self.quantile_kind)

    def plot(self, *, language: str | None = None) -> Figure:
        """A histogram with the normal distribution of the same mean and standard deviation."""
        graphs = require("gemba.stats.graphs", extra="figures", purpose=N_("Drawing a histogram"))
        figure: Figure = graphs.histogram({self.name: self.values}, value=self.name).plot(language=language)
        return figure


def describe(
    frame: Frame, value: str | None = None, *, quantile_kind: int = MINITAB_QUANTILES
) -> Description:
    """What does one column of numbers look like?

    Parameters
    ----------
    frame : Frame
        Where the numbers are, in time order.
    value : str, optional
        The column; not needed for bare numbers.
    quantile_kind : int
        The type of Hyndman and Fan for the quartiles: 6 as in Minitab, 7 as in Excel.

    Returns
    -------
    Description
        Count, location, spread, shape and autocorrelation.

    Raises
    ------
    DataError
        When there is no value, or text or infinity among them.

    Notes
    -----
    Mean and standard deviation in two passes with compensation (Chan, Golub and LeVeque 1983); skewness G1
    and kurtosis G2 as in Joanes and Gill (1998); quartiles as in Hyndman and Fan (1996);
    autocorrelation as certified by NIST StRD: sum (x_i - m)(x_{i+1} - m) / sum (x_i - m)^2.

    Examples
    --------
    >>> d = describe([9.8, 10.1, None, 10.0, 10.3])
    >>> d.n, d.missing, round(d.mean, 3), round(d.sd, 4)
    (4, 1, 10.05, 0.2082)
    """
    sample = Sample.of(frame, value)
    present, n = sample.present, len(sample.present)
    q1, median, q3 = quantile(present, np.array([0.25, 0.5, 0.75]), kind=quantile_kind).tolist()
    sd = standard_deviation(present) if n >= 2 else math.nan
    return Description(
        name=sample.name,
        n=n,
        missing=sample.missing,
        mean=mean(present),
        sd=sd,
        se=sd / math.sqrt(n),
        minimum=float(present.min()),
        q1=q1,
        median=median,
        q3=q3,
        maximum=float(present.max()),
        skewness=skewness(present) if n >= 3 else math.nan,
        kurtosis=kurtosis(present) if n >= 4 else math.nan,
        autocorrelation=autocorrelation(sample.values) if n >= 2 else math.nan,
        quantile_kind=quantile_kind,
        values=frozen_array(present),
        backend=backend_of(frame),
    )
