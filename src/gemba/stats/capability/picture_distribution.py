"""A study by distribution drawn: histogram with the fitted curve, limits and percentiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gemba.stats.figures import Figure, Plane, domain_of, heading, marks, number_axis
from gemba.stats.figures.text import text_width
from gemba.stats.figures.theme import SIZES
from gemba.stats.results import N_, Translate, signed, translator

if TYPE_CHECKING:
    from gemba.stats.capability.by_distribution import DistributionCapability

WIDTH, HEIGHT, STEPS = 660.0, 280.0, 160


def draw(
    study: DistributionCapability,
    language: str | None,
    said: str | None = None,
    called: str = N_("Capability of {name} by distribution"),
) -> Figure:
    """The values as bars, what the distribution expects as a line; ``said`` in place of the own verdict."""
    t = translator(language)
    limits = [x for x in (study.tolerance.lsl, study.tolerance.usl) if x is not None]
    span = domain_of(study.values, [study.low, study.high, *limits], pad=0.04)
    counts, edges = np.histogram(study.values, bins=max(8, min(40, round(2 * len(study.values) ** (1 / 3)))))
    x = np.linspace(*span, STEPS)
    width = float(edges[1] - edges[0])
    curved = study.fit is not None or study.transform is not None
    expected = study.n * width * np.gradient(study.law.cdf(x), x) if curved else np.zeros(STEPS)
    top = 1.08 * max(float(counts.max()), float(expected.max()))
    plane = Plane(WIDTH, HEIGHT, span, (0.0, top))
    bars = [
        {"x": a, "x2": b, "y": 0, "y2": c}
        for a, b, c in zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True)
    ]
    layers = [marks.bars(bars, "bar-joined")]
    if expected.any():
        curve = [{"x": a, "y": b} for a, b in zip(x.tolist(), expected.tolist(), strict=True)]
        layers.append(marks.line(curve, "curve"))
    layers += [marks.upright(one, "spec-limit") for one in limits]
    layers += [marks.upright(one, "guide") for one in (study.low, study.median, study.high)]
    named = ((study.tolerance.lsl, N_("LSL {value}")), (study.tolerance.usl, N_("USL {value}")))
    told = ((study.low, N_("0.135 %: {value}")), (study.high, N_("99.865 %: {value}")))
    layers.append(_texts(named, plane, -24, "label-limit", 10, t))
    layers.append(_texts(told, plane, -8, "label-muted", 4, t))
    title = t(called).format(name=study.name)
    said = said or study.headline(language)
    view = plane.view(
        layers,
        x_axis=number_axis(study.name),
        y_title=t(N_("Count")),
        title=heading(title, [said], WIDTH),
    )
    return Figure(view, alt=f"{title}. {said}", title=title)


def _texts(
    named: Sequence[tuple[float | None, str]], plane: Plane, py: float, style: str, digits: int, t: Translate
) -> dict[str, Any]:
    """The names of upright lines with their values above the drawing, none cut at its edges."""
    rows = []
    for place, words in named:
        if place is not None:
            text = t(words).format(value=signed(f"{place:.{digits}g}"))
            half = text_width(text, SIZES["label"]) / 2
            rows.append({"px": min(max(plane.x(place), half), plane.width - half), "py": py, "text": text})
    return marks.texts(rows, style, align="center")
