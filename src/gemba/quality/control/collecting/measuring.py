"""What readings are measured with: gauges that may not be used, and what was measured with one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.collecting.sheet import Sheet
from gemba.quality.control.collecting.units import same_unit
from gemba.quality.control.gauges import queries as gauges
from gemba.quality.people.policies import policy
from gemba.quality.planning.products import queries as products
from gemba.quality.planning.products.specification import Specification
from gemba.quality.records import store
from gemba.quality.records.reasons import Reason

HOLD_UNKNOWN = "unknown_gauges"
"""The rule of the plant: whether a gauge that no register has holds a reading."""


class Gauges:
    """The gauges that a transaction names: asked for in one query, and in none where nobody names one."""

    def __init__(self, sheet: Sheet, *, sites: Collection[str], at: int) -> None:
        named = sorted({name for name in sheet["gauge"] if name})
        asked = [name for name in named if name.isprintable()]
        self._standings = gauges.standings(asked) if asked else {}
        strange = any((site, tag) not in self._standings for site in sites for tag in named)
        self._hold_unknown = strange and policy(HOLD_UNKNOWN) > 0
        closed = {tag for (_, tag), standing in self._standings.items() if standing.closed_from <= at}
        self.doubtful = frozenset(named if self._hold_unknown else closed)
        """The names at which a closer look is needed; most often none."""

    def reasons(self, reading: Reading, site: str, measured_at: int) -> Iterator[Reason]:
        """Why a reading that was measured then may not have been measured with its gauge."""
        if not reading.gauge or reading.kind not in ("reading", "remeasure"):
            return
        standing = self._standings.get((site, reading.gauge))
        if standing is None:
            if self._hold_unknown:
                yield Reason("collecting.gauge_unknown", {"gauge": reading.gauge[:80], "site": site})
        elif standing.closed_from <= measured_at:
            about = {"gauge": reading.gauge, "number": standing.number, "state": standing.label}
            yield Reason("collecting.gauge_closed", about)


class MadeWith(NamedTuple):
    """What was measured with a gauge on one stream; ``outside`` are those that its error may have hidden."""

    characteristic: int
    number: str
    stream: str
    readings: int
    outside: int | None
    first_at: int
    last_at: int


def measured_with(tag: str, *, site: str, since: int, error: float | None, unit: str) -> list[MadeWith]:
    """What was measured with a gauge of a site since a moment, by stream.

    ``error`` is what the gauge shows too much: taken off, a reading is outside or not.
    """
    where = (
        "r.gauge = %s AND r.gauge > '' AND r.received_at >= %s "
        "AND COALESCE(r.measured_at, r.received_at) >= %s"
    )
    about = [tag, since, since]
    rows = store.fetch(
        "SELECT s.id, s.characteristic_id, h.number, s.key, COUNT(*), "  # noqa: S608 (own words)
        "MIN(COALESCE(r.measured_at, r.received_at)), MAX(COALESCE(r.measured_at, r.received_at)) "
        "FROM collecting_reading r JOIN collecting_stream s ON s.id = r.stream_id "
        f"JOIN records_header h ON h.id = s.characteristic_id WHERE {where} AND h.site_id = %s "
        "AND r.kind <> 'void' GROUP BY s.id, s.characteristic_id, h.number, s.key ORDER BY h.number, s.key",
        [*about, site],
    )
    found = []
    for stream, characteristic, number, key, readings, first, last in rows:
        asked = products.specification(characteristic, last)
        outside = None
        if asked is not None and error is not None and same_unit(unit, asked.unit):
            outside = _outside(where, about, stream, asked, error)
        found.append(MadeWith(characteristic, number, key, readings, outside, first, last))
    return found


def _outside(where: str, about: list[object], stream: int, asked: Specification, error: float) -> int:
    low = float("-inf") if asked.lsl is None else float(asked.lsl)
    high = float("inf") if asked.usl is None else float(asked.usl)
    rows = store.fetch(
        f"SELECT COUNT(*) FROM collecting_reading r WHERE {where} AND r.stream_id = %s AND r.kind <> 'void' "  # noqa: S608
        "AND (r.value - %s < %s OR r.value - %s > %s)",
        [*about, stream, error, low, error, high],
    )
    return int(rows[0][0])
