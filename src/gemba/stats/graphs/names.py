"""Names below an axis: wrapped when the words fit, else slanted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from gemba.stats.figures.text import squeeze, text_width, wrap
from gemba.stats.figures.theme import SIZES

SLANTED: Final = 150.0
"""The longest slanted name in pixels."""

LINES: Final = 3
"""The most lines of a name that is not slanted."""


def name_of(label: object) -> str:
    """A category as text; a whole number that a frame stored as a float loses its ``.0``."""
    return f"{label:g}" if isinstance(label, float) else str(label)


def name_axis(names: Sequence[str], width: float, title: str) -> dict[str, Any]:
    """An axis whose ``i``-th name stands at ``i + 0.5``."""
    room = width / len(names) - 6
    size = SIZES["axis"]
    wrapped = [wrap(name, room, size) for name in names]
    slanted = any(
        len(lines) > LINES or any(text_width(word, size) > room for word in name.split())
        for name, lines in zip(names, wrapped, strict=True)
    )
    shown = [squeeze(name, SLANTED, size) for name in names] if slanted else wrapped
    axis = {
        "title": title,
        "grid": False,
        "ticks": False,
        "values": [index + 0.5 for index in range(len(names))],
        "labelExpr": f"{json.dumps(shown)}[floor(datum.value)]",
        "labelOverlap": False,
        "labelPadding": 6,
        "labelLimit": SLANTED + 20,
    }
    return axis | ({"labelAngle": -35, "labelAlign": "right", "labelBaseline": "top"} if slanted else {})
