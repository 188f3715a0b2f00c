"""Labels that never collide: where each may stand, found before anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gemba.stats.figures.text import BOLD, text_width

LINE = 13.0
"""Pixels from one line of labels to the next."""


@dataclass(frozen=True)
class EdgeLabel:
    """A text that belongs to a height: ``y`` in pixels; the smaller ``rank`` stays when room is short."""

    text: str
    y: float
    style: str = "label-muted"
    rank: int = 0


@dataclass(frozen=True)
class Spot:
    """A text that belongs to a point: ``x`` and ``y`` in pixels, ``gap`` above it when ``up``, else below."""

    text: str
    x: float
    y: float
    up: bool = True
    style: str = "run-number"
    gap: float = 12.0


def spread(labels: Sequence[EdgeLabel], height: float) -> list[tuple[EdgeLabel, float]]:
    """Each label with the height at which it stands: in order, a line apart, moved as little as can be.

    Labels of the highest rank are left out until the rest have room within ``0 .. height``.

    Examples
    --------
    >>> [round(y, 1) for _, y in spread([EdgeLabel("UCL", 50.0), EdgeLabel("Mean", 54.0)], 100.0)]
    [45.5, 58.5]
    """
    kept = sorted(labels, key=lambda label: label.y)
    while kept and (len(kept) - 1) * LINE > height:
        kept.remove(max(kept, key=lambda label: label.rank))
    return list(zip(kept, _apart([label.y for label in kept], height), strict=True))


def _apart(wanted: Sequence[float], height: float) -> list[float]:
    """Least-squares positions at least a line apart: neighbours that touch move as one block."""
    blocks: list[list[float]] = []  # for each member of a block, where it would like the first line to be
    for index, y in enumerate(wanted):
        blocks.append([y - index * LINE])
        while len(blocks) > 1 and _mean(blocks[-1]) < _mean(blocks[-2]):
            touching = blocks.pop()
            blocks[-1] += touching
    top = height - (len(wanted) - 1) * LINE
    heads = [min(max(_mean(block), 0.0), top) for block in blocks for _ in block]
    return [head + index * LINE for index, head in enumerate(heads)]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


Box = tuple[float, float, float, float]
"""Left, right, top, bottom in pixels."""


def place_spots(
    spots: Sequence[Spot],
    width: float,
    height: float,
    *,
    size: float,
    symbols: Sequence[Box] = (),
    lines: Sequence[Box] = (),
) -> list[Spot]:
    """The spots whose text has room, each moved clear of symbols, of every text before it and of lines.

    A text is tried on its own side of the point, a line further, and on the other side; then again where it
    crosses a line. At the left and right edge it is moved inside. One that fits nowhere is left out.
    """
    solid, soft = _Grid(symbols), _Grid(lines)
    placed: list[Spot] = []
    for spot in spots:
        tries = [_moved_in(_box(spot, y, size), width) for y in _heights(spot)]
        beside = 0 <= spot.x <= width
        free = [box for box in tries if beside and _inside(box, height) and not solid.hits(box)]
        if free:
            box = next((box for box in free if not soft.hits(box)), free[0])
            solid.add(box)
            placed.append(replace(spot, x=(box[0] + box[1]) / 2, y=(box[2] + box[3]) / 2))
    return placed


def _heights(spot: Spot) -> list[float]:
    sign = -1 if spot.up else 1
    return [spot.y + sign * shift for shift in (spot.gap, spot.gap + LINE, -spot.gap, -spot.gap - LINE)]


def _box(spot: Spot, y: float, size: float) -> Box:
    half = text_width(spot.text, size) * BOLD / 2 + 1
    return spot.x - half, spot.x + half, y - size / 2, y + size / 2


def _moved_in(box: Box, width: float) -> Box:
    left = min(box[0], width - (box[1] - box[0]))
    left = max(left, 0.0)
    return left, left + box[1] - box[0], box[2], box[3]


def _inside(box: Box, height: float) -> bool:
    return box[2] >= 1 and box[3] <= height - 1


class _Grid:
    """Boxes by the column of pixels they begin in, so that a thousand texts are placed at once."""

    CELL = 40.0

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._cells: dict[int, list[Box]] = {}
        for box in boxes:
            self.add(box)

    def add(self, box: Box) -> None:
        for cell in self._span(box):
            self._cells.setdefault(cell, []).append(box)

    def hits(self, box: Box) -> bool:
        left, right, top, bottom = box
        return any(
            left < other[1] and other[0] < right and top < other[3] and other[2] < bottom
            for cell in self._span(box)
            for other in self._cells.get(cell, ())
        )

    def _span(self, box: Box) -> range:
        return range(int(box[0] // self.CELL), int(box[1] // self.CELL) + 1)
