"""Exactly once: each key is claimed with the digest of its content, before anything else is written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import repeat
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from django.db import DatabaseError
from msgspec.structs import asdict, astuple

from gemba.quality.control.collecting.examining import Barred, Held, Taken
from gemba.quality.control.collecting.reading import Reading, Receipt
from gemba.quality.control.collecting.sheet import Sheet
from gemba.quality.records import store
from gemba.quality.records.canonical import DIGEST_SIZE, digest_each
from gemba.quality.records.reasons import Reason
from gemba.quality.records.work import Work

TABLE = "collecting_intake"
INTAKE = ("source", "sequence", "digest", "reading", "quarantine")
UNPACKABLE = (UnicodeEncodeError, OverflowError)
_pack = msgspec.msgpack.Encoder(order="deterministic").encode


class Claim(NamedTuple):
    """One row of the intake: a key, the digest of what came under it, and where that lies."""

    source: str
    sequence: int
    digest: bytes
    reading: int | None
    quarantine: int | None


class Repeat(NamedTuple):
    """A reading whose key had been claimed before by the same content."""

    place: int
    claim: Claim


class Claims(NamedTuple):
    """What is new: readings with their ids, and what is held; what came again; what used a key otherwise."""

    ids: Sequence[int]
    taken: Sequence[Taken]
    held: list[tuple[int, Held]]
    repeated: list[Repeat]
    barred: list[Barred]


def claim(
    work: Work, taken: Sequence[Taken], sheet: Sheet, held: Sequence[Held], *, hoping: bool = False
) -> Claims:
    """Claim the keys of readings, in one statement when none was claimed before.

    ``sheet`` are the readings that are taken. Who is ``hoping`` does the work again where the transaction
    fails and ``claimed_before`` says so.
    """
    ids = work.ledger.draw_many("reading", len(taken))
    waiting = list(zip(work.ledger.draw_many("quarantined", len(held)), held, strict=True))
    rows = [
        *_rows(sheet, ids, repeat(None)),
        *_rows(Sheet([item.reading for item in held]), repeat(None), [identity for identity, _ in waiting]),
    ]
    rows.sort(key=itemgetter(0, 1))
    if hoping and store.insert_hoping(TABLE, INTAKE, rows):
        return Claims(ids, taken, waiting, [], [])
    if store.insert_new(TABLE, INTAKE, rows) == len(rows):
        return Claims(ids, taken, waiting, [], [])
    return _tell_apart(list(zip(ids, taken, strict=True)), waiting, [Claim(*row) for row in rows])


def claimed_before(error: DatabaseError) -> bool:
    """Whether a transaction failed because one of the keys had been claimed."""
    return store.hoped_in_vain(error, TABLE)


def _rows(
    sheet: Sheet, ids: Iterable[int | None], waiting: Iterable[int | None]
) -> Iterable[tuple[str, int, bytes, int | None, int | None]]:
    """The rows that claim the keys of readings: what is taken has an id, what is held another."""
    keys = sheet["source"], sheet["sequence"]
    return zip(*keys, _digests(sheet), ids, waiting, strict=False)  # some ids have no end


def _tell_apart(
    readings: list[tuple[int, Taken]], waiting: list[tuple[int, Held]], claims: Sequence[Claim]
) -> Claims:
    stored = _stored_claims(claims)
    digests = {(given.reading, given.quarantine): given.digest for given in claims}
    new: list[tuple[int, Taken]] = []
    found = Claims([], [], [], [], [])
    for identity, item in readings:
        before = stored[item.reading.source, item.reading.sequence]
        if before.reading == identity:
            new.append((identity, item))
        else:
            _take_again(found, item, before, digests[identity, None])
    for identity, held in waiting:
        before = stored[held.reading.source, held.reading.sequence]
        if before.quarantine == identity:
            found.held.append((identity, held))
        else:
            _take_again(found, held, before, digests[None, identity])
    return found._replace(ids=[identity for identity, _ in new], taken=[item for _, item in new])


def _take_again(found: Claims, item: Taken | Held, before: Claim, given: bytes) -> None:
    if before.digest == given or is_digest_of(item.reading, before.digest):
        found.repeated.append(Repeat(item.place, before))
        return
    about = {"source": before.source, "sequence": before.sequence}
    found.barred.append(Barred(item.place, item.reading, (Reason("collecting.key_used", about),)))


def _stored_claims(claims: Iterable[Claim]) -> dict[tuple[str, int], Claim]:
    by_source: dict[str, list[int]] = {}
    for given in claims:
        by_source.setdefault(given.source, []).append(given.sequence)
    found: dict[tuple[str, int], Claim] = {}
    for source, sequences in by_source.items():
        for rows in store.fetch_among(
            "SELECT source, sequence, digest, reading, quarantine FROM collecting_intake "
            "WHERE source = %s AND sequence",
            sequences,
            source,
        ):
            kept = Claim(rows[0], rows[1], bytes(rows[2]), rows[3], rows[4])
            found[kept.source, kept.sequence] = kept
    return found


def repeat_receipts(repeated: Sequence[Repeat]) -> dict[int, Receipt]:
    """The answers that were given before, for what came again; by place."""
    verdicts = {
        row[0]: row
        for row in store.fetch_among(
            "SELECT id, verdict, position FROM collecting_reading WHERE id",
            [claim.reading for _, claim in repeated if claim.reading is not None],
        )
    }
    reasons = {
        row[0]: row[1]
        for row in store.fetch_among(
            "SELECT id, reasons FROM collecting_quarantined WHERE id",
            [claim.quarantine for _, claim in repeated if claim.quarantine is not None],
        )
    }
    return {place: _repeat_receipt(claim, verdicts, reasons) for place, claim in repeated}


def _repeat_receipt(
    before: Claim, verdicts: Mapping[int, tuple[Any, ...]], reasons: Mapping[int, str]
) -> Receipt:
    if before.reading is not None:
        identity, verdict, position = verdicts[before.reading]
        return Receipt(
            source=before.source,
            sequence=before.sequence,
            status="accepted",
            reading=identity,
            quarantine=before.quarantine,
            verdict=verdict,
            late=position < identity,
            repeated=True,
        )
    return Receipt(
        source=before.source,
        sequence=before.sequence,
        status="quarantined",
        quarantine=before.quarantine,
        repeated=True,
        reasons=read_reasons(reasons[before.quarantine or 0]),
    )


def _digests(sheet: Sheet) -> Sequence[bytes]:
    """The digests of all that a source sent; a field that is left out and its default are the same."""
    try:
        return digest_each(map(_pack, sheet.contents))
    except UNPACKABLE:
        return [digest_of(reading) for reading in sheet.readings]


def digest_of(reading: Reading) -> bytes:
    """The digest of a reading that may hold words or numbers which only its text can hold."""
    try:
        content = _pack(astuple(reading))
    except UNPACKABLE:
        content = write_reading(reading).encode()
    return blake2b(content, digest_size=DIGEST_SIZE).digest()


def is_digest_of(reading: Reading, digest: bytes) -> bool:
    """Whether a key was claimed by this content; stores of before took the digest over its names as well."""
    return digest in (digest_of(reading), _digest_with_names(reading))


def _digest_with_names(reading: Reading) -> bytes:
    plain = as_taken(reading)
    try:
        content = _pack(plain)
    except UNPACKABLE:
        content = write_reading(plain).encode()
    return blake2b(content, digest_size=DIGEST_SIZE).digest()


def as_taken(reading: Reading) -> Reading:
    """The reading as one of the plain kind, whatever its door made of it."""
    return reading if type(reading) is Reading else Reading(**asdict(reading))


def write_reading(reading: Reading) -> str:
    """A reading as text, word for word, whatever its words and numbers are."""
    return json.dumps(msgspec.to_builtins(as_taken(reading)), sort_keys=True, separators=(",", ":"))


def read_reading(text: str) -> Reading:
    """The reading back from its text."""
    return msgspec.convert(json.loads(text), Reading)


def write_reasons(reasons: Iterable[Reason]) -> str:
    """Reasons as text: codes and values."""
    return json.dumps([reason.to_dict() for reason in reasons], separators=(",", ":"))


def read_reasons(text: str) -> tuple[Reason, ...]:
    """The reasons back from their text."""
    return tuple(Reason(item["code"], item["values"]) for item in json.loads(text))
