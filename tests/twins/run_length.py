"""Run lengths by other ways: counting orders, remembering whole windows, cells, and playing chance.

In control every order of the values is equally likely, so a rule about moves is a question of counting
permutations. A rule about zones is a chain on the zones of the newest points, all of them. An ewma or cusum
is a chain on many small cells. What none of these tells is played out many times.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

Signal = Callable[..., Any]


def orders_without(trend: int, swing: int, longest: int) -> list[Fraction]:
    """The share of orders of 0, 1, ... values without ``trend`` moves one way or ``swing`` moves in turn."""
    shares = [Fraction(1), Fraction(1)]
    # ways[last rank][(side, moves one way, moves in turn)], counted among the values so far
    ways: list[dict[tuple[int, int, int], int]] = [{(0, 0, 0): 1}]
    for count in range(2, longest + 1):
        newer: list[dict[tuple[int, int, int], int]] = []
        for rank in range(count):
            found: dict[tuple[int, int, int], int] = {}
            for before, states in enumerate(ways):
                side = 1 if before < rank else -1
                for (old, along, turns), number in states.items():
                    state = (side, along + 1, 1) if old == side else (side, 1, turns + 1)
                    if state[1] < trend and state[2] < swing:
                        found[state] = found.get(state, 0) + number
            newer.append(found)
        ways = newer
        total = sum(number for states in ways for number in states.values())
        shares.append(Fraction(total, math.factorial(count)))
    return shares


def mean_of_orders(trend: int, swing: int, longest: int) -> float:
    """The average run length in control; the shares fall by one ratio in the end."""
    shares = orders_without(trend, swing, longest)
    ratio = shares[-1] / shares[-2]
    return float(sum(shares[:-1], Fraction(0)) + shares[-1] / (1 - ratio))


def mean_of_windows(borders: Sequence[float], window: int, fires: Signal, shift: float) -> float:
    """A chain whose state is the zones of the newest ``window - 1`` points, whatever they are."""
    edges = [-math.inf, *borders, math.inf]
    below = [0.5 * math.erfc(-(edge - shift) / math.sqrt(2)) for edge in edges]
    chances = np.diff(below)
    zones = range(len(chances))
    states = [s for size in range(window) for s in itertools.product(zones, repeat=size)]
    number = {state: index for index, state in enumerate(states)}
    system = np.eye(len(states))
    for state in states:
        for zone in zones:
            seen = (*state, zone)
            if not fires(seen):
                system[number[state], number[seen[-(window - 1) :]]] -= chances[zone]
    return float(np.linalg.solve(system, np.ones(len(states)))[number[()]])


def mean_on_cells(step: Signal, low: float, high: float, start: float, cells: int) -> float:
    """A chain on equal cells: ``step(from, edges)`` is the distribution function of what follows."""
    edges = np.linspace(low, high, cells + 1)
    places = (edges[1:] + edges[:-1]) / 2
    moves = np.diff(step(places[:, None], edges[None, :]), axis=1)
    lengths = np.linalg.solve(np.eye(cells) - moves, np.ones(cells))
    first = np.diff(step(np.array([[start]]), edges[None, :]), axis=1)[0]
    return float(1 + first @ lengths)


def played(signal: Callable[[Any, int, Any], tuple[Any, Any]], runs: int, seed: int, shift: float) -> Any:
    """The run lengths of so many charts; ``signal(memory, point, values)`` gives memory and who signals."""
    chance = np.random.default_rng(seed)
    lengths = np.zeros(runs)
    alive, memory, point = np.arange(runs), np.zeros((runs, 2)), 0
    while alive.size:
        point += 1
        memory, fired = signal(memory, point, chance.normal(shift, 1.0, alive.size))
        lengths[alive[fired]] = point
        alive, memory = alive[~fired], memory[~fired]
    return lengths
