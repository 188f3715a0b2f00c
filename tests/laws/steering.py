"""Which move is wanted next: the one that was taken least so far, and the way there through the states.

And which reasons the guards of a lifecycle can give at all, read from their code.
"""

from __future__ import annotations

import json
import random
from collections import Counter, deque
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, FunctionType

from gemba.quality.records.lifecycle import Lifecycle, Move


def way(lifecycle: Lifecycle, state: str, goal: str) -> list[Move] | None:
    """The shortest row of moves of people from a state up to and with a wanted move, where there is one."""
    ways: dict[str, list[Move]] = {state: []}
    waiting = deque([state])
    while waiting:
        here = waiting.popleft()
        moves = [move for move in lifecycle.moves_from(here) if move.roles]
        for move in moves:
            if move.name == goal:
                return [*ways[here], move]
        for move in moves:
            if move.target not in ways:
                ways[move.target] = [*ways[here], move]
                waiting.append(move.target)
    return None


class Steering:
    """Counts what was taken by which door, and names what was taken least; ties are thrown."""

    def __init__(self, dice: random.Random, lifecycles: Mapping[str, Lifecycle]) -> None:
        self.dice = dice
        self.moves = [
            (name, move.name) for name, cycle in lifecycles.items() for move in cycle.moves if move.roles
        ]
        self.came: Counter[tuple[str, str, str, str]] = Counter()
        """How often by type, move, door and what came of it; an edit is the move without a name."""

    def note(self, kind: str, move: str, door: str, what: str) -> None:
        """One try."""
        self.came[kind, move, door, what] += 1

    def taken(self, kind: str, move: str, doors: Iterable[str]) -> int:
        """How often a move was taken by any of these doors."""
        return sum(self.came[kind, move, door, "done"] for door in doors)

    def wanted(self, doors: Iterable[str]) -> tuple[str, str]:
        """The type and the move that was taken least."""
        names = list(doors)
        return min(self.moves, key=lambda item: (self.taken(item[0], item[1], names), self.dice.random()))

    def door(self, kind: str, move: str, doors: Iterable[str]) -> str:
        """The door by which this was done least."""
        return min(doors, key=lambda door: (self.came[kind, move, door, "done"], self.dice.random()))

    def least(self, doors: Iterable[str], what: str) -> int:
        """How often the rarest pair of a move and one of these doors came to this."""
        return min(self.came[kind, move, door, what] for kind, move in self.moves for door in [*doors])


def reasons_of(guard: object, known: Container[str]) -> set[str]:
    """The codes that stand in a guard and in every function of the program that it calls."""
    found: set[str] = set()
    waiting, seen = [guard], set[object]()
    while waiting:
        function = waiting.pop()
        if not isinstance(function, FunctionType) or function in seen:
            continue
        seen.add(function)
        waiting += [cell.cell_contents for cell in function.__closure__ or ()]
        for code in _codes(function.__code__):
            found |= {item for item in code.co_consts if isinstance(item, str) and item in known}
            called = [function.__globals__.get(name) for name in code.co_names]
            waiting += [item for item in called if getattr(item, "__module__", "").startswith("gemba.")]
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for item in code.co_consts:
        if isinstance(item, CodeType):
            yield from _codes(item)


def given_by_none(folder: Path, part: int, missing: Sequence[str], *, parts: int) -> list[str]:
    """The reasons that nobody was given in any of the parts; the one that ends last knows it."""
    fresh = folder / f"{part}.new"
    fresh.write_text(json.dumps(missing), encoding="utf-8")
    fresh.replace(folder / f"{part}.json")
    ended = [set(json.loads(path.read_text(encoding="utf-8"))) for path in folder.glob("*.json")]
    return sorted(set[str].intersection(*ended)) if len(ended) == parts else []
