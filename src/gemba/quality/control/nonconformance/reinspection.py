"""What collecting has of a re-inspection: whether what was reworked conforms now."""

from __future__ import annotations

from typing import Any

from gemba.quality.control.collecting import stretches as readings
from gemba.quality.control.nonconformance.models import Line, Nonconformance
from gemba.quality.control.nonconformance.words import NEEDS_REINSPECTION
from gemba.quality.planning.products import queries as products

NOTHING: dict[str, Any] = {"characteristic": "", "readings": [], "failed": None}
LISTED = 100


def found_since(record: Nonconformance) -> dict[str, Any]:
    """The re-inspections of the characteristic since the decision, and the reading that fails now.

    Of each serial number the last reading counts; readings without one count as one piece.
    """
    measured = products.by_number(record.characteristic) if record.characteristic else None
    if measured is None or record.decided_at is None:
        return NOTHING
    lot = record.lot if "," not in record.lot else ""
    rows = readings.reinspections(measured.pk, since=record.decided_at, lot=lot)
    last = {row.serial: row for row in rows}
    failed = [f"{row.text} {row.unit}".strip() for row in last.values() if row.verdict != "conform"]
    return {
        "characteristic": measured.name,
        "readings": [row.id for row in rows][-LISTED:],
        "failed": ", ".join(failed) or None,
    }


def words_of(found: dict[str, Any], line: Line) -> str:
    """Where the re-inspection of a line can be read; empty for a line that needs none."""
    if line.decision not in NEEDS_REINSPECTION or not found["readings"]:
        return ""
    return f"{found['characteristic']}: {', '.join(str(identity) for identity in found['readings'])}"
