"""The one way in which a site is made, and whether each is still as it was made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.models import Site
from gemba.quality.records.reasons import Reason, refuse_if
from gemba.quality.records.trail import Finding
from gemba.quality.records.work import recording

MAKERS = ("system_administrator",)
_CODE = re.compile(r"[A-Z0-9]{2,12}")


def create_site(*, code: str, name: str, zone: str, actor: Actor, now: datetime) -> Site:
    """Make a plant, laboratory or office; its code stands in every record number and never changes."""
    code, name = code.strip().upper(), name.strip()
    reasons = []
    if not actor.has_any(MAKERS, "*"):
        reasons.append(Reason("people.not_system_administrator"))
    if not _CODE.fullmatch(code):
        reasons.append(Reason("people.site_code"))
    if not name:
        reasons.append(Reason("records.field_missing", {"field": "name"}))
    if zone not in available_timezones():
        reasons.append(Reason("people.zone_unknown", {"zone": zone}))
    with recording(actor=actor, now=now) as work:
        if Site.objects.filter(code=code).exists():
            reasons.append(Reason("people.site_taken", {"code": code}))
        refuse_if(reasons)
        site = Site.objects.create(code=code, name=name, zone=zone)
        work.enter("site.create", detail={"site": code, "zone": zone, "name": name})
    return site


def altered_sites() -> Iterator[Finding]:
    """Every site that is not as the line of the trail tells that made it; ``verify`` asks this too."""
    seen = list(_altered())
    if seen:  # somebody may have made a site just now: what is wrong still is
        yield from (finding for finding in _altered() if finding in seen)


def _altered() -> Iterator[Finding]:
    made: dict[str, dict[str, Any]] = {}
    for (detail,) in store.stream(
        "SELECT detail FROM records_entry WHERE action = 'site.create' ORDER BY id"
    ):
        facts = _read(detail)
        made[facts.pop("site", "")] = facts
    made.pop("", None)  # the digest of the line tells
    for site in Site.objects.order_by("pk") if made else ():
        told = made.pop(site.code, None)
        if told is None:
            yield _finding("row inserted", site.code, "was inserted behind the program's back")
        elif changed := [name for name, value in told.items() if getattr(site, name) != value]:
            yield _finding("row altered", site.code, f"is not as the trail says: {', '.join(changed)}")
    for code in made:
        yield _finding("row deleted", code, "was deleted")


def _read(detail: str) -> dict[str, Any]:
    try:
        facts = json.loads(detail)
        return {name: facts[name] for name in ("site", "zone", "name") if name in facts}
    except (ValueError, TypeError):
        return {}


def _finding(kind: str, code: str, what: str) -> Finding:
    return Finding(kind, Site._meta.db_table, code, 0, f"site {code} {what}")  # noqa: SLF001 (Django's public Meta API)
