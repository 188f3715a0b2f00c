"""Which chart suits what a stream has collected, and the one step that takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from gemba.quality.control.monitoring.keeping import read_stream
from gemba.quality.control.monitoring.points import START
from gemba.quality.control.monitoring.stored import newest_points
from gemba.quality.control.monitoring.study import columns_of
from gemba.quality.planning.products import queries as products
from gemba.quality.planning.products import services as characteristics
from gemba.quality.planning.products.specification import CHARTS_OF
from gemba.quality.records.actor import Actor
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.work import recording
from gemba.stats import StatsError, recommend
from gemba.stats.charts.recommend import Recommendation

ENOUGH = 20
"""Of fewer points nothing is advised."""
MOST = 500
"""The newest points that are looked at."""
_COUNTED: Mapping[str, Literal["defectives", "defects"]] = {"defectives": "defectives", "defects": "defects"}


@dataclass(frozen=True)
class Advice:
    """What suits the points of a stream.

    ``kind`` is the chart it has, ``advised`` the one that suits, ``takes`` whether one step takes that;
    ``found`` are the warnings in words, ``said`` what the library says in all. Without enough points, or
    where nothing can be said, ``advised`` is empty and ``said`` tells why.
    """

    stream: int
    characteristic: int
    kind: str
    size: int
    points: int
    needed: int
    advised: str = ""
    takes: bool = False
    said: str = ""
    found: tuple[str, ...] = ()


def advice(stream: int, language: str | None = None) -> Advice | None:
    """Which chart suits the newest points of a stream; ``None`` where it has none of its own."""
    held = read_stream(stream)
    if held is None:
        return None
    chart = held.definition.chart
    if chart.joined:
        return None
    stored = newest_points(stream, START, since=None, until=None, limit=MOST)
    base = Advice(stream, held.characteristic, chart.kind.name, chart.size, len(stored), ENOUGH)
    if len(stored) < ENOUGH or chart.kind.layout in ("gaps", "deviations", "runs") or chart.kind.name == "t":
        return base
    columns = columns_of(held, stored)
    frame: dict[str, Any] = {"value": columns.values, "point": columns.points}
    asked: dict[str, Any] = {} if chart.single else {"subgroup": "point"}
    if chart.kind.layout in _COUNTED:
        frame["n"] = columns.beside or [1.0] * len(columns.values)
        asked = {"n": "n", "counts": _COUNTED[chart.kind.layout]}
    try:
        found: Recommendation = recommend(frame, value="value", **asked)
    except StatsError as error:
        return replace(base, said=str(error))
    same = next(charts for charts in CHARTS_OF.values() if chart.kind.name in charts)
    return replace(
        base,
        advised=found.kind,
        takes=found.kind != chart.kind.name and found.kind in same,
        said=found.headline(language),
        found=tuple(finding.words(language) for finding in found.findings),
    )


def take_advice(*, stream: int, kind: str, actor: Actor, now: datetime) -> None:
    """Give the characteristic the chart that suits its readings: a change, to be released by somebody else.

    Raises
    ------
    Refused
        When that chart is not what is advised any more, or the actor may not change the characteristic.
    """
    found = advice(stream, "en")  # the reason is stored
    if found is None:
        raise Refused([Reason("monitoring.no_chart", {"stream": stream})])
    if found.advised != kind or not found.takes:
        raise Refused([Reason("monitoring.not_advised", {"kind": kind, "advised": found.advised})])
    why = f"{kind} suits the {found.points} points of stream {stream}: {found.said}"[:1000]
    record = products.characteristic(found.characteristic)
    with recording(actor=actor, now=now):
        if record.header.state == "released":
            record = characteristics.start_change(characteristic=record, reason=why, actor=actor, now=now)
        given = replace(products.inputs_of(record), chart_kind=kind, chart_design="")  # type: ignore[arg-type]
        characteristics.edit_characteristic(
            characteristic=record, given=given, reason=why, actor=actor, now=now
        )
