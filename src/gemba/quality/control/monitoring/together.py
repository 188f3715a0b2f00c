"""A chart over several characteristics as people see it: what it judges, what waits, what a point is of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gemba.quality.control.collecting import joining
from gemba.quality.control.collecting import queries as collecting
from gemba.quality.control.monitoring.items import Item
from gemba.quality.control.monitoring.keeping import find_limits, read_stream
from gemba.quality.control.monitoring.lines import memory_of
from gemba.quality.control.monitoring.parts import parts_of
from gemba.quality.control.monitoring.points import Key, Point, fired_pairs
from gemba.quality.control.monitoring.stored import points_from
from gemba.quality.control.monitoring.study import groups_of
from gemba.quality.control.monitoring.subgroups import Group
from gemba.quality.planning.products import queries as products

SHOWN = 20


@dataclass(frozen=True)
class Judged:
    """One of the characteristics that are judged together, with its own streams: id and key of each."""

    id: int
    number: str
    title: str
    streams: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Incomplete:
    """An item that waits, or was left out: what it is called, since when, and what was not measured on it."""

    name: str
    since: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Together:
    """What a chart judges together, the items that wait and those that were left out last.

    ``unnamed`` counts, of the newest hundred readings of each stream, those that name no item.
    """

    members: tuple[Judged, ...]
    waiting: tuple[Incomplete, ...]
    left_out: tuple[Incomplete, ...]
    unnamed: int


@dataclass(frozen=True)
class PartOfPoint:
    """What one characteristic is at a point: its value, the stream it was read on, and what it adds."""

    id: int
    number: str
    title: str
    stream: int
    value: float
    part: float | None


def together(stream: int) -> Together | None:
    """What is judged together on a stream; ``None`` where it has readings of its own."""
    held = read_stream(stream)
    if held is None or not held.definition.chart.joined:
        return None
    own = joining.member_streams(stream)
    keys = collecting.keys_of(own)
    called = products.named(held.definition.chart.joined)
    titles = {number: title for number, (_, title) in called.items()}
    return Together(
        members=tuple(
            Judged(identity, number, title, tuple((s, keys[s]) for s in sorted(own) if own[s] == number))
            for number, (identity, title) in called.items()
        ),
        waiting=_incomplete(held.cutter.open.values(), titles),
        left_out=_incomplete(held.cutter.short.values(), titles),
        unnamed=joining.unnamed(own),
    )


def parts_at(stream: int, key: Key) -> tuple[PartOfPoint, ...]:
    """What a point over several characteristics is made of, what adds most first; empty for any other."""
    held = read_stream(stream)
    if held is None or not held.definition.chart.joined:
        return ()
    stored = points_from(stream, key, before=(key[0], key[1] + 1))
    groups = groups_of(held, stored) if stored and stored[0].point.n else []
    numbers = held.definition.chart.joined
    if not groups or len(groups[0].ready().values) != len(numbers):
        return ()
    group, point = groups[0], stored[0].point
    adds = _adds(point, group.ready().values)
    rows = {row.id: row for row in collecting.readings_named([m.reading for m in group.members])}
    called = products.named(numbers)
    found = [
        PartOfPoint(
            *(called[m.member][0], m.member, called[m.member][1]),
            rows[m.reading].stream,
            m.value or 0.0,
            adds.get(m.member),
        )
        for m in group.members
        if m.member in called
    ]
    return tuple(sorted(found, key=lambda part: (-(part.part or 0.0), numbers.index(part.number))))


def _adds(point: Point, values: tuple[float, ...]) -> dict[str, float]:
    """What each characteristic adds on the panel where a rule fires, else on the first."""
    if point.limits is None:
        return {}
    limits = find_limits(point.limits)
    panel = next((panel for panel, _ in fired_pairs(point.fired)), "")
    return {part.number: part.part for part in parts_of(limits, panel, values, memory_of(point))}


def _incomplete(groups: Iterable[Group], titles: dict[str, str]) -> tuple[Incomplete, ...]:
    """The newest of these items, each with what it lacks."""
    items = sorted((item for item in groups if isinstance(item, Item)), key=lambda item: item.key)
    return tuple(
        Incomplete(item.subgroup, item.members[0].at, tuple(titles.get(one, one) for one in item.missing))
        for item in reversed(items[-SHOWN:])
        if item.missing and item.members
    )
