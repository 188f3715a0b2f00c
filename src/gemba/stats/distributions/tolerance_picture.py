"""A tolerance interval drawn: the ordered values as shares, the ends, and the curve they come from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gemba.stats.distributions.normal import normal_cdf
from gemba.stats.distributions.quantiles import plotting_positions
from gemba.stats.figures import Figure, Plane, domain_of, heading, marks, number_axis
from gemba.stats.figures.reduce import LIMIT
from gemba.stats.figures.text import exact
from gemba.stats.results import N_, translator

if TYPE_CHECKING:
    from gemba.stats.distributions.tolerance import ToleranceInterval

WIDTH, HEIGHT = 640.0, 260.0


def draw(result: ToleranceInterval, language: str | None) -> Figure:
    """The share of the sample below each value, between the ends of the interval."""
    t = translator(language)
    ends = [end for end in (result.lower, result.upper) if math.isfinite(end)]
    plane = Plane(WIDTH, HEIGHT, domain_of(result.values, ends, pad=0.05), (-0.02, 1.02))
    count = len(result.values)
    places = np.unique(np.linspace(0, count - 1, min(count, LIMIT)).round().astype(np.int64))
    shares = plotting_positions(count)
    rows = [
        {"x": x, "y": y, "value": exact(x), "share": f"{100 * y:.3g} %"}
        for x, y in zip(result.values[places].tolist(), shares[places].tolist(), strict=True)
    ]
    layers = [marks.upright(end, "spec-limit") for end in ends]
    if result.method == "normal" and result.sd > 0:
        x = np.linspace(*plane.x_domain, 121)
        y = normal_cdf(x, result.mean, result.sd)
        layers.append(
            marks.line([{"x": a, "y": b} for a, b in zip(x.tolist(), y.tolist(), strict=True)], "curve")
        )
    layers.append(
        marks.points(rows, "series-small", [("value", result.name), ("share", t(N_("Share below")))])
    )
    texts = [{"px": plane.x(end), "py": -8, "text": f"{end:.6g}"} for end in ends]
    layers.append(marks.texts(texts, "label-limit", align="center"))
    title = t(N_("Tolerance interval of {name}")).format(name=result.name)
    view = plane.view(
        layers,
        x_axis=number_axis(result.name),
        y_title=t(N_("Share of the values below")),
        y_axis={"values": [0, 0.25, 0.5, 0.75, 1], "format": ".0%"},
        title=heading(title, [result.headline(language)], WIDTH),
    )
    return Figure(view, alt=f"{title}. {result.headline(language)}", title=title)
