"""Run lengths of mcusum: where the sum of several variables is, by its distance from zero and its direction.

In control only the distance counts, which is zero with a chance of its own. Under a shift the sum is followed
in the half plane of what lies along the shift and how much lies beside it, in polar coordinates.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from gemba.stats.charts.run_length.law import Law, law_of
from gemba.stats.charts.run_length.recursive import bell, legendre, nodes_for
from gemba.stats.charts.run_length.several import distance_density, hazards_of
from gemba.stats.results import Floats


def mcusum_law(width: int, k: float, h: float, shift: float) -> Law:
    """The run length of Crosier's sum of so many variables, from zero on."""
    start, step = _in_control(width, k, h) if shift == 0 else _shifted(width, k, h, shift)
    return law_of(hazards_of(start, step))


def mcusum_mean(width: int, k: float, h: float, shift: float, *, extra: int = 0) -> float:
    """The average run length alone."""
    if shift == 0:
        start, step = _in_control(width, k, h, extra)
    else:
        start, step = _shifted(width, k, h, shift, extra)
    left = np.linalg.solve(np.eye(len(start)) - step, np.ones(len(start)))
    return 1.0 + float(start @ left)


def _in_control(width: int, k: float, h: float, extra: int = 0) -> tuple[Floats, Floats]:
    """The first state is zero, the others are the nodes."""
    from scipy.special import chndtr

    nodes, weights = legendre(nodes_for(h, extra))
    places, masses = 0.5 * h * (nodes + 1), 0.5 * h * weights
    away = np.concatenate([[0.0], places])
    zero = np.asarray(chndtr(k * k, width, away * away), dtype=np.float64)
    step = np.column_stack([zero, distance_density(places[None, :] + k, away[:, None], width) * masses])
    return step[0], step


@lru_cache(maxsize=4)
def _shifted(width: int, k: float, h: float, shift: float, extra: int = 0) -> tuple[Floats, Floats]:
    from scipy.special import chndtr

    nodes, weights = legendre(10 + math.ceil(h) + extra)
    turns, turn_weights = legendre(8 + math.ceil(2.6 * h) + extra)
    rounds, angles = 0.5 * h * (nodes + 1), 0.5 * math.pi * (turns + 1)
    before = rounds[:, None] + k  # the distance before the allowance is taken away
    masses = (0.5 * h * weights[:, None] * before * 0.5 * math.pi * turn_weights).ravel()
    along, beside = (before * np.cos(angles)).ravel(), (before * np.sin(angles)).ravel()
    now_along = np.concatenate([[0.0], (rounds[:, None] * np.cos(angles)).ravel()]) + shift
    now_beside = np.concatenate([[0.0], (rounds[:, None] * np.sin(angles)).ravel()])
    zero = np.asarray(chndtr(k * k, width, now_along**2 + now_beside**2), dtype=np.float64)
    forward = bell(along[None, :] - now_along[:, None])
    sideways = distance_density(beside[None, :], now_beside[:, None], width - 1)
    step = np.column_stack([zero, forward * sideways * masses])
    return step[0], step
