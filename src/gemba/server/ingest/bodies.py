"""What a sender writes: one reading, a JSON array of them, or one JSON object a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec

from gemba.quality.control.collecting.reading import Reading, Receipt
from gemba.quality.records.reasons import in_words
from gemba.stats.results import N_, translator

MOST_BYTES = 16 * 2**20
MOST_READINGS = 10_000
LINES = ("application/x-ndjson", "application/ndjson", "application/jsonl")

Short = Annotated[str, msgspec.Meta(max_length=80)]


class SentReading(msgspec.Struct, kw_only=True, gc=False, forbid_unknown_fields=True):
    """One reading as it is sent; ``value`` is a text or a number and is kept as it was written.

    Beside a count stands its ``size``, the number inspected; in short runs its ``nominal`` or its ``part``
    beside a value.
    """

    source: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    sequence: Annotated[int, msgspec.Meta(ge=0, lt=2**62)]
    characteristic: Short
    value: msgspec.Raw
    unit: Annotated[str, msgspec.Meta(max_length=20)] = ""
    stream: dict[Short, Short] = {}
    measured_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    operator: Short = ""
    gauge: Short = ""
    lot: Short = ""
    serial: Short = ""
    subgroup: Short = ""
    purpose: Annotated[str, msgspec.Meta(max_length=20)] = "production"
    validity: Annotated[str, msgspec.Meta(max_length=10)] = "valid"
    confirmed: bool = False
    kind: Annotated[str, msgspec.Meta(max_length=10)] = "reading"
    about: Annotated[int, msgspec.Meta(ge=1, lt=2**62)] | None = None
    note: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    size: Annotated[str, msgspec.Meta(max_length=60)] | int | float = ""
    nominal: Annotated[str, msgspec.Meta(max_length=60)] | int | float = ""
    part: Annotated[str, msgspec.Meta(max_length=60)] = ""


class BodyRefused(Exception):
    """A body that cannot be read; nothing of it was stored. ``status`` is the HTTP answer."""

    def __init__(self, detail: str, status: int = 422) -> None:
        super().__init__(detail)
        self.status = status


_one = msgspec.json.Decoder(SentReading)
_many = msgspec.json.Decoder(list[SentReading])
_text = msgspec.json.Decoder(str)
_encoder = msgspec.json.Encoder()


def read_body(body: bytes, kind: str) -> tuple[list[Reading], bool]:
    """The readings of a body, and whether it was a single one.

    Raises
    ------
    BodyRefused
        When any of it cannot be read: all or nothing.
    """
    if kind.partition(";")[0].strip().lower() in LINES:
        return _limited(_read_lines(body)), False
    start = body.lstrip()[:1]
    try:
        if start == b"{":
            return [_as_reading(_one.decode(body))], True
        return _limited([_as_reading(sent) for sent in _many.decode(body)]), False
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BodyRefused(f"{error}.", 422 if isinstance(error, msgspec.ValidationError) else 400) from None


def _read_lines(body: bytes) -> list[Reading]:
    found = []
    for number, line in enumerate(body.splitlines(), 1):
        if line.strip():
            try:
                found.append(_as_reading(_one.decode(line)))
            except (msgspec.DecodeError, UnicodeDecodeError, BodyRefused) as error:
                told = str(error).rstrip(".")
                text = translator()(N_("Line {line}: {error}.")).format(line=str(number), error=told)
                raise BodyRefused(text) from None
    return found


def _limited(readings: list[Reading]) -> list[Reading]:
    if not readings:
        raise BodyRefused(translator()(N_("There is no reading in this request.")))
    if len(readings) > MOST_READINGS:
        text = translator()(N_("At most {most} readings fit into one request."))
        raise BodyRefused(text.format(most=str(MOST_READINGS)), 413)
    return readings


def _as_reading(sent: SentReading) -> Reading:
    raw = bytes(sent.value)
    if raw[:1] == b'"':
        text = _text.decode(raw)
    elif raw[:1] in b"-0123456789":
        text = raw.decode("ascii")
    else:
        raise BodyRefused(translator()(N_("'value' is a text or a number.")))
    if len(text) > 60:
        raise BodyRefused(translator()(N_("'value' has more than 60 characters.")))
    return Reading(
        source=sent.source,
        sequence=sent.sequence,
        characteristic=sent.characteristic,
        text=text,
        unit=sent.unit,
        stream=sent.stream,
        measured_at=sent.measured_at,
        operator=sent.operator,
        gauge=sent.gauge,
        lot=sent.lot,
        serial=sent.serial,
        subgroup=sent.subgroup,
        purpose=sent.purpose,
        validity=sent.validity,
        confirmed=sent.confirmed,
        kind=sent.kind,
        about=sent.about,
        note=sent.note,
        size=str(sent.size),
        nominal=str(sent.nominal),
        part=sent.part,
    )


def write_receipts(receipts: Sequence[Receipt], *, single: bool, lines: bool = False) -> bytes:
    """The answer: one receipt, an array with counts, or one receipt a line."""
    if single:
        return _encoder.encode(_plain(receipts[0]))
    if lines:
        return _encoder.encode_lines([_plain(receipt) for receipt in receipts])
    counts = {"accepted": 0, "quarantined": 0, "refused": 0, "repeated": 0}
    for receipt in receipts:
        counts[receipt.status] += 1
        counts["repeated"] += receipt.repeated
    return _encoder.encode({"counts": counts, "receipts": [_plain(receipt) for receipt in receipts]})


def _plain(receipt: Receipt) -> Any:
    if not receipt.reasons:
        return receipt
    worded = [{"code": r.code, "values": dict(r.values), "text": in_words(r)} for r in receipt.reasons]
    return msgspec.to_builtins(receipt) | {"reasons": worded}
