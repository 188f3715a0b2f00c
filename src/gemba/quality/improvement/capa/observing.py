"""What the readings of a stream say of a time: the only place where a criterion meets the data."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from gemba.quality.control.collecting import queries as readings
from gemba.quality.control.collecting.queries import Row
from gemba.quality.control.monitoring import queries as charts
from gemba.quality.records.canonical import canonical_json
from gemba.stats.inference import Observed
from gemba.stats.inference.observed import NOTHING, observe_values

MOST_READINGS = 50_000
PURPOSE, VALID = "production", "valid"


@dataclass(frozen=True)
class Look:
    """What was seen in a time: the figures that the test needs, how many readings, and their digest."""

    observed: Observed
    readings: int
    digest: str

    @property
    def figures(self) -> Observed:
        """The same without the values one by one: they stay with the readings."""
        return replace(self.observed, series=NOTHING)


def look(stream: int, metric: str, start: int, end: int) -> Look:
    """The readings of production that were taken in from ``start`` until before ``end`` (microseconds).

    Voided ones and those excluded from statistics do not count; a corrected one counts as corrected.
    """
    rows = [_held(row) for row in readings.readings_between(stream, start, end, limit=MOST_READINGS)]
    kept = [row for row in rows if row is not None]
    told = canonical_json({"readings": [[row.id, row.text, row.verdict] for row in kept]})
    digest = hashlib.sha256(told.encode()).hexdigest()
    return Look(_observed(kept, stream, metric, start, end), len(kept), digest)


def _held(row: Row) -> Row | None:
    held = row.holds
    counts = not row.void and (held.purpose, held.validity) == (PURPOSE, VALID)
    return held if counts else None


def _observed(rows: list[Row], stream: int, metric: str, start: int, end: int) -> Observed:
    if metric == "fraction":
        bad = [float(row.verdict == "nonconform") for row in rows]
        return Observed(n=len(rows), count=sum(bad), series=_array(bad))
    if metric == "rate":
        return Observed(n=len(rows), count=charts.signals_between(stream, start, end))
    values = [row.value for row in rows if row.value is not None]
    return observe_values(values, None, argument="readings")[0]


def _array(values: list[float]) -> Any:
    return observe_values(values, None, argument="readings")[0].series
