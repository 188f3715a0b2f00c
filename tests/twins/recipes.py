"""Recipes of our own cases for the further kinds of charts: generated data, expected values by a twin."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

from twins import charts, conventions, driven, estimation, paper, simple
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


def write_driven(own: Own) -> None:
    chance = random.Random(105)  # noqa: S311
    rows = []
    for place in range(40):
        common, other = chance.gauss(0, 1), chance.gauss(0, 1)
        drift = 0.8 if place > 29 else 0.0
        parts = (common + drift, common - 0.5 * other, other, common + other)
        rows.append([round(10 * j + part + chance.gauss(0, 0.3), 3) for j, part in enumerate(parts)])
    mean, covariance = [0.0, 10.0], [[1.2, 0.9], [0.9, 1.4]]
    pairs = [row[:2] for row in rows]
    exact = [[Fraction(value) for value in row] for row in covariance]
    expected: dict[str, Any] = {"mcusum": driven.crosier(pairs, [1] * 40, mean, exact, 0.5)}
    options: dict[str, Any] = {"mean": mean, "covariance": covariance, "k": 0.5}
    about = "40 rows of two variables, of which one shifts after 30"
    own(1, "chart.mcusum", about, {"rows": pairs}, options, expected)
    options = {"components": 2, "alpha": 0.01}
    about = "40 rows of four variables that follow from two"
    own(1, "chart.components", about, {"rows": rows}, options, driven.components(rows, 2, 0.01))
    wear = [[round(5 + 0.03 * hour + chance.gauss(0, 0.02), 4), float(hour)] for hour in range(30)]
    line, sigma = driven.straight_line(wear)
    center = [float(line[0] + line[1] * Fraction(hour)) for _, hour in wear]
    expected = {"center": center, "ucl": [value + 3 * sigma for value in center], "sigma": sigma}
    own(1, "chart.regression", "30 diameters of a tool that wears", {"rows": wear}, {}, expected)
    walk, level = [], 0.0
    for _ in range(60):
        level = 0.7 * level + chance.gauss(0, 1)
        walk.append(round(50 + level, 3))
    center_, phi, spread = driven.neighbours([*walk])
    errors = driven.residuals([*walk], center_, phi, spread)[0]
    expected = {"residual": errors, "phi": phi, "sigma": spread, "mean": center_}
    about = "60 values of which each resembles the one before"
    own(1, "chart.residual", about, {"values": walk}, {"model": "ar1"}, expected)


def write_crosier(own: Own) -> None:
    for number, (width, h) in enumerate(((2, 5.5), (5, 9.46)), start=1):
        options = {"variables": width, "k": 0.5, "h": h, "shifts": [0.0]}
        expected = {"arl": [driven.rings(h, width, 0.5, 80)]}
        about = f"{width} variables, as a chain on small rings"
        own(number, "arl.mcusum", about, {}, options, expected, {"rel": 2e-5, "abs": 1e-9})


def write_design(own: Own) -> None:
    for number, (promise, points, n) in enumerate((("guaranteed", 20, 5), ("average", 10, 4)), start=1):
        guaranteed = promise == "guaranteed"
        found = (
            estimation.guaranteed(points, n, 3.0, 0.1, 0.9)
            if guaranteed
            else estimation.on_average(points, n, 3.0)
        )
        options = {"promise": promise, "points": points, "n": n}
        about = f"limits from {points} subgroups of {n}, {promise}"
        tolerance = {"rel": 1e-7, "abs": 1e-9}
        own(number, "chart.correction", about, {}, options, {"nsigma": found}, tolerance)
    shifts, ratios = [0.0, 0.5, 1.0, 2.0], [0.5, 1.0, 1.5, 2.5]
    shares, rates = [0.05, 0.1, 0.2, 0.3], [4.0, 16.0, 30.0]
    asked: tuple[tuple[dict[str, Any], list[float]], ...] = (
        ({"kind": "xbar-r", "n": 5, "at": shifts}, [estimation.accepted_means(5, 3.0, x) for x in shifts]),
        ({"kind": "s", "n": 8, "at": ratios}, [estimation.accepted_deviations(8, 3.0, x) for x in ratios]),
        (
            {"kind": "p", "n": 50, "mean": 0.2, "at": shares},
            [estimation.accepted_defectives(50, 0.2, 3.0, x) for x in shares],
        ),
        (
            {"kind": "c", "mean": 16.0, "at": rates},
            [estimation.accepted_defects(16.0, 3.0, x) for x in rates],
        ),
    )
    for number, (options_, accept) in enumerate(asked, start=1):
        about = f"what a {options_['kind']} chart overlooks"
        topic = "chart.operating_characteristic"
        own(number, topic, about, {}, options_, {"accept": accept}, {"rel": 1e-9, "abs": 1e-10})


def write_conventions(own: Own) -> None:
    """Unequal subgroups under every convention, a chain of steps, a process that drifts and jumps."""
    groups = normal_groups(181, 24, 6, 20.0, 0.5)
    for place in (3, 9, 17, 23):
        groups[place] = groups[place][: 2 + place % 4]
    about, limits = "24 subgroups of 3 to 6 under six conventions", {"lsl": 17.5, "usl": 23.0}
    found = conventions.studies(groups, **limits)
    own(1, "capability.conventions", about, {"subgroups": groups}, limits, found)
    line = {"units": [500, 490, 480, 475], "defects": [5, 24, 12, 2], "ways": [4, 10, 2, 1]}
    own(1, "capability.throughput", "four steps of a line", line, {}, conventions.chain(**line))
    jumps = normal_groups(184, 1, 30, 0.0, 1.5)[0]
    moving = [
        [round(value + 0.3 * place + jump, 3) for value in group]
        for place, (group, jump) in enumerate(zip(normal_groups(183, 30, 5, 50.0, 1.0), jumps, strict=True))
    ]
    expected = conventions.over_time(moving) | {"model": "C4"}
    about = "30 subgroups that drift and jump"
    own(1, "capability.over_time", about, {"subgroups": moving}, {"lsl": 30, "usl": 80}, expected)


def write_paper(own: Own) -> None:
    """What was once done on paper: a mask over sums, crossings, materials, rule sets, a goal plot."""
    sums = normal_groups(191, 1, 40, 0.0, 1.0)[0]
    sums[28:] = [round(value + 1.3, 3) for value in sums[28:]]
    options: dict[str, Any] = {"mean": 0.1, "sigma": 1.1, "k": 0.5, "h": 4.0}
    own(
        1, "chart.v_mask", "40 values that shift up", {"values": sums}, options, paper.v_mask(sums, **options)
    )
    series = normal_groups(192, 1, 31, 5.0, 1.0)[0]
    median = sorted(series)[15]
    high, low = ([value for value in series if keep(value)] for keep in (median.__lt__, median.__gt__))
    series = [median, *high[:9], median, *high[9:], *low, median, median]
    about = "34 values, some on the median, fifteen in a row above it"
    own(1, "chart.anhoej", about, {"values": series}, {}, paper.anhoej(series, median))
    chance = random.Random(193)  # noqa: S311
    means, sigmas = [4.9, 12.1], [0.11, 0.25]
    places = [(chance.gauss(0, 1), chance.gauss(0, 1)) for _ in range(40)]
    places[6], places[11], places[17] = (2.3, 2.4), (2.2, -2.5), (3.4, 0.2)
    places[20:24] = [(1.2, 1.4), (1.1, 1.7), (1.3, 1.2), (1.6, 1.1)]
    places[28:33] = [(-0.3, -0.4), (-0.8, -0.2), (-0.1, -0.9), (-0.5, -0.6), (-0.7, -0.2)]
    runs = [[round(m + s * z, 3) for z, m, s in zip(row, means, sigmas, strict=True)] for row in places]
    found = paper.westgard(runs, means, sigmas)
    options = {"mean": means, "sigma": sigmas}
    own(1, "chart.westgard", "40 runs of a low and a high material", {"rows": runs}, options, found)
    zone = {"code": "5", "test": "zone", "k": 2, "of": 3, "sigma": 2.0, "counts": "points"}
    first = {"code": "1", "test": "beyond", "k": 1, "of": 1, "sigma": 0.0, "counts": "points"}
    side = {"code": "2", "test": "same_side", "k": 9, "of": 9, "sigma": 0.0, "counts": "points"}
    rise = {"code": "3", "test": "trend", "k": 6, "of": 6, "sigma": 0.0, "counts": "points"}
    values = normal_groups(194, 1, 60, 0.0, 1.0)[0]
    values[10], values[20:23], values[30:40] = 3.4, [2.2, 0.4, 2.6], [0.4] * 10
    values[45:52] = [round(-1 + 0.3 * place, 3) for place in range(7)]
    expected = paper.rule_sets(values, [[first, side, zone], [first, rise]])
    about = "60 values judged by rules 1, 2, 5 and by rules 1, 3"
    own(1, "rules.compared", about, {"values": values}, {"sets": ["1,2,5", "1,3"]}, expected)
    columns = {name: normal_groups(seed, 1, 50, center, sd)[0] for name, seed, center, sd in (
        ("bore", 195, 10.02, 0.03), ("face", 196, 4.15, 0.05), ("depth", 197, 30.0, 0.4))}  # fmt: skip
    limits = {"bore": {"lsl": 9.9, "usl": 10.1}, "face": {"lsl": 3.9, "usl": 4.4, "target": 4.1},
              "depth": {"lsl": 28.5, "usl": 31.5}}  # fmt: skip
    about = "three characteristics, one with its target off the middle"
    own(1, "capability.goal", about, columns, {"limits": limits}, paper.goal(columns, limits))


RECIPES: tuple[Callable[[Own], None], ...] = (
    write_simple,
    write_exact,
    write_driven,
    write_crosier,
    write_design,
    write_conventions,
    write_paper,
)
