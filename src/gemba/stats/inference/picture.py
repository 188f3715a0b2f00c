"""The time before and after an action against the target, as one picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gemba.stats.figures import EdgeLabel, Figure, Plane, domain_of, heading, marks
from gemba.stats.figures.plane import Layer
from gemba.stats.figures.reduce import reduce_points
from gemba.stats.figures.text import decimals_for, exact, show
from gemba.stats.inference.observed import NOTHING
from gemba.stats.results import N_, Floats, Translate, translator

if TYPE_CHECKING:
    from gemba.stats.inference.plan import EffectivenessPlan

WIDTH, HEIGHT = 680.0, 240.0
SIGMA_OF_RANGE: Final = 2.0 / math.sqrt(math.pi)
"""d2 of two values: a moving range over it estimates the standard deviation."""


@dataclass(frozen=True)
class Level:
    """Where the metric is after the action, with its interval; NaN while that is not known."""

    estimate: float = math.nan
    lower: float = math.nan
    upper: float = math.nan


def draw(
    plan: EffectivenessPlan,
    after: Floats | None,
    level: Level,
    words: str,
    *,
    language: str | None = None,
    width: float = WIDTH,
    bare: bool = False,
) -> Figure:
    """The points in order, the level before and after with its interval, the target across.

    Without ``after`` only the time before the action is drawn; a ``bare`` figure leaves its words to the
    page around it.
    """
    t = translator(language)
    series = _series(plan, plan.baseline.series), _series(plan, NOTHING if after is None else after)
    border = len(series[0]) or 1
    end = border if after is None else border + (len(series[1]) or 1)
    points = _points(*series, border)
    plane = _plane(plan, level, points, end, width)
    labels = [EdgeLabel(_target_words(plan, plane, t), plane.y(plan.target), "label-center")]
    layers = [
        *_levels(plan, level, border, end),
        *([marks.points(points, "series-small", [("value", plan.name)])] if points else []),
        *([] if after is None else [marks.upright(border + 0.5, "stage-border")]),
        _names(plane, (border, end), (plan.before, level.estimate), t),
        *marks.edge_labels(plane, labels),
    ]
    both = after is not None
    title = t(N_("{name}: before and after the action") if both else N_("{name}: before the action"))
    title = title.format(name=plan.name)
    view = plane.view(
        layers,
        x_axis={"title": None, "labels": False, "ticks": False, "grid": False},
        y_title=t(N_("Moving range / 1.128")) if plan.metric == "sd" else plan.name,
        title=heading(title, [] if bare else [words], width),
    )
    return Figure(view, alt=f"{title}. {words}", title=title)


def _series(plan: EffectivenessPlan, values: Floats) -> Floats:
    """The values, or for a standard deviation what each neighbour tells of it."""
    return np.abs(np.diff(values)) / SIGMA_OF_RANGE if plan.metric == "sd" else values


def _points(before: Floats, after: Floats, border: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for values, first in ((before, 1), (after, border + 1)):
        drawn = reduce_points(values, np.zeros(len(values), dtype=np.int64), 0.0, limit=500).drawn
        rows += [
            {"x": first + i, "y": y, "value": exact(y)}
            for i, y in zip(drawn.tolist(), values[drawn].tolist(), strict=True)
        ]
    return rows


def _plane(
    plan: EffectivenessPlan, level: Level, points: list[dict[str, object]], end: int, width: float
) -> Plane:
    heights = [plan.before, plan.target, level.estimate, level.lower, level.upper]
    if plan.metric == "shift":
        heights += [plan.target - plan.margin, plan.target + plan.margin]
    heights += [float(str(row["y"])) for row in points]
    return Plane(
        width, HEIGHT, (0.5, end + 0.5), domain_of([h for h in heights if math.isfinite(h)], pad=0.14)
    )


def _levels(plan: EffectivenessPlan, level: Level, border: int, end: int) -> list[Layer]:
    """Where the metric was, where it is, and where it shall be."""
    layers = []
    if math.isfinite(level.lower):
        edges = [{"x": x, "y": level.lower, "y2": level.upper} for x in (border + 0.5, end + 0.5)]
        layers.append(marks.area(edges, "box"))
    parts = [(0.5, border + 0.5, plan.before), (border + 0.5, end + 0.5, level.estimate)]
    rows = [{"x": a, "y": y, "x2": b, "y2": y} for a, b, y in parts if math.isfinite(y)]
    layers += [marks.segments(rows, "median"), marks.level(plan.target, "target")]
    if plan.metric == "shift":
        layers += [marks.level(plan.target + side * plan.margin, "limit") for side in (-1, 1)]
    return layers


def _target_words(plan: EffectivenessPlan, plane: Plane, t: Translate) -> str:
    return t(N_("Target {value}")).format(value=_shown(plan.target, plane))


def _shown(value: float, plane: Plane) -> str:
    low, high = plane.y_domain
    return show(value, decimals_for(high - low))


def _names(plane: Plane, ends: tuple[int, int], levels: tuple[float, float], t: Translate) -> Layer:
    """What each side is called, and where its level lies."""
    border, end = ends
    sides = [(4.0, t(N_("Before")), levels[0])]
    if end > border:
        sides.append((plane.x(border + 0.5) + 4.0, t(N_("After")), levels[1]))
    rows = [
        {"px": px, "py": 10.0, "text": f"{name} {_shown(level, plane)}" if math.isfinite(level) else name}
        for px, name, level in sides
    ]
    return marks.texts(rows, "stage-name")
