"""Working time: when something is due, counted in the minutes in which the site works."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gemba.quality.people.models import Closure
from gemba.quality.records import store
from gemba.quality.records.canonical import from_microseconds, to_microseconds
from gemba.quality.records.models import Site

HORIZON = timedelta(days=400)
Span = tuple[datetime, datetime]
Shift = tuple[int, int, int]
"""A weekday, and from and until in minutes of it."""
_SHIFTS = 'SELECT day, start, "end" FROM people_workingtime WHERE site_id = %s ORDER BY day, start'


def due_after(*, site: Site, start: datetime, minutes: int) -> datetime:
    """The moment at which so many working minutes have passed at a site.

    A site without working times works always. Daylight saving changes count as they really pass.
    """
    remaining = timedelta(minutes=minutes)
    shifts: list[Shift] = store.fetch(_SHIFTS, [site.pk])
    if not shifts:
        return start + remaining
    closed = _closures(site, start)
    for begin, end in _open_spans(site, shifts, start):
        for first, last in _without(closed, max(begin, start), end):
            if first + remaining <= last:
                return first + remaining
            remaining -= last - first
    return start + HORIZON


def _closures(site: Site, start: datetime) -> list[Span]:
    rows = Closure.objects.filter(site=site, end__gt=to_microseconds(start)).order_by("start")
    return [(from_microseconds(row.start), from_microseconds(row.end)) for row in rows]


def _open_spans(site: Site, shifts: list[Shift], start: datetime) -> Iterator[Span]:
    zone = ZoneInfo(site.zone)
    day: date = start.astimezone(zone).date()
    for offset in range(HORIZON.days):
        today = day + timedelta(days=offset)
        midnight = datetime.combine(today, time(), zone)
        for weekday, first, last in shifts:
            if weekday == today.weekday():
                begin, end = _at(midnight, first), _at(midnight, last)
                if end > start:
                    yield begin, end


def _at(midnight: datetime, minutes: int) -> datetime:
    wall = midnight.replace(tzinfo=None) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=midnight.tzinfo).astimezone(UTC)


def _without(closed: list[Span], begin: datetime, end: datetime) -> Iterator[Span]:
    for first, last in closed:
        if last <= begin or first >= end:
            continue
        if begin < first:
            yield begin, first
        begin = max(begin, last)
    if begin < end:
        yield begin, end
