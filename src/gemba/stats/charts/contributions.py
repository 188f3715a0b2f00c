"""Which variable makes a point of a T² chart lie so far out?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gemba.stats.charts.kinds.vectors import whitener
from gemba.stats.charts.limits import Limits
from gemba.stats.results import N_, Column, DataError, Floats, Result, Table, UnknownName, sealed, translator


@dataclass(frozen=True, kw_only=True, eq=False)
class Contributions(Result):
    """What each variable adds to T² of one point.

    Parameters
    ----------
    variables : tuple of str
        Their names.
    point : float array
        The point: a value, or a mean of ``size`` items, for each variable.
    size : float
        How many items the point is the mean of.
    t2 : float
        T² of the point.
    alone : float array
        How far each variable lies from its own mean, in its own sigma.
    together : float array
        By how much T² would be smaller without the variable: what it says beyond all others. It is large
        where a variable does not fit the others, even inside its own limits.
    """

    NAME: ClassVar[str] = "contributions"

    variables: tuple[str, ...]
    point: Floats
    size: float
    t2: float
    alone: Floats
    together: Floats

    def headline(self, language: str | None = None) -> str:
        """T², and the variable without which it would be smallest."""
        first = int(np.argmax(self.together))
        words = translator(language)(N_("T² is {t2:.4g}; without {name} it would be {rest:.4g}."))
        rest = max(self.t2 - float(self.together[first]), 0.0)
        return words.format(t2=self.t2, name=self.variables[first], rest=rest)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        """A row for each variable, the largest contribution first."""
        t = translator(language)
        columns = [
            Column("variable", t(N_("Variable")), align="left"),
            Column("value", t(N_("Value"))),
            Column("alone", t(N_("Sigma from its mean")), decimals=2),
            Column("together", t(N_("Part of T²")), decimals=2),
        ]
        order = np.argsort(-self.together, kind="stable").tolist()
        rows = [(self.variables[i], self.point[i], self.alone[i], self.together[i]) for i in order]
        return (Table.build(t(N_("Contributions")), columns, rows),)

    def explain(self, language: str | None = None) -> str:
        """The two terms and their source."""
        t = translator(language)
        return "\n".join(
            t(text)
            for text in (
                N_("Sigma from its mean: the variable alone, as on a chart of its own."),
                N_("Part of T²: T² less T² of all other variables. The parts do not add up to T²."),
                N_(
                    "Source: Mason, Tracy and Young, Journal of Quality Technology 27(2), 1995, 99-108: the "
                    "unconditional and the fully conditional terms."
                ),
            )
        )


def t2_contributions(
    limits: Limits, point: Mapping[str, float] | Sequence[float] | Floats, *, size: float = 1
) -> Contributions:
    """Which variable makes this point lie so far out?

    Parameters
    ----------
    limits : Limits
        Limits of a ``t2`` or ``mewma`` chart.
    point : mapping or sequence of float
        A value for each variable, by name or in the order of the limits.
    size : float
        How many items the point is the mean of.

    Returns
    -------
    Contributions
        For each variable how far it lies from its own mean, and what it adds to T² beyond the others.

    Raises
    ------
    DataError
        For limits of one variable, and for a point with other variables or a value missing.

    Examples
    --------
    >>> from gemba.stats.charts import known_limits
    >>> limits = known_limits("t2", mean={"a": 0.0, "b": 0.0}, covariance=[[1.0, 0.9], [0.9, 1.0]])
    >>> print(t2_contributions(limits, {"a": 1.5, "b": -1.5}).headline())
    T² is 45; without a it would be 2.25.
    """
    several = limits.several
    if several is None:
        raise DataError(
            N_("a {value} chart has one variable"),
            mend=N_("Give the limits of a t2 or mewma chart"),
            argument="limits",
            value=limits.kind,
        )
    values = values_of(several.names, point)
    turned = whitener(several)
    inverse = turned.T @ turned
    away = values - np.array(several.mean)
    pulled = inverse @ away
    sigmas = np.sqrt(np.diag(np.array(several.covariance)))
    return Contributions(
        variables=several.names,
        point=sealed(values),
        size=float(size),
        t2=size * float(away @ pulled),
        alone=sealed(math.sqrt(size) * away / sigmas),
        together=sealed(size * pulled**2 / np.diag(inverse)),
    )


def values_of(names: tuple[str, ...], point: Mapping[str, float] | Sequence[float] | Floats) -> Floats:
    """The point as an array in the order of the names."""
    if isinstance(point, Mapping):
        for name in names:
            if name not in point:
                raise UnknownName(name, map(str, point), what=N_("value of a variable"), argument="point")
        point = [point[name] for name in names]
    values = np.array(point, dtype=np.float64)
    if values.shape != (len(names),) or not np.isfinite(values).all():
        raise DataError(
            N_("a point has {count} values, none missing, and this one is {value}"),
            mend=N_("Give a number for each of: {names}"),
            argument="point",
            value=str(values.tolist()),
            count=len(names),
            names=", ".join(names),
        )
    return values
