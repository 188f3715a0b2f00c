"""The histogram of a study: bars, the normal curve of each sigma, and the limits with their names."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gemba.stats.distributions import normal_pdf
from gemba.stats.figures import Plane, marks, number_axis
from gemba.stats.figures.plane import Layer
from gemba.stats.figures.text import exact, shorten, text_width
from gemba.stats.figures.theme import SIZES
from gemba.stats.results import N_, Floats, Translate, signed

if TYPE_CHECKING:
    from gemba.stats.capability.result import Capability

MOST_BARS: Final = 60
CURVE: Final = np.linspace(-4.0, 4.0, 161)
"""Where a curve is drawn, in sigma from the mean."""

LABEL_STYLES: Final = {"spec-limit": "label-limit", "target": "label-center", "guide": "label-muted"}

NAME_LINE: Final = 13.0
"""Pixels from one line of names above the panel to the next."""


def histogram_view(
    study: Capability, width: float, height: float, t: Translate
) -> tuple[dict[str, Any], float]:
    """The panel with its axis, and the pixels that the names of the limits take above it.

    Names that would touch stand on several lines.
    """
    edges = bar_edges(study.values, study.sigma_within)
    counts = np.histogram(study.values, edges)[0]
    curves = _curves(study, float(edges[1] - edges[0]))
    top = max(float(counts.max()), *(float(heights.max()) for _, _, heights in curves))
    plane = Plane(width, height, _domain(study, edges), (0.0, 1.08 * top))
    lines = limit_lines(study, t)
    layers = [
        marks.bars(_bar_rows(edges, counts), "bar", [("range", study.name), ("count", t(N_("Count")))]),
        *(marks.line(_curve_rows(plane, x, y), style) for style, x, y in curves),
        *(marks.upright(place, style) for place, style, _ in lines),
        *_names(plane, lines),
    ]
    above = NAME_LINE * (max(name_rows(plane, lines), default=0) + 1) + 1
    return plane.view(
        layers,
        x_axis=number_axis(axis_name(study, width)),
        y_title=t(N_("Count")),
        y_axis={"values": count_ticks(plane.y_domain[1]), "format": ",d"},
    ), above


def axis_name(study: Capability, width: float) -> str:
    """The characteristic, as much of it as fits below a panel."""
    return shorten(study.name, width, SIZES["axis"])


def bar_edges(values: Floats, sigma: float) -> Floats:
    """Where the bars begin and end: round widths by Freedman and Diaconis, whole steps of the gauge.

    A width that is no multiple of the step by which the values differ would make a comb of full and empty
    bars; edges stand half a step off, so that no value lies on one.
    """
    low, high = float(values.min()), float(values.max())
    quarter, three = np.percentile(values, [25, 75])
    wanted = 2 * float(three - quarter) / len(values) ** (1 / 3) or sigma / 2 or (high - low) / 10
    wanted = max(wanted, (high - low) / MOST_BARS)
    distinct = np.unique(values)
    step = float(np.diff(distinct).min())
    if len(distinct) > len(values) / 2 or step < 1e-6 * (high - low):
        width = _round_down(wanted)
        start = math.floor(low / width) * width
    else:
        width = max(1, math.floor(wanted / step * 1.001)) * step
        start = low - step / 2
    edges: Floats = start + width * np.arange(math.floor((high - start) / width) + 2.0)
    return edges


def _round_down(width: float) -> float:
    power = 10.0 ** math.floor(math.log10(width))
    return next(factor * power for factor in (5.0, 2.5, 2.0, 1.0) if factor * power <= width * 1.001)


def count_ticks(top: float) -> list[int]:
    """Whole numbers at round steps from zero to the top, seven at most.

    Examples
    --------
    >>> count_ticks(27.3)
    [0, 5, 10, 15, 20, 25]
    """
    step = next(s for s in (f * 10**k for k in range(16) for f in (1, 2, 5)) if top / s < 7)
    return list(range(0, math.floor(top) + 1, step))


def limit_lines(study: Capability, t: Translate) -> list[tuple[float, str, str]]:
    """Place, style and name of each limit and the target, from left to right."""
    tolerance = study.tolerance
    bound = t(N_("Bound"))
    named = (
        (tolerance.lsl, *((("guide", bound)) if tolerance.lower_natural else ("spec-limit", t(N_("LSL"))))),
        (tolerance.target, "target", t(N_("Target"))),
        (tolerance.usl, *((("guide", bound)) if tolerance.upper_natural else ("spec-limit", t(N_("USL"))))),
    )
    return [(place, style, f"{name} {exact(place)}") for place, style, name in named if place is not None]


def _domain(study: Capability, edges: Floats) -> tuple[float, float]:
    reach = 3.5 * max(study.sigma_overall, study.sigma_within)
    places = [place for place in (study.tolerance.lsl, study.tolerance.usl) if place is not None]
    low = min(float(edges[0]), study.mean - reach, *places)
    high = max(float(edges[-1]), study.mean + reach, *places)
    room = 0.04 * (high - low)
    return low - room, high + room


def _curves(study: Capability, bar: float) -> list[tuple[str, Floats, Floats]]:
    """Style, places and heights of the curve of each sigma that is not zero."""
    found = []
    for sigma, style in ((study.sigma_overall, "curve-other"), (study.sigma_within, "curve")):
        if sigma > 0:
            x = study.mean + sigma * CURVE
            found.append((style, x, study.n * bar * normal_pdf(x, study.mean, sigma)))
    return found


def _curve_rows(plane: Plane, x: Floats, y: Floats) -> list[dict[str, float]]:
    low, high = plane.x_domain
    return [{"x": a, "y": b} for a, b in zip(x.tolist(), y.tolist(), strict=True) if low <= a <= high]


def _bar_rows(edges: Floats, counts: Any) -> list[dict[str, Any]]:
    gap = 0.04 * float(edges[1] - edges[0])
    bounds = zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True)
    return [
        {
            "x": low + gap, "x2": high - gap, "y": 0, "y2": count,
            "range": f"{exact(low)} … {exact(high)}", "count": signed(f"{count:,}"),
        }
        for low, high, count in bounds
        if count
    ]  # fmt: skip


def _names(plane: Plane, lines: list[tuple[float, str, str]]) -> list[Layer]:
    layers = []
    for (place, style, name), row in zip(lines, name_rows(plane, lines), strict=True):
        above = {"px": plane.x(place), "py": -8 - NAME_LINE * row, "text": name}
        layers.append(marks.texts([above], LABEL_STYLES[style], align="center"))
    return layers


def name_rows(plane: Plane, lines: list[tuple[float, str, str]]) -> list[int]:
    """On which line above the panel each name stands, from 0: none touches its neighbour."""
    ends: list[float] = []
    rows = []
    for place, _, name in lines:
        half = text_width(name, SIZES["label"]) / 2
        left = plane.x(place) - half
        row = next((i for i, end in enumerate(ends) if end + 6 < left), len(ends))
        ends[row : row + 1] = [left + 2 * half]
        rows.append(row)
    return rows
