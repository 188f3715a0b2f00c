"""One point judged as it arrives, with five rules."""

from __future__ import annotations

import math

from harness import Line, Sheet, median_seconds
from peer import SHEWHART
from topics.charts import save
from topics.process import process

from gemba import stats as gs

POINTS = 50_000
LEARNED = 100
OF_SHEWHART = 300
RULES = "1,2,3,5,6"


def sheets() -> list[Sheet]:
    values = process(LEARNED + POINTS)
    limits = gs.control_chart("i-mr", values[:LEARNED]).limits
    stream = values[LEARNED:].tolist()
    subgroups = values[: LEARNED * 5].reshape(-1, 5)
    limits_of_means = gs.control_chart("xbar-r", subgroups).limits
    fives = [stream[i : i + 5] for i in range(0, len(stream), 5)]
    answer = SHEWHART.run("live", save(values[: LEARNED + OF_SHEWHART]), LEARNED)
    assert answer.answer["beyond"] == beyond(limits, stream[:OF_SHEWHART])
    i_mr = median_seconds(lambda: fold(limits, stream)) / len(stream)
    xbar_r = median_seconds(lambda: fold(limits_of_means, fives)) / len(fives)
    least = median_seconds(lambda: read_once(stream)) / len(stream)
    lines = (
        Line("gemba, i-mr, both panels", i_mr, i_mr),
        Line("gemba, xbar-r, subgroups of 5", xbar_r, i_mr),
        Line("comparing it with two limits", least, i_mr),
        Line(answer.who, answer.seconds, i_mr, "the last 15 points judged again; same points beyond"),
    )
    return [Sheet("One point by step, 5 rules", 10e-6, lines)]


def fold(limits: gs.Limits, points: list[float] | list[list[float]]) -> gs.ChartState:
    state = gs.start(limits, RULES)
    for point in points:
        state, _ = gs.step(limits, state, point)
    return state


def beyond(limits: gs.Limits, points: list[float]) -> list[int]:
    """The points of the stream beyond the limits, from 1."""
    state, found = gs.start(limits, RULES), []
    for point in points:
        state, judgement = gs.step(limits, state, point)
        if "1" in judgement.marks[0].fired:
            found.append(judgement.point)
    return found


def read_once(points: list[float]) -> int:
    low, high = -math.inf, math.inf
    return sum(1 for point in points if not low <= point <= high)
