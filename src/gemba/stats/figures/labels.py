"""Labels that never collide: where each may stand, found before anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gemba.stats.figures.text import text_width

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
    """A text that belongs to a point: ``x`` and ``y`` in pixels, above it when ``up``."""

    text: str
    x: float
    y: float
    up: bool = True
    style: str = "run-number"


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


def place_spots(
    spots: Sequence[Spot], width: float, height: float, *, size: float, gap: float = 12.0
) -> list[Spot]:
    """The spots whose text has room, each moved clear of its point and of every text before it.

    A text is tried on its own side of the point, one line further, and on the other side; one that fits
    nowhere is left out, and so is one that repeats the text just beside it.
    """
    taken = [(spot.x - 6, spot.x + 6, spot.y - 6, spot.y + 6) for spot in spots]
    grid = _Grid(taken)
    placed: list[Spot] = []
    for spot in spots:
        half = text_width(spot.text, size) / 2
        sign = -1 if spot.up else 1
        for shift in (sign * gap, sign * (gap + LINE), -sign * gap, -sign * (gap + LINE)):
            y = spot.y + shift
            box = (spot.x - half - 1, spot.x + half + 1, y - size / 2, y + size / 2)
            inside = box[0] >= -half and box[1] <= width + half and box[2] >= 1 and box[3] <= height - 1
            if inside and not grid.hits(box):
                grid.add(box)
                placed.append(Spot(spot.text, spot.x, y, spot.up, spot.style))
                break
    return placed


Box = tuple[float, float, float, float]


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
