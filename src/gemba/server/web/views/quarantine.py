"""Readings that could not be taken: why, and what a person decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.quality import loop
from gemba.quality.control.collecting.queries import WaitingReading, quarantined_reading, waiting_readings
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.records import edge
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.names import printed_names
from gemba.quality.records.reasons import Reason, Refused
from gemba.server.access import QUALITY
from gemba.server.clock import now
from gemba.server.web.moments import plant_zone
from gemba.server.web.numbers import typed_reading
from gemba.server.web.page import done, show, who
from gemba.server.web.problems import worded
from gemba.server.web.whole import whole

PAGE_ROWS = 50
MENDED = ("characteristic", "text", "unit", "operator", "gauge", "lot", "serial", "subgroup", "note")


def quarantine(request: HttpRequest) -> HttpResponse:
    """The list, and the decision on one of them."""
    if request.method == "POST":
        return _decide(request)
    page = waiting_page(who(request), after=whole(request.GET.get("after", "")) or 0)
    return show(request, "quarantine.html", page, zone=plant_zone())


def waiting_page(actor: Actor, *, after: int) -> dict[str, Any]:
    """What waits at the sites of somebody, and the mark of the next page."""
    found = waiting_readings(sites=actor.sites(QUALITY), limit=PAGE_ROWS + 1, after=after)
    names = printed_names(item.actor for item in found)
    rows = [_row(item, names) for item in found[:PAGE_ROWS]]
    return {"waiting": rows, "after": str(found[PAGE_ROWS - 1].id) if len(found) > PAGE_ROWS else None}


def _row(item: WaitingReading, names: Mapping[str, str]) -> dict[str, Any]:
    content: dict[str, Any] = msgspec.to_builtins({name: getattr(item.reading, name) for name in FIELDS})
    return {
        "id": item.id,
        "received_at": from_microseconds(item.received_at),
        "site": item.site,
        "sender": names.get(item.actor, item.actor),
        "reading": content,
        "reasons": worded(item.reasons),
        "mendable": [{"name": name, "value": content[name] or ""} for name in MENDED],
    }


FIELDS = Reading.__struct_fields__


def _decide(request: HttpRequest) -> HttpResponse:
    actor, typed = who(request), request.POST
    identity = whole(typed.get("quarantined", "")) or 0
    reason = typed.get("reason", "")
    with edge.attempting("quarantine", actor=actor, now=now()):
        if typed.get("what") == "discard":
            loop.discard_quarantined(quarantined=identity, reason=reason, actor=actor, now=now())
            return done(request, reverse("quarantine"), _("The reading is discarded; it stays readable."))
        mended = mended_reading(identity, _changes(identity, typed))
        loop.release_quarantined(quarantined=identity, mended=mended, reason=reason, actor=actor, now=now())
    return done(request, reverse("quarantine"), _("The reading is taken and judged."))


def mended_reading(identity: int, changes: Mapping[str, Any]) -> Reading | None:
    """The reading in quarantine with what was changed; ``None`` where nothing was."""
    return msgspec.structs.replace(_kept(identity), **changes) if changes else None


def _kept(identity: int) -> Reading:
    kept = quarantined_reading(identity)
    if kept is None:
        raise Refused([Reason("collecting.quarantine_unknown", {"quarantined": identity})])
    return kept.reading


def _changes(identity: int, typed: Mapping[str, str]) -> dict[str, Any]:
    reading = _kept(identity)
    changes: dict[str, Any] = {
        name: typed_reading(typed[name].strip()) if name == "text" else typed[name].strip()
        for name in MENDED
        if name in typed and typed[name].strip() != (getattr(reading, name) or "")
    }
    if typed.get("confirmed"):
        changes["confirmed"] = True
    if typed.get("measured_at"):
        changes["measured_at"] = _moment(typed["measured_at"])
    keys = {name.removeprefix("key-"): typed[name].strip() for name in typed if name.startswith("key-")}
    extra = dict(part.partition("=")[::2] for part in typed.get("stream", "").split(";") if "=" in part)
    stream = {key.strip(): text.strip() for key, text in {**keys, **extra}.items()}
    if "stream" in typed and stream != reading.stream:
        changes["stream"] = stream
    return changes


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Refused([Reason("records.not_moment", {"field": "measured_at"})]) from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(plant_zone()))
