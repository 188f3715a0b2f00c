"""Every stream of a plant ranked: capability, stability, shift, drift, signals, from its newest readings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gemba.quality.control.collecting.recent import recent_of_streams
from gemba.quality.control.monitoring.plant import PlantChart
from gemba.quality.planning.products import queries as products
from gemba.quality.planning.products.specification import Specification
from gemba.stats import Tolerance, screen
from gemba.stats.screening.findings import FINDINGS

LAST = 100
"""So many of the newest readings of a stream are looked at."""
MOST_HELD = 20_000
_held: dict[int, tuple[int, tuple[float, ...]]] = {}


@dataclass(frozen=True)
class ScreenedStream:
    """One stream in the ranking; a figure that there is none of is ``None``.

    ``findings`` are those of the library, the gravest first; ``values`` the newest readings, oldest first.
    """

    rank: int
    chart: PlantChart
    findings: tuple[str, ...]
    n: int
    mean: float | None
    cpk: float | None
    ppk: float | None
    stable: bool | None
    drift: float | None
    specification: Specification | None
    values: tuple[float, ...]


def newest_values(charts: Sequence[PlantChart]) -> dict[int, tuple[float, ...]]:
    """The newest usable values of each stream, oldest first; read again only where the stream changed."""
    fresh = [chart for chart in charts if _held.get(chart.stream, (None,))[0] != chart.stamp]
    if fresh:
        found: dict[int, list[float]] = {chart.stream: [] for chart in fresh}
        for reading in recent_of_streams(sorted(found), last=LAST):
            if reading.value is not None:
                found[reading.stream].append(reading.value)
        if len(_held) > MOST_HELD:
            _held.clear()
        _held.update({chart.stream: (chart.stamp, tuple(found[chart.stream])) for chart in fresh})
    return {chart.stream: _held[chart.stream][1] for chart in charts}


def specifications_of(charts: Sequence[PlantChart], now: int) -> dict[int, Specification]:
    """What each of the characteristics asks now."""
    released = products.specifications({chart.characteristic for chart in charts})
    found = {key: products.in_force(items, now) for key, items in released.items()}
    return {key: spec for key, spec in found.items() if spec is not None}


def screened(charts: Sequence[PlantChart], now: int, *, order: str = "concern") -> list[ScreenedStream]:
    """The streams of measured values, ranked; those of counts are left out."""
    asked = specifications_of(charts, now)
    own = [chart for chart in charts if not chart.chart.joined]
    measured = [chart for chart in own if not chart.chart.kind.counted and chart.chart.kind.name != "t"]
    values = newest_values(measured)
    with_values = [chart for chart in measured if values[chart.stream]]
    if not with_values:
        return []
    columns: Mapping[str, list[object]] = {
        "value": [value for chart in with_values for value in values[chart.stream]],
        "stream": [str(chart.stream) for chart in with_values for _ in values[chart.stream]],
    }
    specs = {
        str(chart.stream): tolerance
        for chart in with_values
        if (tolerance := _tolerance(asked.get(chart.characteristic))) is not None
    }
    result = screen(columns, value="value", stream="stream", specs=specs, order=order)
    by_name = {str(chart.stream): chart for chart in with_values}
    found = []
    for rank, place in enumerate(result.ranking.tolist(), 1):
        chart = by_name[result.streams[place]]
        measures = result.measures
        found.append(
            ScreenedStream(
                rank=rank,
                chart=chart,
                findings=tuple(name for name in FINDINGS if result.found[name][place]),
                n=int(measures.n[place]),
                mean=_known(measures.mean[place]),
                cpk=_known(result.cpk[place]),
                ppk=_known(result.ppk[place]),
                stable=None if result.stable[place] < 0 else bool(result.stable[place]),
                drift=_known(measures.drift[place]),
                specification=asked.get(chart.characteristic),
                values=values[chart.stream],
            )
        )
    return found


def _tolerance(spec: Specification | None) -> Tolerance | None:
    if spec is None or (spec.lsl is None and spec.usl is None):
        return None
    low, high, target = (None if x is None else float(x) for x in (spec.lsl, spec.usl, spec.target))
    return Tolerance(lsl=low, usl=high, target=target)


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
