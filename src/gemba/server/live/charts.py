"""What the live stream asks of the charts: what moved, and who may see it."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.quality.control.collecting.models import Stream
from gemba.quality.records import store
from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.server.access import QUALITY


def changed_streams(after: int) -> Mapping[int, int]:
    """The streams with points newer than this one, each with its newest."""
    rows = store.fetch("SELECT stream, MAX(id) FROM monitoring_point WHERE id > %s GROUP BY stream", [after])
    return {int(stream): int(point) for stream, point in rows}


def newest_point() -> int:
    """The newest point of all charts."""
    return int(store.fetch("SELECT MAX(id) FROM monitoring_point")[0][0] or 0)


def readable_streams(actor: Actor, streams: frozenset[int]) -> frozenset[int]:
    """The streams among these that the actor may see."""
    rows = Stream.objects.filter(pk__in=streams)
    sites = actor.sites(QUALITY)
    if EVERY_SITE not in sites:
        rows = rows.filter(characteristic__site__in=sites)
    return frozenset(rows.values_list("pk", flat=True))
