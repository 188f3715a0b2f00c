"""The limit for a wanted run length, beside the Markov chain on a grid that everyone writes."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
from harness import Line, Sheet, median_seconds
from scipy.optimize import brentq
from scipy.special import ndtr

from gemba import stats as gs

ARL = 370.0
STATES = 201
"""Cells of the chain: its answers are right to three digits, Gemba's to nine."""
LAM, K = 0.2, 0.5


def sheets() -> list[Sheet]:
    return [
        compared("EWMA, limits as they widen", "ewma", {"lam": LAM, "limits": "exact"}, widening_chain),
        compared("EWMA, limits of the long run", "ewma", {"lam": LAM, "limits": "asymptotic"}, ewma_chain),
        slow_weights(),
        compared("CUSUM, both sums", "cusum", {"k": K}, cusum_chain),
        known_lengths(),
    ]


def compared(work: str, kind: str, design: dict[str, object], chain: Callable[[float], float]) -> Sheet:
    """Both find the limit with the same search; the chain's may differ in the third digit."""
    ask = partial(gs.run_length_limit, kind, arl=ARL, **design)
    naive = partial(brentq, lambda limit: math.log(chain(limit) / ARL), 1.5, 9.0, xtol=1e-10)
    ours = ask()
    np.testing.assert_allclose(naive(), ours, rtol=5e-3)
    gemba = median_seconds(ask, repeats=25)
    note = f"limit {naive():.6f} where {ours:.6f} is right"
    lines = (
        Line("gemba", gemba, gemba, f"limit {ours:.6f}"),
        Line(f"a chain of {STATES} cells", median_seconds(naive, repeats=3), gemba, note),
    )
    return Sheet(f"{work}: limit for a run length of {ARL:g}", 0.005, lines)


def slow_weights() -> Sheet:
    """Limits that take hundreds of points to open, beside those of the benchmark above."""

    def sought(lam: float) -> float:
        return median_seconds(partial(gs.run_length_limit, "ewma", arl=ARL, lam=lam, limits="exact"))

    usual = sought(LAM)
    lines = (
        Line(f"gemba, lam {LAM:g}", usual, usual),
        *(Line(f"gemba, lam {lam:g}", sought(lam), usual) for lam in (0.07, 0.05, 0.02, 0.01)),
    )
    return Sheet("EWMA, limits as they widen, small weights", 0.005, lines)


def known_lengths() -> Sheet:
    """Run lengths of rule sets, one shift."""

    def fresh(rules: str) -> float:
        return median_seconds(lambda: gs.run_length(rules=rules, shift=0), repeats=9)

    zones, moves = fresh("1,2,5,6,7,8"), fresh("1,2,3,5,6")
    lines = (
        Line("gemba, rules 1, 2, 5 to 8", zones, zones, "exact; the memory of the rules is kept"),
        Line("gemba, rules 1, 2, 3, 5, 6", moves, zones, "by integration, error stated"),
    )
    return Sheet("Run length of Shewhart rules", 0.030, lines)


def cells(low: float, high: float) -> tuple[np.ndarray, float]:
    """The middles of equal cells, and their width."""
    width = (high - low) / STATES
    return low + width * (np.arange(STATES) + 0.5), width


def moves(centers: np.ndarray, after: np.ndarray, width: float, scale: float) -> np.ndarray:
    """The chance from each centre to each cell, for normal steps."""
    away = after[None, :] - centers[:, None]
    return np.asarray(ndtr((away + width / 2) / scale) - ndtr((away - width / 2) / scale))


def ewma_chain(reach: float) -> float:
    edge = reach * math.sqrt(LAM / (2 - LAM))
    places, width = cells(-edge, edge)
    step = moves((1 - LAM) * places, places, width, LAM)
    return float(np.linalg.solve(np.eye(STATES) - step, np.ones(STATES))[STATES // 2])


def widening_chain(reach: float) -> float:
    final = reach * math.sqrt(LAM / (2 - LAM))
    points = math.ceil(math.log(1e-11) / (2 * math.log(1 - LAM)))
    edges = final * np.sqrt(1 - (1 - LAM) ** (2 * np.arange(1, points + 1)))
    places, width = cells(-final, final)
    step = moves((1 - LAM) * places, places, width, LAM)
    left = np.linalg.solve(np.eye(STATES) - step, np.ones(STATES))
    for point in range(points - 1, 0, -1):
        before, after = (cells(-edges[p], edges[p]) for p in (point - 1, point))
        left = 1 + moves((1 - LAM) * before[0], after[0], after[1], LAM) @ left
    first, width = cells(-edges[0], edges[0])
    return float(1 + moves(np.zeros(1), first, width, LAM)[0] @ left)


def cusum_chain(h: float) -> float:
    """One sum; both together signal twice as often from zero."""
    width = h / (STATES - 0.5)
    places = width * np.arange(STATES)
    away = places[None, :] - places[:, None] + K
    step = ndtr(away + width / 2) - ndtr(away - width / 2)
    step[:, 0] = ndtr(width / 2 - places + K)
    return float(np.linalg.solve(np.eye(STATES) - step, np.ones(STATES))[0]) / 2
