"""The criterion of an action, and the shape of the tests that answer it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from gemba.stats.inference.observed import Observed
from gemba.stats.results import N_, DataError

Metric: TypeAlias = Literal["mean", "shift", "sd", "fraction", "rate"]
Direction: TypeAlias = Literal["lower", "higher", "nominal"]

MOST = 1e7
"""The longest window that is planned, in values, items or units."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Criterion:
    """What was fixed in advance: the baseline, the target, and which of them is the better side.

    ``margin`` is how far from the nominal the mean may lie, for a shift only. ``sd`` is the scatter that
    the plan expects of measured values.
    """

    baseline: Observed
    target: float
    direction: Direction
    margin: float = math.nan
    sd: float = math.nan

    @property
    def sign(self) -> float:
        """1 where less is better, -1 where more is."""
        return -1.0 if self.direction == "higher" else 1.0


@dataclass(frozen=True)
class Tested:
    """What a test found.

    ``p_change`` is the chance of such data if nothing had changed, ``p_short`` the chance of data at least
    as bad if the target had been reached. ``lower`` and ``upper`` bound the metric after the action.
    """

    test: str
    statistic: float
    df: float
    p_change: float
    p_short: float
    estimate: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Method:
    """The tests of one metric.

    ``judge(criterion, after, alpha)`` tests; ``power(criterion, n, sd, alpha)`` is the chance of "effective"
    when the target is reached; ``needed(criterion, sd, alpha, power)`` is the window that has this chance.
    """

    judge: Callable[[Criterion, Observed, float], Tested]
    power: Callable[[Criterion, float, float, float], float]
    needed: Callable[[Criterion, float, float, float], float]


def find_smallest(works: Callable[[float], bool], start: float, *, whole: bool = True) -> float:
    """The smallest number from ``start`` on that works, where every larger one works too.

    Raises
    ------
    DataError
        When none up to ``MOST`` does.
    """
    low, high = start, start
    while not works(high):
        low, high = high, 2 * high + 1
        if high > MOST:
            raise DataError(
                N_("no window of up to {most} values has the power planned"),
                mend=N_(
                    "Take a longer baseline, a target further from the baseline, or accept less power: "
                    "a small step against a short or scattered baseline cannot be shown"
                ),
                argument="target",
                most=f"{MOST:,.0f}",
            )
    while high - low > (1 if whole else 1e-7 * high):
        middle = (low + high) // 2 if whole else 0.5 * (low + high)
        low, high = (low, middle) if works(middle) else (middle, high)
    return high
