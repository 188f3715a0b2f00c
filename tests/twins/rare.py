"""Overdispersed counts, times between events, charts between and within: point by point from the books."""

from __future__ import annotations

import math
from collections.abc import Sequence

from twins.charts import Group, Panel, Row, add, c4, c5, d2, d3, deviation, known, mean, moves, range_of


def laney_sigma_z(counts: Group, sizes: Sequence[float], kind: str) -> float | None:
    """How many times further the points move from one to the next than the model says."""
    pairs = [(c, n) for c, n in zip(counts, sizes, strict=True) if c is not None]
    center = sum(c for c, _ in pairs) / sum(n for _, n in pairs)
    variance = center * (1 - center) if kind == "p" else center
    if variance == 0:
        return None
    z = [
        None if c is None else (c / n - center) / math.sqrt(variance / n)
        for c, n in zip(counts, sizes, strict=True)
    ]
    there = [move for move in moves(z) if move is not None]
    return math.fsum(there) / len(there) * math.sqrt(math.pi) / 2


def t_panel(times: Group, power: float, reach: float) -> Panel:
    """Chart the powers as single values, and turn every line back."""
    turned = [None if time is None else time**power for time in times]
    center = float(mean(known(turned)))
    there = [move for move in moves(turned) if move is not None]
    far = reach * math.fsum(there) / len(there) * math.sqrt(math.pi) / 2
    lines = (center ** (1 / power), max(0.0, center - far) ** (1 / power), (center + far) ** (1 / power))
    rows: list[Row] = [list(times), *([line] * len(times) for line in lines)]
    return Panel(*rows)


def three_way(groups: Sequence[Group], sigma: float, second: str, reach: float) -> tuple[Panel, Panel, Panel]:
    """Means as an individuals chart, their moving ranges, and the spread inside each subgroup."""
    rows: list[list[Row]] = [[[], [], [], []] for _ in range(3)]
    means = [float(mean(known(group))) if known(group) else None for group in groups]
    steps = moves(means)
    there = [move for move in steps if move is not None]
    of_means = math.fsum(there) / len(there) / d2(2)
    some = [value for value in means if value is not None]
    center = math.fsum(some) / len(some)
    middle, scatter = (d2, d3) if second == "r" else (c4, c5)
    for group, value, step in zip(groups, means, steps, strict=True):
        n = len(known(group))
        spread = range_of(known(group)) if second == "r" else deviation(known(group))
        add(rows[0], value, center if n else None, reach * of_means, floor=None)
        add(rows[1], step, d2(2) * of_means if n else None, reach * d3(2) * of_means, floor=0.0)
        if n < 2:
            add(rows[2], None, None, None, floor=None)
        else:
            add(rows[2], spread, middle(n) * sigma, reach * scatter(n) * sigma, floor=0.0)
    return Panel(*rows[0]), Panel(*rows[1]), Panel(*rows[2])
