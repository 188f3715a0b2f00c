"""One panel of a chart: the plotted points and their lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gemba.stats.charts.kind import Band
from gemba.stats.results import Bools, Floats, Ints, sealed


@dataclass(frozen=True, eq=False)
class Panel:
    """The points of one panel and their lines: arrays of one length, NaN where there is nothing.

    ``sigma`` is the standard deviation of the plotted statistic, ``sizes`` how many values or units each
    point stands on. A line that is the same for every point takes the memory of one number.
    """

    name: str
    points: Floats
    center: Floats
    lcl: Floats
    ucl: Floats
    sigma: Floats
    sizes: Floats

    @property
    def beyond(self) -> Ints:
        """The points strictly outside the limits, numbered from 1."""
        with np.errstate(invalid="ignore"):
            outside: Bools = (self.points > self.ucl) | (self.points < self.lcl)
        return np.flatnonzero(outside) + 1

    @property
    def steps(self) -> bool:
        """Whether a line is not the same for all points."""
        return not all(is_level(line) for line in (self.center, self.lcl, self.ucl))


def is_level(line: Floats) -> bool:
    """Whether a line has one value for all points that have one."""
    if line.strides == (0,):
        return True
    known = line[~np.isnan(line)]
    return known.size == 0 or bool((known == known[0]).all())


def make_panel(name: str, points: Floats, band: Band, sizes: Floats) -> Panel:
    """A panel from the lines of its points."""
    return Panel(name, points, band.center, band.lcl, band.ucl, band.sigma, sizes)


def level_band(band: Band, count: int) -> Band:
    """The lines of one size for all points."""
    return Band(*(np.broadcast_to(line, count) for line in band))


def stepped_band(band: Band, places: Ints) -> Band:
    """The lines of distinct sizes as lines of the points, whose sizes stand at ``places``."""
    return Band(*(sealed(line[places]) for line in band))


def as_level(line: Floats) -> Floats | float:
    """A line that is stored as one number, as that number."""
    return float(line[0]) if line.strides == (0,) and line.size else line


def join_panels(parts: Sequence[Panel]) -> Panel:
    """The same panel of stages that follow one another."""
    if len(parts) == 1:
        return parts[0]
    fields = ("points", "center", "lcl", "ucl", "sigma", "sizes")
    return Panel(parts[0].name, *(sealed(np.concatenate([getattr(p, f) for p in parts])) for f in fields))
