"""The trail: sealed rows, one seal a transaction, and the proof that nobody altered anything.

A sealed row is written once. When a transaction ends, the digests of all rows that it wrote are joined
into one seal, and the seal's hash covers the hash of the seal before it. ``verify`` recomputes both:
the digests name an altered row, the chain names an altered seal.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gemba.quality.records import store
from gemba.quality.records.canonical import DIGEST_SIZE, chain_hash
from gemba.quality.records.ledger import GENESIS, SealedTable
from gemba.quality.records.resealed import UNLIKE, differing_rows

ENTRY = SealedTable(
    "records_entry",
    ("id", "tx", "header_id", "version", "action", "actor", "at", "reason", "detail", "client", "cause"),
)
VERSION = SealedTable(
    "records_version",
    ("id", "tx", "header_id", "number", "recorded_at", "effective_from", "schema", "snapshot"),
)

_tables: dict[str, SealedTable] = {}
_changing: dict[str, SealedTable] = {}


def install_sealed(*tables: SealedTable) -> None:
    """Add sealed tables of a slice, so that ``verify`` reads them too."""
    for table in tables:
        _tables[table.name] = table


def install_changing(table: SealedTable) -> None:
    """Add a table whose rows change: each seal tells those that its transaction changed, the last one counts.

    The key of such a table is its first column.
    """
    _changing[table.name] = table


def changing_tables() -> tuple[SealedTable, ...]:
    """Every table whose rows are sealed anew whenever they change."""
    return tuple(table for _, table in sorted(_changing.items()))


def sealed_tables() -> tuple[SealedTable, ...]:
    """Every sealed table of the program."""
    return tuple(table for _, table in sorted(_tables.items()))


install_sealed(ENTRY, VERSION)


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was sealed: where, and what."""

    kind: str
    table: str
    row: int | str
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
LOOKS = 2
_checks: list[Callable[[], Iterable[Finding]]] = []


def install_check(check: Callable[[], Iterable[Finding]]) -> None:
    """Add something that ``verify`` holds against the sealed rows, such as the rows that change."""
    if check not in _checks:
        _checks.append(check)


def verify(anchors: Sequence[Head] = ()) -> Verification:
    """Recompute every digest and the whole chain, then hold every row that changes against its last version.

    ``anchors`` are heads kept outside the store: with them a rewritten chain and a cut tail are found too.
    """
    check = _Check(anchors)
    check.take_new_seals()
    check.finish()
    found = [*check.findings, *(finding for call in _checks for finding in call())]
    return Verification(check.seals, check.count, tuple(found), check.head)


@dataclass
class _Run:
    """Rows of one table that one seal names: the first id, how many, and their digests."""

    first: int
    count: int
    seal: int
    digests: bytes

    @property
    def ids(self) -> range:
        return range(self.first, self.first + self.count)

    def each(self) -> Iterator[tuple[int, bytes]]:
        """Each row with its digest."""
        for place, identity in enumerate(self.ids):
            yield identity, self.digests[place * DIGEST_SIZE : (place + 1) * DIGEST_SIZE]


class _Check:
    """The running state of one verification."""

    def __init__(self, anchors: Sequence[Head]) -> None:
        self.anchors: dict[int, set[bytes]] = {}
        for anchor in anchors:
            self.anchors.setdefault(anchor.number, set()).add(anchor.hash)
        self.previous = GENESIS
        self.number = 0
        self.seals = 0
        self.count = 0
        self.pending = 0
        self.head: Head | None = None
        self.findings: list[Finding] = []
        self.expected: dict[str, list[_Run]] = {}
        self.known: dict[str, list[list[int]]] = {}
        self.last: dict[str, dict[int, bytes]] = {name: {} for name in _changing}

    def take_new_seals(self) -> None:
        """Read the seals after the last one that was read, and compare the rows that they name."""
        for number, tx, at, listed, digests, stored in store.stream(
            "SELECT number, tx, at, rows, digests, hash FROM records_seal WHERE number > %s ORDER BY number",
            [self.number],
        ):
            self._take_seal(number, tx, at, listed, bytes(digests), bytes(stored))
            if self.pending >= BATCH_ROWS:
                self._compare()
        self._compare()

    def _take_seal(self, number: int, tx: int, at: int, listed: str, digests: bytes, stored: bytes) -> None:
        if number != self.number + 1:
            text = f"seals {self.number + 1} to {number - 1} are missing"
            self._find("seal missing", "records_seal", self.number + 1, number, text)
        if chain_hash(self.previous, (number, tx, at, listed, digests)) != stored:
            text = f"seal {number} does not follow from the seal before it"
            self._find("chain broken", "records_seal", number, number, text)
        if self.anchors.get(number, {stored}) != {stored}:
            text = f"seal {number} differs from its anchor outside the store: the chain was rewritten"
            self._find("chain rewritten", "records_seal", number, number, text)
        self.previous, self.number = stored, number
        self.head = Head(number, stored)
        self.seals += 1
        self._expect(number, listed, digests)

    def _expect(self, seal: int, listed: str, digests: bytes) -> None:
        runs = _read_runs(seal, listed, digests)
        if runs is None:
            text = f"the list of rows in seal {seal} cannot be read"
            self._find("seal damaged", "records_seal", seal, seal, text)
            return
        for name, run in runs:
            if name in self.last:
                self.last[name].update(run.each())
                continue
            self.expected.setdefault(name, []).append(run)
            self.pending += run.count
            known = self.known.setdefault(name, [])
            if known and known[-1][1] + 1 == run.first:
                known[-1][1] += run.count
            else:
                known.append([run.first, run.first + run.count - 1])

    def _compare(self) -> None:
        for name, runs in self.expected.items():
            table = _tables.get(name)
            if table is None:
                self._find("table unknown", name, 0, runs[0].seal, f"{name} is not a sealed table")
                continue
            runs.sort(key=lambda run: run.first)
            rows = list(_rows(table, runs[0].first, max(run.ids[-1] for run in runs)))
            together = b"".join(run.digests for run in runs)
            in_order = [row[0] for row in rows] == [row for run in runs for row in run.ids]
            if in_order and table.digests(rows) == together:
                self.count += len(rows)
            else:
                self._compare_each(table, runs, rows)
        self.expected = {}
        self.pending = 0

    def _compare_each(self, table: SealedTable, runs: list[_Run], rows: list[tuple[Any, ...]]) -> None:
        found = {row[0]: row for row in rows}
        for run in runs:
            for identity, digest in run.each():
                row = found.get(identity)
                if row is None:
                    text = f"row {identity} of {table.name} was deleted"
                    self._find("row deleted", table.name, identity, run.seal, text)
                    continue
                self.count += 1
                if table.digest(row) != digest:
                    text = f"row {identity} of {table.name} is not as it was sealed"
                    self._find("row altered", table.name, identity, run.seal, text)

    def finish(self) -> None:
        """Find what no seal names any more: a tail that was cut, rows that were never sealed."""
        for number in sorted(self.anchors):
            if number > self.number:
                text = (
                    f"the chain ends at seal {self.number}, an anchor knows seal {number}: the tail was cut"
                )
                self._find("tail cut", "records_seal", number, number, text)
        strange = {name: self._unsealed(name) for name in _tables}
        if any(strange.values()):
            self.take_new_seals()  # a commit may have come in between
        for name, identities in strange.items():
            starts, ends = self._intervals(name)
            for identity in (row for row in identities if not _is_inside(row, starts, ends)):
                text = f"row {identity} of {name} was inserted behind the program's back"
                self._find("row inserted", name, identity, 0, text)
        for table in changing_tables():
            self._hold_changing(table)

    def _hold_changing(self, table: SealedTable) -> None:
        """Hold rows that change against the last seal that tells them; somebody may be writing just now."""
        last = self.last[table.name]
        wrong = differing_rows(table.name, table.columns, last)
        for _ in range(LOOKS if wrong else 0):
            self.take_new_seals()
            again = differing_rows(table.name, table.columns, last)
            wrong = {identity: kind for identity, kind in again.items() if wrong.get(identity) == kind}
        for identity, kind in sorted(wrong.items()):
            self._find(kind, table.name, identity, 0, f"row {identity} of {table.name} {UNLIKE[kind]}")

    def _unsealed(self, name: str) -> list[int]:
        sealed = sum(last - first + 1 for first, last in self.known.get(name, []))
        deleted = sum(1 for f in self.findings if f.kind == "row deleted" and f.table == name)
        held = store.fetch(f'SELECT COUNT(*) FROM "{name}"')[0][0]  # noqa: S608 (own names)
        if held + deleted <= sealed:
            return []
        starts, ends = self._intervals(name)
        identities = store.stream(f'SELECT id FROM "{name}"')  # noqa: S608 (own names)
        return [row for (row,) in identities if not _is_inside(row, starts, ends)]

    def _intervals(self, name: str) -> tuple[list[int], list[int]]:
        intervals = sorted(self.known.get(name, []))
        return [first for first, _ in intervals], [last for _, last in intervals]

    def _find(self, kind: str, table: str, row: int, seal: int, text: str) -> None:
        self.findings.append(Finding(kind, table, row, seal, text))


def _rows(table: SealedTable, first: int, last: int) -> Iterator[tuple[Any, ...]]:
    names = ", ".join(f'"{column}"' for column in table.columns)
    statement = f'SELECT {names} FROM "{table.name}" WHERE id BETWEEN %s AND %s ORDER BY id'  # noqa: S608
    return store.stream(statement, [first, last])


def _is_inside(identity: int, starts: list[int], ends: list[int]) -> bool:
    place = bisect_right(starts, identity) - 1
    return place >= 0 and identity <= ends[place]


def _read_runs(seal: int, listed: str, digests: bytes) -> list[tuple[str, _Run]] | None:
    """The rows that a seal names, or ``None`` when its list and its digests do not belong together."""
    runs, offset = [], 0
    try:
        ranges = json.loads(listed)
        for name in sorted(ranges):
            for first, count in ranges[name]:
                end = offset + count * DIGEST_SIZE
                if type(first) is not int or count < 1 or end > len(digests):
                    return None
                runs.append((name, _Run(first, count, seal, digests[offset:end])))
                offset = end
    except (ValueError, TypeError, LookupError):
        return None
    return runs if offset == len(digests) else None
