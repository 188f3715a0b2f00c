"""The law of a run length: the chance of no signal after each point, and a tail that falls by one ratio."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gemba.stats.results import Floats

SETTLED = 1e-12
"""The chance of a signal changes by less than this share from point to point: the tail has begun."""
STEADY = 6
"""For so many points in a row."""
FEWEST, MOST = 16, 40_000
GONE = 1e-15


@dataclass(frozen=True)
class Law:
    """How long it takes to the first signal.

    ``survival[t]`` is the chance of no signal in the first t points, beginning with 1 for no point.
    Beyond the last of them, each point signals with the chance ``hazard``.
    """

    survival: Floats
    hazard: float

    @property
    def mean(self) -> float:
        """The average run length."""
        if self.hazard <= 0:
            return math.inf
        return float(self.survival[:-1].sum() + self.survival[-1] / self.hazard)

    @property
    def sd(self) -> float:
        """The standard deviation of the run length."""
        if self.hazard <= 0:
            return math.inf
        steps = np.arange(len(self.survival) - 1)
        last, h = len(self.survival) - 1, self.hazard
        tail = self.survival[-1] * (last / h + (1 - h) / (h * h))
        second = 2 * (float((steps * self.survival[:-1]).sum()) + tail) + self.mean
        return math.sqrt(max(second - self.mean**2, 0.0))

    def beyond(self, points: int) -> float:
        """The chance of no signal in the first ``points`` points."""
        last = len(self.survival) - 1
        if points <= last:
            return float(self.survival[points])
        return float(self.survival[last] * (1 - self.hazard) ** (points - last))

    def quantile(self, share: float) -> float:
        """After how many points have so many of all charts signalled? A whole number."""
        left = 1 - share
        reached = np.flatnonzero(self.survival <= left)
        if reached.size:
            return float(reached[0])
        if self.hazard <= 0:
            return math.inf
        last = len(self.survival) - 1
        steps = math.log(left / float(self.survival[-1])) / math.log1p(-self.hazard)
        return float(last + math.ceil(steps - 1e-9))


def law_of(hazards: Iterator[float], *, least: int = FEWEST) -> Law:
    """The law from the chances that a chart without signal so far signals at its next point.

    ``hazards`` may go on for ever: they are read until they have settled, or nothing is left.
    """
    survival, hazard, steady = [1.0], 0.0, 0
    for point, found in enumerate(hazards, start=1):
        steady = steady + 1 if abs(found - hazard) <= SETTLED * found else 0
        hazard = found
        survival.append(survival[-1] * (1 - found))
        settled = point >= least and (steady >= STEADY or survival[-1] < GONE)
        if settled or point >= MOST:
            break
    return Law(np.array(survival), hazard)
