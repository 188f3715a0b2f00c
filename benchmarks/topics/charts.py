"""A million values to a judged chart: Xbar-R and I-MR with the eight Nelson rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from harness import CACHE, Line, Sheet, median_seconds
from peer import MQRPY, PYSPC, QCC, SHEWHART, Answer
from topics.process import process

from gemba import stats as gs

VALUES = 1_000_000
OF_SHEWHART = {"xbar_r": 20_000, "i_mr": 1_000_000}  # it searches all rows again for each subgroup
OF_LOOPS = 100_000


def sheets() -> list[Sheet]:
    return [xbar_r(), i_mr()]


def xbar_r() -> Sheet:
    matrix = process(VALUES).reshape(-1, 5)
    full, fast = judged_in("xbar-r", matrix), judged_in("xbar-r", matrix, engine="fast")
    lines = [
        Line("gemba", full, full),
        Line("gemba, fast (at most 6 ms)", fast, full),
        Line("np.sum of the values", sum_of(matrix), full),
    ]
    for peer, size in ((PYSPC, OF_LOOPS), (MQRPY, OF_LOOPS), (SHEWHART, OF_SHEWHART["xbar_r"])):
        part = matrix[: size // 5]
        answer = peer.run("xbar_r", save(part))
        lines.append(beside(answer, "xbar-r", part, check_xbar_r(answer, part)))
    if QCC.here:
        answer = QCC.run("xbar_r", save_text(matrix), 5)
        lines.append(beside(answer, "xbar-r", matrix, check_qcc(answer, "xbar-r", matrix)))
    return Sheet(f"Xbar-R of {VALUES:,} values in fives, 8 Nelson rules", 0.02, tuple(lines))


def i_mr() -> Sheet:
    values = process(VALUES)
    full, fast = judged_in("i-mr", values), judged_in("i-mr", values, engine="fast")
    lines = [
        Line("gemba", full, full),
        Line("gemba, fast (at most 15 ms)", fast, full),
        Line("np.sum of the values", sum_of(values), full),
    ]
    part = values[: OF_SHEWHART["i_mr"]]
    answer = SHEWHART.run("i_mr", save(part))
    same_points(answer, gs.control_chart("i-mr", part, rules=gs.NELSON), "i")
    lines.append(beside(answer, "i-mr", part, "same sigma and points"))
    if QCC.here:
        answer = QCC.run("i_mr", save_text(values))
        lines.append(beside(answer, "i-mr", values, check_qcc(answer, "i-mr", values)))
    return Sheet(f"I-MR of {VALUES:,} values, 8 Nelson rules", 0.04, tuple(lines))


def judged_in(kind: str, data: Any, engine: Any = "numpy") -> float:
    return median_seconds(partial(gs.control_chart, kind, data, rules=gs.NELSON, engine=engine))


def sum_of(data: Any) -> float:
    return median_seconds(partial(np.sum, data), repeats=99)


def beside(answer: Answer, kind: str, data: Any, note: str) -> Line:
    return Line(answer.who, answer.seconds, judged_in(kind, data), f"{data.size:,} values; {note}")


# The same answers first


def check_xbar_r(answer: Answer, matrix: Any) -> str:
    chart = gs.control_chart("xbar-r", matrix, rules=gs.NELSON)
    told = answer.answer
    if "lines" in told:
        table = 1e-3 if answer.who.startswith("pyspc") else 1e-9  # printed factors have three decimals
        for name, lines in told["lines"].items():
            panel = chart.panel(name)
            ours = [panel.center[0], panel.lcl[0], panel.ucl[0]]
            np.testing.assert_allclose(lines, ours, rtol=table, atol=table, err_msg=f"{answer.who}, {name}")
    if "fired" in told:
        theirs = without_bystanders(told["fired"], chart.panel("xbar"))
        same(theirs, gathered(chart, "xbar", "fired", theirs), answer.who)
        same({"r": told["r"]}, {"r": chart.panel("r").beyond.tolist()}, answer.who)
        return "same limits and alarms; 5 of the rules"
    if "points" in told:
        same_points(answer, chart, "xbar")
        return "same sigma and points"
    return "same limits; judges no rule without drawing"


def check_qcc(answer: Answer, kind: str, data: Any) -> str:
    chart = gs.control_chart(kind, data, rules=gs.NELSON)
    for lines, panel in zip(answer.answer["lines"], chart.panels, strict=False):
        ours = [panel.center[0], panel.lcl[0], panel.ucl[0]]
        np.testing.assert_allclose(lines, ours, rtol=1e-3, atol=1e-3, err_msg=f"qcc, {panel.name}")
    return "limits agree to its three decimals; 2 rules"


def without_bystanders(fired: Mapping[str, list[int]], panel: Any) -> dict[str, list[int]]:
    """Alarms of the zone rules only where the newest point is itself one of the k, as Nelson means it."""
    distance = (panel.points - panel.center) / panel.sigma
    zones = {"5": (2, 3, 2.0), "6": (4, 5, 1.0)}

    def newest_counts(point: int, k: int, of: int, zone: float) -> bool:
        window = distance[max(0, point - of) : point] * np.sign(distance[point - 1])
        return bool(window[-1] > zone and np.count_nonzero(window > zone) >= k)

    return {
        code: [p for p in points if code not in zones or newest_counts(p, *zones[code])]
        for code, points in fired.items()
    }


def same_points(answer: Answer, chart: Any, panel: str) -> None:
    np.testing.assert_allclose(answer.answer["sigma"], chart.limits.sigma, rtol=1e-9, err_msg=answer.who)
    told = answer.answer["points"]
    same(told, gathered(chart, panel, "points", [str(code) for code in range(1, 9)]), answer.who)


def gathered(
    chart: Any, panel: str, what: str, codes: Sequence[str] | Mapping[str, Any]
) -> dict[str, list[int]]:
    """All points of a panel's violations by the code of their rule."""
    found: dict[str, set[int]] = {code: set() for code in codes}
    for violation in chart.violations:
        if violation.panel == panel and violation.rule in found:
            found[violation.rule].update(getattr(violation, what))
    return {code: sorted(points) for code, points in found.items()}


def same(theirs: Mapping[str, list[int]], ours: Mapping[str, list[int]], who: str) -> None:
    for code in ours:
        differ = set(theirs.get(code, [])) ^ set(ours[code])
        if differ:
            raise AssertionError(f"{who}, rule {code}: {len(differ)} points differ, first {min(differ)}")


def save(data: Any) -> Path:
    CACHE.mkdir(exist_ok=True)
    path = CACHE / "data.npy"
    np.save(path, data)
    return path


def save_text(data: Any) -> Path:
    CACHE.mkdir(exist_ok=True)
    path = CACHE / "data.txt"
    np.savetxt(path, np.ravel(data), fmt="%.17g")
    return path
