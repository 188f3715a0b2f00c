"""Small charts of the worst streams, each on its own scale."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gemba.stats.figures import Figure, Plane, domain_of, heading, marks, stack
from gemba.stats.figures.text import exact, shorten
from gemba.stats.results import N_, Translate, translator
from gemba.stats.screening.findings import FINDINGS
from gemba.stats.screening.measures import NSIGMA
from gemba.stats.screening.words import NAMES, headline

if TYPE_CHECKING:
    from gemba.stats.screening.result import Screening, Trace

WIDTH, HEIGHT, COLUMNS = 200.0, 96.0, 3


def draw(result: Screening, language: str | None) -> Figure:
    """The worst streams in rows of three: the points, the control limits, the specification."""
    t = translator(language)
    whole = stack([_small(result, trace, t) for trace in result.traces], columns=COLUMNS)
    words = headline(result, language)
    title = t(N_("The worst streams"))
    room = COLUMNS * (WIDTH + 60)
    spec = dict(whole.spec) | {"title": heading(title, [words, t(_KEY)], room), "spacing": 18}
    return Figure(spec, alt=f"{title}. {words} {whole.alt}", title=title)


_KEY = N_("Dashed: control limits; solid: specification limits; red: points beyond the control limits.")


def _small(result: Screening, trace: Trace, t: Translate) -> Figure:
    place = result.streams.index(trace.stream)
    m = result.measures
    mean, reach = float(m.mean[place]), NSIGMA * float(m.within[place]) / math.sqrt(result.size)
    limits = [level for level in (mean - reach, mean + reach) if math.isfinite(level)]
    required = [float(side[place]) for side in (result.lsl, result.usl)]
    required = [level for level in required if math.isfinite(level)]
    last = max(2, int(trace.numbers[-1]) if len(trace.numbers) else 2)
    plane = Plane(WIDTH, HEIGHT, (1.0, float(last)), domain_of(trace.points, limits, required))
    layers = [marks.level(level, "guide") for level in limits]
    layers += [marks.level(level, "spec-limit") for level in required]
    layers.append(marks.line(_rows(trace), "series-line"))
    beyond = _beyond(trace, limits)
    if beyond:
        hover = [("point", t(N_("Point"))), ("value", t(N_("Value")))]
        layers.append(marks.points(beyond, "outlier", hover))
    found = ", ".join(t(NAMES[name]) for name in FINDINGS if result.found[name][place])
    size = 11.0
    view = plane.view(layers, x_axis={"title": None, "grid": False, "tickCount": 3}, y_title="")
    view["title"] = {
        "text": shorten(trace.stream, WIDTH, size * 1.1),
        "subtitle": shorten(found or t(N_("nothing found")), WIDTH, size),
        "fontSize": size + 1,
        "subtitleFontSize": size,
        "offset": 4,
    }
    return Figure(view, alt=f"{trace.stream}: {found or t(N_('nothing found'))}.", title=trace.stream)


def _rows(trace: Trace) -> list[dict[str, Any]]:
    return [
        {"x": number, "y": None if math.isnan(value) else value}
        for number, value in zip(trace.numbers.tolist(), trace.points.tolist(), strict=True)
    ]


def _beyond(trace: Trace, limits: list[float]) -> list[dict[str, Any]]:
    if not limits:
        return []
    outside = np.flatnonzero((trace.points < limits[0]) | (trace.points > limits[1]))
    pairs = zip(trace.numbers[outside].tolist(), trace.points[outside].tolist(), strict=True)
    return [{"x": n, "y": v, "point": f"{n:,}", "value": exact(v)} for n, v in pairs]
