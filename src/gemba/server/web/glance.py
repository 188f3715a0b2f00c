"""The plant at a glance: open signals, what waits in quarantine, what collects, whether it is still empty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import Any

from django.db.models import Count, F, Value

from gemba.quality.control.collecting.queries import waiting_count
from gemba.quality.control.monitoring.models import StreamState
from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.quality.records.models import Header
from gemba.quality.records.types import record_types
from gemba.server.access import QUALITY

OPEN = ("draft", "open", "approved", "effective")


def glance(actor: Actor) -> dict[str, Any]:
    """Counts that somebody may see."""
    kinds = {kind.name: actor.sites(kind.readers) for kind in record_types()}
    held = _count_records(by_site=any(EVERY_SITE not in sites for sites in kinds.values()))
    sites = actor.sites(QUALITY)
    charts = StreamState.objects.exclude(state="")
    proposed = Header.objects.filter(type="limit-set", state="proposed")
    if EVERY_SITE not in sites:
        charts = charts.filter(characteristic__site__in=sites)
        proposed = proposed.filter(site__in=sites)
    counted = {name: _sum(held, there, name, OPEN) for name, there in kinds.items()}
    waiting = waiting_count(sites=sites)
    count = charts.count()
    return {
        "records": counted,
        "signals": _sum(held, sites, "signal", ("open",)),
        "nonconformances": counted.get("nonconformance", 0),
        "quarantine": waiting,
        "proposed": proposed.count(),
        "charts": count,
        "empty": not count and not waiting,
    }


def _count_records(*, by_site: bool) -> list[tuple[str, str, str, int]]:
    """How many records there are of each type, category and site, at once; of all sites as ``"*"``."""
    rows = Header.objects.filter(type__in=[kind.name for kind in record_types()], category__in=OPEN)
    where = F("site") if by_site else Value(EVERY_SITE)
    counted = rows.order_by().values_list("type", "category", where).annotate(count=Count("pk"))
    return list(counted)


def _sum(
    held: Iterable[tuple[str, str, str, int]], sites: Set[str], name: str, categories: Sequence[str]
) -> int:
    every = EVERY_SITE in sites
    return sum(
        count
        for kind, category, site, count in held
        if kind == name and category in categories and (every or site in sites)
    )
