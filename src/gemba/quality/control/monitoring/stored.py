"""What was judged so far, as plain points: the judgement in force of each key, in the order of the stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from gemba.quality.control.monitoring.anew import Held
from gemba.quality.control.monitoring.keeping import definitions_of, find_limits
from gemba.quality.control.monitoring.models import Closing, Stage
from gemba.quality.control.monitoring.points import Key, Point
from gemba.quality.control.monitoring.window import NEWEST, WITHOUT_LIMITS, Window
from gemba.quality.planning.products.specification import Specification
from gemba.quality.records import store
from gemba.stats.charts import Limits

_COLUMNS = ", ".join(f"p.{name}" for name in Point._fields)
_LATEST = (
    f"SELECT p.id, p.judgement, p.signal, p.fault, {_COLUMNS} FROM monitoring_point p "  # noqa: S608 (own names)
    "WHERE p.stream = %s AND {where} AND NOT EXISTS (SELECT 1 FROM monitoring_point q "
    "WHERE q.stream = p.stream AND q.position = p.position AND q.sequence = p.sequence "
    "AND q.judgement > p.judgement) ORDER BY p.position {way}, p.sequence {way} LIMIT %s"
)
_LAST = _LATEST.format(where="p.n > 0", way="DESC").replace("SELECT p.id", "SELECT p.stream, p.id", 1)
EVERYTHING = 2**31


class Stored(NamedTuple):
    """The judgement in force of one point."""

    id: int
    judgement: int
    signal: int | None
    fault: str
    point: Point


def points_from(stream: int, first: Key, *, before: Key | None = None) -> list[Stored]:
    """The judgements from a key on, oldest first; also of subgroups without a value."""
    where = "(p.position, p.sequence) >= (%s, %s)"
    if before is None:
        return _read(where, "ASC", [stream, *first, EVERYTHING])
    where += " AND (p.position, p.sequence) < (%s, %s)"
    return _read(where, "ASC", [stream, *first, *before, EVERYTHING])


def points_before(stream: int, key: Key, *, limit: int) -> list[Stored]:
    """The last points of the chart before a key, oldest first."""
    where = "(p.position, p.sequence) < (%s, %s) AND p.n > 0"
    return _read(where, "DESC", [stream, *key, limit])[::-1]


def points_in(stream: int, window: Window) -> list[Stored]:
    """The points of the chart that a window shows, oldest first."""
    where = "(p.position, p.sequence) < (%s, %s) AND p.n > 0"
    values: list[Any] = [stream, *window.before]
    for bound, given in (
        ("p.at >= %s", window.since),
        ("p.at <= %s", window.until),
        ("p.limits = %s", window.stage or None),
    ):
        if given is not None:
            where += f" AND {bound}"
            values.append(given)
    if window.stage == WITHOUT_LIMITS:
        where += " AND p.limits IS NULL"
    return _read(where, "DESC", [*values, window.most])[::-1]


def newest_of_each(streams: Sequence[int], *, limit: int) -> dict[int, list[Point]]:
    """The last points of the charts of several streams, oldest first, in one question to the store."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in store.fetch_each(_LAST, list(dict.fromkeys(streams)), limit):
        found.setdefault(row[0], []).append(row[5:])
    by_key = itemgetter(Point._fields.index("position"), Point._fields.index("sequence"))
    return {stream: [Point(*row) for row in sorted(rows, key=by_key)] for stream, rows in found.items()}


def point_at(stream: int, key: Key) -> int | None:
    """When the point of the chart with this key was measured; ``None`` where there is none."""
    found = _read("(p.position, p.sequence) = (%s, %s) AND p.n > 0", "ASC", [stream, *key, 1])
    return found[0].point.at if found else None


def neighbours(stream: int, key: Key) -> tuple[Key | None, Key | None]:
    """The keys of the points just before and just behind a point of the chart."""
    before = points_before(stream, key, limit=1)
    behind = _read("(p.position, p.sequence) > (%s, %s) AND p.n > 0", "ASC", [stream, *key, 1])
    return (before[0].point.key if before else None, behind[0].point.key if behind else None)


def newest_points(
    stream: int,
    first: Key,
    *,
    last: Key = NEWEST,
    since: int | None = None,
    until: int | None = None,
    limit: int,
) -> list[Stored]:
    """The last points of the chart from one key to another and of a time, oldest first."""
    where = "(p.position, p.sequence) >= (%s, %s) AND (p.position, p.sequence) <= (%s, %s) AND p.n > 0"
    values: list[Any] = [stream, *first, *last]
    for bound, moment in (("p.at >= %s", since), ("p.at <= %s", until)):
        if moment is not None:
            where += f" AND {bound}"
            values.append(moment)
    return _read(where, "DESC", [*values, limit])[::-1]


def subgroups_before(stream: int, key: Key, *, limit: int) -> list[Stored]:
    """The last subgroups that begin at or before a key, with or without values, oldest first."""
    where = "(p.position, p.sequence) <= (%s, %s) AND p.slots > 0"
    return _read(where, "DESC", [stream, *key, limit])[::-1]


def subgroup_named(stream: int, name: str, key: Key) -> Point | None:
    """The last subgroup of this name that begins at or before a key; ``None`` where there is none."""
    where = "(p.position, p.sequence) <= (%s, %s) AND p.slots > 0 AND p.subgroup = %s"
    found = _read(where, "DESC", [stream, *key, name, 1])
    return found[0].point if found else None


def count_points(stream: int, first: Key, before: Key) -> int:
    """How many points the chart has from one key on, before another."""
    rows = store.fetch(
        "SELECT COUNT(*) FROM monitoring_point p WHERE p.stream = %s AND p.n > 0 "
        "AND (p.position, p.sequence) >= (%s, %s) AND (p.position, p.sequence) < (%s, %s) "
        "AND NOT EXISTS (SELECT 1 FROM monitoring_point q WHERE q.stream = p.stream "
        "AND q.position = p.position AND q.sequence = p.sequence AND q.judgement > p.judgement)",
        [stream, *first, *before],
    )
    return int(rows[0][0])


def first_point_since(stream: int, moment: int) -> Key | None:
    """The key of the first point of the chart that was measured at or after a moment."""
    where = "p.at >= %s AND p.n > 0"
    found = _read(where, "ASC", [stream, moment, 1])
    return found[0].point.key if found else None


def stages_of(
    stream: int,
    characteristic: int,
    *,
    released: Sequence[Specification] | None = None,
    known: Mapping[int, Limits] | None = None,
) -> list[Held]:
    """All stages of a stream with their charts and limits, in the order in which they were written.

    ``released`` are the releases of the characteristic and ``known`` limits by their id, as far as they are
    at hand.
    """
    define, limits = definitions_of(characteristic, released), dict(known or {})
    held = []
    for row in Stage.objects.filter(stream=stream).order_by("pk"):
        definition = define(row.definition)
        if definition is None:
            continue
        if row.limits is not None and row.limits not in limits:
            limits[row.limits] = find_limits(row.limits)
        found = None if row.limits is None else limits[row.limits]
        held.append(Held(row.pk, (row.position, row.sequence), definition, row.limits, found))
    return held


def closings_from(stream: int, first: Key) -> frozenset[Key]:
    """The keys after which subgroups were closed before they were full."""
    rows = Closing.objects.filter(stream=stream, position__gte=first[0])
    return frozenset(rows.values_list("position", "sequence"))


def closings_before(stream: int, key: Key) -> Iterator[Key]:
    """The same, of those before a key, the newest first."""
    rows = Closing.objects.filter(stream=stream, position__lte=key[0]).order_by("-position", "-sequence")
    return (
        found for found in rows.values_list("position", "sequence").iterator(chunk_size=100) if found < key
    )


def _read(where: str, way: str, values: list[Any]) -> list[Stored]:
    rows = store.fetch(_LATEST.format(where=where, way=way), values)
    return [Stored(row[0], row[1], row[2], row[3], Point(*row[4:])) for row in rows]
