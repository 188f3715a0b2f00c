"""Timing, and the table in which every figure stands beside another."""

from __future__ import annotations

import statistics
import timeit
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".benchmarks"
ENOUGH = 2.0  # seconds of repeats after which no further one is needed
REPEATS = 9


def median_seconds(work: Callable[[], Any], *, repeats: int = REPEATS, warm: bool = True) -> float:
    """The median time of the work, called once before; fewer repeats when it is slow."""
    if warm:
        work()
    seconds: list[float] = []
    while len(seconds) < repeats and (len(seconds) < 3 or sum(seconds) < ENOUGH):
        seconds.append(timeit.timeit(work, number=1))
    return statistics.median(seconds)


@dataclass(frozen=True)
class Line:
    """One figure: who did what in how many seconds, and Gemba's own time for the same work."""

    who: str
    seconds: float
    gemba: float
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """The figures of one piece of work, with the limit that we set ourselves."""

    work: str
    limit: float
    lines: tuple[Line, ...]

    def text(self) -> str:
        """The sheet as a person reads it: ``1.0 x`` is Gemba, ``250 x`` takes 250 times as long."""
        rows = [
            f"  {line.who:34} {spell(line.seconds):>10} {times(line.seconds / line.gemba):>9}  {line.note}"
            for line in self.lines
        ]
        return "\n".join([f"{self.work} (at most {spell(self.limit)})", *(row.rstrip() for row in rows)])


def spell(seconds: float) -> str:
    """A time with three digits and a fitting unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} us"


def times(ratio: float) -> str:
    """A ratio without needless digits."""
    return f"{ratio:,.0f} x" if ratio >= 100 else f"{ratio:.2g} x"
