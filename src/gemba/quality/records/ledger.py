"""What one transaction writes of sealed rows, and the seal that it ends with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gemba.quality.records import store
from gemba.quality.records.canonical import chain_hash, digest_row, digest_rows, to_microseconds

SEAL_COLUMNS = ("number", "tx", "at", "rows", "digests", "hash")
GENESIS = b"\x00" * 32
_write_rows = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True)
class SealedTable:
    """A table whose rows are sealed: its columns in the order of the digest, the id first.

    So many columns at the end came ``later``: a row in which they are empty has the digest that it would
    have without them, so that rows which were sealed before keep theirs.
    """

    name: str
    columns: tuple[str, ...]
    later: int = 0

    def digest(self, row: Sequence[Any]) -> bytes:
        """The digest of one row."""
        return digest_row(row, self.later)

    def digests(self, rows: Sequence[Sequence[Any]]) -> bytes:
        """The digests of rows, one after the other."""
        return digest_rows(rows, self.later)

    def digests_along(self, columns: store.Columns) -> bytes:
        """The same of rows that are given as columns."""
        ended = len(columns) - self.later
        if all(store.is_empty(column) for column in columns[ended:]):
            return digest_rows(store.each_row(columns[:ended]))
        return digest_rows(list(store.each_row(columns)), self.later)


@dataclass
class Ledger:
    """What one transaction has written so far; its number is drawn when it is first asked for."""

    number: int | None = None
    rows: dict[str, list[list[int]]] = field(default_factory=dict)
    digests: dict[str, bytearray] = field(default_factory=dict)
    changed: dict[str, dict[int, bytes]] = field(default_factory=dict)
    expected: dict[str, Callable[[], Sequence[int]]] = field(default_factory=dict)

    @property
    def tx(self) -> int:
        """The number of the transaction."""
        if self.number is None:
            self.number = store.next_of("tx")[0]
        return self.number

    def draw(self, *sequences: str) -> tuple[int, ...]:
        """The next number of each of these sequences, the transaction's own drawn along with them."""
        if self.number is not None:
            return store.next_of(*sequences)
        self.number, *drawn = store.next_of("tx", *sequences)
        return tuple(drawn)

    def expect(self, sequence: str, count: int) -> None:
        """Have a few numbers of a sequence drawn with the next question: so many are needed soon, or fewer.

        None where no number may be older than this moment: those that were expected are left out.
        """
        self.expected.pop(sequence, None)
        drawn = store.next_values_later(sequence, count) if count else None
        if drawn is not None:
            self.expected[sequence] = drawn

    def draw_many(self, sequence: str, count: int) -> Sequence[int]:
        """The next numbers of a sequence, with the transaction's own where it has none yet."""
        if not count:
            return ()
        expected = self.expected.pop(sequence)() if sequence in self.expected else ()
        if len(expected) >= count:
            rest = expected[count:]
            self.expected[sequence] = lambda: rest
            return expected[:count]
        if self.number is not None:
            return store.next_values(sequence, count)
        drawn = store.next_ranges({"tx": 1, sequence: count})
        self.number = drawn["tx"][0]
        return drawn[sequence]

    def write(self, table: SealedTable, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows into a sealed table and keep their digests; ids ascend within a transaction."""
        store.insert_many(table.name, table.columns, rows)
        self.note(table, rows)

    def write_columns(self, table: SealedTable, columns: store.Columns) -> None:
        """The same, of rows that are given as columns."""
        store.insert_columns(table.name, table.columns, columns)
        self._note(table, store.whole(columns[0], 1), table.digests_along(columns))

    def write_next(self, table: SealedTable, sequence: str, row: Sequence[Any]) -> int:
        """Insert one row, given without its id, under the next number of a sequence; returns its id."""
        identity = store.insert_drawn(table.name, table.columns, sequence, row)
        self.note(table, [(identity, *row)])
        return identity

    def note(self, table: SealedTable, rows: Sequence[Sequence[Any]]) -> None:
        """Keep the digests of rows that are inserted otherwise."""
        self._note(table, [row[0] for row in rows], table.digests(rows))

    def _note(self, table: SealedTable, ids: Sequence[int], digests: bytes) -> None:
        ranges, first, count = self.rows.setdefault(table.name, []), ids[0], len(ids)
        together = [[first, count]] if ids[-1] - first == count - 1 else [[row, 1] for row in ids]
        for start, length in together:
            if ranges and start == sum(ranges[-1]):
                ranges[-1][1] += length
            else:
                ranges.append([start, length])
        self.digests.setdefault(table.name, bytearray()).extend(digests)

    def note_changed(self, table: SealedTable, rows: Iterable[Sequence[Any]]) -> None:
        """Keep the digests of rows of a changing table as they are now."""
        self.changed.setdefault(table.name, {}).update((row[0], digest_row(row)) for row in rows)

    def seal(self, now: datetime) -> None:
        """End the transaction with its seal; the head of the chain is locked last, until the commit."""
        for name, kept in self.changed.items():
            self.rows[name] = [[identity, 1] for identity in sorted(kept)]
            self.digests[name] = bytearray(b"".join(kept[identity] for identity in sorted(kept)))
        if not self.rows:
            return
        newest = "SELECT number, hash FROM records_seal ORDER BY number DESC LIMIT 1"
        last = store.fetch_alone("gemba.trail.head", newest)
        number, previous = (last[0][0] + 1, bytes(last[0][1])) if last else (1, GENESIS)
        at = to_microseconds(now)
        listed = _write_rows({name: self.rows[name] for name in sorted(self.rows)})
        digests = b"".join(bytes(self.digests[name]) for name in sorted(self.rows))
        sealed = chain_hash(previous, (number, self.tx, at, listed, digests))
        row = (number, self.tx, at, listed, digests, sealed)
        store.write_together([store.inserting("records_seal", SEAL_COLUMNS, row)])
