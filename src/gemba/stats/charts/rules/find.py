"""The fast path: all rules on a whole series at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from gemba.stats.charts.rules.plan import Check, Track
from gemba.stats.charts.rules.rule import RuleSet
from gemba.stats.charts.rules.violations import Ragged, Violations, ranges
from gemba.stats.results import Bools, Floats, Ints, sealed

Level: TypeAlias = Floats | float
Masks: TypeAlias = tuple[Bools, Bools]

BLOCK = 16_384


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

    Examples
    --------
    >>> from gemba.stats.charts.rules import NELSON
    >>> found = find_violations("i", np.array([0.1, 2.2, 0.3, 2.4, 3.5]), 0.0, 1.0, -3.0, 3.0, NELSON)
    >>> found[0]
    Violation(panel='i', rule='1', fired=(5,), points=(5,))
    >>> found[1].points
    (2, 4, 5)
    """
    x = np.ascontiguousarray(points, dtype=np.float64)
    levels = [_level(level) for level in (center, sigma, lcl, ucl)]
    masks = _note_signs(rules.plan.tracks, x, levels)
    missing = np.isnan(x)
    gaps = np.flatnonzero(missing)
    whole = ~missing if gaps.size else None
    found = [_patterns(check, masks[check.track], gaps, whole) for check in rules.plan.checks]
    fired = Ragged.joined([part[0] for part in found])
    members = Ragged.joined([part[1] for part in found])
    rule = np.repeat(np.arange(len(found)), [len(part[0]) for part in found])
    return Violations(
        (panel,), (x.size,), rules.rules, sealed(np.zeros_like(rule)), sealed(rule), fired, members
    )


def _level(level: Level | None) -> Level:
    if level is None:
        return float("nan")
    array = np.asarray(level, dtype=np.float64)
    if array.ndim == 0:
        return float(array)
    return float(array[0]) if array.size and array.strides == (0,) else array


def _note_signs(tracks: tuple[Track, ...], x: Floats, levels: list[Level]) -> list[Masks]:
    """The masks of every track, block by block so that a block stays in the processor's cache."""
    masks = [(np.empty(x.size, np.bool_), np.empty(x.size, np.bool_)) for _ in tracks]
    for start in range(0, x.size, BLOCK):
        here = slice(start, start + BLOCK)
        center, sigma, lcl, ucl = (lv if isinstance(lv, float) else lv[here] for lv in levels)
        sigma = np.where(np.asarray(sigma) > 0, sigma, np.nan)
        for track, (high, low) in zip(tracks, masks, strict=True):
            out = high[here], low[here]
            if track.kind == "limits":
                _beyond(x[here], lcl, ucl, out)
            elif track.kind == "side":
                _beyond(x[here], center, center, out)
            elif track.kind == "zone":
                _beyond(x[here], center - track.sigma * sigma, center + track.sigma * sigma, out)
            elif track.kind == "within":
                np.less_equal(x[here], center + track.sigma * sigma, out=out[0])
                out[0][:] &= x[here] >= center - track.sigma * sigma
                out[1][:] = False
            else:
                _moves(x, start, out)
    return masks


def _beyond(x: Floats, lower: Level, upper: Level, out: Masks) -> None:
    np.greater(x, upper, out=out[0])
    np.less(x, lower, out=out[1])


def _moves(x: Floats, start: int, out: Masks) -> None:
    stop = start + out[0].size
    first = max(start, 1)
    before, after = x[first - 1 : stop - 1], x[first:stop]
    for mask, compare in zip(out, (np.greater, np.less), strict=True):
        mask[: first - start] = False
        compare(after, before, out=mask[first - start :])


def _patterns(check: Check, masks: Masks, gaps: Ints, whole: Bools | None) -> tuple[Ragged, Ragged]:
    """Firings and points of each pattern of one rule, in the order of the first firing."""
    parts = [_side(check, mask, gaps, whole) for mask in _read(check, masks)]
    fired = Ragged.joined([part[0] for part in parts])
    points = Ragged.joined([part[1] for part in parts])
    if sum(len(part[0]) > 0 for part in parts) < 2:
        return fired, points
    order = np.argsort(fired.values[fired.starts], kind="stable")
    return fired.take(order), points.take(order)


def _read(check: Check, masks: Masks) -> tuple[Bools, ...]:
    high, low = masks
    if check.reading == "either":
        return (high | low,)
    if check.reading == "turn":
        turn = np.zeros_like(high)
        turn[1:] = (high[1:] & low[:-1]) | (low[1:] & high[:-1])
        return (turn,)
    return masks


def _side(check: Check, mask: Bools, gaps: Ints, whole: Bools | None) -> tuple[Ragged, Ragged]:
    run = check.need == check.window
    fired = _run_ends(mask, check.window) if run else _crowded(mask, check, whole)
    stretch = np.searchsorted(gaps, fired)
    apart = (np.diff(fired) >= check.link) | (np.diff(stretch) != 0)
    ends = np.append(np.flatnonzero(apart), fired.size - 1) + 1 if fired.size else fired
    firsts = np.concatenate(([0], ends[:-1])) if ends.size else ends
    floor = np.concatenate(([0], gaps + 1))[stretch[firsts]]
    starts = np.maximum(fired[firsts] - (check.window + check.reach - 1), floor)
    stops = fired[ends - 1] + 1
    points, lengths = ranges(starts, stops), stops - starts
    if not run:
        part_of = mask[points]
        lengths = (
            np.add.reduceat(part_of, np.cumsum(lengths) - lengths, dtype=np.int64) if ends.size else ends
        )
        points = points[part_of]
    return Ragged(fired + 1, ends), Ragged(points + 1, np.cumsum(lengths))


def _run_ends(mask: Bools, length: int) -> Ints:
    """Where the last ``length`` points all carry the sign."""
    run, have = mask, 1
    while have < length and run.size:
        step = min(have, length - have)
        run = run[step:] & run[:-step]
        have += step
    return np.flatnonzero(run) + (length - 1)


def _crowded(mask: Bools, check: Check, whole: Bools | None) -> Ints:
    """Where a point carries the sign and enough of the window before it do, back to the last gap."""
    total = mask.astype(np.uint8)
    earlier = mask
    for back in range(1, min(check.window, mask.size)):
        earlier = earlier[: mask.size - back]
        if whole is not None:
            earlier = earlier & whole[back:]
        total[back:] += earlier
    return np.flatnonzero((total >= check.need) & mask)
