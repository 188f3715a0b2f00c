"""The one way in which a site is made."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import available_timezones

from gemba.quality.records.actor import Actor
from gemba.quality.records.models import Site
from gemba.quality.records.reasons import Reason, refuse_if
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
        work.enter("site.create", detail={"site": code, "zone": zone})
    return site
