"""What happened while the points came: tool changes, lots, gauges, actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

KINDS: Final = ("lot", "tool", "gauge", "action")
"""Kinds of events with a symbol of their own; any other has a common one."""


@dataclass(frozen=True)
class Event:
    """Something that happened just before a point: a new lot, a tool change, another gauge, an action.

    Parameters
    ----------
    point : int
        The first point after it, numbered from 1.
    words : str
        What stands on the picture, such as ``"Lot L-2042"``.
    kind : str
        ``"lot"``, ``"tool"``, ``"gauge"``, ``"action"``, or a word of your own.
    """

    point: int
    words: str
    kind: str = ""


def events_where_changed(values: Iterable[object], kind: str = "", word: str = "") -> tuple[Event, ...]:
    """Where a column changes: an event at each point whose value is another than the one before.

    Empty values and ``None`` are passed over; the first value is where the chart begins and no event.

    Parameters
    ----------
    values : iterable
        One for each point, in order: lots, tools, gauges.
    kind : str
        The kind of these events.
    word : str
        What stands before the value, such as ``"Lot"``.

    Returns
    -------
    tuple of Event
        In the order of the points.

    Examples
    --------
    >>> events_where_changed(["A", "A", "", "B"], kind="lot", word="Lot")
    (Event(point=4, words='Lot B', kind='lot'),)
    """
    found, before = [], None
    for point, value in enumerate(values, 1):
        if value is None or value == "":
            continue
        if before is not None and value != before:
            found.append(Event(point, f"{word} {value}".strip(), kind))
        before = value
    return tuple(found)
