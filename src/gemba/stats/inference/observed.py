"""What was observed, as the few figures that a test needs: from raw data or as figures alone."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from gemba.stats.data import Counts, Frame, Sample
from gemba.stats.results import N_, DataError, Floats, frozen_array

NOTHING: Floats = frozen_array([])


@dataclass(frozen=True, kw_only=True, eq=False)
class Observed:
    """What was observed before or after an action.

    ``n`` is how many values, items or units of exposure were looked at; infinite for a figure that is known
    without error. ``mean`` is the mean of the values, the fraction of items or the rate per unit; ``sd`` the
    standard deviation of measured values; ``count`` how many items or events were counted. ``series`` are
    the values in order, for the picture; ``missing`` of them were left out.

    Examples
    --------
    >>> Observed(n=1200, count=14).mean
    0.011666666666666667
    """

    n: float
    mean: float = math.nan
    sd: float = math.nan
    count: float = math.nan
    series: Floats = field(default_factory=lambda: NOTHING)
    missing: int = 0

    def __post_init__(self) -> None:
        if not self.n >= 0:
            raise _bad("n", self.n, N_("Give how many values, items or units were looked at"))
        if not (math.isnan(self.count) or 0 <= self.count < math.inf):
            raise _bad("count", self.count, N_("Give how many were counted: zero or more"))
        if not math.isnan(self.count) and math.isnan(self.mean) and self.n > 0:
            object.__setattr__(self, "mean", self.count / self.n)
        if math.isinf(self.mean):
            raise _bad("mean", self.mean, N_("Give a finite number"))
        if not (math.isnan(self.sd) or 0 <= self.sd < math.inf):
            raise _bad("sd", self.sd, N_("Give a finite standard deviation, zero or more"))

    @property
    def is_known(self) -> bool:
        """Whether this is a figure without error of its own."""
        return math.isinf(self.n)


def _bad(argument: str, value: float, mend: str) -> DataError:
    return DataError(N_("{value} cannot have been observed"), mend=mend, argument=argument, value=value)


def observe_values(frame: Frame, value: str | None, *, argument: str) -> tuple[Observed, str]:
    """Measured values as figures, and the name of their column."""
    sample = Sample.of(_some(frame, argument), value, at_least=0)
    present = sample.present
    centred = present - present[0] if len(present) else present
    mean = float(present[0] + centred.mean()) if len(present) else math.nan
    sd = float(np.std(centred, ddof=1)) if len(present) > 1 else math.nan
    series = frozen_array(present)
    found = Observed(n=len(present), mean=mean, sd=sd, series=series, missing=sample.missing)
    return found, sample.name


def observe_counts(
    frame: Frame, value: str | None, n: str | float | None, *, items: bool, argument: str
) -> tuple[Observed, str]:
    """Counts with their sizes as figures, and the name of their column."""
    counts = Counts.of(_some(frame, argument), value, n, nature="defectives" if items else "defects")
    present = ~np.isnan(counts.counts)
    count, size = float(counts.counts[present].sum()), float(counts.sizes[present].sum())
    series = frozen_array(counts.counts[present] / counts.sizes[present])
    missing = int((~present).sum())
    return Observed(n=size, count=count, series=series, missing=missing), counts.name


def _some(frame: Frame, argument: str) -> Frame:
    if frame is None or isinstance(frame, str | bytes):
        raise DataError(
            N_("{value} is no data"),
            mend=N_("Give a table with its column, a list of numbers, or Observed(...) for figures alone"),
            argument=argument,
            value=frame,
        )
    return frame
