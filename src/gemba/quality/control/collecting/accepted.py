"""What was stored of a batch, as the charts judge it: readings made when they are asked for one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

from gemba.quality.control.collecting.examining import Taken
from gemba.quality.control.collecting.reading import AcceptedReading


@dataclass
class Accepted(Sequence[AcceptedReading]):
    """Stored readings in the order of arrival: their ids, their positions, what was taken, and when.

    A thousand of them are judged as columns; as objects only where something about them is not usual.
    ``streams`` are the places of each stream.
    """

    ids: Sequence[int]
    positions: Sequence[int]
    taken: Sequence[Taken]
    at: int
    streams: Mapping[int, Sequence[int]]

    def __len__(self) -> int:
        return len(self.taken)

    @overload
    def __getitem__(self, place: int) -> AcceptedReading: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[AcceptedReading]: ...
    def __getitem__(self, place: int | slice) -> AcceptedReading | Sequence[AcceptedReading]:
        if isinstance(place, slice):
            places = range(len(self))[place]
            return self._part(places, by_stream(self.taken[place]))
        return _accepted(self.ids[place], self.positions[place], self.taken[place], self.at)

    @cached_property
    def usual(self) -> bool:
        """Whether each is a first reading of production, in time, with a plain value."""
        return all(item.usual for item in self.taken) and list(self.positions) == list(self.ids)

    @property
    def version(self) -> int:
        """The newest version of the characteristic that asks for one of them."""
        return max({item.asked.version for item in self.taken})

    @property
    def moments(self) -> list[int]:
        """When each was measured, or came, in microseconds."""
        return [self.at if item.measured_at is None else item.measured_at for item in self.taken]

    def by_stream(self) -> dict[int, Accepted]:
        """The readings of each stream."""
        parts = self.streams.items()
        return {stream: self._part(places, {stream: range(len(places))}) for stream, places in parts}

    def _part(self, places: Sequence[int], streams: Mapping[int, Sequence[int]]) -> Accepted:
        ids = [self.ids[place] for place in places]
        positions = [self.positions[place] for place in places]
        return Accepted(ids, positions, [self.taken[place] for place in places], self.at, streams)


def by_stream(taken: Iterable[Taken]) -> dict[int, list[int]]:
    """The places of each stream."""
    found: dict[int, list[int]] = {}
    for place, item in enumerate(taken):
        held = found.get(item.stream)
        if held is None:
            held = found[item.stream] = []
        held.append(place)
    return found


def _accepted(identity: int, position: int, item: Taken, at: int) -> AcceptedReading:
    reading = item.reading
    return AcceptedReading(
        identity,
        item.characteristic,
        item.stream,
        reading.source,
        reading.sequence,
        position,
        item.value,
        _is_usable(item),
        item.subgroup,
        item.measured_at,
        at,
        item.verdict,
        reading.kind,
        item.about,
        item.asked.version,
        item.beside,
        reading.lot,
        reading.serial,
    )


def _is_usable(item: Taken) -> bool:
    """Whether it may enter statistics: a production reading with a value of its own."""
    whole = item.purpose == "production" and item.validity == "valid"
    return whole and not item.qualifier and item.reading.kind != "void"
