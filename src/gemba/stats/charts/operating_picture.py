"""The picture of an operating characteristic: the chance within the limits over the state of the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gemba.stats.figures import Figure, Plane, heading, marks, number_axis
from gemba.stats.results import N_, DataError, translator

if TYPE_CHECKING:
    from gemba.stats.charts.operating import OperatingCharacteristic

WIDTH, HEIGHT = 460.0, 280.0
NARROWEST, AXES = 200.0, 80.0
"""The least width of the plane, and what its axis takes beside it, in pixels."""


def draw(result: OperatingCharacteristic, language: str | None, room: float | None = None) -> Figure:
    """One curve, over ``room`` pixels where that is said."""
    from gemba.stats.charts.operating import WORDS

    if len(result.at) < 2:
        raise DataError(
            N_("a picture of one state would be one point"),
            mend=N_("Give several states, or leave out at"),
            argument="at",
        )
    t = translator(language)
    low, high = float(result.at.min()), float(result.at.max())
    width = WIDTH if room is None else max(NARROWEST, room - AXES)
    plane = Plane(width, HEIGHT, (low, high), (0.0, 1.04))
    rows = [
        {"x": x, "y": y, "state": f"{x:.4g}", "chance": f"{y:.4f}"}
        for x, y in zip(result.at.tolist(), result.accept.tolist(), strict=True)
    ]
    state = t(WORDS[result.state])
    hover = [("state", state), ("chance", t(N_("Within the limits")))]
    view = plane.view(
        [marks.line(rows, "series-line"), marks.points(rows, "series-point", hover)],
        x_axis=number_axis(state),
        y_title=t(N_("Chance of a point within the limits")),
        y_axis={"format": ".0%"},
    )
    title = t(N_("Operating characteristic: {kind}")).format(kind=result.kind)
    spec = dict(view) | {"title": heading(title, [result.headline(language)], width + 60)}
    alt = t(N_("{title}. The chance falls from {most:.1%} to {least:.1%}.")).format(
        title=title, most=float(result.accept.max()), least=float(result.accept.min())
    )
    return Figure(spec, alt=alt, title=title)
