"""What happened while the points came: marks on the time axis of a chart, with labels that never collide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from gemba.stats.charts.events import KINDS, Event
from gemba.stats.figures import Plane, marks
from gemba.stats.figures.plane import Layer
from gemba.stats.figures.text import shorten, text_width
from gemba.stats.figures.theme import SIZES
from gemba.stats.results import N_, DataError, Translate

LANE_ROW: Final = 16.0
NAMED_ROWS: Final = 2
"""Pixels of a row of the lane, and in how many rows events have names; one more takes bare symbols."""

APART: Final = 12.0
"""Symbols nearer than this in pixels become one."""

REACH: Final = 6.0
"""Half of a symbol with its air, in pixels."""

LEAST_NAME: Final = 34.0
"""A name that would be cut to less than this many pixels is left to the tooltip."""

LINE_ROOM: Final = 30.0
"""Where symbols have less room than this in pixels on average, no lines are drawn through the panels."""

HEAD_ROOM: Final = 52.0
"""What stands before the lane has so many pixels."""

TOLD: Final = 5


class Cluster(NamedTuple):
    """Events that share one symbol: where, what kind, the words on the picture and those of the tooltip.

    ``size`` is how many they are, ``nameless`` how many of them the words on the picture do not name.
    """

    place: float
    kind: str
    words: str
    told: str
    size: int
    nameless: int


class Placed(NamedTuple):
    """A symbol on a row of the lane; ``text`` is empty where no name fits, ``left`` where it begins."""

    cluster: Cluster
    row: int
    text: str
    left: float


@dataclass(frozen=True)
class Lane:
    """The events of a chart as they are drawn."""

    placed: tuple[Placed, ...]
    rows: int
    nameless: int
    count: int
    shared: str = ""
    """What every name begins with: it is said once, before the lane."""

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.rows * LANE_ROW

    def lines(self, plane: Plane) -> list[Layer]:
        """A line through a panel at each symbol, where they are few enough."""
        if not self.placed or len(self.placed) * LINE_ROOM > plane.width:
            return []
        return [marks.uprights([item.cluster.place for item in self.placed], "event-line")]


def lane_of(events: Sequence[Event], plane: Plane, points: int, t: Translate) -> Lane:
    """Where each event stands: names as long as there is room, never one over another.

    Raises
    ------
    DataError
        For an event at a point that the chart has not.
    """
    for event in events:
        if not 1 <= event.point <= points:
            raise DataError(
                N_("the chart has no point {value}"),
                mend=N_("Name the first point after the event, from 1 to {count}"),
                argument="events",
                value=event.point,
                count=points,
            )
    shared = _shared(events)
    clusters = _clusters(events, plane, len(shared), t)
    ends = [0.0] * NAMED_ROWS
    placed = []
    names = [cluster.words for cluster in clusters]
    for cluster in clusters:
        x = plane.x(cluster.place)
        found, text, left = _row_with_room(cluster, x, ends, plane.width)
        if text != cluster.words and sum(name.startswith(text.rstrip("…")) for name in names) > 1:
            text = ""  # cut to what another name begins with too, it names nothing
        if not text:
            placed.append(Placed(cluster, NAMED_ROWS, "", 0.0))
            continue
        ends[found] = max(x + REACH, left + text_width(text, SIZES["number"])) + REACH
        placed.append(Placed(cluster, found, text, left))
    return replace(_pressed(placed, len(events)), shared=shared.strip())


def _shared(events: Sequence[Event]) -> str:
    """The words that the names of all events begin with, where each goes on after them."""
    split = [event.words.split(" ") for event in events]
    count = 0
    if len(events) > 1:
        least = min(len(words) for words in split) - 1
        while count < least and len({words[count] for words in split}) == 1:
            count += 1
    shared = "".join(f"{word} " for word in split[0][:count]) if count else ""
    return shared if text_width(shared, SIZES["number"]) <= HEAD_ROOM else ""


def _row_with_room(cluster: Cluster, x: float, ends: list[float], width: float) -> tuple[int, str, float]:
    """The row that takes the name whole, else the first that takes it cut, with the name and its left end."""
    free = [row for row, end in enumerate(ends) if end <= x - REACH]
    found = [(row, *_name(cluster, x, ends[row], width)) for row in free]
    whole = [item for item in found if item[1] == cluster.words]
    return next(iter([*whole, *(item for item in found if item[1])]), (NAMED_ROWS, "", 0.0))


def _name(cluster: Cluster, x: float, end: float, width: float) -> tuple[str, float]:
    """The name and where it begins: right of the symbol, left of it at the right edge, or cut."""
    size = SIZES["number"]
    wide = text_width(cluster.words, size)
    if x + REACH + wide <= width:
        return cluster.words, x + REACH
    if x - REACH - wide >= end:
        return cluster.words, x - REACH - wide
    room = width - x - REACH
    if room >= LEAST_NAME:
        return shorten(cluster.words, room, size), x + REACH
    return "", 0.0


def _pressed(placed: Sequence[Placed], count: int) -> Lane:
    """The lane without rows that nothing stands on."""
    used = sorted({item.row for item in placed})
    rows = tuple(item._replace(row=used.index(item.row)) for item in placed)
    nameless = sum(c.nameless if text == c.words else c.size for c, _, text, _ in placed)
    return Lane(rows, len(used), nameless, count)


def _clusters(events: Sequence[Event], plane: Plane, begun: int, t: Translate) -> list[Cluster]:
    groups: list[list[Event]] = []
    for event in sorted(events, key=lambda event: event.point):
        first = groups[-1][0] if groups else None
        near = first is not None and plane.x(event.point) - plane.x(first.point) < APART
        if near:
            groups[-1].append(event)
        else:
            groups.append([event])
    return [_cluster(group, begun, t) for group in groups]


def _cluster(group: Sequence[Event], begun: int, t: Translate) -> Cluster:
    kinds = {event.kind if event.kind in KINDS else "" for event in group}
    told = ", ".join(event.words for event in group[:TOLD])
    if len(group) > TOLD:
        told += t(N_(" and {count} more")).format(count=len(group) - TOLD)
    together = group[0].point == group[-1].point and len(group) <= TOLD
    kind = kinds.pop() if len(kinds) == 1 else ""
    named = ", ".join(event.words[begun:] for event in group)
    shown, nameless = (named, 0) if together else (f"{len(group)}×", len(group))
    return Cluster(group[0].point - 0.5, kind, shown, told, len(group), nameless)


def lane_view(lane: Lane, plane: Plane, x_axis: dict[str, Any], t: Translate) -> dict[str, Any]:
    """The lane as a view below the panels, with their x axis below it."""
    flat = replace(plane, height=lane.height)
    layers: list[Layer] = []
    for kind in dict.fromkeys(item.cluster.kind for item in lane.placed):
        rows = [
            {"x": item.cluster.place, "py": _row_y(item.row), "event": item.cluster.told}
            for item in lane.placed
            if item.cluster.kind == kind
        ]
        layers.append(
            marks.symbols_at(rows, f"event-{kind}" if kind else "event", [("event", t(N_("Event")))])
        )
    names = [
        {"px": item.left, "py": _row_y(item.row), "text": item.text} for item in lane.placed if item.text
    ]
    if names:
        layers.append(marks.texts(names, "event-name"))
    head = {"px": -8.0, "py": _row_y(0), "text": lane.shared or t(N_("Events"))}
    layers.append(marks.texts([head], "label-small", align="right"))
    return flat.strip(layers, x_axis=x_axis)


def _row_y(row: int) -> float:
    return (row + 0.5) * LANE_ROW


def lane_note(lane: Lane, t: Translate) -> list[str]:
    """That not all events have a name on the picture, when that is so."""
    if not lane.nameless:
        return []
    words = t(N_("{nameless} of {count} events have no room for their name; a symbol tells it on hover."))
    return [words.format(nameless=f"{lane.nameless:,}", count=f"{lane.count:,}")]


def event_words(events: Sequence[Event], t: Translate) -> list[str]:
    """The events as a sentence for those who cannot see them."""
    if not events:
        return []
    told = ", ".join(
        t(N_("{event} at point {point}")).format(event=event.words, point=event.point)
        for event in events[:TOLD]
    )
    rest = len(events) - TOLD
    if rest > 0:
        told += t(N_(" and {count} more")).format(count=f"{rest:,}")
    return [t(N_("Events: {told}.")).format(told=told)]
