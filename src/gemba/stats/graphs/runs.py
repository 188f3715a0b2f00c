"""Runs tests: is the order of a series random? Counting runs about the median, and up and down."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gemba.stats.distributions.normal import normal_cdf, normal_sf
from gemba.stats.results import Bools, Floats


@dataclass(frozen=True)
class RunsTest:
    """How many runs there are, and how many chance would give.

    ``few`` is the probability of so few runs or fewer in a random order, ``many`` of so many or more, both
    by the normal approximation without a correction for continuity; NaN where no test can be made.
    ``longest`` is the length of the longest run.
    """

    runs: int
    expected: float
    sd: float
    longest: int
    few: float
    many: float


@dataclass(frozen=True)
class Anhoej:
    """Anhøj's two rules for a run chart, whose limits follow from the number of useful points.

    ``useful`` points lie not on the median. ``longest`` is the longest run of them on one side and may be
    ``longest_most``; ``crossings`` of the median must be at least ``crossings_least``.
    """

    useful: int
    longest: int
    longest_most: int
    crossings: int
    crossings_least: int

    @property
    def signal(self) -> bool:
        """Whether a run is unusually long, or there are unusually few crossings."""
        return self.longest > self.longest_most or self.crossings < self.crossings_least


def anhoej_rules(values: Floats, center: float) -> Anhoej:
    """Is a run about the centre line too long, or does the series cross it too seldom?

    Notes
    -----
    Anhøj and Olesen (2014), PLOS ONE 9(11):e113825: a run may have round(log2(n) + 3) useful points, and the
    crossings at least the 5 % quantile of a binomial distribution of n - 1 and one half.

    Examples
    --------
    >>> anhoej_rules(np.array([1.0, 2.0, 9.0, 8.0, 1.0, 9.0]), 5.0).crossings
    3
    """
    from scipy.stats import binom

    sides = values[values != center] > center
    useful = len(sides)
    if useful < 2:
        return Anhoej(useful, useful, useful, 0, 0)
    changes = np.flatnonzero(sides[1:] != sides[:-1])
    longest = int(np.diff(np.concatenate([[-1], changes, [useful - 1]])).max())
    least = int(binom.ppf(0.05, useful - 1, 0.5))
    return Anhoej(useful, longest, round(math.log2(useful) + 3), len(changes), least)


def runs_about(values: Floats, center: float) -> RunsTest:
    """Runs above, and at or below, a centre line.

    Few runs are clusters, many are mixtures. With m values above and n not above, N in all, chance gives
    1 + 2mn/N runs with variance 2mn (2mn - N) / (N^2 (N - 1)).

    Notes
    -----
    Wald and Wolfowitz (1940), Annals of Mathematical Statistics 11:147. A value on the line belongs to the
    lower side, as in Minitab.

    Examples
    --------
    >>> runs_about(np.array([1.0, 2.0, 9.0, 8.0, 1.0, 9.0]), 5.0).runs
    4
    """
    above: Bools = values > center
    total = len(values)
    product = 2.0 * np.count_nonzero(above) * np.count_nonzero(~above)
    expected = 1 + product / total
    variance = product * (product - total) / (total**2 * (total - 1)) if total > 1 else 0.0
    return _tested(above, expected, variance)


def runs_up_and_down(values: Floats) -> RunsTest:
    """Runs of rising and of falling values; equal neighbours count as one value.

    Few runs are trends, many are oscillation. Of N values chance gives (2N - 1)/3 runs with variance
    (16N - 29)/90. A run's length is its number of moves.

    Notes
    -----
    Levene and Wolfowitz (1944), Annals of Mathematical Statistics 15:58.

    Examples
    --------
    >>> runs_up_and_down(np.array([1.0, 2.0, 3.0, 2.0, 4.0])).runs
    3
    """
    moves = np.diff(values)
    moves = moves[moves != 0]
    total = len(moves) + 1
    return _tested(moves > 0, (2 * total - 1) / 3, (16 * total - 29) / 90)


def _tested(sides: Bools, expected: float, variance: float) -> RunsTest:
    changes = np.flatnonzero(sides[1:] != sides[:-1])
    runs = len(changes) + 1 if len(sides) else 0
    borders = np.concatenate([[-1], changes, [len(sides) - 1]])
    longest = int(np.diff(borders).max()) if len(sides) else 0
    if not (variance > 0 and len(sides) > 1):
        return RunsTest(runs, expected, math.nan, longest, math.nan, math.nan)
    sd = math.sqrt(variance)
    z = (runs - expected) / sd
    return RunsTest(runs, expected, sd, longest, float(normal_cdf(z)), float(normal_sf(z)))
