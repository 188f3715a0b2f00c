"""What is asked now, and which stream a reading belongs to: kept in memory, checked by version.

What a transaction has read or made becomes known to others when it has committed, so nothing of a rolled
back one stays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gemba.quality.control.collecting.rules import stream_key
from gemba.quality.control.collecting.verdict import Asked, Marks
from gemba.quality.planning.products import queries as products
from gemba.quality.records import store
from gemba.quality.records.work import Work


@dataclass(frozen=True, slots=True)
class Known:
    """A characteristic that can be measured: what it asks, release by release, or ``only`` ever."""

    id: int
    version: int
    site: str
    state: str
    in_force: bool
    starts: tuple[int, ...]
    releases: tuple[Asked, ...]
    only: Asked | None

    def asked(self, at: int) -> Asked:
        """What was asked at a moment in microseconds; the first release before it."""
        return self.releases[max(0, bisect_right(self.starts, at) - 1)]


LONGEST_NUMBER = 60
_ids: dict[str, int] = {}
_known: dict[int, Known] = {}


def forget_definitions() -> None:
    """Read everything anew: after the store itself was replaced."""
    _ids.clear()
    _known.clear()


def known_characteristics(work: Work, numbers: Iterable[str]) -> dict[str, Known]:
    """The characteristics with these numbers as they stand now; what is unknown is left out."""
    ids = ids_of(work, numbers)
    known = known_by_id(work, list(ids.values()))
    return {number: known[identity] for number, identity in ids.items() if identity in known}


def ids_of(work: Work, numbers: Iterable[str]) -> dict[str, int]:
    """The ids of the characteristics with these numbers; what is unknown is left out."""
    ids = {number: _ids[number] for number in numbers if number in _ids}
    missing = [number for number in numbers if number not in ids and _may_exist(number)]
    if missing:
        found = products.ids_by_number(missing)
        ids |= found
        work.after_commit.append(lambda: _ids.update(found))
    return ids


def known_by_id(work: Work, identities: Sequence[int]) -> dict[int, Known]:
    """These characteristics as they stand now; those that were never released are left out."""
    standings = products.standings(identities)
    known = {i: k for i in identities if (k := _known.get(i)) and k.version == standings[i].version}
    stale = [identity for identity in identities if identity not in known]
    if stale:
        fresh = _read(stale, standings)
        known |= fresh
        work.after_commit.append(lambda: _known.update(fresh))
    return known


def _may_exist(number: str) -> bool:
    """Whether a database can be asked for a characteristic of this number at all."""
    return len(number) <= LONGEST_NUMBER and number.isprintable()


def _read(identities: Sequence[int], standings: Mapping[int, products.Standing]) -> dict[int, Known]:
    found: dict[int, Known] = {}
    for identity, releases in products.specifications(identities).items():
        standing = standings[identity]
        asked = tuple(Asked(release) for release in releases)
        found[identity] = Known(
            id=identity,
            version=standing.version,
            site=standing.site,
            state=standing.label,
            in_force=standing.in_force,
            starts=tuple(release.effective_from for release in releases),
            releases=asked,
            only=asked[0] if len(asked) == 1 else None,
        )
    return found


class Streams:
    """The streams that a transaction finds or makes; remembered by others when it has committed.

    Whoever makes one waits for his ``turn``. Streams that readings are added to are made before they are
    locked, others behind that: two names, so that nobody waits for a turn whose holder waits for him.
    """

    def __init__(self, work: Work, *, turn: str = "gemba.collecting.streams") -> None:
        self._work = work
        self._turn = turn
        self._fresh: list[tuple[Asked, Marks, int]] = []
        self._met: dict[tuple[int, str], int] = {}

    def find(self, asked: Asked, given: Mapping[str, str]) -> int:
        """The stream that these keys belong to, made when the store does not have it."""
        names = asked.spec.stream_keys
        key = stream_key(names, tuple(given[name].strip() for name in names))
        identity = self._met.get((asked.spec.characteristic, key))
        if identity is None:
            identity = self._met[asked.spec.characteristic, key] = self._find_or_make(asked, key)
        if len(given) == len(names):
            if not self._fresh:
                self._work.after_commit.append(self._remember)
            self._fresh.append((asked, tuple(given.items()), identity))
        return identity

    def _find_or_make(self, asked: Asked, key: str) -> int:
        characteristic = asked.spec.characteristic
        identity = _stored(characteristic, key)
        if identity is None:
            store.lock_name(self._turn)
            identity = _stored(characteristic, key)
        if identity is None:
            row = (store.next_values("stream", 1)[0], characteristic, key, self._work.at)
            store.insert_many("collecting_stream", ("id", "characteristic_id", "key", "created_at"), [row])
            identity = row[0]
        return identity

    def _remember(self) -> None:
        for asked, marks, identity in self._fresh:
            asked.streams[marks] = identity


def _stored(characteristic: int, key: str) -> int | None:
    rows = store.fetch(
        "SELECT id FROM collecting_stream WHERE characteristic_id = %s AND key = %s", [characteristic, key]
    )
    return int(rows[0][0]) if rows else None
