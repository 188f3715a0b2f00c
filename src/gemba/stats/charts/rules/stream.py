"""The same rules one point at a time, on plain floats and a small state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Any

import numpy as np

from gemba.stats.charts.rules.plan import Check
from gemba.stats.charts.rules.rule import RuleSet
from gemba.stats.charts.rules.violations import Ragged, Violations
from gemba.stats.results import sealed
from gemba.stats.results.codec import decode_fields, encode_fields


@dataclass(frozen=True, slots=True)
class RuleState:
    """What the rules remember of a series: the last point, and the signs of each track.

    ``signs`` holds an integer for each track, two bits a point, no longer than the longest window needs.
    """

    last: float | None
    signs: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return encode_fields(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> RuleState:
        """The state that ``to_dict`` gave."""
        return decode_fields(cls, stored)


@dataclass(frozen=True, slots=True)
class Firing:
    """One rule firing at one point.

    Parameters
    ----------
    rule : str
        The code of the rule.
    at : int
        The point at which it fires, numbered from 1.
    points : tuple of int
        The points that make it fire here.
    follows : int or None
        The earlier firing of the same pattern, when this one goes on with it.
    """

    rule: str
    at: int
    points: tuple[int, ...]
    follows: int | None


def start_rules(rules: RuleSet) -> RuleState:
    """The state before the first point, and after a missing one."""
    return RuleState(None, (0,) * len(rules.plan.tracks))


def advance_rules(
    rules: RuleSet, state: RuleState, x: float, center: float, sigma: float, lcl: float, ucl: float
) -> tuple[RuleState, tuple[str, ...]]:
    """Which rules fire at the next point?

    Parameters
    ----------
    rules : RuleSet
        The rules, the same for every point of a series.
    state : RuleState
        What the point before left, or ``start_rules(rules)``.
    x, center, sigma, lcl, ucl : float
        The plotted point (NaN when missing), and its centre line, standard deviation and limits (NaN where
        there is none). Plain floats; NumPy scalars work, slowly.

    Returns
    -------
    state : RuleState
        For the next point.
    fired : tuple of str
        The codes of the rules that fire at this one, as ``find_violations`` would have it.

    Examples
    --------
    >>> from gemba.stats.charts.rules import PLATFORM
    >>> state = start_rules(PLATFORM)
    >>> state, fired = advance_rules(PLATFORM, state, 3.5, 0.0, 1.0, -3.0, 3.0)
    >>> fired
    ('1',)
    """
    tracks, checks = rules.plan
    if isnan(x):
        return start_rules(rules), ()
    if not sigma > 0.0:
        sigma = nan
    last = state.last
    signs = []
    for (kind, s, keep), past in zip(tracks, state.signs, strict=True):
        if kind == "zone":
            sign = 1 if x > center + s * sigma else 2 if x < center - s * sigma else 0
        elif kind == "side":
            sign = 1 if x > center else 2 if x < center else 0
        elif kind == "limits":
            sign = 1 if x > ucl else 2 if x < lcl else 0
        elif kind == "within":
            sign = 1 if center - s * sigma <= x <= center + s * sigma else 0
        else:
            sign = 0 if last is None else 1 if x > last else 2 if x < last else 0
        signs.append((past << 2) & keep | sign)
    return RuleState(x, tuple(signs)), fired_codes(checks, signs)


def fired_codes(checks: tuple[Check, ...], signs: Sequence[int]) -> tuple[str, ...]:
    """The codes of the rules that fire at the newest point; none does whose track has no sign there.

    Parameters
    ----------
    checks
        What the rules read, from their plan.
    signs
        The signs of each track, as ``RuleState`` holds them.
    """
    codes = []
    for code, track, reading, need, _, _, ones in checks:
        history = signs[track]
        if not history & 3:
            continue
        if reading == "sign":
            if (history & ones * (history & 3)).bit_count() >= need:
                codes.append(code)
        else:
            noted = history | history >> 1 if reading == "either" else _turns(history)
            if noted & 1 and (noted & ones).bit_count() >= need:
                codes.append(code)
    return tuple(codes)


def trace_firing(rules: RuleSet, state: RuleState, code: str, number: int) -> Firing:
    """Which points made the rule fire at the newest point, and which firing does it follow?

    Parameters
    ----------
    rules, state
        As ``advance_rules`` left them when it said that ``code`` fires.
    code : str
        The code of the rule.
    number : int
        The number of the newest point, counted from 1.
    """
    check = next(check for check in rules.plan.checks if check.code == code)
    noted = _noted(check, state.signs[check.track])
    window = range(check.window)
    if check.need == check.window:
        back = tuple(range(check.window + check.reach))
    else:
        back = tuple(step for step in window if noted >> 2 * step & 1)
    follows = next((step for step in range(1, check.link) if _fires(check, noted >> 2 * step)), None)
    return Firing(code, number, tuple(number - step for step in reversed(back)), follows and number - follows)


def gather_firings(panel: str, size: int, rules: RuleSet, firings: Iterable[Firing]) -> Violations:
    """The firings of a stream as violations: what ``find_violations`` says of the whole series.

    Parameters
    ----------
    panel : str
        The name that the violations carry.
    size : int
        How many points the series has so far.
    rules : RuleSet
        The rules of the stream.
    firings : iterable of Firing
        What ``trace_firing`` gave, in time order. A pattern whose first firings are left out begins with
        the first one that is there.
    """
    patterns: list[tuple[int, list[int], set[int]]] = []
    latest: dict[tuple[str, int], tuple[int, list[int], set[int]]] = {}
    places = {code: place for place, code in enumerate(rules.codes)}
    for firing in firings:
        pattern = latest.pop((firing.rule, firing.follows or 0), None)
        if pattern is None:
            pattern = (places[firing.rule], [], set())
            patterns.append(pattern)
        pattern[1].append(firing.at)
        pattern[2].update(firing.points)
        latest[firing.rule, firing.at] = pattern
    patterns.sort(key=lambda pattern: (pattern[0], pattern[1][0]))
    rule = sealed(np.array([pattern[0] for pattern in patterns], dtype=np.int64))
    fired = Ragged.of([pattern[1] for pattern in patterns])
    points = Ragged.of([sorted(pattern[2]) for pattern in patterns])
    return Violations((panel,), (size,), rules.rules, sealed(np.zeros_like(rule)), rule, fired, points)


def _noted(check: Check, history: int) -> int:
    """The history with one bit for each point that counts, at the place of its first bit."""
    every = (1 << 2 * history.bit_length()) // 3
    if check.reading == "turn":
        return _turns(history)
    if check.reading == "either":
        return (history | history >> 1) & every
    return (history >> 1 if history & 2 else history) & every


def _turns(history: int) -> int:
    """A bit for each point where a rise follows a fall or a fall a rise."""
    changed = history ^ history >> 2
    return changed & changed >> 1


def _fires(check: Check, noted: int) -> bool:
    return bool(noted & 1) and (noted & check.ones).bit_count() >= check.need
