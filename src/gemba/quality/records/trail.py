"""The trail: sealed rows, one seal a transaction, and the proof that nobody altered anything.

A sealed row is written once. When a transaction ends, the digests of all rows that it wrote are joined
into one seal, and the seal's hash covers the hash of the seal before it. ``verify`` recomputes both:
the digests name an altered row, the chain names an altered seal.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gemba.quality.records import store
from gemba.quality.records.canonical import DIGEST_SIZE, chain_hash, digest_row, to_microseconds

GENESIS = b"\x00" * 32


@dataclass(frozen=True)
class SealedTable:
    """A table whose rows are sealed: its columns in the order of the digest, the id first."""

    name: str
    columns: tuple[str, ...]


ENTRY = SealedTable(
    "records_entry",
    ("id", "tx", "header_id", "version", "action", "actor", "at", "reason", "detail", "client", "cause"),
)
VERSION = SealedTable(
    "records_version",
    ("id", "tx", "header_id", "number", "recorded_at", "effective_from", "schema", "snapshot"),
)

_tables: dict[str, SealedTable] = {}


def install_sealed(*tables: SealedTable) -> None:
    """Add sealed tables of a slice, so that ``verify`` reads them too."""
    for table in tables:
        _tables[table.name] = table


def sealed_tables() -> tuple[SealedTable, ...]:
    """Every sealed table of the program."""
    return tuple(_tables[name] for name in sorted(_tables))


install_sealed(ENTRY, VERSION)


@dataclass
class Ledger:
    """What one transaction has written so far."""

    tx: int
    rows: dict[str, list[list[int]]] = field(default_factory=dict)
    digests: dict[str, bytearray] = field(default_factory=dict)

    def write(self, table: SealedTable, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows into a sealed table and keep their digests; ids ascend within a transaction."""
        store.insert_many(table.name, table.columns, rows)
        ranges = self.rows.setdefault(table.name, [])
        joined = self.digests.setdefault(table.name, bytearray())
        for row in rows:
            if ranges and row[0] == ranges[-1][0] + ranges[-1][1]:
                ranges[-1][1] += 1
            else:
                ranges.append([row[0], 1])
            joined += digest_row(row)

    def seal(self, now: datetime) -> None:
        """End the transaction with its seal; the head of the chain is locked last, until the commit."""
        if not self.rows:
            return
        store.lock_name("gemba.trail.head")
        last = store.fetch("SELECT number, hash FROM records_seal ORDER BY number DESC LIMIT 1")
        number, previous = (last[0][0] + 1, bytes(last[0][1])) if last else (1, GENESIS)
        at = to_microseconds(now)
        listed = json.dumps({name: self.rows[name] for name in sorted(self.rows)}, separators=(",", ":"))
        digests = b"".join(bytes(self.digests[name]) for name in sorted(self.rows))
        sealed = chain_hash(previous, (number, self.tx, at, listed, digests))
        store.insert_many(
            "records_seal",
            ("number", "tx", "at", "rows", "digests", "hash"),
            [(number, self.tx, at, listed, digests, sealed)],
        )


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was sealed: where, and what."""

    kind: str
    table: str
    row: int
    seal: int
    text: str


@dataclass(frozen=True)
class Head:
    """The head of the chain at some moment, as an anchor outside the store keeps it."""

    number: int
    hash: bytes


@dataclass(frozen=True)
class Verification:
    """What ``verify`` saw: how much, and every finding."""

    seals: int
    rows: int
    findings: tuple[Finding, ...]
    head: Head | None

    @property
    def sound(self) -> bool:
        """Whether nothing was altered."""
        return not self.findings


BATCH_ROWS = 20_000


def verify(anchors: Sequence[Head] = ()) -> Verification:
    """Recompute every digest and the whole chain.

    ``anchors`` are heads kept outside the store: with them a rewritten chain and a cut tail are found too.
    """
    check = _Check({anchor.number: anchor.hash for anchor in anchors})
    for number, tx, at, listed, digests, stored in store.stream(
        "SELECT number, tx, at, rows, digests, hash FROM records_seal ORDER BY number"
    ):
        check.take_seal(number, tx, at, listed, bytes(digests), bytes(stored))
    check.finish()
    return Verification(check.seals, check.count, tuple(check.findings), check.head)


class _Check:
    """The running state of one verification."""

    def __init__(self, anchors: dict[int, bytes]) -> None:
        self.anchors = anchors
        self.previous = GENESIS
        self.number = 0
        self.seals = 0
        self.count = 0
        self.head: Head | None = None
        self.findings: list[Finding] = []
        self.expected: dict[str, dict[int, tuple[bytes, int]]] = {}
        self.pending = 0

    def take_seal(self, number: int, tx: int, at: int, listed: str, digests: bytes, stored: bytes) -> None:
        if number != self.number + 1:
            text = f"seals {self.number + 1} to {number - 1} are missing"
            self.findings.append(Finding("seal missing", "records_seal", self.number + 1, number, text))
        if chain_hash(self.previous, (number, tx, at, listed, digests)) != stored:
            text = f"seal {number} does not follow from the seal before it"
            self.findings.append(Finding("chain broken", "records_seal", number, number, text))
        if self.anchors.get(number, stored) != stored:
            text = f"seal {number} differs from its anchor outside the store: the chain was rewritten"
            self.findings.append(Finding("chain rewritten", "records_seal", number, number, text))
        self.previous, self.number = stored, number
        self.head = Head(number, stored)
        self.seals += 1
        self._expect(number, listed, digests)
        if self.pending >= BATCH_ROWS:
            self._compare()

    def _expect(self, seal: int, listed: str, digests: bytes) -> None:
        offset = 0
        try:
            ranges = json.loads(listed)
            for name in sorted(ranges):
                wanted = self.expected.setdefault(name, {})
                for first, count in ranges[name]:
                    for row in range(first, first + count):
                        wanted[row] = (digests[offset : offset + DIGEST_SIZE], seal)
                        offset += DIGEST_SIZE
                    self.pending += count
        except (ValueError, TypeError, AttributeError):
            text = f"the list of rows in seal {seal} cannot be read"
            self.findings.append(Finding("seal damaged", "records_seal", seal, seal, text))

    def _compare(self) -> None:
        for name, wanted in self.expected.items():
            if not wanted:
                continue
            table = _tables.get(name)
            if table is None:
                seal = next(iter(wanted.values()))[1]
                self.findings.append(Finding("table unknown", name, 0, seal, f"{name} is not a sealed table"))
                continue
            for row in self._rows(table, min(wanted), max(wanted)):
                found = wanted.pop(row[0], None)
                if found is None:
                    continue
                self.count += 1
                if digest_row(row) != found[0]:
                    text = f"row {row[0]} of {name} is not as it was sealed"
                    self.findings.append(Finding("row altered", name, row[0], found[1], text))
            for identity, (_, seal) in wanted.items():
                text = f"row {identity} of {name} was deleted"
                self.findings.append(Finding("row deleted", name, identity, seal, text))
        self.expected = {}
        self.pending = 0

    @staticmethod
    def _rows(table: SealedTable, first: int, last: int) -> Any:
        names = ", ".join(f'"{column}"' for column in table.columns)
        statement = f'SELECT {names} FROM "{table.name}" WHERE id BETWEEN %s AND %s'  # noqa: S608 (own names)
        return store.stream(statement, [first, last])

    def finish(self) -> None:
        self._compare()
        for number in sorted(self.anchors):
            if number > self.number:
                text = (
                    f"the chain ends at seal {self.number}, an anchor knows seal {number}: the tail was cut"
                )
                self.findings.append(Finding("tail cut", "records_seal", number, number, text))
        self._find_unsealed()

    def _find_unsealed(self) -> None:
        sealed = dict.fromkeys(_tables, 0)
        for (listed,) in store.stream("SELECT rows FROM records_seal"):
            for name, ranges in _read_ranges(listed).items():
                sealed[name] = sealed.get(name, 0) + sum(count for _, count in ranges)
        for name, table in _tables.items():
            held = store.fetch(f'SELECT COUNT(*) FROM "{name}"')[0][0]  # noqa: S608 (own names)
            deleted = sum(1 for f in self.findings if f.kind == "row deleted" and f.table == name)
            if held + deleted > sealed[name]:
                self._name_unsealed(table)

    def _name_unsealed(self, table: SealedTable) -> None:
        known: set[int] = set()
        for (listed,) in store.stream("SELECT rows FROM records_seal"):
            for first, count in _read_ranges(listed).get(table.name, []):
                known.update(range(first, first + count))
        for (identity,) in store.stream(f'SELECT id FROM "{table.name}"'):  # noqa: S608 (own names)
            if identity not in known:
                text = f"row {identity} of {table.name} was inserted behind the program's back"
                self.findings.append(Finding("row inserted", table.name, identity, 0, text))


def _read_ranges(listed: str) -> dict[str, list[list[int]]]:
    try:
        ranges: dict[str, list[list[int]]] = json.loads(listed)
    except ValueError:
        return {}
    return ranges
