"""What is measured of each stream, and what is charted of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from gemba.stats.charts.rules import RuleSet, rules_for
from gemba.stats.constants import c4, c5, d2, d3
from gemba.stats.results import Floats, Ints

LARGEST_RANGE = 8
"""Up to this subgroup size the spread is charted by ranges; from the next on by standard deviations."""
NSIGMA = 3.0
Figures: TypeAlias = dict[str, Any]
"""Name -> an array with a figure for each stream."""


@lru_cache(maxsize=8)
def _rules_of(panels: tuple[str, str], rules: RuleSet) -> tuple[RuleSet, RuleSet]:
    level, spread = (rules_for(panel, rules).rules for panel in panels)
    return level, spread


class Asked(NamedTuple):
    """What is charted of every stream: subgroups of ``size`` rows (1: single values), and by which rules."""

    size: int
    rules: RuleSet

    @property
    def kind(self) -> str:
        """The kind of chart, as a capability study of such data takes it."""
        return "i-mr" if self.size == 1 else "xbar-r" if self.size <= LARGEST_RANGE else "xbar-s"

    @property
    def panels(self) -> tuple[str, str]:
        """The panel of the level and that of the spread."""
        return {"i-mr": ("i", "mr"), "xbar-r": ("xbar", "r"), "xbar-s": ("xbar", "s")}[self.kind]

    @property
    def of_panels(self) -> tuple[RuleSet, RuleSet]:
        """The rules that suit each panel."""
        return _rules_of(self.panels, self.rules)

    @property
    def spread_center(self) -> float:
        """The mean of the plotted spread, in sigma within."""
        return c4(self.size) if self.kind == "xbar-s" else d2(max(self.size, 2))

    @property
    def spread_sigma(self) -> float:
        """The standard deviation of the plotted spread, in sigma within."""
        return c5(self.size) if self.kind == "xbar-s" else d3(max(self.size, 2))


@dataclass(frozen=True, eq=False)
class Measures:
    """One figure a stream in each array; NaN where there is none.

    Parameters
    ----------
    n, missing : int array
        Values there, and values missing.
    mean, within, overall : float array
        The mean, sigma within (average moving range; pooled for subgroups), and sigma overall.
    lowest, highest : float array
        The smallest and the largest value.
    below, above : int array
        Values outside each specification limit.
    points, signals, spread_signals : int array
        Points of the chart, and those at which a rule fires on the panel of the level and of the spread.
    runs : int array
        Of the signals, how many are of a rule other than a point beyond the limits.
    beyond, spread_beyond : int array
        Points beyond the limits of each panel.
    widest, narrowest : float array
        The largest and the smallest plotted spread, in the unit of the values.
    farthest : float array
        How far the farthest point lies from the mean, in standard deviations of the plotted point.
    equal, moves, longest : int array
        Neighbours that are equal, of how many pairs of neighbours, and the longest run of equal values.
    shift, shift_z : float array
        Where two stretches of at least five values with means of their own explain most: the difference of
        the means in sigma within, and its size in its standard errors.
    shift_row : int array
        The row, from 1, with which the second stretch begins.
    drift, drift_z : float array
        How far the straight line through the values goes from the first row to the last, in sigma within,
        and its slope in its standard errors.
    """

    n: Ints
    missing: Ints
    mean: Floats
    within: Floats
    overall: Floats
    lowest: Floats
    highest: Floats
    below: Ints
    above: Ints
    points: Ints
    signals: Ints
    spread_signals: Ints
    runs: Ints
    beyond: Ints
    spread_beyond: Ints
    widest: Floats
    narrowest: Floats
    farthest: Floats
    equal: Ints
    moves: Ints
    longest: Ints
    shift: Floats
    shift_z: Floats
    shift_row: Ints
    drift: Floats
    drift_z: Floats

    @classmethod
    def joined(cls, parts: Sequence[Figures]) -> Measures:
        """The figures of all batches, one after the other."""
        return cls(**{f.name: np.concatenate([part[f.name] for part in parts]) for f in fields(cls)})
