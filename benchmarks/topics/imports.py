"""``import gemba.stats`` in a fresh interpreter, beside its own foundation and beside the peers."""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

from harness import Line, Sheet
from peer import MQRPY, PYSPC, SHEWHART

CODE = "import time; began = time.perf_counter(); import {}; print(time.perf_counter() - began)"


def sheets() -> list[Sheet]:
    here = Path(sys.executable)
    ours = import_seconds(here, "gemba.stats")
    lines = [
        Line("import gemba.stats", ours, ours),
        Line("import numpy", import_seconds(here, "numpy"), ours, "the least it can take"),
        Line("import pandas", import_seconds(here, "pandas"), ours, "what the peers stand on"),
    ]
    for peer, module in ((PYSPC, "pyspc"), (MQRPY, "mqr"), (SHEWHART, "shewhart")):
        lines.append(Line(f"import {module}", import_seconds(peer.python(), module), ours, peer.who))
    return [Sheet("Import in a fresh interpreter", 0.35, tuple(lines))]


def import_seconds(python: Path, module: str) -> float:
    """The median of nine interpreters, after one that filled the disk's cache."""
    seconds = []
    for _ in range(10):
        done = subprocess.run([python, "-c", CODE.format(module)], check=True, capture_output=True, text=True)
        seconds.append(float(done.stdout))
    return statistics.median(seconds[1:])
