"""What a chart kind is: three functions (statistic, spread, limits) and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeVar

from gemba.stats.results import Bools, Floats

Layout = Literal["subgroups", "individuals", "defectives", "defects"]
"""What one plotted point is made of."""


class Series(Protocol):
    """Data of any layout, in time order, that can be cut at the border of a stage."""

    def part(self, first: int, stop: int) -> Any:
        """The points from ``first`` up to ``stop``, counted from 0."""


D = TypeVar("D", bound=Series)


@dataclass(frozen=True)
class Words:
    """What a kind is called and is for; templates for the translator."""

    title: str
    purpose: str
    needs: str
    instead: tuple[str, ...]
    formulas: tuple[str, ...]
    source: str


class Band(NamedTuple):
    """The lines of one panel, a value for each size asked; NaN where there is no line.

    ``sigma`` is the standard deviation of the plotted statistic.
    """

    center: Floats
    lcl: Floats
    ucl: Floats
    sigma: Floats


class Estimate(NamedTuple):
    """What Phase I learned: the mean, sigma, and the points and values it stands on.

    ``dispersion`` is the average range or standard deviation where all subgroups had one size, else NaN:
    at that size it is the centre line itself, not a constant times sigma with its rounding.
    """

    mean: float
    sigma: float
    points: int
    values: float
    smallest: float
    largest: float
    dispersion: float = float("nan")


class Basis(NamedTuple):
    """What ``spread`` learns from: the data, their points, which of them to use (None: all), and how."""

    data: Any
    points: tuple[Floats, ...]
    used: Bools | None
    method: str
    unbiased: bool


class Parameters(NamedTuple):
    """What the limits of any size are computed from; see ``Limits``."""

    mean: float
    sigma: float
    nsigma: float
    size: float
    dispersion: float


class Single(NamedTuple):
    """One new point on plain floats: its size, its statistics, and what the next point needs of it."""

    size: float
    statistics: tuple[float, ...]
    carried: float


@dataclass(frozen=True)
class Kind(Generic[D]):
    """A kind of control chart.

    ``statistic(data)`` gives the plotted points, an array for each panel; ``single(point, carried)`` gives
    the same for one point on plain floats. ``spread(basis)`` estimates the parameters from the points that
    are used. ``limits(parameters, sizes)`` gives the lines of each panel for any sizes. ``methods`` are the
    names of the sigma estimators, the default first.
    """

    name: str
    panels: tuple[str, ...]
    layout: Layout
    words: Words
    methods: tuple[str, ...]
    statistic: Callable[[D], tuple[Floats, ...]]
    single: Callable[[Any, float], Single]
    spread: Callable[[Basis], Estimate]
    limits: Callable[[Parameters, Floats], tuple[Band, ...]]
