"""How often each line of the loop came true: counted among its newest deliveries, however many there were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gemba.quality.records import store
from gemba.quality.records.outbox import reactions

NEWEST = 1000
STATES = ("done", "waiting", "failed")


@dataclass(frozen=True)
class Came:
    """How many of the newest deliveries of a reaction are in each state, and when the last was done."""

    done: int = 0
    waiting: int = 0
    failed: int = 0
    last_at: int | None = None


def count_deliveries(sites: Sequence[str] | None = None) -> dict[str, Came]:
    """The newest deliveries of each reaction, of records at these sites, or of all."""
    parts, values = [], []
    for reaction in reactions():
        for state in STATES:
            part, given = _part(reaction.name, state, sites)
            parts.append(part)
            values += given
    found: dict[str, dict[str, int]] = {}
    last: dict[str, int | None] = {}
    for name, state, count, at in store.fetch(" UNION ALL ".join(parts), values) if parts else ():
        found.setdefault(name, {})[state] = int(count)
        last[name] = at if state == "done" else last.get(name)
    return {name: Came(**counts, last_at=last[name]) for name, counts in found.items()}


def _part(name: str, state: str, sites: Sequence[str] | None) -> tuple[str, list[object]]:
    within, values = "", list[object]((name, state, NEWEST))
    if sites is not None:
        marks = ", ".join("%s" for _ in sites) or "NULL"
        within = f"JOIN records_header h ON h.id = d.header AND h.site_id IN ({marks})"
        values += sites
    newest = (
        "SELECT header, done_at FROM records_delivery WHERE reaction = %s AND state = %s "
        "ORDER BY done_at DESC LIMIT %s"
    )
    what = "CAST(%s AS VARCHAR(80)), CAST(%s AS VARCHAR(10)), COUNT(*), MAX(d.done_at)"
    return f"SELECT {what} FROM ({newest}) d {within}", [name, state, *values]  # noqa: S608 (own names)
