"""The normal probability plot of a study: do the values follow the straight line of a normal process?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gemba.stats.capability.picture_histogram import axis_name
from gemba.stats.distributions import normal_ppf, plotting_positions
from gemba.stats.figures import Plane, domain_of, marks, number_axis
from gemba.stats.figures.reduce import LIMIT
from gemba.stats.figures.text import exact
from gemba.stats.results import N_, Floats, Ints, Translate, signed

if TYPE_CHECKING:
    from gemba.stats.capability.result import Capability

PERCENTS: Final = (0.1, 1, 5, 20, 50, 80, 95, 99, 99.9)
BAND: Final = 1.959963984540054
"""Standard errors of a percentile on either side of the line: 95 %."""


def probability_view(study: Capability, width: float, height: float, t: Translate) -> dict[str, Any]:
    """Values against their normal quantiles, with the line of mean and sigma overall and its band."""
    values = np.sort(study.values)
    z = normal_ppf(plotting_positions(len(values)))
    reach = max(3.2, float(-z[0]) + 0.2)
    line = np.linspace(-reach, reach, 61)
    center, half = _band(study, line)
    fitted = study.mean + 2.6 * study.sigma_overall * np.array([-1.0, 1.0])
    plane = Plane(width, height, domain_of(values, fitted), (-reach, reach))
    places = drawn_places(len(values))
    rows = [
        {"x": x, "y": y, "value": exact(x), "percent": signed(f"{100 * share:.3g} %")}
        for x, y, share in zip(
            values[places].tolist(), z[places].tolist(), plotting_positions(len(values))[places].tolist(),
            strict=True,
        )
    ]  # fmt: skip
    layers = [
        *(marks.line(_inside(plane, x, line), "guide") for x in (center - half, center + half)),
        marks.line(_inside(plane, center, line), "curve-other"),
        marks.points(rows, "series-small", [("value", study.name), ("percent", t(N_("Percent")))]),
    ]
    return plane.view(
        layers,
        x_axis=number_axis(axis_name(study, width), ticks=6),
        y_title=t(N_("Percent")),
        y_axis=_percent_axis(),
    )


def drawn_places(count: int) -> Ints:
    """At most a thousand of the sorted values: every one in both tails, evenly spaced between."""
    if count <= LIMIT:
        return np.arange(count)
    tail = LIMIT // 4
    middle = np.linspace(tail, count - tail - 1, LIMIT - 2 * tail).round().astype(np.int64)
    return np.concatenate([np.arange(tail), middle, np.arange(count - tail, count)])


def _band(study: Capability, z: Floats) -> tuple[Floats, Floats]:
    """The percentiles of the fitted normal and half the width of their pointwise interval.

    The variance of mean + z s is sigma^2 (1 + z^2 / 2) / n for large n.
    """
    error = study.sigma_overall * np.sqrt((1 + z**2 / 2) / study.n)
    return study.mean + z * study.sigma_overall, BAND * error


def _inside(plane: Plane, x: Floats, y: Floats) -> list[dict[str, float]]:
    low, high = plane.x_domain
    return [{"x": a, "y": b} for a, b in zip(x.tolist(), y.tolist(), strict=True) if low <= a <= high]


def _percent_axis() -> dict[str, Any]:
    places = [round(float(normal_ppf(percent / 100)), 6) for percent in PERCENTS]
    names = [signed(f"{percent:g}") for percent in PERCENTS]
    text = f"{json.dumps(names)}[indexof({json.dumps(places)}, datum.value)]"
    return {"values": places, "labelExpr": text, "minExtent": 30}
