"""The drawing area of one panel: its size in pixels, and what the data's units are in pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gemba.stats.figures.text import BOLD, shorten, wrap
from gemba.stats.figures.theme import SIZES
from gemba.stats.results import Floats

Layer = dict[str, Any]
TICKS_APART = 24.0
"""Pixels between two values of an axis that is raised to a power."""


@dataclass(frozen=True)
class Plane:
    """A panel of ``width`` x ``height`` pixels that shows ``x_domain`` x ``y_domain``.

    With a ``power`` below 1 the y axis leaves more room to small values: equal steps of y ** power are equal
    lengths.
    """

    width: float
    height: float
    x_domain: tuple[float, float]
    y_domain: tuple[float, float]
    power: float = 1.0

    def x(self, value: float) -> float:
        """Pixels from the left edge."""
        low, high = self.x_domain
        return (value - low) / (high - low) * self.width

    def y(self, value: float) -> float:
        """Pixels from the top edge."""
        low, high, here = (raised(one, self.power) for one in (*self.y_domain, value))
        return (high - here) / (high - low) * self.height

    def view(
        self,
        layers: Sequence[Layer],
        *,
        x_axis: dict[str, Any] | None,
        y_title: str,
        y_axis: dict[str, Any] | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """The panel as a layered view; ``x_axis=None`` leaves the axis to the panel below."""
        axis_y = {
            "title": shorten(y_title, self.height, SIZES["axis"]),
            "minExtent": 44,
            **self._ticks(),
        }
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
                    "scale": {"domain": list(self.y_domain), "nice": False, "zero": False} | self._scale(),
                    "axis": axis_y | (y_axis or {}),
                },
            },
            "layer": list(layers),
            **more,
        }

    def _scale(self) -> dict[str, Any]:
        return {} if self.power == 1 else {"type": "pow", "exponent": self.power}

    def _ticks(self) -> dict[str, Any]:
        if self.power == 1:
            return value_ticks(*self.y_domain, most=max(3, round(self.height / 30)), edge=3 / self.height)
        kept: list[float] = []
        for value in (*_round_values(self.y_domain[1]), 0.0):
            far = not kept or self.y(value) - self.y(kept[-1]) >= TICKS_APART
            if far and self.y(0.0) - self.y(value) >= (TICKS_APART if value else 0.0):
                kept.append(value)
        return {"values": kept[::-1], "format": ",~r"}

    def strip(self, layers: Sequence[Layer], *, x_axis: dict[str, Any] | None) -> dict[str, Any]:
        """A strip of the same width and x axis without an axis of its own at the left."""
        scale = {"domain": list(self.x_domain), "nice": False, "zero": False}
        return {
            "width": self.width,
            "height": self.height,
            "view": {"stroke": None},
            "encoding": {"x": {"type": "quantitative", "scale": scale, "axis": x_axis}},
            "layer": list(layers),
        }


def raised(value: float, power: float) -> float:
    """``value ** power``, with the sign of the value."""
    return value if power == 1 else math.copysign(abs(value) ** power, value)


def power_domain(top: float, power: float, *, pad: float = 0.08) -> tuple[float, float]:
    """From a little below zero to a little above the top, where the axis is raised to a power."""
    high = raised(top if top > 0 else 1.0, power)
    return -((high * 0.02) ** (1 / power)), (high * (1 + pad)) ** (1 / power)


def _round_values(top: float) -> list[float]:
    """1, 2 and 5 with all powers of ten below a bound, the largest first; six decades of them."""
    most = math.floor(math.log10(top))
    found = [round(factor * 10.0**power, 12) for power in range(most, most - 6, -1) for factor in (5, 2, 1)]
    return [value for value in found if 0 < value <= top]


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


def value_ticks(
    low: float, high: float, *, most: int, edge: float = 0.0, least: float = 0.0
) -> dict[str, Any]:
    """Round values between two bounds, at most ``most`` of them.

    None but zero lies closer to a bound than the share ``edge`` of the range. ``least`` is the smallest
    step: 1 for counts.

    Examples
    --------
    >>> value_ticks(0.0, 1.05, most=6)
    {'values': [0.0, 0.2, 0.4, 0.6, 0.8, 1.0], 'format': ',.1f'}
    """
    span = high - low
    first, last = (low + edge * span if low else low), high - edge * span
    power = math.floor(math.log10(max(span / most, least)))
    step, decimals = next(
        (factor * 10.0**power, max(0, shift - power))
        for factor, shift in ((1, 0), (2, 0), (5, 0), (10, -1), (20, -1))
        if math.floor(last / (factor * 10.0**power)) - math.ceil(first / (factor * 10.0**power)) < most
    )
    numbers = range(math.ceil(first / step), math.floor(last / step) + 1)
    values = [round(number * step, decimals) + 0.0 for number in numbers]
    farthest = max(abs(low), abs(high))
    plain = (decimals <= 7 or farthest >= 1e-4) and farthest < 1e12
    return {"values": values, "format": f",.{decimals}f" if plain else "~e"}


def number_axis(title: str, *, ticks: int = 8) -> dict[str, Any]:
    """A plain numeric axis below a panel."""
    return {"title": title, "grid": False, "tickCount": ticks, "labelFlush": False, "labelSeparation": 6}


def heading(title: str, lines: Sequence[str], width: float) -> dict[str, Any]:
    """A title and the lines below it, wrapped to a width."""
    size = SIZES["subtitle"]
    return {
        "text": wrap(title, width, SIZES["title"] * BOLD),
        "subtitle": [part for line in lines for part in wrap(line, width, size)],
    }
