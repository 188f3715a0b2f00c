"""shewhart: one call a chart, with its eight Nelson rules."""

from __future__ import annotations

import io
import sys
import time

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
import pandas as pd
import shewhart as sw
from speak import speak, timed


def points_by_rule(result, panel: str) -> dict[str, list[int]]:
    """All points that its signals name, by Nelson's number, from 1."""
    found: dict[str, set[int]] = {}
    for signal in result.signals:
        if signal.chart == panel and signal.rule.startswith("nelson_"):
            found.setdefault(signal.rule.removeprefix("nelson_"), set()).update(signal.points)
    return {code: sorted(point + 1 for point in points) for code, points in found.items()}


def xbar_r(path: str) -> None:
    matrix = np.load(path)
    count, size = matrix.shape
    frame = pd.DataFrame({"value": matrix.ravel(), "sample": np.repeat(np.arange(count), size)})
    result, seconds = timed(lambda: sw.xbar_r(frame, value="value", subgroup="sample", rules="nelson"))
    speak(seconds, sigma=result.stats["sigma_within"], points=points_by_rule(result, "xbar"))


def i_mr(path: str) -> None:
    values = np.load(path)
    result, seconds = timed(lambda: sw.imr(values, rules="nelson"))
    speak(seconds, sigma=result.stats["sigma_within"], points=points_by_rule(result, "i"))


def live(path: str, learned: str) -> None:
    """Each new point with the fourteen before it, by frozen limits: its way to judge what arrives."""
    values, start = np.load(path), int(learned)
    limits = sw.imr(values[:start], rules="none").baseline
    beyond: list[int] = []
    began = time.perf_counter()
    for last in range(start, len(values)):
        result = sw.imr(values[last - 14 : last + 1], rules="nelson", limits=limits)
        newest = any(s.rule == "nelson_1" and s.points[-1] == 14 for s in result.signals)
        if newest:
            beyond.append(last - start + 1)
    speak((time.perf_counter() - began) / (len(values) - start), beyond=beyond)


def picture(path: str) -> None:
    matrix = np.load(path)
    count, size = matrix.shape
    frame = pd.DataFrame({"value": matrix.ravel(), "sample": np.repeat(np.arange(count), size)})
    result = sw.xbar_r(frame, value="value", subgroup="sample", rules="nelson")

    def draw() -> int:
        import matplotlib.pyplot as plt

        page = io.BytesIO()
        result.plot()
        plt.gcf().savefig(page, format="svg")
        plt.close("all")
        return len(page.getvalue())

    began = time.perf_counter()
    draw()
    first = time.perf_counter() - began
    _, each = timed(draw)
    speak(each, first=first)


{"xbar_r": xbar_r, "i_mr": i_mr, "live": live, "picture": picture}[sys.argv[1]](*sys.argv[2:])
