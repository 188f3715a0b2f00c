"""The drawing area of one panel: its size in pixels, and what the data's units are in pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gemba.stats.results import Floats

Layer = dict[str, Any]


@dataclass(frozen=True)
class Plane:
    """A panel of ``width`` x ``height`` pixels that shows ``x_domain`` x ``y_domain``."""

    width: float
    height: float
    x_domain: tuple[float, float]
    y_domain: tuple[float, float]

    def x(self, value: float) -> float:
        """Pixels from the left edge."""
        low, high = self.x_domain
        return (value - low) / (high - low) * self.width

    def y(self, value: float) -> float:
        """Pixels from the top edge."""
        low, high = self.y_domain
        return (high - value) / (high - low) * self.height

    def view(
        self, layers: Sequence[Layer], *, x_axis: dict[str, Any] | None, y_title: str, **more: Any
    ) -> dict[str, Any]:
        """The panel as a layered view; ``x_axis=None`` leaves the axis to the panel below."""
        axis_y = {"title": y_title, "tickCount": max(3, round(self.height / 42)), "minExtent": 44}
        return {
            "width": self.width,
            "height": self.height,
            "encoding": {
                "x": {
                    "type": "quantitative",
                    "scale": {"domain": list(self.x_domain), "nice": False, "zero": False},
                    "axis": x_axis,
                },
                "y": {
                    "type": "quantitative",
                    "scale": {"domain": list(self.y_domain), "nice": False, "zero": False},
                    "axis": axis_y | more.pop("y_axis", {}),
                },
            },
            "layer": list(layers),
            **more,
        }


def domain_of(
    *arrays: Floats | Sequence[float], pad: float = 0.08, floor: float | None = None
) -> tuple[float, float]:
    """The range of everything that is drawn, with room around it.

    Constant values get room of their own size, so that the line stands in the middle. ``floor`` is a
    bound that the room below does not pass (zero, for ranges and counts).
    """
    finite = [np.asarray(array, dtype=np.float64) for array in arrays]
    finite = [array[np.isfinite(array)] for array in finite]
    finite = [array for array in finite if array.size]
    if not finite:
        return 0.0, 1.0
    low = min(float(array.min()) for array in finite)
    high = max(float(array.max()) for array in finite)
    span = high - low
    room = span * pad
    if span <= 4 * math.ulp(max(abs(low), abs(high))):
        room = abs(low) * 0.01 or 1.0
    bottom = low - room
    if floor is not None and low >= floor:
        bottom = max(bottom, floor - (span or 1.0) * 0.03)
    return bottom, high + room


def number_axis(title: str, *, ticks: int = 8) -> dict[str, Any]:
    """A plain numeric axis below a panel."""
    return {"title": title, "grid": False, "tickCount": ticks, "labelFlush": False}
