"""All figures of a batch: what is told of each stream, and what its chart says."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from gemba.stats.charts.rules import RuleSet, find_places
from gemba.stats.charts.subgroup_statistics import means_and_deviations, means_and_ranges
from gemba.stats.constants import c4, c5, d2, d3
from gemba.stats.data import Subgroups, all_finite
from gemba.stats.kernels import fast
from gemba.stats.results import Floats, Ints
from gemba.stats.screening.described import describe, padded
from gemba.stats.screening.measures import NSIGMA, Asked, Figures
from gemba.stats.screening.streams import Batch


def measure(batch: Batch, asked: Asked, lsl: Floats, usl: Floats) -> Figures:
    """All figures of ``Measures`` for a batch, and ``fired``: per rule the points at which it fires.

    ``lsl`` and ``usl`` are the specification limits of each stream, NaN where there is none.
    """
    found = describe(batch, lsl, usl, ranges=asked.size == 1)
    chart = _individuals(batch, found) if asked.size == 1 else _subgroups(batch, asked, found)
    found |= _judge(chart, found["mean"], asked)
    return found | _in_sigma(found, batch)


class Chart(NamedTuple):
    """Both panels of all streams: the points, and where each stream starts and the last one ends.

    ``sizes`` are those of each point where they differ; ``apart`` says whether a missing value stands after
    each stream.
    """

    level: Floats
    spread: Floats
    starts: Ints
    within: Floats
    sizes: Floats | None
    apart: bool

    def spaced(self) -> Chart:
        """The same with a missing value after each stream, so that no rule reaches over a border."""
        if self.apart:
            return self
        level, starts = padded(self.level, self.starts)
        spread, _ = padded(self.spread, self.starts)
        sizes = None if self.sizes is None else padded(self.sizes, self.starts)[0]
        return Chart(level, spread, np.append(starts, len(level)), self.within, sizes, True)


def _individuals(batch: Batch, found: Figures) -> Chart:
    with np.errstate(invalid="ignore", divide="ignore"):
        within = found["range_sum"] / found["moves"] / d2(2)
    if not found["apart"]:
        return Chart(batch.values, found["ranges"], batch.starts, within, None, False)
    level, starts = padded(batch.values, batch.starts)
    return Chart(level, found["ranges"], np.append(starts, len(level)), within, None, True)


def _subgroups(batch: Batch, asked: Asked, found: Figures) -> Chart:
    """Means and spreads of subgroups, cut from the first row of each stream; sigma pooled over them."""
    sizes = None
    if fast() and not found["missing"].any() and not (batch.lengths % asked.size).any():
        starts = batch.starts // asked.size
        means, spreads, squares, total = _whole(batch, starts, asked)
    else:
        groups, starts = cut(batch, asked.size)
        means, spreads, squares, total = _spread(groups, starts, asked)
        sizes = None if groups.equal_size == asked.size else groups.sizes.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = np.sqrt(squares / total)
    bias = {one: c4(one + 1) for one in np.unique(total).tolist() if one > 0}
    within = np.array([s / bias[f] if f > 0 else np.nan for s, f in zip(raw, total.tolist(), strict=True)])
    return Chart(means, spreads, starts, within, sizes, False)


def _spread(groups: Subgroups, starts: Ints, asked: Asked) -> tuple[Floats, Floats, Floats, Floats]:
    """Means and spreads, and of each stream the squares within its subgroups and their freedom."""
    statistic = means_and_deviations if asked.kind == "xbar-s" else means_and_ranges
    means, spreads = statistic(groups)
    deviations = spreads if asked.kind == "xbar-s" else means_and_deviations(groups)[1]
    freedom = np.maximum(groups.sizes - 1.0, 0.0)
    squares = np.where(freedom > 0, freedom * deviations**2, 0.0)
    heads = starts[:-1]
    return means, spreads, np.add.reduceat(squares, heads), np.add.reduceat(freedom, heads)


def _whole(batch: Batch, starts: Ints, asked: Asked) -> tuple[Floats, Floats, Floats, Floats]:
    """The same of streams that are all there and end with a full subgroup, in one compiled pass."""
    from gemba.stats.kernels.subgroups import of_one_size

    found = of_one_size(batch.values, asked.size, starts, asked.kind == "xbar-s")
    return *found, (asked.size - 1.0) * np.diff(starts)


def cut(batch: Batch, size: int) -> tuple[Subgroups, Ints]:
    """Every ``size`` rows of each stream as a subgroup of what is there, and where streams start."""
    counts = -(-batch.lengths // size)
    known = np.broadcast_to(np.True_, len(batch.values))
    if not all_finite(batch.values):
        known = ~np.isnan(batch.values)
    if known.all() and not (batch.lengths % size).any():
        return Subgroups(batch.values, np.arange(0, len(batch.values) + 1, size)), batch.starts // size
    firsts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    offset = np.arange(firsts[-1]) - np.repeat(firsts[:-1], counts)
    edges = np.append(np.repeat(batch.starts[:-1], counts) + size * offset, len(batch.values))
    if known.all():
        return Subgroups(batch.values, edges), firsts
    kept = np.concatenate([[0], np.cumsum(known)])[edges].astype(np.int64)
    return Subgroups(batch.values[known], kept), firsts


class _Panel(NamedTuple):
    """The points of one panel and its lines: one for each stream, or for each point where sizes differ."""

    points: Floats
    center: Floats
    sigma: Floats
    lcl: Floats
    ucl: Floats


def _judge(chart: Chart, mean: Floats, asked: Asked) -> Figures:
    level_only = chart.sizes is None
    if not (fast() and level_only):
        chart = chart.spaced()
    level, spread = _panels(chart, mean, asked)
    if fast() and level_only:
        told = [_compiled(p, r, chart.starts) for p, r in zip((level, spread), asked.of_panels, strict=True)]
    else:
        owner = np.repeat(np.arange(len(mean)), np.diff(chart.starts))
        wide = [p if not level_only else _of_points(p, owner) for p in (level, spread)]
        told = [_judged(p, r, chart.starts, owner) for p, r in zip(wide, asked.of_panels, strict=True)]
    with np.errstate(invalid="ignore", divide="ignore"):
        if level_only:
            out = np.fmax(told[0]["largest"] - level.center, level.center - told[0]["smallest"]) / level.sigma
        else:
            out = np.fmax.reduceat(np.abs(level.points - level.center) / level.sigma, chart.starts[:-1])
    return {
        "within": chart.within,
        "points": told[0]["points"],
        "signals": told[0]["signals"],
        "spread_signals": told[1]["signals"],
        "runs": told[0]["runs"] + told[1]["runs"],
        "beyond": told[0]["beyond"],
        "spread_beyond": told[1]["beyond"],
        "widest": told[1]["largest"],
        "narrowest": told[1]["smallest"],
        "farthest": out,
        "fired": told[0]["fired"] + told[1]["fired"],
    }


def _panels(chart: Chart, mean: Floats, asked: Asked) -> tuple[_Panel, _Panel]:
    """Both panels with their lines, as ``control_chart`` draws them."""
    within, center, sizes = chart.within, mean, chart.sizes
    if sizes is not None:
        owner = np.repeat(np.arange(len(mean)), np.diff(chart.starts))
        within, center = within[owner], mean[owner]
    with np.errstate(invalid="ignore", divide="ignore"):
        sigma = within / np.sqrt(float(asked.size) if sizes is None else sizes)
        factors = _spread_factors(asked, sizes)
        middle, scatter = factors[0] * within, factors[1] * within
        reach, room = NSIGMA * sigma, NSIGMA * scatter
    level = _Panel(chart.level, center, sigma, center - reach, center + reach)
    return level, _Panel(chart.spread, middle, scatter, np.maximum(middle - room, 0.0), middle + room)


def _spread_factors(asked: Asked, sizes: Floats | None) -> tuple[Any, Any]:
    """Centre and scatter of the plotted spread in sigma within, for all points or for each."""
    if sizes is None:
        return asked.spread_center, asked.spread_sigma
    factors = np.full((2, asked.size + 1), np.nan)
    for n in range(2, asked.size + 1):
        factors[:, n] = (c4(n), c5(n)) if asked.kind == "xbar-s" else (d2(n), d3(n))
    places = np.nan_to_num(sizes).astype(np.int64)
    return factors[0][places], factors[1][places]


def _of_points(panel: _Panel, owner: Ints) -> _Panel:
    """The lines of the streams at each of their points."""
    return _Panel(panel.points, *(line[owner] for line in panel[1:]))


def _judged(panel: _Panel, rules: RuleSet, starts: Ints, owner: Ints) -> Figures:
    """What a panel says of each stream: firings, points, those beyond the limits, the extremes."""
    count, heads = len(starts) - 1, starts[:-1]
    any_rule, runs = (np.zeros(len(panel.points), dtype=np.bool_) for _ in range(2))
    places = find_places(panel.points, panel.center, panel.sigma, panel.lcl, panel.ucl, rules)
    fired = []
    for rule, sides in zip(rules.rules, places, strict=True):
        at = np.concatenate(sides)
        fired.append(np.bincount(owner[at], minlength=count))
        any_rule[at] = True
        if rule.test != "beyond":
            runs[at] = True
    outside = (panel.points > panel.ucl) | (panel.points < panel.lcl)
    return {
        "fired": fired,
        "signals": np.bincount(owner[any_rule], minlength=count),
        "runs": np.bincount(owner[runs], minlength=count),
        "points": np.add.reduceat(~np.isnan(panel.points), heads, dtype=np.int64),
        "beyond": np.add.reduceat(outside, heads, dtype=np.int64),
        "largest": np.fmax.reduceat(panel.points, heads),
        "smallest": np.fmin.reduceat(panel.points, heads),
    }


def _compiled(panel: _Panel, rules: RuleSet, starts: Ints) -> Figures:
    """The same by the compiled loops, for lines that hold for all points of a stream."""
    from gemba.stats.charts.rules.find_fast import count_firings
    from gemba.stats.kernels import streams
    from gemba.stats.kernels.compiled import given

    counts, extremes = streams.extremes(given(panel.points), given(starts), panel.lcl, panel.ucl)
    fired = count_firings(rules, panel, starts)
    return {
        "fired": list(fired[:-2]),
        "signals": fired[-2],
        "runs": fired[-1],
        "points": counts[:, 0],
        "beyond": counts[:, 1],
        "largest": extremes[:, 0],
        "smallest": extremes[:, 1],
    }


def _in_sigma(found: Figures, batch: Batch) -> Figures:
    """Shift and drift in sigma within, and in their standard errors."""
    within, n = found["within"], found["n"].astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "shift": found["step"] / within,
            "shift_z": np.where(np.isnan(found["step"]), 0.0, found["gain"] * np.sqrt(n)) / within,
            "shift_row": found["row"],
            "drift": found["slope"] * (batch.lengths - 1.0) / within,
            "drift_z": found["slope"] * np.sqrt(found["scatter"]) / within,
        }
