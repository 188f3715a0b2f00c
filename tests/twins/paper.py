"""What people once did on paper: a V-mask, crossings, control materials, rule sets, a goal plot."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from twins.rules import Point, find

Z = Sequence[Sequence[float]]


def v_mask(values: Sequence[float], mean: float, sigma: float, k: float, h: float) -> dict[str, Any]:
    """Lay the mask over every point, and look at every sum before it, one by one."""
    sums = [0.0]
    for value in values:
        sums.append(sums[-1] + (value - mean) / sigma)
    found: dict[str, list[int]] = {"upward": [], "downward": []}
    for here, way in itertools.product(range(1, len(sums)), found):
        sign = 1 if way == "upward" else -1
        rises = [sign * (sums[here] - sums[back]) > h + k * (here - back) for back in range(here)]
        found[way] += [here] if any(rises) else []
    last = len(values)
    turn = 1 if last in found["upward"] else -1
    steepest = max(range(last), key=lambda back: turn * (sums[last] - sums[back]) - k * (last - back))
    return {"sums": sums[1:], **found, "began": steepest + 1}


def anhoej(values: Sequence[float], median: float) -> dict[str, int]:
    """The longest run and the crossings of what lies not on the median, and what they may be."""
    sides = [value > median for value in values if value != median]
    lengths = [len(list(run)) for _, run in itertools.groupby(sides)]
    n = len(sides)
    least, below = 0, Fraction(1, 2 ** (n - 1))
    while below < Fraction(1, 20):
        least += 1
        below += Fraction(math.comb(n - 1, least), 2 ** (n - 1))
    most = round(math.log2(n) + 3)
    return {"longest": max(lengths), "longest_most": most, "crossings": len(lengths) - 1,
            "crossings_least": least}  # fmt: skip


def westgard(rows: Z, mean: Sequence[float], sigma: Sequence[float]) -> dict[str, list[int]]:
    """The runs at which each rule fires, whichever material or materials make it."""
    z = [[(x - m) / s for x, m, s in zip(row, mean, sigma, strict=True)] for row in rows]
    fired: dict[str, set[int]] = {code: set() for code in ("1-2s", "1-3s", "2-2s", "R-4s", "4-1s", "10x")}
    long = {"4-1s": (4, 1.0), "10x": (10, 0.0)}
    for material in zip(*z, strict=True):
        for run, value in enumerate(material, start=1):
            fired["1-2s"] |= {run} if abs(value) > 2 else set()
            fired["1-3s"] |= {run} if abs(value) > 3 else set()
        fired["2-2s"] |= set(_in_a_row(material, 2, 2.0))
        for code, (length, beyond) in long.items():
            fired[code] |= set(_in_a_row(material, length, beyond))
    for run, row in enumerate(z, start=1):
        high, low = sum(value > 2 for value in row), sum(value < -2 for value in row)
        fired["2-2s"] |= {run} if max(high, low) > 1 else set()
        fired["R-4s"] |= {run} if high and low else set()
    results = [value for row in z for value in row]
    for code, (length, beyond) in long.items():
        fired[code] |= {(place - 1) // len(mean) + 1 for place in _in_a_row(results, length, beyond)}
    return {code: sorted(runs) for code, runs in fired.items()}


def _in_a_row(values: Sequence[float], length: int, beyond: float) -> list[int]:
    """The places, from 1, at which so many in a row lie beyond on one side."""
    found = []
    for end in range(length, len(values) + 1):
        window = values[end - length : end]
        if all(value > beyond for value in window) or all(value < -beyond for value in window):
            found.append(end)
    return found


def rule_sets(values: Sequence[float], sets: Sequence[Sequence[dict[str, Any]]]) -> dict[str, list[Any]]:
    """Signals of each set, the points that it flags, and those that it alone flags; mean 0 and sigma 1."""
    points = [Point(value, 0.0, 1.0, -3.0, 3.0) for value in values]
    patterns = [find(points, rules) for rules in sets]
    flagged = [{point for pattern in each for point in pattern.fired} for each in patterns]
    others = [set().union(*(flagged[:place] + flagged[place + 1 :])) for place in range(len(sets))]
    return {
        "signals": [len(each) for each in patterns],
        "flagged": [sorted(each) for each in flagged],
        "alone": [sorted(each - rest) for each, rest in zip(flagged, others, strict=True)],
    }


def goal(columns: dict[str, list[float]], limits: dict[str, dict[str, float]]) -> dict[str, Any]:
    """Mean off the target and spread, in widths of the tolerance; Ppk; the order from the worst on."""
    found: dict[str, dict[str, float]] = {}
    for name, values in columns.items():
        asked = limits[name]
        low, high = asked["lsl"], asked["usl"]
        aim = asked.get("target", (low + high) / 2)
        width = 2 * min(high - aim, aim - low)
        exact = [Fraction(value) for value in values]
        middle = sum(exact) / len(exact)
        square = sum((value - middle) ** 2 for value in exact) / (len(exact) - 1)
        center, sd = float(middle), math.sqrt(square)
        ppk = min(high - center, center - low) / (3 * sd)
        found[name] = {"across": (center - aim) / width, "up": sd / width, "ppk": ppk}
    order = sorted(found, key=lambda name: found[name]["ppk"])
    return {**found, "worst": order[0], "best": order[-1]}
