"""The rules for many points in a row, on plain floats: what a fold of ``advance_rules`` gives, sooner."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import isfinite
from typing import NamedTuple, TypeAlias

from gemba.stats.charts.rules.plan import Check, Track
from gemba.stats.charts.rules.rule import RuleSet
from gemba.stats.charts.rules.stream import RuleState, fired_codes

Lines: TypeAlias = tuple[float, float, float, float]
MANY = 8
"""From so many points on it pays to look first which borders any of them crosses."""
Border: TypeAlias = tuple[int, int, float, float, int]


class FiredAt(NamedTuple):
    """That rules fire at a point: its place in the series from 0, their codes, and the state there."""

    place: int
    codes: tuple[str, ...]
    state: RuleState


_OUTSIDE, _INSIDE, _MOVE = 0, 1, 2


def advance_series(
    rules: RuleSet, state: RuleState, points: Sequence[float], lines: Sequence[Lines]
) -> tuple[RuleState, list[FiredAt]]:
    """Which rules fire at which of the next points?

    Parameters
    ----------
    rules : RuleSet
        The rules, the same for every point of a series.
    state : RuleState
        What the point before left, or ``start_rules(rules)``.
    points : sequence of float
        The plotted points, NaN where one is missing.
    lines : sequence of tuple
        Centre line, lower limit, upper limit and standard deviation for each point; the same object for
        points with the same lines is compared once.

    Returns
    -------
    state : RuleState
        For the next point.
    fired : list of FiredAt
        The points at which a rule fires, with the state there, for ``trace_firing``.

    Examples
    --------
    >>> from gemba.stats.charts.rules import PLATFORM, start_rules
    >>> lines = [(0.0, -3.0, 3.0, 1.0)] * 3
    >>> state, fired = advance_series(PLATFORM, start_rules(PLATFORM), [0.5, 3.5, 2.5], lines)
    >>> [(at.place, at.codes) for at in fired]
    [(1, ('1',)), (2, ('5',))]
    """
    if len(points) >= MANY and lines.count(lines[0]) == len(points) and isfinite(sum(points)):
        return _advance_even(rules, state, points, lines[0])
    tracks, checks = rules.plan
    signs, last = list(state.signs), state.last
    fired: list[FiredAt] = []
    held: Lines | None = None
    borders: tuple[Border, ...] = ()
    for place, (x, at) in enumerate(zip(points, lines, strict=True)):
        if x != x:  # noqa: PLR0124 (NaN is not itself)
            signs, last = [0] * len(signs), None
            continue
        if at is not held:
            held, borders = at, _borders(tracks, at)
        noted = 0
        for track, kind, high, low, keep in borders:
            if kind == _OUTSIDE:
                sign = 1 if x > high else 2 if x < low else 0
            elif kind == _INSIDE:
                sign = 1 if low <= x <= high else 0
            else:
                sign = 0 if last is None else 1 if x > last else 2 if x < last else 0
            signs[track] = (signs[track] << 2) & keep | sign
            noted |= sign
        last = x
        if noted:
            codes = fired_codes(checks, signs)
            if codes:
                fired.append(FiredAt(place, codes, RuleState(x, tuple(signs))))
    return RuleState(last, tuple(signs)), fired


def _advance_even(
    rules: RuleSet, state: RuleState, points: Sequence[float], at: Lines
) -> tuple[RuleState, list[FiredAt]]:
    """The same for values with the same lines: a border that none of them crosses is passed at once.

    No rule fires at a point without a sign on its track, so only the tracks with signs are looked at.
    """
    tracks, checks = rules.plan
    signs, last = list(state.signs), state.last
    lowest, highest = min(points), max(points)
    live: list[Border] = []
    quiet: list[tuple[int, int]] = []
    for border in _borders(tracks, at):
        track, kind, high, low, keep = border
        if kind == _OUTSIDE and not (highest > high or lowest < low):
            quiet.append((track, keep))
        else:
            live.append(border)
    watched = tuple([check for check in checks if all(check.track != track for track, _ in quiet)])
    looked = [(*border, *_least(watched, border)) for border in live]
    fired: list[FiredAt] = []
    for place, x in enumerate(points if live else ()):
        noted = False
        for track, kind, high, low, keep, ones, least in looked:
            if kind == _OUTSIDE:
                sign = 1 if x > high else 2 if x < low else 0
            elif kind == _INSIDE:
                sign = 1 if low <= x <= high else 0
            else:
                sign = 0 if last is None else 1 if x > last else 2 if x < last else 0
            signs[track] = history = (signs[track] << 2) & keep | sign
            if sign and (history & ones * sign).bit_count() >= least:
                noted = True
        last = x
        if noted:
            codes = fired_codes(watched, signs)
            if codes:
                fired.append(FiredAt(place, codes, RuleState(x, _passed(signs, quiet, place + 1))))
    return RuleState(points[-1], _passed(signs, quiet, len(points))), fired


def _least(checks: Sequence[Check], border: Border) -> tuple[int, int]:
    """A bit for each point of a track, and how many of one sign a rule of it needs at the least."""
    track, _, _, _, keep = border
    read = [check for check in checks if check.track == track]
    least = min((check.need if check.reading == "sign" else 0 for check in read), default=0)
    return keep // 3, least


def _passed(signs: Sequence[int], quiet: Sequence[tuple[int, int]], points: int) -> tuple[int, ...]:
    """The signs after so many points that left none on the quiet tracks."""
    after = list(signs)
    for track, keep in quiet:
        after[track] = (after[track] << 2 * min(points, keep.bit_length())) & keep
    return tuple(after)


@lru_cache(maxsize=4096)
def _borders(tracks: tuple[Track, ...], lines: Lines) -> tuple[Border, ...]:
    """For each track its number, how it compares, its upper and lower border, and the bits that it keeps."""
    center, lcl, ucl, sigma = lines
    if not sigma > 0.0:
        sigma = float("nan")
    found: list[Border] = []
    for number, (kind, s, keep) in enumerate(tracks):
        if kind == "limits":
            found.append((number, _OUTSIDE, ucl, lcl, keep))
        elif kind == "side":
            found.append((number, _OUTSIDE, center, center, keep))
        elif kind == "move":
            found.append((number, _MOVE, 0.0, 0.0, keep))
        else:
            how = _INSIDE if kind == "within" else _OUTSIDE
            found.append((number, how, center + s * sigma, center - s * sigma, keep))
    return tuple(found)
