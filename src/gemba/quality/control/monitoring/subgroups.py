"""How readings become subgroups: by their hint where there is one, else as many in a row as belong together.

Pure. A subgroup closes when it is full; being due or a person's word closes it from outside. A reading
whose subgroup was closed before it was full is a straggler and still belongs to it.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gemba.quality.control.monitoring.points import Key, Member, Ready

REMEMBERED = 8
"""So many subgroups that were closed short still wait for stragglers."""


@dataclass(slots=True)
class Group:
    """A subgroup and its members in the order of the stream.

    ``slots`` counts the members, also those that are no longer at hand.
    """

    subgroup: str
    key: Key
    slots: int
    opened_at: int = 0
    members: list[Member] = field(default_factory=list)

    def add(self, member: Member) -> None:
        """Take a member in, at its place."""
        insort(self.members, member)
        self.slots += 1
        self.key = min(self.key, member.key)

    def amend(self, reading: int, value: float | None) -> bool:
        """Give a member another value; false when it is no member."""
        for place, member in enumerate(self.members):
            if member.reading == reading:
                self.members[place] = member._replace(value=value)
                return True
        return False

    def ready(self) -> Ready:
        """The subgroup as the point that it makes."""
        members, last = self.members, self.members[-1]
        values = tuple([member.value for member in members if member.value is not None])
        return Ready(
            self.key[0], self.key[1], len(members), values, members[0].reading, last.reading, last.position,
            last.at, self.subgroup, last.beside,
        )  # fmt: skip

    def to_list(self) -> list[Any]:
        """Plain JSON values."""
        members = [list(member) for member in self.members]
        return [self.subgroup, *self.key, self.slots, self.opened_at, members]

    @classmethod
    def from_list(cls, stored: Sequence[Any]) -> Group:
        """The group that ``to_list`` gave."""
        subgroup, place, rank, slots, opened_at, members = stored
        return cls(subgroup, (place, rank), slots, opened_at, [Member(*item) for item in members])


@dataclass(slots=True)
class Cutter:
    """The open subgroups of a stream, and those closed short, by their hint (empty without one)."""

    size: int
    open: dict[str, Group] = field(default_factory=dict)
    short: dict[str, Group] = field(default_factory=dict)

    @property
    def crowded(self) -> str | None:
        """The subgroup to close because too many wait; a stream of its own has no such bound."""
        return None

    def take(self, member: Member, opened_at: int = 0) -> Group | None:
        """Put a member into its subgroup; the subgroup when it is now full, or when it was closed before."""
        name = member.subgroup
        group = self.open.get(name)
        if group is None:
            straggling = self.awaiting(name, member.member)
            if straggling is not None:
                straggling.add(member)
                if straggling.slots >= self.size:
                    del self.short[name]
                return straggling
            group = self.open[name] = self._fresh(name, member.key, opened_at)
        group.add(member)
        if group.slots < self.size:
            return None
        del self.open[name]
        return group

    def awaiting(self, name: str, member: str = "") -> Group | None:  # noqa: ARG002 (items ask for it)
        """The subgroup that was closed short and would take a member with this name as a straggler."""
        return self.short.get(name) if name and name not in self.open else None

    def close(self, name: str) -> Group:
        """Close an open subgroup with the members it has."""
        group = self.open.pop(name)
        if name:
            self.short[name] = group
            while len(self.short) > REMEMBERED:
                del self.short[next(iter(self.short))]
        return group

    def holding(self, key: Key) -> Group | None:
        """The open subgroup with the member at this key."""
        for group in self.open.values():
            if any(member.key == key for member in group.members):
                return group
        return None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; of a closed group only what a straggler needs."""
        short = [[g.subgroup, *g.key, g.slots, g.opened_at, []] for g in self.short.values()]
        return {"open": [group.to_list() for group in self.open.values()], "short": short}

    def fill(self, stored: dict[str, Any]) -> Cutter:
        """Take in what ``to_dict`` gave."""
        self.open = {group.subgroup: group for group in map(self._read, stored["open"])}
        self.short = {group.subgroup: group for group in map(self._read, stored["short"])}
        return self

    def _fresh(self, name: str, key: Key, opened_at: int) -> Group:
        """A subgroup without members."""
        return Group(name, key, 0, opened_at)

    def _read(self, stored: Sequence[Any]) -> Group:
        return Group.from_list(stored)


def cut(cutter: Cutter, members: Iterable[Member], closings: frozenset[Key]) -> list[Group]:
    """Cut a tidy series into closed subgroups, in their order; what is left open stays in the cutter.

    ``closings`` are the keys of the last members of subgroups that were closed before they were full.
    """
    closed: dict[int, Group] = {}
    for member in members:
        group = cutter.take(member)
        if group is not None and len(group.members) == group.slots:
            closed[id(group)] = group
        if member.key in closings:
            held = cutter.holding(member.key)
            if held is not None:
                closed[id(held)] = cutter.close(held.subgroup)
    return sorted(closed.values(), key=lambda group: group.key)
