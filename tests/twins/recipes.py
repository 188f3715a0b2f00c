"""Recipes of our own cases for the further kinds of charts: generated data, expected values by a twin."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeAlias

from twins import charts, simple
from twins.material import listed, normal_groups

Own: TypeAlias = Callable[..., None]


def write_simple(own: Own) -> None:
    groups = normal_groups(101, 22, 5, 12.0, 0.4)
    groups[9] = [round(value + 1.1, 3) for value in groups[9]]
    sigma = charts.sigma_of_groups(groups, "Rbar")
    middle, spread = simple.median_panels(groups, sigma, 3.0)
    expected = listed("median", middle) | listed("r", spread)
    about = "22 subgroups of 5, one shifted"
    own(1, "chart.median", about, {"subgroups": groups}, {"kind": "median"}, expected)
    expected = listed("r", spread)
    own(1, "chart.spread_alone", about, {"subgroups": groups}, {"kind": "r"}, expected)
    wide = normal_groups(102, 20, 10, -4.0, 1.5)
    deviations = charts.subgroup_panels(wide, charts.sigma_of_groups(wide, "Sbar"), 0.0, 3.0, "s")[1]
    about = "20 subgroups of 10"
    own(2, "chart.spread_alone", about, {"subgroups": wide}, {"kind": "s"}, listed("s", deviations))
    material = normal_groups(103, 1, 30, 4.85, 0.11)[0]
    material[17] = 5.31
    expected = listed("i", simple.control_material([*material], 3.0))
    about = "30 results of one control material"
    own(1, "chart.levey_jennings", about, {"values": material}, {"kind": "levey-jennings"}, expected)


def write_exact(own: Own) -> None:
    chance = random.Random(104)  # noqa: S311
    sizes = [chance.choice([80, 100, 125]) for _ in range(24)]
    counts = [sum(chance.random() < 0.03 for _ in range(size)) for size in sizes]
    counts[13] = 12
    share, total = sum(counts) / sum(sizes), sum(counts) / len(counts)
    rows: list[list[float]] = [[], [], [], []]
    for count, size in zip(counts, sizes, strict=True):
        low, high = simple.exact_limits(simple.binomial(size, share), 3.0)
        for row, value in zip(rows, (count / size, share, low / size, high / size), strict=True):
            row.append(value)
    about = "24 samples of 80 to 125 items with few defective ones"
    data = {"counts": counts, "sizes": sizes}
    own(1, "chart.exact_limits", about, data, {"kind": "p", "exact": True}, listed("p", rows))
    low, high = simple.exact_limits(simple.poisson(total), 3.0)
    many = len(counts)
    panel = [[float(count) for count in counts], [total] * many, [low] * many, [high] * many]
    about = "24 counts, three each on average"
    own(2, "chart.exact_limits", about, {"values": counts}, {"kind": "c", "exact": True}, listed("c", panel))


RECIPES: tuple[Callable[[Own], None], ...] = (write_simple, write_exact)
