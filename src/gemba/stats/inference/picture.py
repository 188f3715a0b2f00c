"""The time before and after an action against the target, as one picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from gemba.stats.figures import EdgeLabel, Figure, Plane, domain_of, heading, marks
from gemba.stats.figures.plane import Layer
from gemba.stats.figures.reduce import reduce_points
from gemba.stats.figures.text import decimals_for, exact, show
from gemba.stats.results import N_, Floats, Translate, translator

if TYPE_CHECKING:
    from gemba.stats.inference.verdict import Effectiveness

WIDTH, HEIGHT = 680.0, 240.0
SIGMA_OF_RANGE: Final = 2.0 / math.sqrt(math.pi)
"""d2 of two values: a moving range over it estimates the standard deviation."""


def draw_verdict(found: Effectiveness, language: str | None) -> Figure:
    """The points in order, the level before and after with its interval, the target across."""
    t = translator(language)
    before, after = _series(found, found.plan.baseline.series), _series(found, found.after.series)
    border = len(before) or 1
    end = border + (len(after) or 1)
    points = _points(before, after, border)
    plane = _plane(found, points, end)
    labels = [EdgeLabel(_target_words(found, plane, t), plane.y(found.plan.target), "label-center")]
    layers = [
        *_levels(found, border, end),
        *([marks.points(points, "series-small", [("value", found.plan.name)])] if points else []),
        marks.upright(border + 0.5, "stage-border"),
        _names(plane, border, t),
        *marks.edge_labels(plane, labels),
    ]
    title = t(N_("{name}: before and after the action")).format(name=found.plan.name)
    words = found.headline(language)
    view = plane.view(
        layers,
        x_axis={"title": None, "labels": False, "ticks": False, "grid": False},
        y_title=t(N_("Moving range / 1.128")) if found.plan.metric == "sd" else found.plan.name,
        title=heading(title, [words], WIDTH),
    )
    return Figure(view, alt=f"{title}. {words}", title=title)


def _series(found: Effectiveness, values: Floats) -> Floats:
    """The values, or for a standard deviation what each neighbour tells of it."""
    return np.abs(np.diff(values)) / SIGMA_OF_RANGE if found.plan.metric == "sd" else values


def _points(before: Floats, after: Floats, border: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for values, first in ((before, 1), (after, border + 1)):
        drawn = reduce_points(values, np.zeros(len(values), dtype=np.int64), 0.0, limit=500).drawn
        rows += [
            {"x": first + i, "y": y, "value": exact(y)}
            for i, y in zip(drawn.tolist(), values[drawn].tolist(), strict=True)
        ]
    return rows


def _plane(found: Effectiveness, points: list[dict[str, object]], end: int) -> Plane:
    heights = [found.plan.before, found.plan.target, found.estimate, found.lower, found.upper]
    if found.plan.metric == "shift":
        heights += [found.plan.target - found.plan.margin, found.plan.target + found.plan.margin]
    heights += [float(str(row["y"])) for row in points]
    return Plane(
        WIDTH, HEIGHT, (0.5, end + 0.5), domain_of([h for h in heights if math.isfinite(h)], pad=0.14)
    )


def _levels(found: Effectiveness, border: int, end: int) -> list[Layer]:
    """Where the metric was, where it is, and where it shall be."""
    plan, layers = found.plan, []
    if math.isfinite(found.lower):
        edges = [{"x": x, "y": found.lower, "y2": found.upper} for x in (border + 0.5, end + 0.5)]
        layers.append(marks.area(edges, "box"))
    level = [(0.5, border + 0.5, plan.before), (border + 0.5, end + 0.5, found.estimate)]
    rows = [{"x": a, "y": y, "x2": b, "y2": y} for a, b, y in level if math.isfinite(y)]
    layers += [marks.segments(rows, "median"), marks.level(plan.target, "target")]
    if plan.metric == "shift":
        layers += [marks.level(plan.target + side * plan.margin, "limit") for side in (-1, 1)]
    return layers


def _target_words(found: Effectiveness, plane: Plane, t: Translate) -> str:
    low, high = plane.y_domain
    value = show(found.plan.target, decimals_for(high - low))
    return t(N_("Target {value}")).format(value=value)


def _names(plane: Plane, border: int, t: Translate) -> Layer:
    rows = [
        {"px": 4.0, "py": 10.0, "text": t(N_("Before"))},
        {"px": plane.x(border + 0.5) + 4.0, "py": 10.0, "text": t(N_("After"))},
    ]
    return marks.texts(rows, "stage-name")
