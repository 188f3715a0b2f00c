"""The plant at a glance: open signals, what waits in quarantine, what collects, whether it is still empty."""

from __future__ import annotations

from typing import Any

from gemba.quality.control.collecting.queries import waiting_count
from gemba.quality.control.monitoring.models import StreamState
from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.quality.records.models import Header
from gemba.quality.records.types import record_types
from gemba.server.access import QUALITY

OPEN = ("draft", "open", "approved", "effective")


def glance(actor: Actor) -> dict[str, Any]:
    """Counts that somebody may see."""
    counted: dict[str, int] = {}
    for kind in record_types():
        sites = actor.sites(kind.readers)
        rows = Header.objects.filter(type=kind.name, category__in=OPEN)
        rows = rows if EVERY_SITE in sites else rows.filter(site__in=sites)
        counted[kind.name] = rows.count()
    sites = actor.sites(QUALITY)
    charts = StreamState.objects.exclude(state="")
    proposed = Header.objects.filter(type="limit-set", state="proposed")
    signals = Header.objects.filter(type="signal", category="open")
    if EVERY_SITE not in sites:
        charts = charts.filter(characteristic__site__in=sites)
        proposed, signals = proposed.filter(site__in=sites), signals.filter(site__in=sites)
    waiting = waiting_count(sites=sites)
    count = charts.count()
    return {
        "records": counted,
        "signals": signals.count(),
        "nonconformances": counted.get("nonconformance", 0),
        "quarantine": waiting,
        "proposed": proposed.count(),
        "charts": count,
        "empty": not count and not waiting,
    }
