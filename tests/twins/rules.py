"""Run rules as one reads them on paper: at each point, look back over the points before it.

Plain lists, no masks and no state. A rule is given as a dict of its fields; points are numbered from 1.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

Rule = Mapping[str, Any]


class Point(NamedTuple):
    """A plotted point with its own lines."""

    x: float
    center: float
    sigma: float
    lcl: float
    ucl: float


class Found(NamedTuple):
    """A pattern: the points at which the rule fires and the points that make it."""

    rule: str
    fired: tuple[int, ...]
    points: tuple[int, ...]


def find(points: Sequence[Point], rules: Sequence[Rule]) -> list[Found]:
    """All patterns, by rule and then by the first firing."""
    return [pattern for rule in rules for pattern in _patterns(points, rule)]


def _patterns(points: Sequence[Point], rule: Rule) -> list[Found]:
    grown: list[tuple[str, list[int], set[int]]] = []
    for number in range(1, len(points) + 1):
        for side, members in _firings(points, rule, number):
            same_side = [pattern for pattern in grown if pattern[0] == side]
            if same_side and _goes_on(same_side[-1], number, members, rule):
                same_side[-1][1].append(number)
                same_side[-1][2].update(members)
            else:
                grown.append((side, [number], set(members)))
    return [Found(rule["code"], tuple(fired), tuple(sorted(made))) for _, fired, made in grown]


def _goes_on(pattern: tuple[str, list[int], set[int]], number: int, members: list[int], rule: Rule) -> bool:
    last = pattern[1][-1]
    return last == number - 1 or (rule["k"] < rule["of"] and last in members)


def _firings(points: Sequence[Point], rule: Rule, number: int) -> list[tuple[str, list[int]]]:
    """The sides on which the rule fires at this point, each with the points that make it fire."""
    since = number
    while since >= 1 and not math.isnan(points[since - 1].x):
        since -= 1
    seen = list(range(since + 1, number + 1))
    if rule["test"] in ("trend", "alternating"):
        return _moving(points, rule, seen)
    if rule["test"] == "opposite":
        return _swinging(points, rule, seen[-rule["k"] :])
    found = []
    for side, holds in SIDES[rule["test"]].items():
        window = seen[-rule["of"] :]
        members = [place for place in window if holds(points[place - 1], rule["sigma"])]
        if number in members and len(members) >= rule["k"]:
            found.append((side, members))
    return found


def _moving(points: Sequence[Point], rule: Rule, seen: list[int]) -> list[tuple[str, list[int]]]:
    length = rule["k"] + (rule["counts"] == "moves")
    if len(seen) < length:
        return []
    window = seen[-length:]
    values = [points[place - 1].x for place in window]
    pairs = list(itertools.pairwise(values))
    if rule["test"] == "trend":
        rising, falling = all(a < b for a, b in pairs), all(a > b for a, b in pairs)
        return [(side, window) for side, holds in (("rising", rising), ("falling", falling)) if holds]
    saw = all(a < b if turn % 2 else a > b for turn, (a, b) in enumerate(pairs))
    tooth = all(a > b if turn % 2 else a < b for turn, (a, b) in enumerate(pairs))
    return [("both", window)] if saw or tooth else []


def _swinging(points: Sequence[Point], rule: Rule, window: list[int]) -> list[tuple[str, list[int]]]:
    signs = [
        _above(points[place - 1], rule["sigma"]) - _below(points[place - 1], rule["sigma"])
        for place in window
    ]
    turns = all(a * b == -1 for a, b in itertools.pairwise(signs))
    return [("both", window)] if len(window) == rule["k"] and turns else []


def _above(point: Point, s: float) -> bool:
    return point.sigma > 0 and point.x > point.center + s * point.sigma


def _below(point: Point, s: float) -> bool:
    return point.sigma > 0 and point.x < point.center - s * point.sigma


def _inside(point: Point, s: float) -> bool:
    known = point.sigma > 0 and not math.isnan(point.center)
    return known and not _above(point, s) and not _below(point, s)


SIDES: dict[str, dict[str, Callable[[Point, float], bool]]] = {
    "beyond": {"high": lambda p, _: p.x > p.ucl, "low": lambda p, _: p.x < p.lcl},
    "same_side": {"high": lambda p, _: p.x > p.center, "low": lambda p, _: p.x < p.center},
    "zone": {"high": _above, "low": _below},
    "within": {"both": _inside},
    "outside": {"both": lambda p, s: _above(p, s) or _below(p, s)},
}
