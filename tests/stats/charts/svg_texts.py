"""The boxes of the texts of a drawn figure, from its SVG."""

from __future__ import annotations

import re
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree

from gemba.stats.figures.text import BOLD, text_width

SVG = "{http://www.w3.org/2000/svg}"
MOVED = re.compile(r"translate\(([-\d.e]+)(?:,([-\d.e]+))?\)")
AIR = 0.5
"""Pixels by which boxes may touch: letters are lower than their line."""


class Box(NamedTuple):
    """Where a text stands, in pixels of the whole picture."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: Box) -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > AIR and down > AIR


def boxes_of(svg: str) -> tuple[list[Box], float]:
    """Every text with its box, and the width of the picture."""
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own picture)
    found: list[Box] = []
    _walk(root, 0.0, 0.0, found)
    return found, float(root.attrib["width"])


def collisions(svg: str) -> list[tuple[str, str]]:
    """Pairs of texts whose letters share room; a text and its halo are one."""
    boxes, _ = boxes_of(svg)
    kept = list(dict.fromkeys(boxes))
    return [(one.text, two.text) for one, two in combinations(kept, 2) if one.meets(two)]


def outside(svg: str) -> list[str]:
    """Texts that run over the edge of the picture."""
    boxes, width = boxes_of(svg)
    return [box.text for box in boxes if box.left < -AIR or box.right > width + AIR]


def _walk(node: ElementTree.Element, x: float, y: float, found: list[Box]) -> None:
    moved = MOVED.search(node.get("transform", ""))
    if moved:
        x, y = x + float(moved[1]), y + float(moved[2] or 0)
    if node.tag == f"{SVG}text":
        found += _lines(node, x, y)
        return
    for child in node:
        _walk(child, x, y, found)


def _lines(node: ElementTree.Element, x: float, y: float) -> list[Box]:
    parts = list(node.iter(f"{SVG}tspan")) or [node]
    made, down = [], y
    for part in parts:
        down += float(part.get("dy", 0))
        if part.text:
            made.append(_box(part.text, node, x, down))
    return made


def _box(text: str, node: ElementTree.Element, x: float, y: float) -> Box:
    size = float(node.get("font-size", "11px").removesuffix("px"))
    wide = text_width(text, size) * (BOLD if node.get("font-weight") == "bold" else 1.0)
    start = {"middle": wide / 2, "end": wide}.get(node.get("text-anchor", ""), 0.0)
    if "rotate(-90" in node.get("transform", ""):
        return Box(text, x - 0.72 * size, x + 0.1 * size, y - wide + start, y + start)
    return Box(text, x - start, x - start + wide, y - 0.72 * size, y + 0.1 * size)
