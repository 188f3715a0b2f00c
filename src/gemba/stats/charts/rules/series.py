"""The rules for many points in a row, on plain floats: what a fold of ``advance_rules`` gives, sooner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import isfinite
from typing import NamedTuple, TypeAlias

from gemba.stats.charts.rules.plan import Check, Track
from gemba.stats.charts.rules.rule import RuleSet
from gemba.stats.charts.rules.stream import RuleState, fired_codes

Lines: TypeAlias = tuple[float, float, float, float]
MANY = 16
"""From so many points on it pays to note the signs of all of them, track by track."""
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
    """The same for values with the same lines: signs as bytes, and what fires is found in them."""
    tracks, checks = rules.plan
    lowest, highest = min(points), max(points)
    signs: list[bytes] = []
    for border, past in zip(_borders(tracks, at), state.signs, strict=True):
        _, kind, high, low, keep = border
        if kind == _OUTSIDE and not (highest > high or lowest < low):
            noted = bytes(len(points))
        else:
            noted = _signs(border, points, state.last)
        signs.append(_unfolded(past, keep) + noted)
    before = [track.keep.bit_length() // 2 for track in tracks]
    places = {place for check in checks for place in _firing(check, signs[check.track], before[check.track])}
    fired = []
    for place in sorted(places):
        held = _folded(signs, before, place + 1)
        fired.append(FiredAt(place, fired_codes(checks, held), RuleState(points[place], held)))
    return RuleState(points[-1], _folded(signs, before, len(points))), fired


def _signs(border: Border, points: Sequence[float], last: float | None) -> bytes:
    """The sign of each point on a track."""
    _, kind, high, low, _ = border
    if kind == _OUTSIDE:
        return bytes([1 if x > high else 2 if x < low else 0 for x in points])
    if kind == _INSIDE:
        return bytes([1 if low <= x <= high else 0 for x in points])
    first = points[0] if last is None else last
    pairs = zip([first, *points], points, strict=False)  # the last point has nothing behind it
    return bytes([1 if x > past else 2 if x < past else 0 for past, x in pairs])


def _firing(check: Check, signs: bytes, before: int) -> Iterator[int]:
    """The places at which a rule fires, in any order; so many signs are those of points before the first."""
    _, _, reading, need, window, _, _ = check
    if reading == "turn":
        signs = bytes([0, *(int(a != b and a * b > 0) for a, b in pairwise(signs))])
    elif reading == "either":
        signs = signs.translate(_EITHER)
    for sign in (1, 2):
        if signs.count(sign) < need:
            continue
        if need == window:
            run = bytes([sign]) * need
            place = signs.find(run, max(0, before + 1 - need))
            while place >= 0:
                yield place + need - 1 - before
                place = signs.find(run, place + 1)
        else:
            held = [place for place, noted in enumerate(signs) if noted == sign]
            for first, last in zip(held, held[need - 1 :], strict=False):
                if last - first < window and last >= before:
                    yield last - before


_EITHER = bytes([0, 1, 1, *range(3, 256)])
_DIGITS = b"0123" + bytes(range(4, 256))


def _unfolded(signs: int, keep: int) -> bytes:
    """A byte for each sign that a track keeps, the newest last."""
    return bytes([signs >> shift & 3 for shift in range(keep.bit_length() - 2, -1, -2)])


def _folded(signs: Sequence[bytes], before: Sequence[int], count: int) -> tuple[int, ...]:
    """The signs that each track keeps after so many points."""
    return tuple(
        [
            int(noted[count : count + kept].translate(_DIGITS), 4)
            for noted, kept in zip(signs, before, strict=True)
        ]
    )


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
