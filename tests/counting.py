"""What is counted over a whole run, whether one process runs the tests or several do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

REASONS: Counter[str] = Counter()
"""How often the program itself gave each reason."""
CASES: Counter[str] = Counter()
"""How many known answers were looked up, and where they stood."""

CHANCE = [False]
"""Whether the test that runs is one of chance, whose reasons the next run need not give again."""

_ALL = {"reasons": REASONS, "cases": CASES}


def counted() -> dict[str, dict[str, int]]:
    """What this process has counted, fit to be told to another one."""
    return {name: dict(counter) for name, counter in _ALL.items()}


def count_of_another(told: Mapping[str, Mapping[str, int]]) -> None:
    """Add what another process of the same run has counted."""
    for name, counter in told.items():
        _ALL[name].update(counter)
