"""Moments as a page asks for them: a local date and time at a site, or ISO 8601 with its zone."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from gemba.quality.records.models import Site
from gemba.quality.records.reasons import Reason, Refused


def plant_zone() -> str:
    """The zone in which a page shows what belongs to no one site."""
    found = Site.objects.order_by("code").values_list("zone", flat=True)[:1]
    return next(iter(found), "UTC")


def read_local(text: str, zone: str) -> datetime:
    """A moment from ``2026-03-01``, ``2026-03-01T14:30`` (at the site) or ISO 8601 with a zone.

    A day alone means its end, so that ``as of`` a day shows what was known when the day was over.
    """
    try:
        day = len(text.strip()) <= len("2026-03-01")
        found = datetime.fromisoformat(text.strip().replace(" ", "+") if "+" not in text else text.strip())
    except ValueError:
        raise Refused([Reason("records.not_moment", {"field": "as_of"})]) from None
    if day:
        found = datetime.combine(found.date(), time(23, 59, 59, 999999))
    if not 1900 < found.year < 9000:
        raise Refused([Reason("records.not_moment", {"field": "as_of"})])
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))


def write_local(moment: datetime, zone: str) -> str:
    """A moment as an ``<input type="datetime-local">`` holds it; with seconds where it has some."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%dT%H:%M:%S}" if local.second else f"{local:%Y-%m-%dT%H:%M}"
