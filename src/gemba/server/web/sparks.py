"""Small charts as plain SVG: where the points and lines of a series lie on a little picture."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 160, 40, 3
TALL = 120


@dataclass(frozen=True)
class Spark:
    """A small chart: its size, its course as SVG points, and its lines as pairs of class and height."""

    width: int
    height: int
    course: str
    lines: tuple[tuple[str, str], ...]
    last: tuple[str, str] | None


def spark(
    values: Sequence[float],
    *,
    lines: Mapping[str, float | None] | None = None,
    low: float | None = None,
    high: float | None = None,
    height: int = HEIGHT,
) -> Spark:
    """The small chart of some values; ``low`` and ``high`` bound the y axis where several share one.

    ``lines`` are horizontal ones by their class; one that is not finite is left out.
    """
    drawn = {name: at for name, at in (lines or {}).items() if at is not None and math.isfinite(at)}
    seen = [value for value in (*values, *drawn.values()) if math.isfinite(value)] or [0.0]
    floor, top = min(seen) if low is None else low, max(seen) if high is None else high
    span = top - floor

    def place(value: float) -> str:
        share = 0.5 if span <= 0 else (value - floor) / span
        return f"{MARGIN + (1 - share) * (height - 2 * MARGIN):.1f}"

    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    spots = [(f"{MARGIN + number * step:.1f}", place(value)) for number, value in enumerate(values)]
    return Spark(
        width=WIDTH,
        height=height,
        course=" ".join(f"{x},{y}" for x, y in spots),
        lines=tuple((name, place(at)) for name, at in drawn.items()),
        last=spots[-1] if spots else None,
    )
