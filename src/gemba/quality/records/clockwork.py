"""The clock of the server was set: a line in the trail, and a task where it went far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from gemba.quality.records import store
from gemba.quality.records.actor import system
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.tasks import open_task
from gemba.quality.records.work import recording
from gemba.stats.results import N_

FAR = timedelta(minutes=1)
ACTION = "clock.set"
SUBJECT = "clock"
CLOCK: Mapping[str, str] = {
    "clock.set": N_(
        "The clock of the server showed {before}, then {after}. Find out why, and let a time service keep it."
    ),
}
_WATCH = system("clock")


def newest_moment() -> datetime | None:
    """When the last transaction of the plant was, by the clock of then."""
    rows = store.fetch("SELECT at FROM records_seal ORDER BY number DESC LIMIT 1")
    return from_microseconds(int(rows[0][0])) if rows else None


def note_clock(*, before: datetime, after: datetime) -> None:
    """Keep that the clock was set, from a moment to another; far, it is a task of who keeps the system."""
    shown = {"before": f"{before:%Y-%m-%d %H:%M:%S} UTC", "after": f"{after:%Y-%m-%d %H:%M:%S} UTC"}
    seconds = (after - before).total_seconds()
    with recording(actor=_WATCH, now=after) as work:
        words = f"{shown['before']} → {shown['after']}"
        work.enter(ACTION, reason=words, detail={"seconds": f"{seconds:.3f}"})
        if abs(after - before) >= FAR:
            keeper = "role:system_administrator"
            open_task(what=ACTION, values=shown, assignee=keeper, subject=SUBJECT, actor=_WATCH, now=after)
