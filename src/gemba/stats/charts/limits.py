"""Limits: what Phase I learned, frozen, from which the lines for any size are computed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from gemba.stats.charts.design import settle_values
from gemba.stats.charts.kind import NO_VARIABLES, Band, Lines, Parameters, Part, Several
from gemba.stats.charts.kinds import kind_named
from gemba.stats.charts.text import explain_limits, limits_headline, limits_table, parts_table, several_table
from gemba.stats.results import N_, DataError, Floats, Result, Table, UnknownName

_REMEMBERED = 256


@dataclass(frozen=True, kw_only=True, eq=False)
class Limits(Result):
    """The frozen parameters of a control chart.

    Parameters
    ----------
    kind : str
        The kind of chart.
    mean : float
        Process mean; for p and np the share of defectives, for c and u the defects per unit.
    sigma : float
        Standard deviation within subgroups; for counts the standard deviation of one item or unit.
    method : str
        How sigma was estimated, or ``"historical"``.
    nsigma : float
        How many standard deviations of the plotted statistic the limits are from the centre line.
    unbiased : bool
        Whether the bias of the estimator was taken out.
    points, values : int, float
        How many points, and how many values or units, the estimate stands on.
    smallest, largest : float
        The range of their sizes.
    dispersion : float
        The mean range or standard deviation, when all sizes were one; else NaN.
    historical : tuple of str
        Which of ``mean`` and ``sigma`` were given instead of estimated.
    design : mapping
        The design values of the kind, such as ``lam`` of an ewma; those not given are at their defaults.
    further : mapping
        Other numbers that were learned, by name.
    several : Several or None
        Names, means and covariance of several variables; ``mean`` and ``sigma`` are NaN then.
    parts : mapping
        Name -> mean and sigma of each part in short runs.
    name : str
        The characteristic.

    Examples
    --------
    >>> from gemba.stats.charts import known_limits
    >>> known_limits("xbar-r", mean=74.0, sigma=0.01).lines(5)[0]
    Lines(center=74.0, lcl=73.986583592135, ucl=74.013416407865, sigma=0.004472135954999579)
    """

    NAME = "limits"
    SCHEMA = 2
    UPGRADES: ClassVar = {1: dict}

    kind: str
    mean: float
    sigma: float
    method: str
    nsigma: float = 3.0
    unbiased: bool = True
    points: int = 0
    values: float = 0.0
    smallest: float = math.nan
    largest: float = math.nan
    dispersion: float = math.nan
    historical: tuple[str, ...] = ()
    name: str = ""
    design: Mapping[str, Any] = field(default_factory=dict)
    further: Mapping[str, float] = field(default_factory=dict)
    several: Several | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)
    _lines: dict[float, tuple[Lines, ...]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        kind = kind_named(self.kind)
        known = (*kind.methods, "historical")
        if self.method not in known:
            raise UnknownName(self.method, known, what=N_("sigma method"), argument="method")
        if kind.layout == "vectors":
            self._check_several()
        elif not (math.isfinite(self.mean) and 0 <= self.sigma < math.inf and 0 < self.nsigma < math.inf):
            raise DataError(
                N_("limits of mean {value}, sigma {sigma} and {nsigma} sigma are impossible"),
                mend=N_("Estimate or state them again"),
                value=self.mean,
                sigma=self.sigma,
                nsigma=self.nsigma,
            )
        if kind.design:
            settled = settle_values(kind, self.design)
            settled.pop("L", None)
            object.__setattr__(self, "design", settled)

    def _check_several(self) -> None:
        if self.several is None:
            raise DataError(
                N_("limits of several variables need their means and covariance"),
                mend=N_("Estimate or state them again"),
                argument="several",
            )

    @property
    def size(self) -> float | None:
        """The one size the limits stand on, or ``None`` when sizes differed or none was given."""
        return self.smallest if self.smallest == self.largest else None

    @property
    def parameters(self) -> Parameters:
        """What the kind computes its lines from."""
        size = math.nan if math.isnan(self.dispersion) else self.smallest
        return Parameters(
            mean=self.mean,
            sigma=self.sigma,
            nsigma=self.nsigma,
            size=size,
            dispersion=self.dispersion,
            design=self.design,
            further=self.further,
            several=self.several or NO_VARIABLES,
            points=self.points,
            values=self.values,
            parts=self.parts,
        )

    def bands(self, sizes: Floats) -> tuple[Band, ...]:
        """The lines of each panel for each of the sizes, in the long run; NaN for a size of zero."""
        known = np.where(sizes > 0, sizes, np.nan)
        return kind_named(self.kind).limits(self.parameters, known)

    def lines(self, size: float) -> tuple[Lines, ...]:
        """The lines of each panel for one size, as plain floats; remembered for the next call."""
        known = self._lines.get(size)
        if known is None:
            if len(self._lines) >= _REMEMBERED:
                self._lines.clear()
            bands = self.bands(np.array([size], dtype=np.float64))
            known = tuple(
                Lines(float(b.center[0]), float(b.lcl[0]), float(b.ucl[0]), float(b.sigma[0])) for b in bands
            )
            self._lines[size] = known
        return known

    def headline(self, language: str | None = None) -> str:
        """Mean, sigma, and what they stand on."""
        return limits_headline(self, language)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        """The lines of each panel at the sizes the limits stand on."""
        lines = limits_table([("", self)], language)
        if self.several is not None:
            return lines, several_table(self.several, language)
        return (lines, parts_table(self.parts, language)) if self.parts else (lines,)

    def explain(self, language: str | None = None) -> str:
        """The estimator, its constants, the formulas and their source."""
        return explain_limits(self, language)
