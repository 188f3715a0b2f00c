"""What the live stream asks of the charts: what moved, and who may see it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from gemba.quality.control.collecting.models import Stream
from gemba.quality.records import store
from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.server.access import QUALITY
from gemba.server.live.feed import News

POINTS = "monitoring_point"
MOST_SEALS = 10_000
MOST_SPANS = 200


def changed_streams(after: int) -> News:
    """The streams with points that were committed after a seal, and the seal that this reaches to.

    Seals stand in the order of the commits. Ids do not where several processes write: a point may become
    known after one with a higher id. Whoever was away for very long is told of every stream.
    """
    newest = newest_seal()
    if newest - after > MOST_SEALS:
        return newest, dict.fromkeys(Stream.objects.values_list("pk", flat=True), 0)
    reached, spans = after, []
    statement = "SELECT number, rows FROM records_seal WHERE number > %s ORDER BY number"
    for number, rows in store.fetch(statement, [after]):
        reached = int(number)
        spans += json.loads(rows).get(POINTS, [])
    return reached, _newest_points(spans)


def _newest_points(spans: Sequence[tuple[int, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(spans), MOST_SPANS):
        part = spans[start : start + MOST_SPANS]
        within = " OR ".join("id BETWEEN %s AND %s" for _ in part)
        ends = [end for first, count in part for end in (first, first + count - 1)]
        statement = f"SELECT stream, MAX(id) FROM {POINTS} WHERE {within} GROUP BY stream"  # noqa: S608 (own names)
        for stream, point in store.fetch(statement, ends):
            found[int(stream)] = max(int(point), found.get(int(stream), 0))
    return found


def newest_seal() -> int:
    """The seal of the newest commit."""
    return int(store.fetch("SELECT MAX(number) FROM records_seal")[0][0] or 0)


def readable_streams(actor: Actor, streams: frozenset[int]) -> frozenset[int]:
    """The streams among these that the actor may see."""
    rows = Stream.objects.filter(pk__in=streams)
    sites = actor.sites(QUALITY)
    if EVERY_SITE not in sites:
        rows = rows.filter(characteristic__site__in=sites)
    return frozenset(rows.values_list("pk", flat=True))
