"""All charts of a plant at a glance: what each judges, by what, and how often it has a point."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from gemba.quality.control.collecting import queries as collecting
from gemba.quality.control.monitoring.judging import Chart, chart_of
from gemba.quality.control.monitoring.models import StreamState
from gemba.quality.control.monitoring.queries import still_open
from gemba.quality.records import store
from gemba.quality.records.actor import EVERY_SITE

NEWEST_POINTS = 50
"""The rate of a chart is that of so many points, until now."""
WEEK = 7 * 24 * 3600 * 1_000_000
_TIMES = """
    SELECT s.stream,
        (SELECT p.at FROM monitoring_point p WHERE p.stream = s.stream
            ORDER BY p.position DESC, p.sequence DESC, p.judgement DESC LIMIT 1 OFFSET %s),
        (SELECT p.at FROM monitoring_point p WHERE p.stream = s.stream
            ORDER BY p.position, p.sequence, p.judgement LIMIT 1)
    FROM monitoring_streamstate s WHERE s.state <> ''
"""
_FEW = "SELECT p.stream, COUNT(*) FROM monitoring_point p WHERE p.stream"


class _Defined(msgspec.Struct):
    """What of a stored stream says how it is charted."""

    definition: list[Any]


_read = msgspec.json.Decoder(_Defined).decode


@dataclass(frozen=True)
class PlantChart:
    """One chart: its stream, its characteristic, how it is drawn, and how it stands.

    ``stamp`` is another one whenever the stream changed; ``limits`` and ``signal`` name what is in force and
    what is open.
    """

    stream: int
    stamp: int
    characteristic: int
    number: str
    title: str
    site: str
    key: str
    chart: Chart
    collected: int
    needed: int
    limits: int | None
    signal: int | None

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.title} {collecting.key_in_words(self.key)}".strip()

    @property
    def state(self) -> str:
        """How it stands: ``signal``, ``in control`` or ``collecting``."""
        return "signal" if self.signal else "in control" if self.limits else "collecting"


def plant_charts(sites: Collection[str], *, characteristic: int | None = None) -> list[PlantChart]:
    """Every chart at these sites (``"*"`` for all), or those of one characteristic, by stream."""
    rows = StreamState.objects.exclude(state="").order_by("stream")
    if EVERY_SITE not in sites:
        rows = rows.filter(characteristic__site__in=list(sites))
    if characteristic is not None:
        rows = rows.filter(characteristic=characteristic)
    found = list(rows.select_related("characteristic"))
    keys = collecting.keys_of([row.stream for row in found]) if found else {}
    live = still_open(signal for row in found for signal in (row.signal, row.fault_signal))
    return [_chart(row, keys.get(row.stream, ""), live) for row in found]


def _chart(row: StreamState, key: str, live: Collection[int]) -> PlantChart:
    header = row.characteristic
    _, kind, size, rules, _, _, *design = _read(row.state).definition
    return PlantChart(
        stream=row.stream,
        stamp=row.stamp,
        characteristic=header.pk,
        number=str(header.number),
        title=header.title,
        site=header.site_id,
        key=key,
        chart=chart_of(kind, size, rules, *design),
        collected=row.collected,
        needed=row.needed,
        limits=row.limits,
        signal=next((one for one in (row.signal, row.fault_signal) if one in live), None),
    )


def points_a_week(charts: Sequence[PlantChart], now: int) -> dict[int, float]:
    """How many points a week each of these charts has, by its newest ones until now (microseconds).

    A chart that has stopped comes down by itself. One whose points span less than an hour counts as if they
    had come in an hour.
    """
    wanted = {chart.stream for chart in charts}
    times = {row[0]: row[1:] for row in store.fetch(_TIMES, [NEWEST_POINTS - 1]) if row[0] in wanted}
    few = [stream for stream, (at, first) in times.items() if at is None and first is not None]
    counts = dict(store.fetch_among(_FEW, few, ending=" GROUP BY p.stream")) if few else {}
    found = dict.fromkeys(wanted, 0.0)
    for stream, (at, first) in times.items():
        since = first if at is None else at
        if since is not None:
            count = counts.get(stream, 0) if at is None else NEWEST_POINTS
            found[stream] = count * WEEK / max(now - since, WEEK / 168)
    return found
