"""Probability plots of the best fits: on a straight line where the family is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gemba.stats.distributions.families import FAMILIES
from gemba.stats.distributions.quantiles import plotting_positions
from gemba.stats.figures import Figure, Plane, domain_of, heading, marks, number_axis, stack
from gemba.stats.figures.reduce import LIMIT
from gemba.stats.figures.text import exact
from gemba.stats.results import N_, Translate, signed, translator

if TYPE_CHECKING:
    from gemba.stats.distributions.identification import Fitted, Identification

SIDE, SHOWN = 290.0, 4


def draw(result: Identification, language: str | None) -> Figure:
    """The values against what each of the four best fits would give."""
    t = translator(language)
    fitted = [one for one in result.fits if one.fit is not None][:SHOWN]
    panels = [_panel(result, one, t) for one in fitted]
    whole = stack(panels, columns=2)
    title = t(N_("Which distribution does {name} follow?")).format(name=result.name)
    said = result.headline(language)
    width = SIDE if len(panels) == 1 else 2 * SIDE + 80
    spec = dict(whole.spec) | {"title": heading(title, [said], width)}
    return Figure(spec, alt=f"{title} {said} {whole.alt}", title=title)


def _panel(result: Identification, one: Fitted, t: Translate) -> Figure:
    assert one.fit is not None  # noqa: S101 (told to the type checker; the caller has seen to it)
    count = len(result.values)
    shares = plotting_positions(count)
    expected = one.fit.quantile(shares)
    places = np.unique(np.linspace(0, count - 1, min(count, LIMIT)).round().astype(np.int64))
    rows = [
        {"x": x, "y": y, "value": exact(y), "expected": f"{x:.6g}", "percent": f"{100 * share:.3g} %"}
        for x, y, share in zip(
            expected[places].tolist(), result.values[places].tolist(), shares[places].tolist(), strict=True
        )
    ]
    both = domain_of(expected, result.values, pad=0.04)
    plane = Plane(SIDE, SIDE * 0.8, both, both)
    line = [{"x": end, "y": end} for end in both]
    hover = [
        ("value", result.name),
        ("expected", t(N_("Expected"))),
        ("percent", t(N_("Percent"))),
    ]
    name = t(FAMILIES[one.family].title)
    p = "" if one.p is None else f", p {signed(f'{one.p:.3g}')}"
    view = plane.view(
        [marks.line(line, "curve-other"), marks.points(rows, "series-small", hover)],
        x_axis=number_axis(t(N_("{family}: expected")).format(family=name), ticks=5),
        y_title=result.name,
        title={"text": name, "subtitle": f"A² {signed(f'{one.a_squared:.3f}')}{p}"},
    )
    alt = t(N_("{family}: A² {distance:.3f}.")).format(family=name, distance=one.a_squared)
    return Figure(view, alt=alt, title=name)
