"""The fast path: all rules on a whole series at once."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from gemba.stats.charts.rules.plan import Check, Plan, Track
from gemba.stats.charts.rules.rule import RuleSet
from gemba.stats.charts.rules.violations import Ragged, Violations, ranges
from gemba.stats.kernels import fast
from gemba.stats.results import Bools, Floats, Ints, sealed

Level: TypeAlias = Floats | float

# So many points at a time that masks stay in the cache and below malloc's threshold for fresh pages.
BLOCK = 60_000

Sides: TypeAlias = tuple[Ints, ...]
_NONE: Ints = np.zeros(0, dtype=np.int64)


def find_violations(
    panel: str,
    points: Floats,
    center: Level,
    sigma: Level,
    lcl: Level | None,
    ucl: Level | None,
    rules: RuleSet,
) -> Violations:
    """Which rules does this series break, where, and by which points?

    Parameters
    ----------
    panel : str
        The name that the violations carry.
    points : float array
        The plotted statistic in time order. A missing value (NaN) breaks a run and empties a window.
    center, sigma : float or float array
        Centre line and standard deviation of the plotted statistic, for all points or for each. Where
        sigma is not above zero there are no zones.
    lcl, ucl : float, float array or None
        Control limits; NaN or None where there is none.
    rules : RuleSet
        The rules; ``rules_for`` tells which of them suit the panel.

    Returns
    -------
    Violations
        One for each unbroken pattern.

    Notes
    -----
    Beyond is strictly beyond: a point on a limit or on a zone border is not beyond it, and a point on the
    border is within. Limits are compared as they are given; zone borders are ``center + s * sigma`` and
    ``center - s * sigma`` in double precision, the same in the stream.
    A point on the centre line is on neither side. Two equal points in a row are neither a rise nor a fall.
    ``k`` of ``of`` points fires only at a point that is one of the ``k``, and each point is measured with
    its own sigma.

    Firings on the same side whose windows share points, or that are neighbours, are one pattern.

    Examples
    --------
    >>> from gemba.stats.charts.rules import NELSON
    >>> found = find_violations("i", np.array([0.1, 2.2, 0.3, 2.4, 3.5]), 0.0, 1.0, -3.0, 3.0, NELSON)
    >>> found[0]
    Violation(panel='i', rule='1', fired=(5,), points=(5,))
    >>> found[1].points
    (2, 4, 5)
    """
    series = Series.of(points, center, sigma, lcl, ucl)
    rule, fired, made = _find_patterns(rules.plan, series)
    return Violations(
        panels=(panel,),
        sizes=(series.x.size,),
        rules=rules.rules,
        panel=sealed(np.zeros_like(rule)),
        rule=sealed(rule),
        fired=fired,
        points=made,
    )


def find_places(
    points: Floats, center: Level, sigma: Level, lcl: Level | None, ucl: Level | None, rules: RuleSet
) -> list[Sides]:
    """The places, from 0, at which each rule fires on each side; all else as ``find_violations``.

    Several series can be judged at once when a missing value stands between them.

    Examples
    --------
    >>> from gemba.stats.charts.rules import NELSON
    >>> places = find_places(np.array([0.1, 2.2, 0.3, 2.4, 3.5]), 0.0, 1.0, -3.0, 3.0, NELSON)
    >>> places[4][0]
    array([3, 4])
    """
    return _find_firings(rules.plan, Series.of(points, center, sigma, lcl, ucl))[0]


class Series(NamedTuple):
    """Points with what they are measured by; a level that is the same for all points is a float."""

    x: Floats
    center: Level
    sigma: Level
    lcl: Level
    ucl: Level

    @classmethod
    def of(cls, points: Floats, center: Level, sigma: Level, lcl: Level | None, ucl: Level | None) -> Series:
        spread = _level(sigma)
        if not np.all(np.asarray(spread) > 0):
            spread = _level(np.where(np.asarray(spread) > 0, spread, np.nan))
        x = np.ascontiguousarray(points, dtype=np.float64)
        return cls(x, _level(center), spread, _level(lcl), _level(ucl))

    def part(self, index: slice | Ints) -> Series:
        levels = (level if isinstance(level, float) else level[index] for level in self[1:])
        return Series(self.x[index], *levels)


def _level(level: Level | None) -> Level:
    if level is None:
        return np.nan
    array = np.asarray(level, dtype=np.float64)
    if array.ndim == 0:
        return float(array)
    first = array[0] if array.size else np.nan
    if array.size and array[-1] != first and not (np.isnan(first) and np.isnan(array[-1])):
        return array
    same = np.isnan(array) if np.isnan(first) else array == first
    return float(first) if same.all() else array


def _find_firings(plan: Plan, series: Series) -> tuple[list[Sides], Ints]:
    """For each check the points where it fires on each side, and the missing points."""
    if fast() and series.x.size:
        from gemba.stats.charts.rules.find_fast import find_firings

        return find_firings(plan, series)
    size, halo = series.x.size, max((check.window + check.reach for check in plan.checks), default=1) - 1
    signs = np.empty((len(plan.tracks), 2, min(size, BLOCK + halo)), dtype=np.bool_)
    fired: list[list[Sides]] = [[] for _ in plan.checks]
    gaps = [_NONE]
    for start in range(0, size, BLOCK):
        before = max(0, start - halo)
        part = series.part(slice(before, start + BLOCK))
        noted = signs[:, :, : part.x.size]
        for track, rows in zip(plan.tracks, noted, strict=True):
            _note_signs(track, part, rows)
        missing = np.isnan(part.x)
        gaps.append(np.flatnonzero(missing[start - before :]) + start)
        whole = ~missing if missing.any() else None
        for check, found in zip(plan.checks, fired, strict=True):
            hits = _fires(check, _read(check, noted[check.track]), whole)
            new = min(hits.shape[1], part.x.size - (start - before))
            offset = before + part.x.size - new
            found.append(tuple(np.flatnonzero(row) + offset for row in hits[:, hits.shape[1] - new :]))
    joined = [tuple(np.concatenate(side) for side in zip(*found, strict=True)) for found in fired]
    return joined, np.concatenate(gaps)


def _note_signs(track: Track, part: Series, rows: Bools) -> None:
    """Note who is high in the first row and who is low in the second."""
    x = part.x
    high, low = rows
    if track.kind == "move":
        rows[:, :1] = False
        np.greater(x[1:], x[:-1], out=high[1:])
        np.less(x[1:], x[:-1], out=low[1:])
    elif track.kind == "within":
        lower, upper = borders_of(track, part)
        np.less_equal(x, upper, out=high)
        high &= x >= lower
        low[:] = False
    else:
        lower, upper = borders_of(track, part)
        np.greater(x, upper, out=high)
        np.less(x, lower, out=low)


def borders_of(track: Track, part: Series) -> tuple[Level, Level]:
    """Below which level a point is low, and above which it is high."""
    if track.kind == "limits":
        return part.lcl, part.ucl
    if track.kind == "side":
        return part.center, part.center
    return part.center - track.sigma * part.sigma, part.center + track.sigma * part.sigma


def _read(check: Check, rows: Bools) -> Bools:
    """What the rule counts: both sides apart, either side, or the turns between them."""
    high, low = rows
    if check.reading == "either":
        either: Bools = (high | low)[np.newaxis]
        return either
    if check.reading == "turn":
        turns = np.zeros((1, high.size), dtype=np.bool_)
        turns[0, 1:] = (high[1:] & low[:-1]) | (low[1:] & high[:-1])
        return turns
    return rows


def _fires(check: Check, rows: Bools, whole: Bools | None) -> Bools:
    """Whether the rule fires, row by row; the last column is the last point."""
    if check.need == check.window:
        return _run_ends(rows, check.window)
    return _crowded(rows, check, whole)


def _run_ends(rows: Bools, length: int) -> Bools:
    """Whether the last ``length`` points all carry the sign, from point ``length`` on."""
    have = 1
    while have < length:
        step = min(have, length - have)
        rows = rows[:, step:] & rows[:, : max(rows.shape[1] - step, 0)]
        have += step
    return rows


def _crowded(rows: Bools, check: Check, whole: Bools | None) -> Bools:
    """Whether a point carries the sign and enough of the window before it do, back to the last gap."""
    total, earlier, size = rows.astype(np.uint8), rows, rows.shape[1]
    for back in range(1, min(check.window, size)):
        earlier = earlier[:, : size - back]
        if whole is not None:
            earlier = earlier & whole[back:]
        total[:, back:] += earlier
    enough: Bools = total >= check.need
    enough &= rows
    return enough


def _find_patterns(plan: Plan, series: Series) -> tuple[Ints, Ragged, Ragged]:
    """Of each pattern the place of its check, its firings and its points."""
    if fast() and series.x.size:
        from gemba.stats.charts.rules.find_fast import find_patterns

        return find_patterns(plan, series)
    fired, gaps = _find_firings(plan, series)
    parts = [
        _patterns(check, plan.tracks[check.track], sides, series, gaps)
        for check, sides in zip(plan.checks, fired, strict=True)
    ]
    rule: Ints = np.repeat(np.arange(len(parts)), np.array([len(one[0]) for one in parts], dtype=np.int64))
    return rule, Ragged.joined([one[0] for one in parts]), Ragged.joined([one[1] for one in parts])


def _patterns(check: Check, track: Track, sides: Sides, series: Series, gaps: Ints) -> tuple[Ragged, Ragged]:
    """Firings and points of each pattern of one rule, in the order of the first firing."""
    parts = [_side(check, track, row, at, series, gaps) for row, at in enumerate(sides) if at.size]
    fired = Ragged.joined([part[0] for part in parts])
    points = Ragged.joined([part[1] for part in parts])
    if len(parts) < 2:
        return fired, points
    order = np.argsort(fired.values[fired.starts])
    return fired.take(order), points.take(order)


def _side(
    check: Check, track: Track, row: int, at: Ints, series: Series, gaps: Ints
) -> tuple[Ragged, Ragged]:
    stretch = np.searchsorted(gaps, at)
    apart = (np.diff(at) >= check.link) | (np.diff(stretch) > 0)
    ends = np.append(np.flatnonzero(apart) + 1, at.size)
    firsts = np.append(0, ends[:-1])
    floor = np.append(0, gaps + 1)[stretch[firsts]]
    starts = np.maximum(at[firsts] - (check.window + check.reach - 1), floor)
    stops = at[ends - 1] + 1
    points, lengths = ranges(starts, stops), stops - starts
    if check.need < check.window:
        rows = np.empty((2, points.size), dtype=np.bool_)
        _note_signs(track, series.part(points), rows)
        carries = _read(check, rows)[row]
        lengths = np.add.reduceat(carries, np.cumsum(lengths) - lengths, dtype=np.int64)
        points = points[carries]
    return Ragged(at + 1, ends), Ragged(points + 1, np.cumsum(lengths))
