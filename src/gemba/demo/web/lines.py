"""The lines of the demo with their charts in small: the last points, the limits, whether a signal is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gemba.demo.book import BY_CODE, Measured
from gemba.demo.web.playing import played
from gemba.quality.control.monitoring.queries import ChartView, chart_view
from gemba.quality.records.actor import Actor
from gemba.server.access import QUALITY

POINTS = 40
WIDTH, HEIGHT, EDGE = 160.0, 36.0, 3.0


@dataclass(frozen=True)
class Small:
    """A chart as small as a word: a path in a box of ``WIDTH`` by ``HEIGHT``, its limits, its last point."""

    stream: int
    name: str
    value: str
    path: str
    upper: float | None
    lower: float | None
    last: tuple[float, float]
    signal: bool
    alt: str


@dataclass(frozen=True)
class Line:
    """A line with what is measured on it."""

    name: str
    charts: tuple[Small, ...]

    @property
    def signals(self) -> int:
        """How many of its charts have an open signal."""
        return sum(chart.signal for chart in self.charts)


def lines_of(actor: Actor) -> list[Line]:
    """The lines at the sites that somebody may see."""
    found: dict[str, list[Small]] = {}
    for stream, (code, key) in sorted(played().living.streams().items()):
        measured = BY_CODE[code]
        view = chart_view(stream, last=POINTS) if actor.has_any(QUALITY, measured.site) else None
        if view is not None and view.points:
            found.setdefault(measured.line, []).append(_small(view, measured, key))
    return [Line(name, tuple(charts)) for name, charts in found.items()]


def _small(view: ChartView, measured: Measured, key: str) -> Small:
    values = [point.values[0] for point in view.points if point.values[0] is not None]
    line = view.points[-1].lines[0]
    limits = [limit for limit in (line.lcl, line.ucl) if limit is not None]
    low, high = min([*values, *limits]), max([*values, *limits])
    places = _places(values, low, high)
    shown = f"{values[-1]:.{measured.decimals}f} {measured.unit}"
    name = f"{measured.name}, {measured.key} {key}" if key else measured.name
    return Small(
        stream=view.stream,
        name=name,
        value=shown,
        path="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places),
        upper=None if line.ucl is None else _height(line.ucl, low, high),
        lower=None if line.lcl is None else _height(line.lcl, low, high),
        last=places[-1],
        signal=bool(view.signals),
        alt=f"{name}: {shown}",
    )


def _places(values: Sequence[float], low: float, high: float) -> list[tuple[float, float]]:
    step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    return [(round(EDGE + place * step, 1), _height(v, low, high)) for place, v in enumerate(values)]


def _height(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE), 1)
