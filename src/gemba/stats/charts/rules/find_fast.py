"""The compiled path: all rules on a whole series by words of 64 points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from gemba.stats.charts.rules.plan import Check, Plan, Track
from gemba.stats.charts.rules.violations import Ragged
from gemba.stats.kernels import masks
from gemba.stats.kernels.compiled import given
from gemba.stats.results import Floats, Ints, sealed, unfilled

if TYPE_CHECKING:
    from gemba.stats.charts.rules.find import Level, Series
    from gemba.stats.charts.rules.rule import RuleSet

_KINDS = {"move": masks.MOVE, "within": masks.INSIDE}
_READINGS = {"sign": masks.SIGN, "either": masks.EITHER, "turn": masks.TURN}


def find_firings(plan: Plan, series: Series) -> tuple[list[tuple[Ints, ...]], Ints]:
    """For each check the points where it fires on each side, and the missing points."""
    tracks, there = _note(plan, series)
    room = np.zeros((3, len(there)), dtype=np.uint64)
    fired = [_fired(check, tracks, there, room) for check in plan.checks]
    return fired, _gaps(there, series.x.size)


def find_patterns(plan: Plan, series: Series) -> tuple[Ints, Ragged, Ragged]:
    """Of each pattern the place of its check, its firings and its points: in the order of the checks, then of
    the first firing.
    """
    tracks, there = _note(plan, series)
    kept: masks.Words = unfilled((len(plan.checks), 2, 3, len(there)), np.uint64)
    found = []
    for check, rooms in zip(plan.checks, kept, strict=True):
        told = check.track, _READINGS[check.reading], check.need, check.window
        before = check.window + check.reach - 1
        found.append(masks.find_patterns(tracks, there, told, check.link, before, rooms))
    counts = [heads.shape[1] for heads, _, _ in found]
    lengths = counts, [firings for _, firings, _ in found], [points for _, _, points in found]
    each, fired, points = (np.cumsum([0, *of]) for of in lengths)
    room = tuple(unfilled(int(of[-1]), np.int64) for of in (fired, each, points, each))
    for place, (check, rooms) in enumerate(zip(plan.checks, kept, strict=True)):
        rows = tuple(
            whole[of[place] : of[place + 1]]
            for whole, of in zip(room, (fired, each, points, each), strict=True)
        )
        masks.tell_patterns(found[place][0], check.need == check.window, rooms, rows)
        rows[1][:] += fired[place]
        rows[3][:] += points[place]
    values, ends, numbers, stops = map(sealed, room)
    return np.repeat(np.arange(len(counts)), counts), Ragged(values, ends), Ragged(numbers, stops)


def _note(plan: Plan, series: Series) -> tuple[masks.Words, masks.Words]:
    """The signs of each track, and which points are there at all."""
    x, words = given(series.x), -(-series.x.size // 64)
    room: masks.Words = unfilled((2 * len(plan.tracks) + 1, words), np.uint64)
    room[:] = 0
    tracks, there = room[:-1].reshape(-1, 2, words), room[-1]
    kinds = np.array([_KINDS.get(track.kind, masks.OUTSIDE) for track in plan.tracks], dtype=np.int64)
    borders = [_borders(track, series) for track in plan.tracks]
    if any(isinstance(level, np.ndarray) for pair in borders for level in pair):
        for row, pair in enumerate(borders):
            lower, upper, step = _of_points(pair, series.x.size)
            here = slice(row, row + 1)
            masks.note(x, kinds[here], given(lower), given(upper), step, tracks[here], there)
    else:
        lower, upper = (
            np.array(side, dtype=np.float64).reshape(-1, 1) for side in zip(*borders, strict=True)
        )
        masks.note(x, kinds, given(lower), given(upper), np.zeros_like(kinds), tracks, there)
    return tracks, there


def _of_points(pair: tuple[Level, Level], count: int) -> tuple[Floats, Floats, Ints]:
    """The borders of one track as rows of one where they hold for all points, else one each, and the step."""
    if not any(isinstance(level, np.ndarray) for level in pair):
        lower, upper = (np.array([[level]], dtype=np.float64) for level in pair)
        return lower, upper, np.zeros(1, dtype=np.int64)
    lower, upper = (np.ascontiguousarray(np.broadcast_to(level, count))[None] for level in pair)
    return lower, upper, np.ones(1, dtype=np.int64)


def _borders(track: Track, series: Series) -> tuple[Level, Level]:
    from gemba.stats.charts.rules.find import borders_of

    return (0.0, 0.0) if track.kind == "move" else borders_of(track, series)


def _fired(check: Check, tracks: masks.Words, there: masks.Words, room: masks.Words) -> tuple[Ints, ...]:
    reading = _READINGS[check.reading]
    sides = []
    for side in range(2 if reading == masks.SIGN else 1):
        masks.fire(tracks, there, check.track, reading, side, check.need, check.window, room)
        sides.append(masks.places_of(room[0], masks.count_bits(room[0])))
    return tuple(sides)


def _gaps(there: masks.Words, size: int) -> Ints:
    missing = ~there
    if size % 64:
        missing[-1] &= np.uint64((1 << size % 64) - 1)
    return masks.places_of(missing, masks.count_bits(missing))


class Lines(Protocol):
    """Points of many streams, and lines with a value for each stream."""

    @property
    def points(self) -> Floats: ...
    @property
    def center(self) -> Floats: ...
    @property
    def sigma(self) -> Floats: ...
    @property
    def lcl(self) -> Floats: ...
    @property
    def ucl(self) -> Floats: ...


def count_firings(rules: RuleSet, lines: Lines, starts: Ints) -> Ints:
    """How many points of each stream fire each rule, a row a rule; then any rule, and any but "beyond".

    Stream ``i`` is ``points[starts[i]:starts[i + 1]]``; everything else is as in ``find_violations``.
    """
    plan = rules.plan
    spread = np.where(lines.sigma > 0, lines.sigma, np.nan)
    shape = len(starts) - 1, len(plan.tracks)
    lower, upper = np.zeros(shape), np.zeros(shape)
    kinds = np.zeros(len(plan.tracks), dtype=np.int64)
    for place, track in enumerate(plan.tracks):
        kinds[place] = _KINDS.get(track.kind, masks.OUTSIDE)
        if track.kind == "limits":
            lower[:, place], upper[:, place] = lines.lcl, lines.ucl
        elif track.kind == "side":
            lower[:, place] = upper[:, place] = lines.center
        elif track.kind != "move":
            lower[:, place] = lines.center - track.sigma * spread
            upper[:, place] = lines.center + track.sigma * spread
    checks = [
        (check.track, _READINGS[check.reading], check.need, check.window, rule.test != "beyond")
        for check, rule in zip(plan.checks, rules.rules, strict=True)
    ]
    fired = np.zeros((len(checks) + 2, len(starts) - 1), dtype=np.int64)
    table = np.array(checks, dtype=np.int64).reshape(-1, 5)
    points = given(np.ascontiguousarray(lines.points))
    masks.judge_streams(points, given(starts), kinds, given(lower), given(upper), table, fired)
    return fired
