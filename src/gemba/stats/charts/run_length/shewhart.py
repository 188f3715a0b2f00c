"""Run lengths of charts that judge points by rules: a Markov chain on zones, exact but for rounding.

Rules of trends need the last value besides its zone. Their chain carries its density within each zone as a
polynomial of the share of the distribution below it: on that scale the next point is uniform, and the step
from one density to the next is an integral that Gauss and Legendre's nodes give almost without error.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from scipy import sparse

from gemba.stats.charts.rules import Rule
from gemba.stats.charts.run_length.automaton import MOVING, Automaton, automaton_of
from gemba.stats.charts.run_length.law import Law, law_of
from gemba.stats.distributions import normal_cdf, normal_sf
from gemba.stats.results import Floats, Ints

NODES, FEWEST_NODES = 40, 4
"""So many nodes in all zones together, for rules of trends, and at least so many in each."""


Steps: TypeAlias = "sparse.csr_array[Any, tuple[int, int]]"


def shewhart_law(rules: Sequence[Rule], shift: float, nsigma: float, *, more: int = 0) -> Law:
    """The run length under a shift in sigma of the plotted points; ``more`` nodes a zone tell the error."""
    memory = automaton_of(tuple(rules), nsigma)
    chances = zone_chances(memory.borders, shift)
    least = 2 * max(rule.of for rule in rules) + 2
    if any(rule.test in MOVING for rule in rules):
        nodes = max(FEWEST_NODES, math.ceil(NODES / len(chances))) + more
        return law_of(_trending(memory, _Moves.of(rules), chances, nodes), least=least)
    return law_of(_on_zones(memory, chances), least=least)


def zone_chances(borders: Sequence[float], shift: float) -> Floats:
    """The chance of each zone, each from the nearer tail."""
    pairs = [(low - shift, high - shift) for low, high in pairwise(borders)]
    found = [
        normal_cdf(high) - normal_cdf(low) if low < 0 else normal_sf(low) - normal_sf(high)
        for low, high in pairs
    ]
    return np.array(found, dtype=np.float64)


def _on_zones(memory: Automaton, chances: Floats) -> Iterator[float]:
    states, zones = memory.follows.shape
    source, zone = np.divmod(np.arange(states * zones), zones)
    target = memory.follows.ravel()
    ends = target == memory.signal
    stay = ~ends
    leave = np.bincount(source[ends], weights=chances[zone[ends]], minlength=states)
    step = sparse.csr_array((chances[zone[stay]], (target[stay], source[stay])), shape=(states, states))
    mass = np.zeros(states)
    mass[0] = 1.0
    while True:
        hazard = float(leave @ mass)
        yield hazard
        mass = step @ mass
        total = mass.sum()
        if total <= 0:
            return
        mass /= total


@dataclass(frozen=True)
class _Moves:
    """The memory of rises and falls: state 0 before any move, then how many of one kind there were."""

    up: Ints
    down: Ints

    @classmethod
    def of(cls, rules: Sequence[Rule]) -> _Moves:
        """For the shortest trend and the shortest alternation among the rules."""
        trend = _moves_of(rules, "trend")
        swing = _moves_of(rules, "alternating")
        if trend == 1:  # any move is a trend
            return cls(np.array([1]), np.array([1]))
        states = [(0, 0, 0)]  # side, moves in this direction, moves in turn
        longest_trend = trend - 1 if math.isfinite(trend) else 1
        longest_swing = swing - 1 if math.isfinite(swing) else 1
        for side in (1, -1):
            states += [(side, moves, 1) for moves in range(1, int(longest_trend) + 1)]
            states += [(side, 1, moves) for moves in range(2, int(longest_swing) + 1)]
        number = {state: index for index, state in enumerate(states)}
        end = len(states)

        def after(state: tuple[int, int, int], side: int) -> int:
            before, along, turns = state
            if before == 0:
                new = (side, 1, 1)
            elif before == side:
                new = (side, along + 1 if math.isfinite(trend) else 1, 1)
            else:
                new = (side, 1, turns + 1 if math.isfinite(swing) else 1)
            return end if new[1] >= trend or new[2] >= swing else number[new]

        return cls(*(np.array([after(state, side) for state in states]) for side in (1, -1)))

    @property
    def count(self) -> int:
        return len(self.up)


def _moves_of(rules: Sequence[Rule], test: str) -> float:
    found = [rule.k if rule.counts == "moves" else rule.k - 1 for rule in rules if rule.test == test]
    return min(found, default=math.inf)


def _trending(memory: Automaton, moves: _Moves, chances: Floats, nodes: int) -> Iterator[float]:
    reached = sorted({(int(s), z) for (_, z), s in np.ndenumerate(memory.follows) if s != memory.signal})
    first, rise, same, fall = _pair_steps(memory, reached)
    weights, below, above = gauss_steps(nodes)
    width = chances[[zone for _, zone in reached]]
    dense = np.zeros((len(reached), moves.count, nodes))
    yield 1.0 - float(width[first].sum())
    dense[first, 0, :] = 1.0 / width[first].sum()
    while True:
        masses = (dense @ weights) * width[:, None]
        inside = width[:, None, None] * dense
        up = _within(same, inside @ below) + (rise @ masses)[:, :, None]
        down = _within(same, inside @ above) + (fall @ masses)[:, :, None]
        dense = np.zeros_like(dense)
        for state in range(moves.count):
            for target, moved in ((moves.up[state], up), (moves.down[state], down)):
                if target < moves.count:
                    dense[:, target, :] += moved[:, state, :]
        total = float(((dense @ weights) * width[:, None]).sum())
        yield 1.0 - total
        if total <= 0:
            return
        dense /= total


def _within(same: Steps, moved: Floats) -> Floats:
    """The densities that a step within a zone gives, sorted to where they go."""
    return np.asarray(same @ moved.reshape(len(moved), -1)).reshape(moved.shape)


def _pair_steps(memory: Automaton, reached: Sequence[tuple[int, int]]) -> tuple[Ints, Steps, Steps, Steps]:
    """Which pair of state and zone follows which, by a rise, within the zone, and by a fall."""
    number = {pair: index for index, pair in enumerate(reached)}
    links: dict[int, list[tuple[int, int]]] = {1: [], 0: [], -1: []}
    for index, (state, zone) in enumerate(reached):
        for new_zone, new in enumerate(memory.follows[state].tolist()):
            if new != memory.signal:
                side = (new_zone > zone) - (new_zone < zone)
                links[side].append((number[new, new_zone], index))
    size = (len(reached), len(reached))
    steps: list[Steps] = []
    for side in (1, 0, -1):
        target, source = np.array(links[side], dtype=np.int64).reshape(-1, 2).T
        steps.append(sparse.csr_array((np.ones(len(target)), (target, source)), shape=size))
    first = [number[new, zone] for zone, new in enumerate(memory.follows[0].tolist()) if new != memory.signal]
    return np.array(first, dtype=np.int64), steps[0], steps[1], steps[2]


@lru_cache(maxsize=8)
def gauss_steps(nodes: int) -> tuple[Floats, Floats, Floats]:
    """Weights on 0 to 1, and the integrals of an interpolated density below and above each node."""
    from numpy.polynomial import legendre

    places, weights = legendre.leggauss(nodes)
    degrees = legendre.legvander(places, nodes - 1)
    to_series = np.linalg.inv(degrees)  # values at the nodes -> coefficients
    integral = np.array([legendre.legint(row, lbnd=-1) for row in to_series.T])  # a row a node's polynomial
    below = np.array([legendre.legval(places, row) for row in integral]) / 2
    weights = weights / 2
    return weights, below, weights[:, None] - below
