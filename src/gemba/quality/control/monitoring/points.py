"""What a chart is made of: readings as members, points, findings. Plain tuples, pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias, overload

Key: TypeAlias = tuple[int, int]
"""Where something stands in a stream: the position and the sequence number of a reading."""

START: Key = (0, 0)


class Member(NamedTuple):
    """A reading as its chart sees it; a value of ``None`` is a place in the subgroup that was voided.

    ``beside`` is what the value stands beside: the number inspected, the nominal, or the part. On a chart
    over several characteristics ``member`` is the number of the one that was measured, ``subgroup`` the item.
    """

    position: int
    sequence: int
    reading: int
    value: float | None
    subgroup: str
    at: int
    beside: str | None = None
    member: str = ""

    @property
    def key(self) -> Key:
        """Where it stands in the stream."""
        return self.position, self.sequence


class Ready(NamedTuple):
    """The readings of one point, ready to be judged: its key, its places, and the values that they have."""

    position: int
    sequence: int
    slots: int
    values: tuple[float, ...]
    first_reading: int
    last_reading: int
    last_position: int
    at: int
    subgroup: str
    beside: str | None = None


class Point(NamedTuple):
    """One judged point.

    ``first``, ``second`` and ``third`` are the values on the panels; ``slots`` how many readings belong
    to it, ``n`` how many of them have a value; ``limits`` names the limit set, ``None`` while the chart
    collects; ``fired`` the rules as ``"xbar:1,5;r:1"``; ``size`` how much was inspected,
    ``memory`` what a time-weighted chart keeps for the next point, as JSON.
    """

    position: int
    sequence: int
    slots: int
    n: int
    first: float | None
    second: float | None
    limits: int | None
    fired: str
    first_reading: int
    last_reading: int
    last_position: int
    at: int
    subgroup: str
    third: float | None = None
    size: float | None = None
    memory: str | None = None

    @property
    def key(self) -> Key:
        """Where it stands in the stream."""
        return self.position, self.sequence

    @property
    def values(self) -> tuple[float | None, ...]:
        """What is plotted, as many as a chart can have panels."""
        return self.first, self.second, self.third

    @property
    def weight(self) -> float:
        """What the lines at this point depend on: how much was inspected, or how many values it has."""
        return float(self.n) if self.size is None else self.size


@dataclass(slots=True)
class Run(Sequence[Point]):
    """Points of one reading each, in time and with plain values, as columns; a point is made when asked for.

    The position of a point is the id of its reading. ``values`` are those of the panels, ``fired`` the texts
    of the points at which rules fire, by place.
    """

    readings: Sequence[int]
    sequences: Sequence[int]
    given: Sequence[float]
    moments: Sequence[int]
    subgroups: Sequence[str]
    limits: int | None = None
    values: Sequence[Sequence[float | None]] = ()
    fired: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.readings)

    @overload
    def __getitem__(self, place: int) -> Point: ...
    @overload
    def __getitem__(self, place: slice) -> list[Point]: ...
    def __getitem__(self, place: int | slice) -> Point | list[Point]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        reading = self.readings[place]
        first, second, third = [*(panel[place] for panel in self.values), None, None, None][:3]
        return Point(
            reading, self.sequences[place], 1, 1, first, second, self.limits, self.fired.get(place, ""),
            reading, reading, reading, self.moments[place], self.subgroups[place], third,
        )  # fmt: skip

    @property
    def first(self) -> Key:
        """Where its first point stands."""
        return self.readings[0], self.sequences[0]

    @property
    def last(self) -> Key:
        """Where its last point stands."""
        return self.readings[-1], self.sequences[-1]

    def passed(self, place: int) -> Passed:
        """What a judge keeps of one point."""
        reading = self.readings[place]
        return Passed(reading, self.sequences[place], reading, self.moments[place])


class Passed(NamedTuple):
    """What a judge keeps of a point that has passed: enough to name it in a firing."""

    position: int
    sequence: int
    last_reading: int
    at: int


def passed_from(stored: Sequence[Any]) -> Passed:
    """What was kept of a point; states of earlier versions kept all of it."""
    if len(stored) == len(Passed._fields):
        return Passed(*stored)
    point = Point(*stored)
    return Passed(point.position, point.sequence, point.last_reading, point.at)


class Part(NamedTuple):
    """What one characteristic adds to a point over several: its number, its value, and its part."""

    number: str
    value: float
    part: float


class Fired(NamedTuple):
    """One rule firing at a point: the panel, the rule, and the points that make it, as keys with times.

    ``parts`` says, over several characteristics, which of them the last of these points comes from, the
    largest first.
    """

    panel: str
    rule: str
    points: tuple[tuple[int, int, int], ...]
    parts: tuple[Part, ...] = ()


class Finding(NamedTuple):
    """What fires at one point: all of it, how long the chart was clean, and since when all is suspect.

    ``good`` is the last reading of the point before the pattern, ``None`` when nothing was good before.
    """

    point: Point
    fired: tuple[Fired, ...]
    clean: int
    good: int | None


def fired_text(fired: list[tuple[str, tuple[str, ...]]]) -> str:
    """Panels with their rules as one short text."""
    return ";".join(f"{panel}:{','.join(codes)}" for panel, codes in fired if codes)


def fired_pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Panel and rule of each firing in such a text."""
    parts = (part.partition(":") for part in text.split(";") if part)
    return tuple((panel, code) for panel, _, codes in parts for code in codes.split(","))
