"""Working time as the kernel knows it: whoever keeps the calendars says when something is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from gemba.quality.records.models import Site


class Calendar(Protocol):
    """Counts the minutes in which a site works."""

    def __call__(self, *, site: Site, start: datetime, minutes: int) -> datetime:
        """The moment at which so many working minutes have passed."""


_calendar: list[Calendar] = []


def install_calendar(calendar: Calendar) -> None:
    """Say who knows shifts, holidays and downtime; called once at start."""
    _calendar[:] = [calendar]


def due_after(*, site: Site | None, start: datetime, minutes: int) -> datetime:
    """When so many working minutes have passed; what belongs to no site counts every minute."""
    if site is None or not _calendar:
        return start + timedelta(minutes=minutes)
    return _calendar[0](site=site, start=start, minutes=minutes)
