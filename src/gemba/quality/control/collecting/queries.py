"""Reads of readings and quarantine for pages and neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Context, Decimal
from typing import Any

from django.db.models import QuerySet

from gemba.quality.control.collecting.intake import read_reading, read_reasons
from gemba.quality.control.collecting.models import Decision, Quarantined, Stream, Waiting
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.collecting.rules import key_parts
from gemba.quality.control.collecting.verdict import typed_number
from gemba.quality.records import store
from gemba.quality.records.actor import EVERY_SITE
from gemba.quality.records.reasons import Reason

Key = tuple[int, int]
"""The place of a reading in its stream: position and sequence."""

COLUMNS = (
    "id", "stream_id", "position", "source", "sequence", "text", "value", "unit", "qualifier", "measured_at",
    "offset", "received_at", "actor", "operator", "gauge", "lot", "serial", "subgroup", "purpose",
    "validity", "kind", "about", "spec_version", "verdict", "context", "note",
    "beside",
)  # fmt: skip
_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
EVERY_READING = ("characteristic", "title", "stream", *COLUMNS)
"""The columns of ``every_reading``."""
EXACT = Context(prec=60)


@dataclass(frozen=True)
class Row:
    """A stored reading as pages show it, with what was said about it later, oldest first.

    Times are microseconds in UTC; ``offset`` are the sender's minutes from UTC.
    """

    id: int
    stream: int
    position: int
    source: str
    sequence: int
    text: str
    value: float | None
    unit: str
    qualifier: str
    measured_at: int | None
    offset: int | None
    received_at: int
    actor: str
    operator: str
    gauge: str
    lot: str
    serial: str
    subgroup: str
    purpose: str
    validity: str
    kind: str
    about: int | None
    spec_version: int
    verdict: str
    context: str
    note: str
    beside: str | None
    amendments: tuple[Row, ...] = ()

    @property
    def late(self) -> bool:
        """Whether a later reading of its source was there before it."""
        return self.position < self.id

    @property
    def void(self) -> bool:
        """Whether it was voided."""
        return any(row.kind == "void" for row in self.amendments)

    @property
    def holds(self) -> Row:
        """The row whose value holds: the last correction or re-measurement, or this one."""
        changed = [row for row in self.amendments if row.kind != "void"]
        return changed[-1] if changed else self


@dataclass(frozen=True)
class WaitingReading:
    """A reading in quarantine: what came, why it waits, and what was decided, if anything was."""

    id: int
    reading: Reading
    reasons: tuple[Reason, ...]
    site: str
    received_at: int
    actor: str
    decision: Decision | None


@dataclass(frozen=True)
class Counts:
    """How many readings were taken, by the verdict they got then; ``readings`` less the others conform."""

    readings: int
    nonconform: int
    undecided: int
    late: int
    amendments: int


@dataclass(frozen=True)
class Totals:
    """What a source can compare with its own count: how many, their exact sum, and the numbers missing.

    ``readings`` were stored, ``held`` went to quarantine and were not released; ``total`` is the sum of the
    stored values as typed. ``gaps`` are pairs: first and last of the numbers missing in a row.
    """

    source: str
    first: int | None
    last: int | None
    readings: int
    held: int
    total: Decimal
    gaps: tuple[tuple[int, int], ...]


def streams_of(characteristic: int) -> list[Stream]:
    """The streams of a characteristic, by their keys."""
    return list(Stream.objects.filter(characteristic_id=characteristic).order_by("key"))


def stream(identity: int) -> Stream:
    """One stream with the header of its characteristic."""
    return Stream.objects.select_related("characteristic").get(pk=identity)


def keys_of(streams: Iterable[int]) -> dict[int, str]:
    """What tells each of these streams apart from the others of its characteristic."""
    return dict(Stream.objects.filter(pk__in=list(streams)).values_list("pk", "key"))


def key_of(stream: int) -> str:
    """What tells a stream apart from the others of its characteristic."""
    return str(store.fetch("SELECT key FROM collecting_stream WHERE id = %s", [stream])[0][0])


def stream_of_reading(identity: int) -> int:
    """The stream on which a reading was taken."""
    return int(store.fetch("SELECT stream_id FROM collecting_reading WHERE id = %s", [identity])[0][0])


def key_in_words(key: str) -> str:
    """What tells a stream apart, as people say it: ``machine M2, cavity 3``."""
    return ", ".join(f"{name} {value}" for name, value in key_parts(key).items())


def name_of_stream(identity: int, title: str) -> str:
    """What a stream of a characteristic is called: its title and what tells the stream apart."""
    return f"{title} {key_in_words(key_of(identity))}".strip()[:200]


def latest_readings(stream: int, *, limit: int = 100, before: Key | None = None) -> list[Row]:
    """The last readings of a stream in its order, oldest first; ``before`` pages backwards."""
    where, values = "", [stream]
    if before is not None:
        where, values = " AND (position, sequence) < (%s, %s)", [stream, *before]
    rows = store.fetch(
        f"SELECT {_NAMES} FROM collecting_reading WHERE stream_id = %s AND kind = 'reading'{where} "  # noqa: S608 (own names)
        "ORDER BY position DESC, sequence DESC LIMIT %s",
        [*values, limit],
    )
    return _with_amendments([Row(*row) for row in reversed(rows)])


def readings_from(stream: int, *, after: Key = (0, -1), limit: int = 1000) -> list[Row]:
    """The readings of a stream after a place in its order, oldest first."""
    rows = store.fetch(
        f"SELECT {_NAMES} FROM collecting_reading WHERE stream_id = %s AND kind = 'reading' "  # noqa: S608 (own names)
        "AND (position, sequence) > (%s, %s) ORDER BY position, sequence LIMIT %s",
        [stream, *after, limit],
    )
    return _with_amendments([Row(*row) for row in rows])


def readings_between(stream: int, start: int, end: int, *, limit: int = 1000) -> list[Row]:
    """The readings of a stream that were received from ``start`` until before ``end`` (microseconds).

    Ids ascend with the clock of the server: after it was set back, the border is that of the ids.
    """
    first, last = _first_id(start), _first_id(end)
    rows = readings_from(stream, after=(first, -1), limit=limit)
    return [row for row in rows if row.position < last]


def _first_id(moment: int) -> int:
    """The first id that was received at a moment or later, found by halving."""
    low: int = 1
    high: int = store.fetch("SELECT COALESCE(MAX(id), 0) + 1 FROM collecting_reading")[0][0]
    while low < high:
        middle = (low + high) // 2
        found = store.fetch(
            "SELECT id, received_at FROM collecting_reading WHERE id >= %s ORDER BY id LIMIT 1", [middle]
        )
        if found and found[0][1] < moment:
            low = found[0][0] + 1
        else:
            high = middle
    return low


def reading(identity: int) -> Row | None:
    """One reading with its amendments; the first reading where an amendment is named."""
    statement = f"SELECT {_NAMES} FROM collecting_reading WHERE id = %s"  # noqa: S608 (own names)
    rows = store.fetch(statement, [identity])
    if not rows:
        return None
    row = Row(*rows[0])
    return reading(row.about) if row.about is not None else _with_amendments([row])[0]


def readings_named(identities: Sequence[int]) -> list[Row]:
    """These readings in the order of their stream, each with its amendments; amendments are passed over."""
    statement = f"SELECT {_NAMES} FROM collecting_reading WHERE id"  # noqa: S608 (own names)
    rows = [Row(*row) for row in store.fetch_among(statement, list(identities))]
    first = sorted((row for row in rows if row.about is None), key=lambda row: (row.position, row.sequence))
    return _with_amendments(first)


def circumstances(identities: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """Lot, gauge and traceability (as JSON text) of these readings, by id."""
    statement = "SELECT id, lot, gauge, context FROM collecting_reading WHERE id"
    return {row[0]: (row[1], row[2], row[3]) for row in store.fetch_among(statement, list(identities))}


def _with_amendments(rows: Sequence[Row]) -> list[Row]:
    found: dict[int, list[Row]] = {}
    statement = f"SELECT {_NAMES} FROM collecting_reading WHERE about"  # noqa: S608 (own names)
    for row in store.fetch_among(statement, [row.id for row in rows]):
        found.setdefault(row[COLUMNS.index("about")], []).append(Row(*row))
    for changes in found.values():
        changes.sort(key=lambda row: row.id)
    return [replace(row, amendments=tuple(found[row.id])) if row.id in found else row for row in rows]


def every_reading() -> Iterator[tuple[Any, ...]]:
    """Every reading of the plant as it came, oldest first, with its characteristic and its stream."""
    own = ", ".join(f'r."{name}"' for name in COLUMNS)
    return store.stream(
        f"SELECT h.number, h.title, s.key, {own} FROM collecting_reading r "  # noqa: S608 (names)
        "JOIN collecting_stream s ON s.id = r.stream_id JOIN records_header h ON h.id = s.characteristic_id "
        "ORDER BY r.id"
    )


def counts_of_stream(stream: int) -> Counts:
    """How many readings of a stream were taken; told at once, however many there are."""
    return _counts("stream_id = %s", stream)


def counts_of_characteristic(characteristic: int) -> Counts:
    """How many readings of all streams of a characteristic were taken."""
    return _counts(
        "stream_id IN (SELECT id FROM collecting_stream WHERE characteristic_id = %s)", characteristic
    )


def _counts(where: str, value: int) -> Counts:
    sums = ", ".join(f"COALESCE(SUM({field.name}), 0)" for field in fields(Counts))
    row = store.fetch(f"SELECT {sums} FROM collecting_progress WHERE {where}", [value])[0]  # noqa: S608 (own names)
    return Counts(*map(int, row))


def waiting_count(*, sites: frozenset[str]) -> int:
    """How many readings wait in quarantine at these sites (``"*"`` for all)."""
    return _waiting(sites).count()


def waiting_readings(*, sites: frozenset[str], limit: int = 100, after: int = 0) -> list[WaitingReading]:
    """The readings that wait in quarantine at these sites, oldest first; ``after`` pages forward."""
    rows = _waiting(sites).filter(pk__gt=after).select_related("quarantined").order_by("pk")[:limit]
    return [_waiting_reading(row.quarantined, None) for row in rows]


def waits_at(site: str) -> bool:
    """Whether a reading waits in quarantine at exactly this site (``""``: at one that nobody can place)."""
    return Waiting.objects.filter(site=site).exists()


def quarantined_reading(identity: int) -> WaitingReading | None:
    """One reading of the quarantine, decided on or not."""
    kept = Quarantined.objects.filter(pk=identity).first()
    decision = Decision.objects.filter(quarantined_id=identity).first()
    return None if kept is None else _waiting_reading(kept, decision)


def _waiting(sites: frozenset[str]) -> QuerySet[Waiting]:
    rows = Waiting.objects.all()
    return rows if EVERY_SITE in sites else rows.filter(site__in=["", *sites])


def _waiting_reading(kept: Quarantined, decision: Decision | None) -> WaitingReading:
    return WaitingReading(
        id=kept.pk,
        reading=read_reading(kept.content),
        reasons=read_reasons(kept.reasons),
        site=kept.site,
        received_at=kept.received_at,
        actor=kept.actor,
        decision=decision,
    )


_SENT = """
    SELECT number, text FROM (
        SELECT COALESCE(i.sequence - (i.reading - r.id), i.sequence) AS number, r.text
        FROM collecting_intake i
        LEFT JOIN collecting_reading r ON r.id <= i.reading AND r.id > i.reading - i.count
        WHERE i.source = %s AND i.sequence >= %s AND i.sequence <= COALESCE((
            SELECT later.sequence FROM collecting_intake later
            WHERE later.source = %s AND later.sequence >= %s ORDER BY later.sequence LIMIT 1
        ), %s)
        ORDER BY i.sequence, r.id
    ) sent WHERE number BETWEEN %s AND %s
"""


def control_totals(source: str, *, first: int = 0, last: int = 2**63 - 1) -> Totals:
    """What has come from a source between two of its numbers, to be compared with what it has sent."""
    stored = held = 0
    total, start, before = Decimal(0), None, None
    gaps: list[tuple[int, int]] = []
    for sequence, text in store.stream(_SENT, [source, first, source, last, last, first, last]):
        if before is None:
            start = sequence
        elif sequence > before + 1:
            gaps.append((before + 1, sequence - 1))
        before = sequence
        if text is None:
            held += 1
        else:
            stored += 1
            total = EXACT.add(total, typed_number(text) or Decimal(0))
    return Totals(source, start, before, stored, held, total, tuple(gaps))
