"""Exactly once: each key is claimed with the digest of its content, before anything else is written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import asdict, astuple

from gemba.quality.control.collecting.examining import Barred, Held, Taken
from gemba.quality.control.collecting.keys import Claim, Key, Wanted, take, take_all, taken_before, want
from gemba.quality.control.collecting.reading import Reading, Receipt
from gemba.quality.control.collecting.sheet import Sheet
from gemba.quality.records import store
from gemba.quality.records.canonical import DIGEST_SIZE, digest_each
from gemba.quality.records.reasons import Reason
from gemba.quality.records.work import Work

UNPACKABLE = (UnicodeEncodeError, OverflowError)
_pack = msgspec.msgpack.Encoder(order="deterministic").encode


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


def want_keys(sheet: Sheet, held: Sequence[Held]) -> Wanted:
    """Be alone with the sources of these readings, and ask along with the next question what was claimed.

    ``sheet`` are the readings that are taken.
    """
    sources, sequences = sheet["source"], sheet["sequence"]
    if held:
        sources = [*sources, *(item.reading.source for item in held)]
        sequences = [*sequences, *(item.reading.sequence for item in held)]
    return want(sources, sequences)


def claim(work: Work, taken: Sequence[Taken], sheet: Sheet, held: Sequence[Held], wanted: Wanted) -> Claims:
    """Claim the keys that are ``wanted``: of the readings that are taken, ``sheet``, and of what is held."""
    ids = work.ledger.draw_many("reading", len(taken))
    waiting = list(zip(work.ledger.draw_many("quarantined", len(held)), held, strict=True))
    digests = _digests(sheet)
    if held:
        digests = [*digests, *_digests(Sheet([item.reading for item in held]))]
    if wanted.are_free():
        take_all(wanted, digests, ids, [identity for identity, _ in waiting])
        return Claims(ids, taken, waiting, [], [])
    return _claim_the_others(list(zip(ids, taken, strict=True)), waiting, digests)


def _claim_the_others(
    readings: Sequence[tuple[int, Taken]], waiting: Sequence[tuple[int, Held]], digests: Sequence[bytes]
) -> Claims:
    """Claim what is new, and tell what came again from what used a key otherwise."""
    known = taken_before([*(_key(item) for _, item in readings), *(_key(held) for _, held in waiting)])
    found, new = Claims([], [], [], [], []), []
    ids: list[int] = []
    taken: list[Taken] = []
    each = iter(digests)
    for identity, item in readings:
        given = Claim(*_key(item), next(each), identity, None)
        if _is_new(found, known, item, given):
            new.append(given)
            ids.append(identity)
            taken.append(item)
    for identity, held in waiting:
        given = Claim(*_key(held), next(each), None, identity)
        if _is_new(found, known, held, given):
            new.append(given)
            found.held.append((identity, held))
    take(new)
    return found._replace(ids=ids, taken=taken)


def _is_new(found: Claims, known: dict[Key, Claim], item: Taken | Held, given: Claim) -> bool:
    """Whether a key was not claimed yet; otherwise it is told what came again."""
    before = known.setdefault((given.source, given.sequence), given)
    if before is given:
        return True
    if before.digest == given.digest or is_digest_of(item.reading, before.digest):
        found.repeated.append(Repeat(item.place, before))
    else:
        about = {"source": before.source, "sequence": before.sequence}
        found.barred.append(Barred(item.place, item.reading, (Reason("collecting.key_used", about),)))
    return False


def _key(item: Taken | Held) -> Key:
    return item.reading.source, item.reading.sequence


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
