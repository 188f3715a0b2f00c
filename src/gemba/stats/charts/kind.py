"""What a chart kind is: three functions (statistic, spread, limits) and its words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeAlias, TypeVar

from gemba.stats.results import Bools, Floats

Layout = Literal[
    "subgroups", "individuals", "means", "defectives", "defects", "gaps", "vectors", "deviations", "runs"
]
"""What one plotted point is made of; ``means`` are subgroups or individuals, as the data are,
``gaps`` are counts between events,
``vectors`` are several variables, ``deviations`` single values less the nominal of their part, ``runs``
single values of several parts."""

FROM_MEAN = "from the mean"
"""The one way to sigma of a count: the model (binomial, Poisson, geometric) gives it from the mean."""

NONE: Mapping[str, Any] = MappingProxyType({})
Memory: TypeAlias = tuple[float, ...]
"""What a live chart of a course keeps of the points before."""
Running: TypeAlias = Callable[[Sequence[Any], float], tuple[tuple[list[float], ...], float]]
"""Points, and what is carried from before, to the values of each panel, and what is carried on."""


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


@dataclass(frozen=True)
class Several:
    """The parameters of several variables: their names, means, and covariance, row by row."""

    names: tuple[str, ...]
    mean: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]


NO_VARIABLES = Several((), (), ())


@dataclass(frozen=True)
class Part:
    """Mean and sigma of one part on a chart for short runs."""

    mean: float
    sigma: float


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
    at that size it is the centre line itself, not a constant times sigma with its rounding. ``further`` are
    the other numbers that were learned, by name; ``several`` are those of several variables,
    ``parts`` those of each part in short runs.
    """

    mean: float
    sigma: float
    points: int
    values: float
    smallest: float
    largest: float
    dispersion: float = float("nan")
    further: Mapping[str, float] = NONE
    several: Several | None = None
    parts: Mapping[str, Part] = NONE


class Basis(NamedTuple):
    """What ``spread`` learns from: the data, their points, which of them to use (None: all), and how.

    ``design`` are the design values of the chart, such as the weight of an ewma.
    """

    data: Any
    points: tuple[Floats, ...]
    used: Bools | None
    method: str
    unbiased: bool
    design: Mapping[str, Any] = NONE


class Parameters(NamedTuple):
    """What the limits of any size are computed from; see ``Limits``."""

    mean: float
    sigma: float
    nsigma: float
    size: float
    dispersion: float
    design: Mapping[str, Any] = NONE
    further: Mapping[str, float] = NONE
    several: Several = NO_VARIABLES
    points: int = 0
    values: float = 0.0
    parts: Mapping[str, Part] = NONE


class Single(NamedTuple):
    """One new point on plain floats: its size, its statistics, and what the next point needs of it."""

    size: float
    statistics: tuple[Any, ...]
    carried: float


class Lines(NamedTuple):
    """The lines of one panel at one point, on plain floats; NaN where there is no line."""

    center: float
    lcl: float
    ucl: float
    sigma: float


class Onward(NamedTuple):
    """One new point of a course: its statistics, the lines of each panel, and what the next one needs."""

    statistics: tuple[float, ...]
    lines: tuple[Lines, ...]
    memory: Memory


@dataclass(frozen=True)
class Course:
    """How plotted points follow from the parameters, and from the points before them.

    ``along(parameters, measured, sizes, learned)`` gives all points and their lines, an array and a band for
    each panel; ``measured`` is what ``statistic`` gave, ``learned`` says which points the parameters were
    learned from (None: none of them). ``onward(parameters, memory, size, measured)`` gives the same for one
    point on plain floats; the memory before the first point is ``()``.
    """

    along: Callable[
        [Parameters, tuple[Floats, ...], Floats, Bools | None], tuple[tuple[Floats, ...], tuple[Band, ...]]
    ]
    onward: Callable[[Parameters, Memory, float, tuple[float, ...]], Onward]


@dataclass(frozen=True)
class Setting:
    """A design value of a kind: its name, its default, what it may be, and its words.

    A number is positive and at most ``most``, whole where ``whole``, and may be zero where ``zero``; a text
    is one of ``choices``. A default that is NaN is learned from the data. ``signed`` allows a number below
    zero, of the same size.
    """

    name: str
    default: float | str
    words: str
    most: float = float("inf")
    whole: bool = False
    zero: bool = False
    choices: tuple[str, ...] = ()
    signed: bool = False


@dataclass(frozen=True)
class Kind(Generic[D]):
    """A kind of control chart.

    ``statistic(data)`` gives the plotted points, an array for each panel; ``single(point, carried)`` gives
    the same for one point on plain floats, ``run(points, carried)`` for many of size
    one, where that is sooner. ``spread(basis)`` estimates the parameters from the points that are used.
    ``limits(parameters, sizes)`` gives the lines of each panel for any sizes. ``methods`` are the
    names of the sigma estimators, the default first.

    Where the points depend on the parameters or on the points before, ``course`` makes them from what
    ``statistic`` and ``single`` measure, and ``limits`` gives the lines in the long run. ``design`` are the
    values that whoever draws the chart may choose. ``units`` says whether a number inspected can be given.
    ``reach`` is the value by which the limits stand: ``nsigma``, or the design value ``L``, ``h`` or
    ``alpha``. ``check`` refuses data that the layout allows and the kind does not. ``spread_only`` says that
    the mean moves no line. ``learned`` names the design values without which there are no limits: those that
    are not given are learned from data.
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
    course: Course | None = None
    design: tuple[Setting, ...] = ()
    units: bool = False
    reach: str = "nsigma"
    check: Callable[[D], None] | None = None
    spread_only: bool = False
    learned: Callable[[Mapping[str, Any]], tuple[str, ...]] | None = None
    run: Running | None = None

    def unknown(self, design: Mapping[str, Any]) -> Setting | None:
        """A design value without which there are no limits, and which was not given."""
        names = () if self.learned is None else self.learned(design)
        gone = (name for name in names if math.isnan(float(design[name])))
        name = next(gone, None)
        return next((setting for setting in self.design if setting.name == name), None)

    @property
    def counted(self) -> bool:
        """Whether the points are counts."""
        return self.layout in ("defectives", "defects", "gaps")

    @property
    def sigma_follows(self) -> bool:
        """Whether sigma follows from the mean and is not estimated."""
        return self.methods == (FROM_MEAN,)
