"""Which variable makes a point of a principal component chart lie far out, in the model or off it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gemba.stats.charts.contributions import values_of
from gemba.stats.charts.kinds.pca import model_of
from gemba.stats.charts.limits import Limits
from gemba.stats.results import N_, Column, DataError, Floats, Result, Table, sealed, translator


@dataclass(frozen=True, kw_only=True, eq=False)
class ComponentContributions(Result):
    """What each variable adds to T² and to SPE of one point.

    Parameters
    ----------
    variables : tuple of str
        Their names.
    point : float array
        The point: a value, or a mean of ``size`` items, for each variable.
    size : float
        How many items the point is the mean of.
    t2, spe : float
        Both distances of the point.
    scores : float array
        Where the point lies on each component, in its standard deviation.
    inside : float array
        The part of each variable in T²; the parts add up to it, and may be negative.
    off : float array
        The part of each variable in SPE; the parts add up to it.
    """

    NAME: ClassVar[str] = "component contributions"

    variables: tuple[str, ...]
    point: Floats
    size: float
    t2: float
    spe: float
    scores: Floats
    inside: Floats
    off: Floats

    def headline(self, language: str | None = None) -> str:
        """Both distances, and the variable that each is mostly made of."""
        inside, off = (self.variables[int(np.argmax(parts))] for parts in (self.inside, self.off))
        words = translator(language)(
            N_("T² is {t2:.4g}, mostly by {inside}; SPE is {spe:.4g}, mostly by {off}.")
        )
        return words.format(t2=self.t2, inside=inside, spe=self.spe, off=off)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        """A row for each variable, the largest part of SPE first."""
        t = translator(language)
        columns = [
            Column("variable", t(N_("Variable")), align="left"),
            Column("value", t(N_("Value"))),
            Column("inside", t(N_("Part of T²")), decimals=2),
            Column("off", t(N_("Part of SPE")), decimals=2),
        ]
        order = np.argsort(-self.off, kind="stable").tolist()
        rows = [(self.variables[i], self.point[i], self.inside[i], self.off[i]) for i in order]
        return (Table.build(t(N_("Contributions")), columns, rows),)

    def explain(self, language: str | None = None) -> str:
        """The two kinds of parts and their source."""
        t = translator(language)
        return "\n".join(
            t(text)
            for text in (
                N_(
                    "Part of T²: how far the variable pulls the point along the components. The parts add up."
                ),
                N_("Part of SPE: the square of what the components leave over of it. They add up too."),
                N_("A large SPE says that the variables no longer go together as they did."),
                N_(
                    "Source: MacGregor and Kourti, Control Engineering Practice 3(3), 1995, 403-414; the "
                    "parts of T² by the complete decomposition."
                ),
            )
        )


def pca_contributions(
    limits: Limits, point: Mapping[str, float] | Sequence[float] | Floats, *, size: float = 1
) -> ComponentContributions:
    """Which variable makes this point lie so far out, in the model or off it?

    Parameters
    ----------
    limits : Limits
        Limits of a ``pca`` chart.
    point : mapping or sequence of float
        A value for each variable, by name or in the order of the limits.
    size : float
        How many items the point is the mean of.

    Returns
    -------
    ComponentContributions
        For each variable its part of T² and of SPE.

    Raises
    ------
    DataError
        For limits of another kind, and for a point with other variables or a value missing.

    Examples
    --------
    >>> from gemba.stats.charts import known_limits
    >>> limits = known_limits(
    ...     "pca", mean={"a": 0.0, "b": 0.0}, covariance=[[1.0, 0.9], [0.9, 1.0]], components=1
    ... )
    >>> print(pca_contributions(limits, {"a": 1.5, "b": -1.0}).headline())
    T² is 0.06579, mostly by a; SPE is 3.125, mostly by a.
    """
    several = limits.several
    if limits.kind != "pca" or several is None:
        raise DataError(
            N_("a {value} chart has no components"),
            mend=N_("Give the limits of a pca chart"),
            argument="limits",
            value=limits.kind,
        )
    values, design = values_of(several.names, point), limits.design
    model = model_of(several, float(design["components"]), float(design["share"]), str(design["scale"]))
    away = (values - np.array(several.mean)) / model.sigmas
    scores = away @ model.loadings
    pulled = model.loadings @ (scores / model.variances[: model.kept])
    over = away - model.loadings @ scores
    return ComponentContributions(
        variables=several.names,
        point=sealed(values),
        size=float(size),
        t2=size * float(away @ pulled),
        spe=size * float(over @ over),
        scores=sealed(np.sqrt(size) * scores / np.sqrt(model.variances[: model.kept])),
        inside=sealed(size * away * pulled),
        off=sealed(size * over * over),
    )
