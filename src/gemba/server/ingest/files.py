"""A file that the statistics floor has read, as readings: which column is what, and totals to compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from gemba.quality.control.collecting.reading import Reading, Receipt
from gemba.stats.readers import Reading as FileReading

PLAIN = ("subgroup", "operator", "gauge", "lot", "serial", "note", "size", "nominal", "part")
USES = ("", "measured_at", *PLAIN)
"""What a column that holds no values may be; ``key:NAME`` makes it a key of the stream."""
COLUMNS_A_ROW = 1000
EXACT = Context(prec=60)


@dataclass(frozen=True)
class Plan:
    """Value column -> number of its characteristic; other column -> its use; the zone of local times.

    ``size`` is how many readings in order make a subgroup where no column names it: of one row where several
    columns hold the values (1), else of as many rows.
    """

    values: Mapping[str, str]
    uses: Mapping[str, str]
    zone: str
    size: int = 0


@dataclass
class Outcome:
    """What became of a file: counts, the exact sum of what was sent, and of what was taken."""

    sent: int = 0
    sent_total: Decimal = Decimal(0)
    accepted: int = 0
    accepted_total: Decimal = Decimal(0)
    quarantined: int = 0
    refused: int = 0
    repeated: int = 0
    nonconform: int = 0

    def add(self, reading: Reading, receipt: Receipt) -> None:
        """Count one reading and its receipt."""
        value = Decimal(reading.text)
        self.sent += 1
        self.sent_total = EXACT.add(self.sent_total, value)
        self.repeated += receipt.repeated
        if receipt.status == "accepted":
            self.accepted += 1
            self.accepted_total = EXACT.add(self.accepted_total, value)
            self.nonconform += receipt.verdict == "nonconform"
        elif receipt.status == "quarantined":
            self.quarantined += 1
        else:
            self.refused += 1

    @property
    def balanced(self) -> bool:
        """Whether every reading sent has one fate."""
        return self.sent == self.accepted + self.quarantined + self.refused


def readings_of(file: FileReading, plan: Plan) -> Iterator[Reading]:
    """The readings of a file, row by row; the same file gives the same keys, so it is taken once."""
    source = f"file:{file.sha256[:32]}"
    columns = [(file.column(name), number) for name, number in plan.values.items() if number]
    exact = [(column, number, column.decimals) for column, number in columns]
    about = {name: file.column(name).labels for name, use in plan.uses.items() if use}
    places = {int(line): place for place, line in enumerate(file.lines)}
    for row in range(file.rows_stored):
        facts, stream, moment = _facts(plan, about, row)
        if plan.size and "subgroup" not in facts:
            facts["subgroup"] = str(places[int(file.rows[row])] // plan.size + 1)
        for column, number, decimals in exact:
            value = decimals[row]
            if value is None:
                continue
            yield Reading(
                source=source,
                sequence=int(file.rows[row]) * COLUMNS_A_ROW + column.index,
                characteristic=number,
                text=f"{value:f}",
                stream=stream,
                measured_at=moment,
                **facts,
            )


def _facts(
    plan: Plan, about: Mapping[str, list[str | None]], row: int
) -> tuple[dict[str, Any], dict[str, str], datetime | None]:
    facts: dict[str, Any] = {}
    stream: dict[str, str] = {}
    moment: datetime | None = None
    for name, labels in about.items():
        use, text = plan.uses[name], (labels[row] or "")[:80]
        if use == "measured_at":
            moment = _moment(text, plan.zone)
        elif use.startswith("key:"):
            stream[use.removeprefix("key:")] = text
        else:
            facts[use] = text
    return facts, stream, moment


def _moment(text: str, zone: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
