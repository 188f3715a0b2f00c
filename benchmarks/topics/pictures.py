"""The first SVG of a chart in a fresh interpreter, and each further one."""

from __future__ import annotations

import statistics
import subprocess
import sys

from harness import Line, Sheet, median_seconds
from peer import SHEWHART
from topics.charts import save
from topics.process import process

from gemba import stats as gs

SAMPLES = 40
FIRST = """
import time, numpy as np
from gemba import stats as gs
chart = gs.control_chart("xbar-r", np.load({path!r}), rules=gs.NELSON)
began = time.perf_counter()
chart.plot().to_svg()
print(time.perf_counter() - began)
"""


def sheets() -> list[Sheet]:
    matrix = process(5 * SAMPLES).reshape(-1, 5)
    path = save(matrix)
    theirs = SHEWHART.run("picture", path)
    first = first_seconds(str(path))
    chart = gs.control_chart("xbar-r", matrix, rules=gs.NELSON)
    each = median_seconds(lambda: chart.plot().to_svg())
    text = chart.plot().to_svg()
    copied = median_seconds(text.encode, repeats=99)
    who = f"{theirs.who} (matplotlib)"
    return [
        Sheet(
            f"First SVG of a chart of {SAMPLES} subgroups, both panels",
            1.5,
            (
                Line("gemba", first, first),
                Line(who, theirs.answer["first"], first, "one panel or two as it draws"),
            ),
        ),
        Sheet(
            "Each further SVG",
            0.1,
            (
                Line("gemba", each, each, f"{len(text) / 1000:.0f} kB"),
                Line(who, theirs.seconds, each),
                Line("its text to bytes", copied, each),
            ),
        ),
    ]


def first_seconds(path: str) -> float:
    """The median of five interpreters."""
    command = [sys.executable, "-c", FIRST.format(path=path)]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(5)]
    return statistics.median(float(run.stdout) for run in runs)
