"""The plant at a glance: open signals, what waits in quarantine, what collects, whether it is still empty."""

from __future__ import annotations

from typing import Any

from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.quality.records.models import Header
from gemba.quality.records.types import record_types


def glance(actor: Actor) -> dict[str, Any]:
    """Counts that somebody may see."""
    counted: dict[str, int] = {}
    for kind in record_types():
        rows = Header.objects.filter(type=kind.name, category__in=("draft", "open", "approved", "effective"))
        sites = actor.sites(kind.readers)
        if EVERY_SITE not in sites:
            rows = rows.filter(site__in=sites)
        counted[kind.name] = rows.count()
    return {"records": counted}
