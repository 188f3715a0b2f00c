"""Items on a chart over several characteristics: one value of each makes a point. Pure.

An item takes the first reading of each characteristic under its name. It closes when all are there; one
that waited too long, or in too long a queue, is closed incomplete and makes no point, until what was
missing comes after all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gemba.quality.control.monitoring.points import Key, Member, Ready
from gemba.quality.control.monitoring.subgroups import Cutter, Group

MOST_OPEN = 500
"""So many items may wait at once; then the oldest is closed."""
MOST_SHORT = 50
"""So many items that were closed incomplete still take what was missing."""


@dataclass(slots=True)
class Item(Group):
    """One item: the characteristics that make it, and the readings that are there."""

    wanted: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The characteristics of which no reading is there."""
        there = {member.member for member in self.members}
        return tuple(number for number in self.wanted if number not in there)

    def holds(self, number: str) -> Member | None:
        """The reading of this characteristic."""
        return next((member for member in self.members if member.member == number), None)

    def ready(self) -> Ready:
        """The item as the point that it makes: without values where one is missing or was voided."""
        values = {member.member: member.value for member in self.members}
        known = tuple([value for number in self.wanted if (value := values.get(number)) is not None])
        return Group.ready(self)._replace(values=known if len(known) == len(self.wanted) else (), beside=None)


@dataclass(slots=True)
class Matcher(Cutter):
    """The open items of a chart over these characteristics, and those that were closed incomplete."""

    wanted: tuple[str, ...] = ()

    @property
    def crowded(self) -> str | None:
        """The item that waited longest where more wait than may."""
        if len(self.open) <= MOST_OPEN:
            return None
        return min(self.open.values(), key=lambda group: group.key).subgroup

    def take(self, member: Member, opened_at: int = 0) -> Group | None:
        """Put a reading to its item; the item when it is complete, or when it was closed before.

        Of two readings of one characteristic under one name the first in the order of the stream counts.
        """
        if member.member not in self.wanted:
            return None
        item = self.open.get(member.subgroup)
        held = item.holds(member.member) if isinstance(item, Item) else None
        if item is not None and held is not None:
            if held.key < member.key:
                return None
            item.members.remove(held)
            item.slots -= 1
        return Cutter.take(self, member, opened_at)

    def awaiting(self, name: str, member: str = "") -> Group | None:
        """The item that was closed incomplete and lacks the reading of this characteristic."""
        item = self.short.get(name) if name not in self.open else None
        return item if isinstance(item, Item) and member in item.missing else None

    def close(self, name: str) -> Group:
        """Close an item with the readings that it has."""
        item = self.open.pop(name)
        self.short.pop(name, None)
        self.short[name] = item
        while len(self.short) > MOST_SHORT:
            del self.short[next(iter(self.short))]
        return item

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; of a closed item too, which tell what it lacks."""
        return {
            "open": [group.to_list() for group in self.open.values()],
            "short": [group.to_list() for group in self.short.values()],
        }

    def _fresh(self, name: str, key: Key, opened_at: int) -> Group:
        return Item(name, key, 0, opened_at, wanted=self.wanted)

    def _read(self, stored: Sequence[Any]) -> Group:
        held = Group.from_list(stored)
        return Item(held.subgroup, held.key, held.slots, held.opened_at, held.members, self.wanted)


def cutter_of(size: int, joined: tuple[str, ...]) -> Cutter:
    """What makes points of readings: subgroups of this size, or items of these characteristics."""
    return Matcher(size, wanted=joined) if joined else Cutter(size)
