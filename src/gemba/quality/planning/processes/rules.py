"""What a process must be before anybody works by it. Pure: returns reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from gemba.quality.records.lifecycle import Situation
from gemba.quality.records.reasons import Reason


def steps_make_a_way(situation: Situation) -> Iterable[Reason]:
    """A guard: there are steps, each number stands once, each predecessor is one, no way is a circle."""
    rows = situation.record["steps"]
    if not rows:
        yield Reason("processes.no_step")
    counted = Counter(row["number"] for row in rows)
    for number in sorted(number for number, count in counted.items() if count > 1):
        yield Reason("processes.step_twice", {"number": number})
    before = {row["number"]: row["predecessor"] for row in rows}
    for number, predecessor in before.items():
        if predecessor is not None and predecessor not in before:
            yield Reason("processes.predecessor_unknown", {"number": number, "given": predecessor})
        elif _comes_back(number, before):
            yield Reason("processes.circle", {"number": number})


def _comes_back(number: int, before: dict[int, int | None]) -> bool:
    at = before[number]
    for _ in before:
        if at is None or at == number:
            return at == number
        at = before.get(at)
    return False
