"""Zone scores and short runs by hand: every score is added up anew, every part is taken out of the log."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from twins.charts import Row, moves


def zone_scores(
    values: Row, sizes: Sequence[int], *, mean: float, sigma: float, inner: int, reset: bool
) -> Row:
    """For each point the sum over the newest stretch on one side, back to the last signal."""
    singles: list[tuple[int, int] | None] = []
    for value, size in zip(values, sizes, strict=True):
        if value is None:
            singles.append(None)
            continue
        far = abs(value - mean) / (sigma / math.sqrt(size))
        score = 8 if far > 3 else 4 if far > 2 else 2 if far > 1 else inner
        singles.append(((value > mean) - (value < mean), score))
    sums: Row = []
    for place, single in enumerate(singles):
        if single is None:
            sums.append(None)
            continue
        side, total = single[0], 0
        for back in range(place, -1, -1):
            here, before = singles[back], sums[back] if back < place else None
            if here is None:
                continue
            if here[0] != side or side == 0 or (reset and before is not None and abs(before) >= 8):
                break
            total += here[1]
        sums.append(float(side * total))
    return sums


def z_values(values: Row, parts: Sequence[str], pooling: str) -> Row:
    """Each value on the scale of its part, from moving ranges inside the runs."""
    shown = [None if v is None else math.log(v) if pooling == "relative" else v for v in values]
    steps: list[tuple[str, int, float]] = []
    place = 0
    for run, (part, members) in enumerate(itertools.groupby(parts)):
        count = len(list(members))
        inside = moves(shown[place : place + count])
        steps += [(part, run, step) for step in inside if step is not None]
        place += count
    found: Row = []
    run = -1
    for place, (value, part) in enumerate(zip(shown, parts, strict=True)):
        run += place == 0 or parts[place - 1] != part
        if value is None:
            found.append(None)
            continue
        own = [v for v, p in zip(shown, parts, strict=True) if p == part and v is not None]
        chosen = [
            step
            for p, r, step in steps
            if (pooling in ("constant", "relative") or p == part) and (pooling != "runs" or r == run)
        ]
        sigma = math.fsum(chosen) / len(chosen) * math.sqrt(math.pi) / 2
        found.append((value - math.fsum(own) / len(own)) / sigma)
    return found
