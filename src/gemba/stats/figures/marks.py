"""The marks of which every picture is made: small functions that give Vega-Lite layers.

Each takes rows with plain values and names a style; ``theme`` gives the style its colour. A row's ``x``
and ``y`` are in the data's units; a height that is ``None`` is a gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gemba.stats.figures.labels import Box, EdgeLabel, Spot, place_spots, spread
from gemba.stats.figures.plane import Layer, Plane
from gemba.stats.figures.text import text_width
from gemba.stats.figures.theme import SIZES

Row = Mapping[str, Any]
Hover = Sequence[tuple[str, str]]
"""Fields of a row and the words before them in the tooltip."""

EDGE = 8.0
"""Pixels between the panel and the labels at its right edge."""


def line(rows: Sequence[Row], style: str, *, step: bool = False, smooth: bool = False) -> Layer:
    """A line through the rows in order, broken where ``y`` is ``None``.

    ``smooth`` bends it between the rows without passing the higher of two or the lower.
    """
    way = "step-after" if step else "monotone" if smooth else ""
    mark = _mark("line", style) | ({"interpolate": way} if way else {})
    return _layer(rows, mark, x=_field("x"), y=_field("y"), order={"value": None})


def area(rows: Sequence[Row], style: str, *, step: bool = False) -> Layer:
    """A band between ``y`` and ``y2``, broken where they are ``None``."""
    mark = _mark("area", style) | ({"interpolate": "step-after"} if step else {})
    return _layer(rows, mark, x=_field("x"), y=_field("y"), y2={"field": "y2"}, order={"value": None})


def points(rows: Sequence[Row], style: str, hover: Hover = ()) -> Layer:
    """A symbol at each row, with a tooltip when ``hover`` names fields."""
    encoding = {"x": _field("x"), "y": _field("y"), **_tooltip(hover)}
    return _layer(rows, _mark("point", style), **encoding)


def segments(rows: Sequence[Row], style: str, hover: Hover = ()) -> Layer:
    """A straight line from ``x``, ``y`` to ``x2``, ``y2`` for each row."""
    encoding = {"x": _field("x"), "y": _field("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    return _layer(rows, _mark("rule", style), **encoding, **_tooltip(hover))


def bars(rows: Sequence[Row], style: str, hover: Hover = ()) -> Layer:
    """A box from ``x`` to ``x2`` and from ``y`` to ``y2`` for each row."""
    encoding = {"x": _field("x"), "y": _field("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    return _layer(rows, _mark("rect", style), **encoding, **_tooltip(hover))


def level(value: float, style: str) -> Layer:
    """A line across the panel at a height."""
    return _layer([{"y": value}], _mark("rule", style), x={"value": 0}, x2={"value": "width"}, y=_field("y"))


def upright(value: float, style: str) -> Layer:
    """A line from top to bottom at a place on the x axis."""
    return uprights([value], style)


def uprights(values: Sequence[float], style: str) -> Layer:
    """Lines from top to bottom at places on the x axis."""
    return _layer(
        [{"x": value} for value in values],
        _mark("rule", style),
        x=_field("x"),
        y={"value": 0},
        y2={"value": "height"},
    )


def texts(rows: Sequence[Row], style: str, *, align: str = "left", baseline: str = "middle") -> Layer:
    """A ``text`` for each row at ``px``, ``py``: pixels from the panel's upper left corner."""
    mark = _mark("text", style) | {"align": align, "baseline": baseline}
    place = {"x": _pixels("px"), "y": _pixels("py"), "text": {"field": "text", "type": "nominal"}}
    return _layer(rows, mark, **place)


def symbols(rows: Sequence[Row], style: str) -> Layer:
    """A symbol for each row at ``px``, ``py``: pixels from the panel's upper left corner."""
    return _layer(rows, _mark("point", style), x=_pixels("px"), y=_pixels("py"))


def symbols_at(rows: Sequence[Row], style: str, hover: Hover = ()) -> Layer:
    """A symbol for each row at ``x`` in the data's units and ``py`` pixels from the panel's upper edge."""
    return _layer(rows, _mark("point", style), x=_field("x"), y=_pixels("py"), **_tooltip(hover))


def strokes(rows: Sequence[Row], style: str) -> Layer:
    """A straight line for each row from ``px``, ``py`` to ``px2``, ``py2``, in pixels as ``symbols``."""
    ends = {"x": _pixels("px"), "y": _pixels("py"), "x2": _pixels("px2"), "y2": _pixels("py2")}
    return _layer(rows, _mark("rule", style), **ends)


def edge_labels(plane: Plane, labels: Sequence[EdgeLabel]) -> list[Layer]:
    """Labels at the right edge that never collide; one that had to move keeps a thread to its height."""
    layers: list[Layer] = []
    placed = spread(labels, plane.height)
    threads = [
        {"px": plane.width, "py": label.y, "px2": plane.width + EDGE - 2, "py2": y}
        for label, y in placed
        if abs(y - label.y) > 0.5
    ]
    if threads:
        layers.append(strokes(threads, "leader"))
    for style in dict.fromkeys(label.style for label, _ in placed):
        rows = [
            {"px": plane.width + EDGE, "py": y, "text": label.text}
            for label, y in placed
            if label.style == style
        ]
        layers.append(texts(rows, style))
    return layers


def edge_width(labels: Sequence[EdgeLabel]) -> float:
    """Pixels that labels at the right edge need."""
    widest = max((text_width(label.text, SIZES["label"]) for label in labels), default=0.0)
    return widest + EDGE if labels else 0.0


def spot_labels(
    plane: Plane, spots: Sequence[Spot], symbols: Sequence[Box] = (), lines: Sequence[Box] = ()
) -> list[Layer]:
    """Texts beside their points, each only where it has room, on a halo that keeps them legible."""
    size = SIZES["number"]
    placed = place_spots(spots, plane.width, plane.height, size=size, symbols=symbols, lines=lines)
    if not placed:
        return []
    rows = [{"px": spot.x, "py": spot.y, "text": spot.text} for spot in placed]
    layers = [texts(rows, "halo", align="center")]
    for style in dict.fromkeys(spot.style for spot in placed):
        own = [row for row, spot in zip(rows, placed, strict=True) if spot.style == style]
        layers.append(texts(own, style, align="center"))
    return layers


def _layer(rows: Sequence[Row], mark: dict[str, Any], **encoding: Any) -> Layer:
    return {"data": {"values": [dict(row) for row in rows]}, "mark": mark, "encoding": encoding}


def _mark(kind: str, style: str) -> dict[str, Any]:
    return {"type": kind, "style": style, "aria": False}


def _field(name: str) -> dict[str, Any]:
    return {"field": name, "type": "quantitative"}


def _pixels(name: str) -> dict[str, Any]:
    return {"field": name, "type": "quantitative", "scale": None}


def _tooltip(hover: Hover) -> dict[str, Any]:
    listed = [{"field": field, "title": words, "type": "nominal"} for field, words in hover]
    return {"tooltip": listed} if listed else {}
