"""The operating characteristic: how long to a signal at each shift, and the chance to have found it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from gemba.stats.charts.run_length.result import POINTS, points_shown
from gemba.stats.figures import Figure, Plane, heading, marks, number_axis, stack
from gemba.stats.results import N_, DataError, Translate, translator

if TYPE_CHECKING:
    from gemba.stats.charts.run_length.result import RunLength

WIDTH, HEIGHT = 330.0, 260.0
DRAWN = (1, 5, 10, 20)


def draw(result: RunLength, language: str | None) -> Figure:
    """Two panels on the same shifts."""
    if len(result.shifts) < 2:
        raise DataError(
            N_("a picture of one shift would be one point"),
            mend=N_("Give several shifts, for example 0, 0.5, 1, 1.5, 2, 3"),
            argument="shift",
        )
    t = translator(language)
    figures = [_average(result, t), _found(result, t)]
    whole = stack(figures, columns=2)
    title = t(N_("Run length: {chart}")).format(chart=result.judged(t))
    spec = dict(whole.spec) | {"title": heading(title, [_words(result, language)], 2 * WIDTH + 20)}
    return Figure(spec, alt=f"{title}. {whole.alt}", title=title)


def _words(result: RunLength, language: str | None) -> str:
    return result.headline(language).split(". ", 1)[-1]


def _average(result: RunLength, t: Translate) -> Figure:
    heights = [math.log10(at.arl) for at in result.shifts]
    top = max(1.0, math.ceil(max(heights) * 2 + 0.01) / 2)
    shifts = [at.shift for at in result.shifts]
    plane = Plane(WIDTH, HEIGHT, (min(shifts), max(shifts)), (0.0, top + 0.02))
    rows = [
        {"x": at.shift, "y": y, "arl": points_shown(at.arl), "shift": f"{at.shift:g}"}
        for at, y in zip(result.shifts, heights, strict=True)
    ]
    hover = [("shift", t(N_("Shift"))), ("arl", t(N_("Average run length")))]
    step = 1 if top <= 6 else math.ceil(top / 6)
    axis = {
        "values": list(range(0, int(top) + 1, step)),
        "labelExpr": f"format(pow(10, datum.value), '{',.0f' if top <= 6 else '.0e'}')",
        "format": "",
    }
    title = t(N_("Average run length"))
    view = plane.view(
        [marks.line(rows, "series-line", smooth=True), marks.points(rows, "series-point", hover)],
        x_axis=number_axis(t(N_("Shift in sigma"))),
        y_title=t(N_("Points to a signal, average")),
        y_axis=axis,
    )
    told = ", ".join(f"{at.shift:g}: {points_shown(at.arl)}" for at in result.shifts)
    return Figure(view, alt=t(N_("Average run length by shift: {told}.")).format(told=told), title=title)


def _found(result: RunLength, t: Translate) -> Figure:
    shifts = [at.shift for at in result.shifts]
    plane = Plane(WIDTH, HEIGHT, (min(shifts), max(shifts)), (0.0, 1.04))
    layers: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    for index, count in enumerate(DRAWN):
        rows = [{"x": at.shift, "y": at.found[POINTS.index(count)]} for at in result.shifts]
        layers.append(marks.line(rows, "curve-other" if count == 1 else "series-line", smooth=True))
        place = _label_place(rows, 0.5 + 0.09 * (len(DRAWN) / 2 - index))
        texts.append({"px": plane.x(place[0]), "py": plane.y(place[1]), "text": str(count)})
    layers += [marks.texts(texts, style, align="center") for style in ("halo", "spot-ink")]
    title = t(N_("Chance to have signalled"))
    view = plane.view(
        layers,
        x_axis=number_axis(t(N_("Shift in sigma"))),
        y_title=t(N_("Chance of a signal within 1, 5, 10, 20 points")),
        y_axis={"format": ".0%"},
    )
    alt = t(N_("The chance of a signal within 1, 5, 10 and 20 points rises with the shift."))
    return Figure(view, alt=alt, title=title)


def _label_place(rows: list[dict[str, float]], level: float) -> tuple[float, float]:
    """Where a curve crosses a height; its last point where it never does."""
    for before, after in pairwise(rows):
        low, high = before["y"], after["y"]
        if min(low, high) <= level <= max(low, high) and low != high:
            share = (level - low) / (high - low)
            return before["x"] + share * (after["x"] - before["x"]), level
    return rows[len(rows) // 2]["x"], rows[len(rows) // 2]["y"]
