"""The memory of a rule set: which zone is followed by which state, and which of them signals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gemba.stats.charts.rules import Rule
from gemba.stats.results import N_, Bools, DataError, Ints

MOVING = ("trend", "alternating")
MOST_STATES = 200_000


@dataclass(frozen=True)
class Automaton:
    """``follows[state, zone]`` is the next state; ``signal`` (the number of states) is the end.

    State 0 is the beginning. The zones lie between ``borders`` in sigma, from below.
    """

    borders: tuple[float, ...]
    follows: Ints

    @property
    def signal(self) -> int:
        """The number of the state in which a rule has fired."""
        return len(self.follows)


@dataclass(frozen=True)
class _Counter:
    """Counts hits: ``k`` of ``of`` points fire; ``hit[zone]`` says where a point is one of them."""

    hit: tuple[int, ...]
    k: int
    of: int

    @property
    def radix(self) -> int:
        return self.k if self.k == self.of else 1 << (self.of - 1)

    def step(self, states: Ints, hit: int) -> tuple[Ints, Bools]:
        """The next state of each, and where the rule fires."""
        if self.k == self.of:
            new = states + 1 if hit else np.zeros_like(states)
            return new, new >= self.k
        new = (states << 1) | hit
        fires = np.full(states.shape, False) if not hit else _ones(new, self.of) >= self.k
        return new & (self.radix - 1), fires


@dataclass(frozen=True)
class _Swings:
    """Counts points that lie far out, each on the other side: ``hit[zone]`` is 1 above, 2 below, else 0.

    State 0 is none of them; the others are the count of the newest row, less one, and its last side.
    """

    hit: tuple[int, ...]
    k: int

    @property
    def radix(self) -> int:
        return 2 * self.k - 1

    def step(self, states: Ints, hit: int) -> tuple[Ints, Bools]:
        """The next state of each, and where the rule fires."""
        if not hit:
            return np.zeros_like(states), np.full(states.shape, False)
        other = (states > 0) & ((states - 1) % 2 + 1 != hit)
        count = np.where(other, (states - 1) // 2 + 2, 1)
        return 2 * (count - 1) + hit, count >= self.k


@lru_cache(maxsize=64)
def automaton_of(rules: tuple[Rule, ...], nsigma: float) -> Automaton:
    """The smallest memory that judges as these rules do; those of trends are left out."""
    zoned = [rule for rule in rules if rule.test not in MOVING]
    reach = {_reach(rule, nsigma) for rule in zoned}
    borders = tuple(sorted({side * value for value in reach for side in (-1.0, 1.0)} | {-math.inf, math.inf}))
    borders = tuple(sorted({*borders, *((0.0,) if 0.0 in reach else ())}))
    counters = [counter for rule in zoned for counter in _counters(rule, borders, nsigma)]
    return Automaton(borders, _smallest(_explore(counters, len(borders) - 1)))


def _reach(rule: Rule, nsigma: float) -> float:
    if rule.test == "beyond":
        return float(nsigma)
    return 0.0 if rule.test == "same_side" else float(rule.sigma)


def _counters(rule: Rule, borders: Sequence[float], nsigma: float) -> list[_Counter | _Swings]:
    reach = _reach(rule, nsigma)
    above = tuple(low >= reach for low in borders[:-1])
    below = tuple(high <= -reach for high in borders[1:])
    either = tuple(a or b for a, b in zip(above, below, strict=True))
    if rule.test == "within":
        return [_Counter(tuple(not hit for hit in either), rule.k, rule.of)]
    if rule.test == "outside":
        return [_Counter(either, rule.k, rule.of)]
    if rule.test == "opposite":
        sides = tuple(1 if a else 2 if b else 0 for a, b in zip(above, below, strict=True))
        return [_Swings(sides, rule.k)]
    return [_Counter(hit, rule.k, rule.of) for hit in (above, below)]


def _explore(counters: Sequence[_Counter | _Swings], zones: int) -> Ints:
    """Every state that can be reached, and what follows it."""
    if math.prod(counter.radix for counter in counters) >= 2**62:
        raise _too_long()
    known: Ints = np.zeros(1, dtype=np.int64)  # codes, in the order of their numbers
    newest = known
    rows: list[Ints] = []
    while newest.size:
        after = _after(counters, newest, zones)
        seen = np.unique(after[after >= 0])
        fresh = np.setdiff1d(seen, known, assume_unique=True)
        rows.append(after)
        known = np.concatenate([known, fresh])
        newest = fresh
        if known.size > MOST_STATES:
            raise _too_long()
    table = np.concatenate(rows)
    order = np.argsort(known)
    places = order[np.searchsorted(known, np.maximum(table, 0), sorter=order)]
    return np.where(table < 0, known.size, places)


def _after(counters: Sequence[_Counter | _Swings], codes: Ints, zones: int) -> Ints:
    """The codes of the states that follow, by zone; -1 where a rule fires."""
    found = np.zeros((codes.size, zones), dtype=np.int64)
    fired = np.zeros((codes.size, zones), dtype=bool)
    rest, scale = codes, 1
    for counter in counters:
        states, rest = rest % counter.radix, rest // counter.radix
        outcomes = [counter.step(states, hit) for hit in range(max(counter.hit) + 1)]
        for zone in range(zones):
            new, fires = outcomes[counter.hit[zone]]
            found[:, zone] += np.where(fires, 0, new) * scale
            fired[:, zone] |= fires
        scale *= counter.radix
    return np.where(fired, -1, found)


def _smallest(follows: Ints) -> Ints:
    """The same judgements with the fewest states: those with equal futures become one."""
    classes = np.append(np.zeros(len(follows), dtype=np.int64), 1)
    count = 2
    while True:
        code = classes[:-1]
        for zone in range(follows.shape[1]):
            code = np.unique(code * count + classes[follows[:, zone]], return_inverse=True)[1]
        size = int(code.max(initial=0)) + 1
        classes = np.append(code, size)
        if size + 1 == count:
            break
        count = size + 1
    first = np.unique(classes[:-1], return_index=True)[1]
    begin = classes[0]  # the beginning becomes state 0
    swap = np.arange(size + 1)
    swap[[0, begin]] = swap[[begin, 0]]
    smallest = swap[classes[follows[first]]]
    smallest[[0, begin]] = smallest[[begin, 0]]
    return np.asarray(smallest, dtype=np.int64)


def _ones(masks: Ints, bits: int) -> Ints:
    return sum(((masks >> bit) & 1 for bit in range(bits)), np.zeros_like(masks))


def _too_long() -> DataError:
    return DataError(
        N_("these rules look back too far together for a run length"),
        mend=N_("Leave out the rule with the longest window, or shorten it"),
        argument="rules",
    )
