"""Which points a chart page shows: read from its address, and offered as a form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from gemba.quality.control.monitoring.window import DRAWN, MOST, Window
from gemba.quality.records.canonical import to_microseconds
from gemba.server.web.moments import read_local
from gemba.server.web.whole import whole

COUNTS = (50, 100, 250, 500, 1000)
DAYS = (1, 7, 30, 90, 365)
FEWEST = 10


@dataclass(frozen=True)
class Asked:
    """What the address asks for: ``last`` points, ``days`` back from now or from and until, and a stage."""

    last: int
    days: int | None
    since: str
    until: str
    stage: int | None
    window: Window

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        named = {"days": self.days, "since": self.since, "until": self.until, "stage": self.stage}
        given = {name: value for name, value in named.items() if value not in (None, "")}
        return urlencode({"last": self.last, **given})

    def to_dict(self) -> dict[str, Any]:
        """Plain values for the JSON twin."""
        return {"last": self.last, "days": self.days, "since": self.since, "until": self.until,
                "stage": self.stage}  # fmt: skip


def asked_for(request: HttpRequest, *, zone: str, now: datetime) -> Asked:
    """The points that an address asks for.

    A time that is given in days or by dates shows as many of its points as a figure draws.
    """
    given = request.GET
    days = whole(given.get("days", ""), digits=4)
    since, until = given.get("since", "").strip(), given.get("until", "").strip()
    stage = whole(given.get("stage", ""))
    timed = bool(days or since or until) or stage is not None
    last = whole(given.get("last", ""), digits=5)
    last = (MOST if timed else DRAWN) if last is None else min(max(last, FEWEST), MOST)
    start = read_local(since, zone) if since else now - timedelta(days=days) if days else None
    end = read_local(until, zone) if until else None
    window = Window(
        last=last,
        since=None if start is None else to_microseconds(start),
        until=None if end is None else to_microseconds(end),
        stage=stage,
    )
    return Asked(last, days, since, until, stage, window)
