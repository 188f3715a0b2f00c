"""A chart as small as a word, for a line of a list: plain SVG, drawn without the drawing library."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np

from gemba.stats.figures.reduce import reduce_points

WIDTH, HEIGHT, EDGE = 132.0, 30.0, 4.0
MOST: Final = 120
"""Points that are drawn; of more, those that show the line, its extremes and everything marked."""

_Height: TypeAlias = Callable[[float], float]


def sparkline(
    values: Sequence[float],
    label: str,
    *,
    center: float | None = None,
    lcl: float | None = None,
    ucl: float | None = None,
    marked: Collection[int] = (),
    axis: tuple[float, float] | None = None,
    height: float = HEIGHT,
) -> str:
    """A line through the values, the band between the limits, and a mark at each signal.

    Colours come from the page: classes ``spark-band``, ``spark-center``, ``spark-line``, ``spark-signal`` and
    ``spark-last``. The last point is round, a signal a diamond: never by colour alone.

    Parameters
    ----------
    values : sequence of float
        In order; NaN is a gap.
    label : str
        What stands for the picture where it is not seen.
    center, lcl, ucl : float, optional
        The lines that hold at the last point.
    marked : collection of int
        Positions of points at which a rule fired, from 0.
    axis : pair of float, optional
        Where the picture ends below and above, so that several can be compared; else what is drawn fills it.
    height : float
        How high it is; its width is always the same.

    Returns
    -------
    str
        An ``svg`` element with its label.

    Examples
    --------
    >>> sparkline([1.0, 2.0, 1.5], "Newest 1.5")[:54]
    '<svg class="sparkline" viewBox="0 0 132 30" role="img"'
    """
    y = [float(value) for value in values]
    lines = [line for line in (center, lcl, ucl) if line is not None and math.isfinite(line)]
    known = [*filter(math.isfinite, y), *lines]
    low, high = axis or ((min(known), max(known)) if known else (0.0, 1.0))

    def up(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(height - EDGE - share * (height - 2 * EDGE), 1)

    parts = _lines(center, lcl, ucl, up, height)
    parts += _course(y, _across(len(y)), marked, up)
    title = html.escape(label, quote=True)
    box = f"0 0 {WIDTH:g} {height:g}"
    return f'<svg class="sparkline" viewBox="{box}" role="img" aria-label="{title}">{"".join(parts)}</svg>'


def _lines(
    center: float | None, lcl: float | None, ucl: float | None, up: _Height, height: float
) -> list[str]:
    """The band between the limits (to the edge where one is missing), and the centre line."""
    parts = []
    if lcl is not None or ucl is not None:
        top = 0.0 if ucl is None else up(ucl)
        bottom = height if lcl is None else up(lcl)
        band = f'y="{top:g}" width="{WIDTH:g}" height="{max(bottom - top, 0.5):g}"'
        parts.append(f'<rect class="spark-band" x="0" {band}/>')
    if center is not None:
        parts.append(f'<path class="spark-center" d="M0 {up(center):g}H{WIDTH:g}"/>')
    return parts


@lru_cache(maxsize=256)
def _across(count: int) -> tuple[str, ...]:
    """Where so many points stand beside each other."""
    step = (WIDTH - 2 * EDGE) / max(count - 1, 1)
    return tuple(f"{round(EDGE + place * step, 1):g}" for place in range(count))


def _course(y: Sequence[float], places: Sequence[str], marked: Collection[int], up: _Height) -> list[str]:
    """The line with its gaps, the signals on it, and the last point."""
    signals = {place for place in marked if math.isfinite(y[place])}
    drawn = _drawn(y, signals)
    heights = {place: up(y[place]) for place in drawn if math.isfinite(y[place])}
    path, pen = [], "M"
    for place in drawn:
        if place in heights:
            path.append(f"{pen}{places[place]} {heights[place]:g}")
        pen = "L" if place in heights else "M"
    parts = [f'<path class="spark-line" d="{"".join(path)}"/>'] if path else []
    shown = "".join(f"M{places[p]} {heights[p] - 3:g}l3 3-3 3-3-3z" for p in drawn if p in signals)
    if shown:
        parts.append(f'<path class="spark-signal" d="{shown}"/>')
    last = next((place for place in reversed(drawn) if place in heights), None)
    if last is not None and last not in signals:
        parts.append(f'<circle class="spark-last" cx="{places[last]}" cy="{heights[last]:g}" r="2.2"/>')
    return parts


def _drawn(y: Sequence[float], signals: Collection[int]) -> Sequence[int]:
    """The positions that are drawn."""
    if len(y) <= MOST:
        return range(len(y))
    codes = np.zeros(len(y), dtype=np.int64)
    codes[list(signals)] = 1
    drawn: list[int] = reduce_points(np.array(y), codes, 0.0, limit=MOST).drawn.tolist()
    return drawn
