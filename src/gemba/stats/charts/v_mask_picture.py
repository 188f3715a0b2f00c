"""The picture of a V-mask: the sums as a line, and the mask over one of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gemba.stats.figures import Figure, Plane, domain_of, heading, marks
from gemba.stats.results import N_, translator

if TYPE_CHECKING:
    from gemba.stats.charts.v_mask import VMask

WIDTH, HEIGHT = 680.0, 320.0


def draw(result: VMask, language: str | None) -> Figure:
    """One panel; the arms reach back to where they leave what is drawn."""
    t = translator(language)
    count = len(result.sums)
    plane = Plane(WIDTH, HEIGHT, (0.5, count + 0.5), domain_of(result.sums, pad=0.12))
    rows = [
        {"x": place, "y": total, "value": f"{total:.3f}"}
        for place, total in enumerate(result.sums.tolist(), start=1)
        if not math.isnan(total)
    ]
    low, high = plane.y_domain
    arms = [
        [{"x": place, "y": y} for place, y in enumerate(arm, start=1) if low <= y <= high]
        for arm in result.arms()
    ]
    opening = [{"x": result.at, "y": max(low, min(high, arm[result.at - 1]))} for arm in result.arms()]
    hover = [("x", t(N_("Point"))), ("value", t(N_("Sum")))]
    layers = [
        marks.line(rows, "series-line"),
        marks.points(rows, "series-point", hover),
        *(marks.line(arm, "curve-other") for arm in arms if len(arm) > 1),
        marks.line(opening, "curve-other"),
    ]
    title = t(N_("V-mask of {name}")).format(name=result.name)
    words = [result.headline(language)]
    view = plane.view(
        layers,
        x_axis={"title": t(N_("Point")), "grid": False},
        y_title=t(N_("Cumulative sum in sigma")),
        title=heading(title, words, WIDTH),
    )
    return Figure(view, alt=" ".join([title + ".", *words]), title=title)
