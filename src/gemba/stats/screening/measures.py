"""What is measured of each stream: the same figures by whole arrays here, and by the fast kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from gemba.stats.charts.rules import RuleSet, find_places, rules_for
from gemba.stats.charts.subgroup_statistics import means_and_deviations, means_and_ranges
from gemba.stats.constants import c4, c5, d2, d3
from gemba.stats.data import Subgroups
from gemba.stats.results import Floats, Ints
from gemba.stats.screening.streams import Batch

LARGEST_RANGE = 8
"""Up to this subgroup size the spread is charted by ranges; from the next on by standard deviations."""
NSIGMA = 3.0
STRETCH = 5
"""Fewer values in a row are outliers, and no stretch with a mean of its own."""
Figures: TypeAlias = dict[str, Any]
"""Name -> an array with a figure for each stream."""


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
        level, spread = self.panels
        return rules_for(level, self.rules).rules, rules_for(spread, self.rules).rules

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


def measure(batch: Batch, asked: Asked, lsl: Floats, usl: Floats) -> Figures:
    """All figures of ``Measures`` for a batch, and ``fired``: per rule the points at which it fires.

    ``lsl`` and ``usl`` are the specification limits of each stream, NaN where there is none.
    """
    padded = _Padded.of(batch)
    found = _describe(padded)
    found |= _outside(padded, lsl, usl)
    found |= _sameness(padded)
    chart = _individuals(padded, found) if asked.size == 1 else _subgroups(batch, found, asked)
    found |= _judge(chart, found, asked)
    return found | _moved(padded, found)


class _Padded(NamedTuple):
    """The streams of a batch with a missing value after each, so that no rule reaches over a border."""

    x: Floats
    starts: Ints
    lengths: Ints
    known: Any
    whole: bool

    @classmethod
    def of(cls, batch: Batch) -> _Padded:
        x, starts = padded(batch.values, batch.starts)
        known = ~np.isnan(x)
        lengths = batch.lengths
        whole = int(np.count_nonzero(known)) == len(batch.values)
        return cls(x, starts, lengths, known, whole)

    def each(self, figure: Any) -> Any:
        """A figure of the streams at each of their values."""
        return np.repeat(figure, self.lengths + 1)

    def total(self, values: Any) -> Any:
        """The sum over each stream."""
        return np.add.reduceat(values, self.starts)


def padded(values: Floats, starts: Ints) -> tuple[Floats, Ints]:
    """Streams with a missing value after each, and where each starts then."""
    count = len(starts) - 1
    apart = np.full(len(values) + count, np.nan)
    for place in range(count):
        first, stop = int(starts[place]), int(starts[place + 1])
        apart[first + place : stop + place] = values[first:stop]
    return apart, starts[:-1] + np.arange(count)


def _describe(streams: _Padded) -> Figures:
    x, known = streams.x, streams.known
    n = np.add.reduceat(known, streams.starts, dtype=np.int64)
    places = streams.starts
    if not streams.whole:
        heads = np.where(known, np.arange(len(x)), len(x) - 1)
        places = np.minimum.reduceat(heads, streams.starts)
    first = x[places]
    away = x - streams.each(first)
    away[~known] = 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = streams.total(away) / n
        away -= streams.each(middle)
        away[~known] = 0.0
        overall = np.sqrt(streams.total(away * away) / (n - 1.0))
    overall[n < 2] = np.nan
    return {
        "n": n,
        "missing": streams.lengths - n,
        "mean": first + middle,
        "overall": overall,
        "lowest": np.fmin.reduceat(x, streams.starts),
        "highest": np.fmax.reduceat(x, streams.starts),
        "away": away,
    }


def _outside(streams: _Padded, lsl: Floats, usl: Floats) -> Figures:
    counts = {}
    for name, limit, compare in (("below", lsl, np.less), ("above", usl, np.greater)):
        if np.isnan(limit).all():
            counts[name] = np.zeros(len(limit), dtype=np.int64)
        else:
            outside = compare(streams.x, streams.each(limit))
            counts[name] = np.add.reduceat(outside, streams.starts, dtype=np.int64)
    return counts


def _sameness(streams: _Padded) -> Figures:
    """Moving ranges, and the longest run of equal values; a missing one breaks it."""
    moves = np.empty_like(streams.x)
    moves[0] = np.nan
    np.subtract(streams.x[1:], streams.x[:-1], out=moves[1:])
    np.abs(moves, out=moves)
    equal = moves == 0
    number = np.arange(len(moves))
    since = number - np.maximum.accumulate(np.where(equal, 0, number))
    longest = np.maximum.reduceat(since, streams.starts) + 1
    n = np.add.reduceat(streams.known, streams.starts, dtype=np.int64)
    return {
        "range": moves,
        "equal": np.add.reduceat(equal, streams.starts, dtype=np.int64),
        "moves": np.add.reduceat(~np.isnan(moves), streams.starts, dtype=np.int64),
        "longest": np.where(n > 0, longest, 0),
    }


class _Chart(NamedTuple):
    """Both panels of all streams: the points, where each stream starts, and the scatter of a mean."""

    level: Floats
    spread: Floats
    starts: Ints
    within: Floats
    level_sigma: Floats


def _individuals(streams: _Padded, found: Figures) -> _Chart:
    moves = found["range"]
    with np.errstate(invalid="ignore", divide="ignore"):
        average = streams.total(np.where(np.isnan(moves), 0.0, moves)) / found["moves"]
    within = average / d2(2)
    return _Chart(streams.x, moves, streams.starts, within, within)


def _subgroups(batch: Batch, found: Figures, asked: Asked) -> _Chart:
    """Means and spreads of subgroups, cut from the first row of each stream; sigma pooled over them."""
    groups, starts = cut(batch, asked.size)
    statistic = means_and_deviations if asked.kind == "xbar-s" else means_and_ranges
    means, spreads = statistic(groups)
    deviations = spreads if asked.kind == "xbar-s" else means_and_deviations(groups)[1]
    freedom = np.maximum(groups.sizes - 1.0, 0.0)
    squares = np.where(freedom > 0, freedom * deviations**2, 0.0)
    total = np.add.reduceat(freedom, starts[:-1])
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = np.sqrt(np.add.reduceat(squares, starts[:-1]) / total)
    bias = {one: c4(one + 1) for one in np.unique(total).tolist() if one > 0}
    within = np.array([s / bias[f] if f > 0 else np.nan for s, f in zip(raw, total.tolist(), strict=True)])
    level, heads = padded(means, starts)
    spread, _ = padded(spreads, starts)
    found["sizes"] = padded(groups.sizes.astype(np.float64), starts)[0]
    return _Chart(level, spread, heads, within, within)


def cut(batch: Batch, size: int) -> tuple[Subgroups, Ints]:
    """Every ``size`` rows of each stream as a subgroup of what is there, and where streams start."""
    counts = -(-batch.lengths // size)
    firsts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    offset = np.arange(firsts[-1]) - np.repeat(firsts[:-1], counts)
    edges = np.append(np.repeat(batch.starts[:-1], counts) + size * offset, len(batch.values))
    known = ~np.isnan(batch.values)
    if known.all():
        return Subgroups(batch.values, edges), firsts
    kept = np.concatenate([[0], np.cumsum(known)])[edges].astype(np.int64)
    return Subgroups(batch.values[known], kept), firsts


def _judge(chart: _Chart, found: Figures, asked: Asked) -> Figures:
    lengths = np.diff(np.append(chart.starts, len(chart.level)))
    owner = np.repeat(np.arange(len(lengths)), lengths)
    sizes = found.get("sizes")
    center, within = found["mean"][owner], chart.within[owner]
    with np.errstate(invalid="ignore", divide="ignore"):
        sigma = within if sizes is None else within / np.sqrt(sizes)
        factors = _spread_factors(asked, sizes)
        middle, scatter = factors[0] * within, factors[1] * within
    panels = (
        (chart.level, center, sigma, center - NSIGMA * sigma, center + NSIGMA * sigma),
        (
            chart.spread,
            middle,
            scatter,
            np.maximum(middle - NSIGMA * scatter, 0.0),
            middle + NSIGMA * scatter,
        ),
    )
    counted = [
        _fired(panel, rules, owner, len(lengths))
        for panel, rules in zip(panels, asked.of_panels, strict=True)
    ]
    with np.errstate(invalid="ignore", divide="ignore"):
        farthest = np.abs(chart.level - center) / sigma
    return {
        "within": chart.within,
        "points": np.add.reduceat(~np.isnan(chart.level), chart.starts, dtype=np.int64),
        "signals": counted[0]["signals"],
        "spread_signals": counted[1]["signals"],
        "runs": counted[0]["runs"] + counted[1]["runs"],
        "beyond": _beyond(panels[0], chart.starts),
        "spread_beyond": _beyond(panels[1], chart.starts),
        "widest": np.fmax.reduceat(chart.spread, chart.starts),
        "narrowest": np.fmin.reduceat(chart.spread, chart.starts),
        "farthest": np.fmax.reduceat(farthest, chart.starts),
        "fired": counted[0]["fired"] + counted[1]["fired"],
    }


def _spread_factors(asked: Asked, sizes: Floats | None) -> tuple[Any, Any]:
    """Centre and scatter of the plotted spread in sigma within, for all points or for each."""
    if sizes is None:
        return asked.spread_center, asked.spread_sigma
    factors = np.full((2, asked.size + 1), np.nan)
    for n in range(2, asked.size + 1):
        factors[:, n] = (c4(n), c5(n)) if asked.kind == "xbar-s" else (d2(n), d3(n))
    places = np.nan_to_num(sizes).astype(np.int64)
    return factors[0][places], factors[1][places]


def _fired(panel: tuple[Floats, ...], rules: RuleSet, owner: Ints, count: int) -> Figures:
    """Points at which each rule fires, any rule, and a rule other than a point beyond the limits."""
    points, center, sigma, lcl, ucl = panel
    fired, any_rule, runs = [], np.zeros(len(points), dtype=np.bool_), np.zeros(len(points), dtype=np.bool_)
    places = find_places(points, center, sigma, lcl, ucl, rules)
    for rule, sides in zip(rules.rules, places, strict=True):
        at = np.concatenate(sides)
        fired.append(np.bincount(owner[at], minlength=count))
        any_rule[at] = True
        if rule.test != "beyond":
            runs[at] = True
    return {
        "fired": fired,
        "signals": np.bincount(owner[any_rule], minlength=count),
        "runs": np.bincount(owner[runs], minlength=count),
    }


def _beyond(panel: tuple[Floats, ...], starts: Ints) -> Ints:
    points, _, _, lcl, ucl = panel
    counts: Ints = np.add.reduceat((points > ucl) | (points < lcl), starts, dtype=np.int64)
    return counts


def _moved(streams: _Padded, found: Figures) -> Figures:
    """Where two means explain the values best, and how far a straight line goes."""
    away, n, within = found.pop("away"), found["n"].astype(np.float64), found["within"]
    ends = streams.starts + streams.lengths
    sums = np.cumsum(away)
    sums -= streams.each(np.append(0.0, sums[ends[:-1]]))
    number = np.arange(len(away), dtype=np.float64) - streams.each(streams.starts)
    before = number + 1 if streams.whole else _counted(streams, ends)
    after = streams.each(n) - before
    with np.errstate(invalid="ignore", divide="ignore"):
        long = (before >= STRETCH) & (after >= STRETCH)
        gain = np.where(long, np.abs(sums) / np.sqrt(before * after), 0.0)
        best = np.maximum.reduceat(gain, streams.starts)
        places = np.flatnonzero(long & (gain == streams.each(best)))
        at, found_one = _first_in(places, streams)
        shift = np.where(found_one, -sums[at] * n / (before[at] * after[at]) / within, np.nan)
        shift_z = best * np.sqrt(n) / within
        span = streams.lengths - 1.0
        times = np.where(streams.known, number - streams.each(span / 2), 0.0)
        lean = streams.total(times) / n
        scatter = streams.total(times * times) - n * lean * lean
        slope = streams.total(times * away) / scatter
        drift, drift_z = slope * span / within, slope * np.sqrt(scatter) / within
    return {
        "shift": shift,
        "shift_z": shift_z,
        "shift_row": np.where(np.isnan(shift), 0, at - streams.starts + 2),
        "drift": drift,
        "drift_z": drift_z,
    }


def _first_in(places: Ints, streams: _Padded) -> tuple[Ints, Any]:
    """The first of the places that lies in each stream, and whether one does."""
    if not len(places):
        return streams.starts, np.zeros(len(streams.starts), dtype=np.bool_)
    at = places[np.minimum(np.searchsorted(places, streams.starts), len(places) - 1)]
    return at, (at >= streams.starts) & (at < streams.starts + streams.lengths)


def _counted(streams: _Padded, ends: Ints) -> Floats:
    """How many values stand up to each place of its stream."""
    running = np.cumsum(streams.known).astype(np.float64)
    counted: Floats = running - streams.each(np.append(0.0, running[ends[:-1]]))
    return counted
