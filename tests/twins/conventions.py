"""Conventions, chains of steps and models of time by the schoolbook: lists, loops and textbook formulas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import NormalDist, mean, stdev, variance
from typing import Any

from twins.capability import chi_square_bounds, sigma_within
from twins.chart_constants import c4, d2

Groups = Sequence[Sequence[float]]
NAMES = ("gemba", "minitab", "jmp", "aiag", "iso22514", "qcc")


def sigma(groups: Groups, convention: str) -> float:
    """Sigma within as each of them takes it for subgroups."""
    if convention == "iso22514":
        return stdev([value for group in groups for value in group])
    if convention == "jmp":
        return mean(stdev(group) / float(c4(len(group))) for group in groups)
    if convention == "qcc":
        return mean((max(group) - min(group)) / d2(len(group)) for group in groups)
    return sigma_within(groups, "Rbar" if convention == "aiag" else "pooled")[0]


def studies(groups: Groups, lsl: float, usl: float) -> dict[str, Any]:
    """Sigma within, Cp and Cpk under each, and what qcc says of Cp and Cpm."""
    values = [value for group in groups for value in group]
    center, found = mean(values), {}
    for name in NAMES:
        s = sigma(groups, name)
        cpk = min(usl - center, center - lsl) / (3 * s)
        found[name] = {"sigma_within": s, "cp": (usl - lsl) / (6 * s), "cpk": cpk}
    theirs = found["qcc"]
    tau = math.hypot(theirs["sigma_within"], center - (lsl + usl) / 2)
    theirs["cpm"] = (usl - lsl) / (6 * tau)
    theirs["cp_lower"], theirs["cp_upper"] = chi_square_bounds(theirs["cp"], len(values) - 1, 0.95)
    return found


def chain(units: Sequence[float], defects: Sequence[float], ways: Sequence[float]) -> dict[str, Any]:
    """What passes each step by Poisson's law, and all of them."""
    dpu = [bad / all_of for bad, all_of in zip(defects, units, strict=True)]
    wrong = [rate / way for rate, way in zip(dpu, ways, strict=True)]
    passed = [math.exp(-rate) for rate in dpu]
    return {
        "dpu": dpu,
        "dpmo": [1e6 * share for share in wrong],
        "passed": passed,
        "rolled": math.prod(passed),
        "z": [-NormalDist().inv_cdf(share) for share in wrong],
    }


def over_time(groups: Groups) -> dict[str, Any]:
    """F of the subgroups' means, of a straight line through them, and of what is left beside it."""
    k, n = len(groups), len(groups[0])
    means = [mean(group) for group in groups]
    within = mean(variance(group) for group in groups)
    middle = mean(means)
    places = [place - (k - 1) / 2 for place in range(k)]
    slope = sum(p * m for p, m in zip(places, means, strict=True)) / sum(p * p for p in places)
    left = [m - middle - slope * p for p, m in zip(places, means, strict=True)]
    explained = slope**2 * sum(p * p for p in places)
    moves = [(b - a) ** 2 for a, b in pairwise(left)]
    return {
        "location": n * variance(means) / within,
        "line": explained / (sum(rest**2 for rest in left) / (k - 2)),
        "beside": mean(moves) / 2 / (within / n),
    }
