"""What recipes of cases share: data with a fixed seed, and a twin's panel as lists."""

from __future__ import annotations

import random
from typing import Any


def normal_groups(seed: int, groups: int, size: int, center: float, sigma: float) -> list[list[float]]:
    chance = random.Random(seed)  # noqa: S311 (data for a test, not a secret)
    return [[round(chance.gauss(center, sigma), 3) for _ in range(size)] for _ in range(groups)]


def poisson(chance: random.Random, rate: float) -> int:
    total, count = chance.expovariate(rate), 0
    while total < 1:
        total, count = total + chance.expovariate(rate), count + 1
    return count


def listed(name: str, panel: Any) -> dict[str, Any]:
    """Points and lines of a twin's panel, without what is not there."""
    lines = zip(("points", "center", "lcl", "ucl"), panel, strict=True)
    return {f"{name}_{line}": [value for value in row if value is not None] for line, row in lines}
