"""Write the carried cases: ``python tests/twins/make_cases.py [reference folder]`` from the repository.

Two rules make up ``src/gemba/stats/proof/cases``:

1. Of the reference cases, those on a topic that is built, and whose source names neither jaspQualityControl
   nor qcc nor SixSigma, are copied as they are.
2. For each case that this rule leaves out, there is one of our own on the same topic: generated data with a
   fixed seed, expected values by a naive twin. The code under test is never asked.

Without a reference folder only the second part is written.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from gemba.stats.proof.topics import TOPICS

sys.path.insert(0, str(Path(__file__).parents[1]))
from twins import charts, effectiveness, percentiles, rare, run_length, schoolbook, several, short_run
from twins.material import listed, normal_groups, poisson
from twins.recipes import RECIPES

CASES = Path(__file__).parents[2] / "src/gemba/stats/proof/cases"
NOT_CARRIED = ("jaspqualitycontrol", "qcc", "sixsigma")
HOW = "naive twin in plain Python: tests/twins; data: tests/twins/make_cases.py"
EXACT = {"rel": 1e-9, "abs": 1e-12}


def is_carried(case: dict[str, Any]) -> bool:
    source = case["source"].lower()
    return case["topic"] in TOPICS and not any(name in source for name in NOT_CARRIED)


def carry(reference: Path) -> int:
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(reference.glob("*.json"))]
    chosen = [case for case in found if is_carried(case)]
    for case in chosen:
        write(case)
    return len(chosen)


def write(case: dict[str, Any]) -> None:
    text = json.dumps(case, ensure_ascii=False, indent=None)
    (CASES / f"{case['id']}.json").write_text(text + "\n", encoding="utf-8")


def own(
    number: int, topic: str, about: str, data: Any, options: Any, expected: Any, tolerance: Any = EXACT
) -> None:
    write(
        {
            "id": f"own-{topic.replace('.', '-').replace('_', '-')}-{number}",
            "topic": topic,
            "source": f"Gemba: {about}" + ("; generated with a fixed seed" if data else ""),
            "data": data,
            "options": options,
            "expected": expected,
            "tolerance": tolerance,
            "how_obtained": HOW,
        }
    )


def write_variables() -> None:
    rings = normal_groups(11, 25, 5, 74.0, 0.01)
    rings[17] = [round(value + 0.024, 3) for value in rings[17]]
    rings[22][3] = 74.066
    options = {"sigma_method": "rbar_over_d2", "nsigma": 3}
    about = "25 subgroups of 5, one shifted mean and one wide range"
    own(1, "chart.xbar_r", about, {"subgroups": rings}, options, schoolbook.xbar_r(rings))
    small = normal_groups(12, 40, 2, -3.0, 2.5)
    about = "40 subgroups of 2 around a negative mean"
    own(2, "chart.xbar_r", about, {"subgroups": small}, options, schoolbook.xbar_r(small))
    many = normal_groups(13, 20, 12, 250.0, 4.0)
    many[5] = [round(250 + (value - 250) * 0.1, 3) for value in many[5]]
    options = {"sigma_method": "sbar_over_c4", "nsigma": 3}
    about = "20 subgroups of 12, one with hardly any spread"
    own(1, "chart.xbar_s", about, {"subgroups": many}, options, schoolbook.xbar_s(many))


def write_counts() -> None:
    chance = random.Random(21)  # noqa: S311
    counts = [poisson(chance, 17.0) for _ in range(26)]
    counts[7], counts[19] = 3, 36
    about = "26 counts, one too low and one too high"
    own(1, "chart.c", about, {"counts": counts}, {"nsigma": 3}, schoolbook.c_chart(counts))
    sizes = [chance.choice([8.0, 9.5, 10.0, 12.5, 13.0]) for _ in range(22)]
    varied = [poisson(chance, 1.4 * size) for size in sizes]
    varied[10] = 36
    about = "22 rolls with sizes between 8 and 13 units"
    data = {"counts": varied, "sizes": sizes}
    own(1, "chart.u", about, data, {"nsigma": 3}, schoolbook.u_chart(varied, sizes))
    fives = [poisson(chance, 9.5) for _ in range(20)]
    data = {"counts": fives, "sizes": [5.0] * 20}
    about = "20 samples of 5 units"
    own(2, "chart.u", about, data, {"nsigma": 3}, schoolbook.u_chart(fives, [5.0] * 20))


def write_rare() -> None:
    chance = random.Random(51)  # noqa: S311
    sizes = [chance.choice([9_000, 9_500, 10_000, 12_000]) for _ in range(24)]
    drifting = [0.02 + 0.004 * chance.gauss(0, 1) for _ in sizes]
    defectives = [round(n * max(p, 0.001)) for n, p in zip(sizes, drifting, strict=True)]
    defectives[15] = round(0.05 * sizes[15])
    data = {"defectives": defectives, "sizes": sizes}
    about = "24 large samples whose share itself wanders, one far off"
    own(1, "chart.laney_p", about, data, {"nsigma": 3}, schoolbook.laney_p(defectives, sizes))
    gaps = [int(chance.expovariate(1 / 14)) for _ in range(30)]
    gaps[21] = 160
    about = "30 counts between events, one long quiet time"
    own(1, "chart.g", about, {"values": gaps}, {"nsigma": 3}, schoolbook.g_chart(gaps))


def write_several() -> None:
    chance = random.Random(61)  # noqa: S311
    for number, count, width, alpha in ((1, 30, 3, 0.005), (2, 24, 2, 0.01)):
        rows = []
        for _ in range(count):
            common = chance.gauss(0, 1)
            rows.append([round(10 * j + common + chance.gauss(0, 0.4), 3) for j in range(1, width + 1)])
        rows[7] = [round(value + (2.5 if j else -2.5), 3) for j, value in enumerate(rows[7])]
        options = {"subgroup_size": 1, "covariance": "sample", "alpha": alpha}
        about = f"{count} rows of {width} variables that go together, one against the grain"
        own(number, "chart.t2", about, {"rows": rows}, options, schoolbook.t2_rows(rows, alpha))


def write_between() -> None:
    for number, kind, size in ((1, "i-mr-r", 4), (2, "i-mr-s", 10)):
        lots = normal_groups(70 + number, 24, size, 0.0, 1.0)
        shifts = normal_groups(80 + number, 1, 24, 50.0, 3.0)[0]
        groups = [[round(value + shift, 3) for value in lot] for lot, shift in zip(lots, shifts, strict=True)]
        second = kind[-1]
        sigma = charts.sigma_of_groups(groups, "Rbar" if second == "r" else "Sbar")
        expected: dict[str, Any] = {}
        for name, panel in zip(
            ("xbar", "mr", second), rare.three_way(groups, sigma, second, 3.0), strict=True
        ):
            expected |= listed(name, panel)
        about = f"24 lots of {size} that differ by three times what they vary within"
        own(number, "chart.between_within", about, {"subgroups": groups}, {"kind": kind}, expected)


def write_generalized() -> None:
    chance = random.Random(91)  # noqa: S311
    groups = []
    for size in (5, 6, 4, 5, 5, 7, 5, 4, 5, 6):
        common = [chance.gauss(0, 1) for _ in range(size)]
        rows = [[x + 0.5 * chance.gauss(0, 1), 2 * x + chance.gauss(0, 1)] for x in common]
        groups.append([[round(value, 3) for value in row] for row in rows])
    found = [row for row in several.generalized(groups) if row is not None]
    expected = listed("gv", [list(column) for column in zip(*found, strict=True)])
    about = "10 subgroups of 4 to 7 rows of two variables"
    own(1, "chart.generalized_variance", about, {"groups": groups}, {}, expected)


def write_short_runs() -> None:
    chance = random.Random(95)  # noqa: S311
    parts = [part for part, length in zip("ABCAB", (5, 4, 6, 5, 4), strict=True) for _ in range(length)]
    nominals = [{"A": 12.0, "B": 30.0, "C": 8.5}[part] for part in parts]
    values = [round(aim + chance.gauss(0, 0.0008 * aim), 3) for aim in nominals]
    for number, pooling in enumerate(("parts", "constant", "relative", "runs"), start=1):
        expected = {"z": short_run.z_values(list(values), parts, pooling)}
        about = f"24 values of three parts in five runs, pooling {pooling}"
        data = {"values": values, "parts": parts}
        own(number, "chart.z_mr", about, data, {"pooling": pooling}, expected)
    apart = [value - aim for value, aim in zip(values, nominals, strict=True)]
    steps = charts.moves(apart)
    sigma, center = charts.sigma_of_moves(steps, "average moving range"), sum(apart) / len(apart)
    rows: list[list[Any]] = [[[], [], [], []], [[], [], [], []]]
    for value, step in zip(apart, steps, strict=True):
        charts.add(rows[0], value, center, 3 * sigma, floor=None)
        if step is not None:
            charts.add(rows[1], step, charts.d2(2) * sigma, 3 * charts.d3(2) * sigma, floor=0.0)
    for line in rows[1][1:]:
        line.append(line[0])
    answer = listed("difference", rows[0]) | listed("mr", rows[1])
    about = "24 values of three parts, each with its nominal"
    own(1, "chart.difference", about, {"values": values, "nominals": nominals}, {}, answer)


def write_zones() -> None:
    walk = normal_groups(96, 1, 60, 10.4, 1.0)[0]
    for number, inner, after in ((1, 0, "reset"), (2, 1, "go on")):
        options = {"mean": 10.0, "sigma": 1.0, "inner": inner, "after": after}
        scores = short_run.zone_scores(
            list(walk), [1] * 60, mean=10.0, sigma=1.0, inner=inner, reset=after == "reset"
        )
        signals = [place for place, score in enumerate(scores, 1) if abs(score or 0) >= 8]
        about = "60 values four tenths of a sigma too high"
        own(number, "chart.zone", about, {"values": walk}, options, {"score": scores, "signals": signals})


def write_capability() -> None:
    fixed = {
        "overall_sigma": "sample sd (n-1)",
        "confidence": 0.95,
        "cpm": "(USL-LSL)/(6*sqrt(s^2+(mean-T)^2)) with overall s",
        "pp_ci": "chi-square, n-1 df",
        "ppk_ci": "Bissell normal approximation",
    }
    both = {"lsl": 4.2, "usl": 7.8, "target": 6.0}
    upper = {"lsl": None, "usl": 7.8, "target": None}
    for number, method, limits, about in (
        (1, "rbar_over_d2", both, "20 subgroups of 5 off target"),
        (2, "pooled_sd_over_c4", both, "20 subgroups of 5 with parts out of specification"),
        (3, "pooled_sd_over_c4", upper, "20 subgroups of 5, an upper limit only, no target"),
    ):
        groups = normal_groups(30 + number, 20, 5, 6.3, 0.4 * number)
        expected = schoolbook.capability(groups, **limits, method=method)
        options = limits | {"within_sigma": method} | fixed
        own(number, "capability.normal", about, {"subgroups": groups}, options, expected)


def write_rules() -> None:
    rows = normal_groups(41, 1, 150, 0.0, 1.0)[0]
    rows[0:9] = [0.5, 0.9, 0.4, 0.8, 0.3, 1.1, 0.6, 0.7, 0.5]
    rows[9] = -0.4
    rows[28:37] = [round(-1.2 + 0.31 * k, 3) for k in range(9)]
    rows[45:62] = [round((-1) ** k * (0.5 + 0.02 * k), 3) for k in range(17)]
    rows[70:75] = [2.35, 2.4, 0.2, 2.9, 2.6]
    rows[80:97] = [round(0.3 * (-1) ** (k // 2), 3) for k in range(17)]
    rows[104:114] = [round((-1) ** (k // 2) * (1.9 + 0.1 * k), 3) for k in range(10)]
    rows[120], rows[126:132] = 4.4, [1.5, 1.6, -0.1, 1.7, 1.4, 1.8]
    rows[140:150] = [0.6, -0.5, -0.9, -0.4, -0.8, -0.7, -1.1, -0.6, -0.5, -0.9]
    common = {"center": "mean", "sigma": "mean moving range / d2(2)"}
    nelson = {2: 9, 3: 6, 4: 14, 7: 15, 8: 8}
    other = {2: 7, 3: 7, 4: 14, 7: 15, 8: 8}
    steps = {f"rule{rule}_k": length for rule, length in other.items()}
    own_rules(1, rows, nelson, "points", common | {"rules": "Nelson (1984), tests 1 to 8 as printed"})
    own_rules(2, rows, other, "moves", common | steps | {"rule3_counts": "moves", "rule4_counts": "moves"})


def own_rules(number: int, rows: list[float], lengths: dict[int, int], counts: str, options: Any) -> None:
    expected = schoolbook.run_rules(rows, lengths, moves=counts == "moves")
    silent = [rule for rule, fired in expected.items() if not fired]
    if silent:
        raise SystemExit(f"case {number} shows nothing for {silent}")
    about = f"150 values in which every rule fires, counting {counts}"
    own(number, "rules", about, {"values": rows}, options, expected)


def write_effectiveness() -> None:
    """One action that worked, one that did not, and two of which the data say too little."""
    draw = random.Random(7)  # noqa: S311 (a recipe)
    twin = effectiveness
    before = [round(draw.gauss(10.2, 0.3), 3) for _ in range(40)]
    fixed = [round(draw.gauss(9.95, 0.2), 3) for _ in range(25)]
    steady = [round(draw.gauss(10.0, 0.12), 3) for _ in range(12)]
    items, few = {"n": 1500, "count": 45}, {"n": 260, "count": 2}
    events, many = {"n": 30, "count": 60}, {"n": 40, "count": 71}
    cases: tuple[tuple[str, Any, Any, float, float, dict[str, Any]], ...] = (
        ("mean", before, fixed, 10.0, 0.05, twin.of_mean(before, fixed, 10.0, 0.05)),
        ("sd", before, steady, 0.15, 0.05, twin.of_sd(before, steady, 0.15, 0.05)),
        (
            "fraction",
            items,
            few,
            0.01,
            0.025,
            twin.of_fraction((45, 1500), (2, 260), 0.01, 0.025)
            | {"window": twin.window(45, 1500, 0.01, 0.025, 0.8)},
        ),
        ("rate", events, many, 1.0, 0.05, twin.of_rate((60, 30), (71, 40), 1.0, 0.05)),
    )
    for number, (metric, old, new, target, alpha, found) in enumerate(cases, start=1):
        options = {"metric": metric, "target": target, "alpha": alpha, "power": 0.8}
        expected = found | {"verdict": twin.verdict(found, alpha, 0.2)}
        about = f"a {metric} before and after an action"
        own(number, "effectiveness", about, {"before": old, "after": new}, options, expected)


def write_advice() -> None:
    """Data made so that one thing is wrong with them: what a person would see, and the chart for it."""
    draw = random.Random(31)  # noqa: S311 (a recipe)
    lots = [round(100 * min(0.5, max(0.01, draw.gauss(0.12, 0.06)))) for _ in range(40)]
    walk, level = [], 0.0
    for _ in range(60):
        level = 0.85 * level + draw.gauss(0, 1)
        walk.append(round(10 + level, 4))
    calm = [round(draw.gauss(10, 1), 4) for _ in range(60)]
    for number, about, values, options, kind, findings in (
        (1, "lots that differ", {"x": lots}, {"value": "x", "n": 100}, "laney-p", ["overdispersed"]),
        (2, "values that follow each other", {"x": walk}, {"value": "x"}, "i-mr", ["autocorrelated"]),
        (3, "independent normal values", {"x": calm}, {"value": "x"}, "i-mr", []),
    ):
        own(number, "advice.chart", about, values, options, {"kind": kind, "findings": findings})


def write_percentiles() -> None:
    """Skewed values by fitted distributions, and the exponent that makes them normal."""
    draw = random.Random(23)  # noqa: S311 (a recipe)
    lives = [round(draw.weibullvariate(8.0, 2.4), 2) for _ in range(60)]
    rough = [round(draw.lognormvariate(0.4, 0.5), 3) for _ in range(50)]
    for topic, values, twin in (
        ("capability.weibull", lives, percentiles.weibull),
        ("capability.lognormal", rough, percentiles.lognormal),
    ):
        options = {"lsl": 0.5, "usl": 16.0}
        own(1, topic, f"{len(values)} skewed values", {"values": values}, options, twin(values, 0.5, 16.0))
    expected = {"lambda": percentiles.box_cox(rough)}
    own(
        1, "transform.boxcox", "50 skewed values", {"values": rough}, {}, expected, {"rel": 1e-6, "abs": 1e-7}
    )


def write_run_lengths() -> None:
    """Rules about moves, in control, by counting the orders of the values."""
    for number, code, about, trend, swing in (
        (1, "N-3", "six points steadily rising or falling", 5, 99),
        (2, "N-4", "fourteen points alternating", 99, 13),
    ):
        expected = {"arl": [run_length.mean_of_orders(trend, swing, 42)]}
        options = {"rule_code": code, "shifts": [0], "rules": about}
        counted = f"{about}, counted among all orders of up to 42 values"
        own(number, "arl.shewhart_rules", counted, {}, options, expected, {"rel": 1e-6, "abs": 1e-9})


def write_budget() -> None:
    """What limits alone cost a plant: the tails by the error function, the fitting limit by halving."""

    def length(reach: float, shift: float = 0.0) -> float:
        return 2 / (math.erfc((reach - shift) / math.sqrt(2)) + math.erfc((reach + shift) / math.sqrt(2)))

    charts, points, attention, real = [400, 35], [168, 1000], 60, 25
    every = sum(a * b for a, b in zip(charts, points, strict=True))
    alarms = every / length(3)
    expected = {
        "alarms": [a * b / length(3) for a, b in zip(charts, points, strict=True)],
        "false_share": alarms / (alarms + real),
        "fitting": percentiles.halved(lambda reach: length(reach) - every / attention, 2.0, 6.0),
        "offered": [every / length(reach) for reach in (3, 3.5, 4)],
        "found": [length(reach, 1.0) for reach in (3, 3.5, 4)],
    }
    options = {"charts": charts, "points": points, "attention": attention, "real": real}
    about = "false alarms a week of two groups of charts with limits alone"
    own(1, "arl.alarm_budget", about, {}, options, expected)


WRITERS: tuple[Callable[[], None], ...] = (
    write_budget,
    write_advice,
    write_percentiles,
    write_run_lengths,
    write_variables,
    write_counts,
    write_rare,
    write_several,
    write_between,
    write_generalized,
    write_short_runs,
    write_zones,
    write_capability,
    write_effectiveness,
    write_rules,
    *(partial(recipe, own) for recipe in RECIPES),
)

if __name__ == "__main__":
    CASES.mkdir(parents=True, exist_ok=True)
    for writer in WRITERS:
        writer()
    copied = carry(Path(sys.argv[1])) if len(sys.argv) > 1 else 0
    print(f"{copied} cases copied, {len(list(CASES.glob('*.json')))} carried in all")  # noqa: T201
