"""The streams of one characteristic side by side: their points, limits, means with intervals, and spread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gemba.quality.control.collecting.queries import key_in_words
from gemba.quality.control.monitoring.keeping import find_limits
from gemba.quality.control.monitoring.plant import PlantChart
from gemba.quality.control.monitoring.screened import newest_values
from gemba.quality.control.monitoring.stored import points_before
from gemba.quality.control.monitoring.window import NEWEST
from gemba.stats import StatsError, anova_oneway
from gemba.stats.charts.kind import Lines
from gemba.stats.distributions import t_ppf

DRAWN = 60
MOST_STREAMS = 24
"""So many streams are laid side by side."""
LEVEL = 0.95


@dataclass(frozen=True)
class ComparedStream:
    """One of the streams: the newest points of its first panel with their limits, and its readings' figures.

    ``low`` and ``high`` bound the mean with a confidence of 95 %, by the stream's own spread.
    """

    chart: PlantChart
    points: tuple[float, ...]
    lines: Lines | None
    n: int
    mean: float | None
    low: float | None
    high: float | None
    sd: float | None


@dataclass(frozen=True)
class Comparison:
    """Streams side by side; ``said`` is what the analysis of variance says of their means, if anything.

    ``floor`` and ``top`` bound one y axis for all of them; ``left_out`` streams did not fit.
    """

    streams: tuple[ComparedStream, ...]
    said: str
    floor: float
    top: float
    left_out: int


def compared(charts: Sequence[PlantChart], language: str | None = None) -> Comparison | None:
    """The charts of one characteristic side by side; ``None`` where there is nothing to draw."""
    shown = list(charts[:MOST_STREAMS])
    values = newest_values(shown)
    streams = tuple(_stream(chart, values[chart.stream]) for chart in shown)
    seen = [value for stream in streams for value in _seen(stream)]
    if not seen:
        return None
    return Comparison(
        streams, _said(streams, values, language), min(seen), max(seen), len(charts) - len(shown)
    )


def _stream(chart: PlantChart, values: Sequence[float]) -> ComparedStream:
    stored = points_before(chart.stream, NEWEST, limit=DRAWN)
    points = tuple(item.point.first for item in stored if item.point.first is not None)
    lines = None
    if chart.limits is not None and stored:
        lines = find_limits(chart.limits).lines(stored[-1].point.weight)[0]
    n = len(values)
    if chart.chart.kind.counted or n < 2:
        return ComparedStream(chart, points, lines, n, None, None, None, None)
    mean = math.fsum(values) / n
    sd = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1))
    reach = float(t_ppf((1 + LEVEL) / 2, n - 1)) * sd / math.sqrt(n)
    return ComparedStream(chart, points, lines, n, mean, mean - reach, mean + reach, sd)


def _seen(stream: ComparedStream) -> list[float]:
    limits = [] if stream.lines is None else [stream.lines.lcl, stream.lines.ucl]
    return [value for value in (*stream.points, *limits) if math.isfinite(value)]


def _said(
    streams: Sequence[ComparedStream], values: dict[int, tuple[float, ...]], language: str | None
) -> str:
    measured = [stream for stream in streams if stream.mean is not None]
    if len(measured) < 2:
        return ""
    title = measured[0].chart.title
    title = f"{title}," if title == "stream" else title
    frame = {
        title: [value for stream in measured for value in values[stream.chart.stream]],
        "stream": [_level(stream) for stream in measured for _ in values[stream.chart.stream]],
    }
    try:
        return anova_oneway(frame, value=title, factor="stream").headline(language)
    except StatsError as error:
        return str(error)


def _level(stream: ComparedStream) -> str:
    return key_in_words(stream.chart.key) or str(stream.chart.stream)
