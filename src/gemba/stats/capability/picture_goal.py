"""The goal plot: many characteristics by place and spread, each in widths of its own tolerance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from gemba.stats.capability.words import index_text
from gemba.stats.figures import Figure, Plane, heading, marks, number_axis
from gemba.stats.figures.labels import Box, EdgeLabel, Spot
from gemba.stats.figures.plane import Layer
from gemba.stats.results import N_, Translate, signed, translator

if TYPE_CHECKING:
    from gemba.stats.capability.result import Capability
    from gemba.stats.capability.together import CapabilityTogether

Placed: TypeAlias = "tuple[Capability, tuple[float, float]]"
WIDTH, HEIGHT = 640.0, 360.0
NARROWEST, AXES = 200.0, 130.0
"""The least width of the plane, and what axis and names take beside it, in pixels."""
EDGES: Final = (1.0, 2.0)
"""Ppk of the lines beside that of the goal."""
HALF: Final = 8.0
"""Half the side of a symbol, in pixels."""
STYLES: Final = ("goal-met", "goal-open", "signal-beyond", "signal-run")
"""Symbols from the lowest layer to the highest."""
STEP: Final = 4.0
"""From one small box of a line to the next, in pixels."""


def goal_figure(
    found: CapabilityTogether, *, language: str | None = None, room: float | None = None
) -> Figure:
    """Means off target across, standard deviations up, in widths of the tolerance."""
    t = translator(language)
    placed = [(study, place) for study in found.ranked if (place := place_of(study)) is not None]
    reach = max([0.3, *(abs(x) * 1.15 for _, (x, _) in placed)])
    top = max([0.2, *(y * 1.15 for _, (_, y) in placed)])
    width = WIDTH if room is None else max(NARROWEST, room - AXES)
    plane = Plane(width, HEIGHT, (-reach, reach), (0.0, top))
    layers = [*_goals(plane, found.min_cpk), marks.upright(0.0, "guide"), *_symbols(placed, t)]
    lines = [
        box for goal in {*EDGES, found.min_cpk} for side in _sides(goal, plane) for box in _along(plane, side)
    ]
    boxes = [_around(plane, x, y) for _, (x, y) in placed]
    spots = [
        Spot(f"{study.name}: {index_text(study.ppk)}", plane.x(x), plane.y(y), style="spot-ink")
        for study, (x, y) in placed
    ]
    title = t(N_("Goal plot of {count} characteristics")).format(count=len(found.studies))
    said = [found.headline(language), *_asides(found, placed, t)]
    view = plane.view(
        [*layers, *marks.spot_labels(plane, spots, boxes, lines)],
        x_axis=number_axis(t(N_("(mean - target) / width of the tolerance"))),
        y_title=t(N_("standard deviation / width")),
        title=heading(title, said, width),
    )
    return Figure(view, alt=f"{title}. {' '.join(said)}", title=title)


def _goals(plane: Plane, wanted: float) -> list[Layer]:
    """The triangle of the goal, and the lines of other values of Ppk with their names at the edge."""
    layers: list[Layer] = []
    labels: list[EdgeLabel] = []
    for goal in sorted({*EDGES, wanted}):
        sides = _sides(goal, plane)
        if goal == wanted:
            layers.insert(0, marks.area(_below(sides), "goal"))
        layers.append(marks.segments(sides, "limit" if goal == wanted else "guide"))
        labels.append(EdgeLabel(signed(f"Ppk {goal:g}"), plane.y(sides[-1]["y2"])))
    return [*layers, *marks.edge_labels(plane, labels)]


def _symbols(placed: Sequence[Placed], t: Translate) -> list[Layer]:
    """By shape and colour: reaches the goal, may reach it, does not, is not known to be stable."""
    told = [("name", t(N_("Characteristic"))), ("ppk", "Ppk")]
    rows: dict[str, list[dict[str, Any]]] = {style: [] for style in STYLES}
    for study, (x, y) in placed:
        rows[_style(study)].append({"x": x, "y": y, "name": study.name, "ppk": index_text(study.ppk)})
    return [marks.points(here, style, told) for style, here in rows.items()]


def _style(study: Capability) -> str:
    if study.capable is None:
        return "signal-run"
    return "goal-met" if study.capable else "goal-open" if study.undecided else "signal-beyond"


def _asides(found: CapabilityTogether, placed: Sequence[Placed], t: Translate) -> Iterator[str]:
    here = [study.name for study, _ in placed]
    aside = [study.name for study in found.studies if study.name not in here]
    if aside:
        words = N_("Without a place here (one limit, no target): {names}.")
        yield t(words).format(names=", ".join(aside))
    open_ones = [study.name for study, _ in placed if study.undecided]
    if open_ones:
        words = N_("Rings reach the goal, but too few values show it: {names}.")
        yield t(words).format(names=", ".join(open_ones))
    unknown = [study.name for study, _ in placed if study.capable is None]
    if unknown:
        yield t(N_("Squares are not known to be stable: {names}.")).format(names=", ".join(unknown))


def place_of(study: Capability) -> tuple[float, float] | None:
    """Mean off target and standard deviation in widths of the tolerance, or nothing without a width."""
    limits, aim = study.tolerance, study.tolerance.target
    low, high = limits.required_lsl, limits.required_usl
    if low is not None and high is not None:
        aim = (low + high) / 2 if aim is None else aim
        width = 2 * min(high - aim, aim - low)
    elif aim is not None:
        width = 2 * abs((high if high is not None else low or 0.0) - aim)
    else:
        return None
    if width <= 0:
        return None
    return (study.mean - aim) / width, study.sigma_overall / width


def _sides(goal: float, plane: Plane) -> list[dict[str, float]]:
    """The two sides below which Ppk is at least the goal: from the apex to where they leave the picture."""
    apex, reach, top = 1 / (6 * goal), plane.x_domain[1], plane.y_domain[1]
    start = max(0.0, 0.5 - 3 * goal * top)  # the apex may lie above the picture
    end = min(0.5, reach)
    height = (0.5 - end) / (3 * goal)
    return [{"x": side * start, "y": min(apex, top), "x2": side * end, "y2": height} for side in (-1.0, 1.0)]


def _below(sides: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """What lies below both sides, from left to right."""
    left, right = sides
    corners = [(left["x2"], left["y2"]), (left["x"], left["y"]), (right["x"], right["y"])]
    return [{"x": x, "y": 0.0, "y2": y} for x, y in (*corners, (right["x2"], right["y2"]))]


def _along(plane: Plane, side: Mapping[str, float]) -> Iterator[Box]:
    """A side of a triangle as small boxes, which no name should lie on."""
    x1, y1, x2, y2 = plane.x(side["x"]), plane.y(side["y"]), plane.x(side["x2"]), plane.y(side["y2"])
    for part in np.linspace(0.0, 1.0, 1 + ceil(max(abs(x2 - x1), abs(y2 - y1)) / STEP)):
        x, y = x1 + part * (x2 - x1), y1 + part * (y2 - y1)
        yield x - 1, x + 1, y - 1, y + 1


def _around(plane: Plane, x: float, y: float) -> Box:
    return plane.x(x) - HALF, plane.x(x) + HALF, plane.y(y) - HALF, plane.y(y) + HALF
