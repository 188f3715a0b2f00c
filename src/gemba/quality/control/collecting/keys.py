"""The keys that were taken, as they are stored: a source numbers its readings on, so a batch is one row.

A row holds a run of keys: the ``count`` numbers of a source up to ``sequence``. Their digests lie one after
the other, and the reading of each is as far before ``reading`` as its number is before ``sequence``. What is
held back is alone in its row. No two runs of a source overlap: whoever adds to a source is alone with it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import ne, sub
from typing import NamedTuple, TypeAlias

from gemba.quality.records import store
from gemba.quality.records.canonical import DIGEST_SIZE

TABLE = "collecting_intake"
KEY = ("source", "sequence")
COLUMNS = (*KEY, "count", "digest", "reading", "quarantine")
Key: TypeAlias = tuple[str, int]
_RUN = "kept.source, kept.sequence, kept.count"
_PLACE = "(kept.sequence - given.number)"
_KEPT = f"""
    given.text, given.number,
    substr(kept.digest, CAST({DIGEST_SIZE} * (kept.count - 1 - {_PLACE}) + 1 AS integer), {DIGEST_SIZE}),
    kept.reading - {_PLACE}, kept.quarantine, {_PLACE} < kept.count
"""


class Claim(NamedTuple):
    """A key that was taken, the digest of what came under it, and where that lies."""

    source: str
    sequence: int
    digest: bytes
    reading: int | None
    quarantine: int | None


class Stretch(NamedTuple):
    """Numbers of a source that follow each other, from the first to the last."""

    source: str
    first: int
    last: int


@dataclass(frozen=True)
class Wanted:
    """Keys that somebody wants, whose sources are locked.

    ``starts`` are the places at which a key does not follow the one before it. Which run each stretch of
    them comes upon first is asked along with the next question.
    """

    sources: Sequence[str]
    sequences: Sequence[int]
    starts: Sequence[int]
    stretches: Sequence[Stretch]
    met: store.Rows

    def are_free(self) -> bool:
        """Whether none of them was taken, and none stands there twice."""
        for before, after in pairwise(self.stretches):
            if before.source == after.source and after.first <= before.last:
                return False
        for source, sequence, count in self.met():
            place = bisect_left(self.stretches, (source, sequence + 1)) - 1
            last = self.stretches[place]
            if place >= 0 and last.source == source and last.last > sequence - count:
                return False
        return True


def want(sources: Sequence[str], sequences: Sequence[int]) -> Wanted:
    """Be alone with the sources of these keys until the transaction ends, and ask what of them was taken."""
    store.lock_names("gemba.keys", set(sources))
    starts = [0, *_breaks(sources, sequences)] if sources else []
    stretches = sorted(
        Stretch(sources[start], sequences[start], sequences[end - 1])
        for start, end in pairwise([*starts, len(sources)])
    )
    pairs = [(source, first) for source, first, _ in stretches]
    met = store.fetch_following_later(TABLE, KEY, _RUN, pairs)
    return Wanted(sources, sequences, starts, stretches, met)


def taken_before(keys: Iterable[Key]) -> dict[Key, Claim]:
    """The claims of those of these keys that were taken."""
    asked = store.fetch_following_later(TABLE, KEY, _KEPT, sorted(set(keys)))
    return {(row[0], row[1]): Claim(row[0], row[1], bytes(row[2]), *row[3:5]) for row in asked() if row[5]}


def take_all(wanted: Wanted, digests: Sequence[bytes], readings: Sequence[int], held: Sequence[int]) -> None:
    """Store all that was wanted as taken: the keys of readings with these ids, then those of what is held."""
    _store(wanted.sources, wanted.sequences, wanted.starts, digests, readings, held)


def take(claims: Sequence[Claim]) -> None:
    """Store these claims, of readings first, and then of what is held."""
    sources, sequences = [given.source for given in claims], [given.sequence for given in claims]
    readings = [given.reading for given in claims if given.reading is not None]
    held = [given.quarantine for given in claims if given.quarantine is not None]
    digests = [given.digest for given in claims]
    _store(sources, sequences, _breaks(sources, sequences), digests, readings, held)


def _store(
    sources: Sequence[str],
    sequences: Sequence[int],
    breaks: Iterable[int],
    digests: Sequence[bytes],
    readings: Sequence[int],
    held: Sequence[int],
) -> None:
    count = len(readings)
    cuts = {0, count, *(place for place in breaks if place < count)}
    if count and readings[-1] - readings[0] >= count:
        cuts.update(place for place in range(1, count) if readings[place] - readings[place - 1] > 1)
    rows: list[tuple[object, ...]] = [
        (
            sources[start],
            sequences[end - 1],
            end - start,
            b"".join(digests[start:end]),
            readings[end - 1],
            None,
        )
        for start, end in pairwise(sorted(cuts))
    ]
    rows += [
        (source, sequence, 1, digest, None, identity)
        for source, sequence, digest, identity in zip(
            sources[count:], sequences[count:], digests[count:], held, strict=True
        )
    ]
    store.insert_many(TABLE, COLUMNS, rows)


def _breaks(sources: Sequence[str], sequences: Sequence[int]) -> list[int]:
    """The places at which a key does not follow the one before it."""
    steps = map(sub, sequences[1:], sequences)
    changes = map(ne, sources[1:], sources)
    return [
        place
        for place, (step, changed) in enumerate(zip(steps, changes, strict=True), 1)
        if changed or step != 1
    ]
