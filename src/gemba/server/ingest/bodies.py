"""What a sender writes: one reading, a JSON array of them, or one JSON object a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any

import msgspec

from gemba.quality.control.collecting.reading import Reading, Receipt, Status
from gemba.quality.records.reasons import in_words
from gemba.stats.results import N_, translator

MOST_BYTES = 16 * 2**20
MOST_READINGS = 10_000
LINES = ("application/x-ndjson", "application/ndjson", "application/jsonl")

Short = Annotated[str, msgspec.Meta(max_length=80)]


class SentReading(Reading, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """One reading as it is sent; ``value`` is a text or a number and is kept as it was written.

    Beside a count stands its ``size``, the number inspected; in short runs its ``nominal`` or its ``part``
    beside a value.
    """

    source: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    sequence: Annotated[int, msgspec.Meta(ge=0, lt=2**62)]
    characteristic: Short
    text: Any = msgspec.field(name="value")
    unit: Annotated[str, msgspec.Meta(max_length=20)] = ""
    stream: dict[Short, Short] = {}  # noqa: RUF012 (msgspec copies it)
    measured_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    operator: Short = ""
    gauge: Short = ""
    lot: Short = ""
    serial: Short = ""
    subgroup: Short = ""
    purpose: Annotated[str, msgspec.Meta(max_length=20)] = "production"
    validity: Annotated[str, msgspec.Meta(max_length=10)] = "valid"
    kind: Annotated[str, msgspec.Meta(max_length=10)] = "reading"
    about: Annotated[int, msgspec.Meta(ge=1, lt=2**62)] | None = None
    note: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    size: Any = ""
    nominal: Any = ""
    part: Annotated[str, msgspec.Meta(max_length=60)] = ""


NUMBERS = {"text": "value", "size": "size", "nominal": "nominal"}
"""The fields that are sent as a text or as a number, and how they are called in what is sent."""
LONGEST = 60
REASONS = attrgetter("reasons")
STATUSES: tuple[Status, ...] = ("accepted", "quarantined", "refused")


class BodyRefused(Exception):
    """A body that cannot be read; nothing of it was stored. ``status`` is the HTTP answer."""

    def __init__(self, detail: str, status: int = 422) -> None:
        super().__init__(detail)
        self.status = status


_one = msgspec.json.Decoder(SentReading, float_hook=str)
_many = msgspec.json.Decoder(list[SentReading], float_hook=str)
_encoder = msgspec.json.Encoder()


def read_body(body: bytes, kind: str) -> tuple[Sequence[Reading], bool]:
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
            return _typed([_one.decode(body)]), True
        return _typed(_limited(_many.decode(body))), False
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BodyRefused(f"{error}.", 422 if isinstance(error, msgspec.ValidationError) else 400) from None


def _read_lines(body: bytes) -> list[SentReading]:
    found = []
    for number, line in enumerate(body.splitlines(), 1):
        if line.strip():
            try:
                found += _typed([_one.decode(line)])
            except (msgspec.DecodeError, UnicodeDecodeError, BodyRefused) as error:
                told = str(error).rstrip(".")
                text = translator()(N_("Line {line}: {error}.")).format(line=str(number), error=told)
                raise BodyRefused(text) from None
    return found


def _limited(readings: list[SentReading]) -> list[SentReading]:
    if not readings:
        raise BodyRefused(translator()(N_("There is no reading in this request.")))
    if len(readings) > MOST_READINGS:
        text = translator()(N_("At most {most} readings fit into one request."))
        raise BodyRefused(text.format(most=str(MOST_READINGS)), 413)
    return readings


def _typed(sent: list[SentReading]) -> list[SentReading]:
    """The same readings, with the numbers among their values as the texts that they were written as."""
    for field in NUMBERS:
        values = [getattr(reading, field) for reading in sent]
        if values.count("") < len(sent) and (
            {*map(type, values)} != {str} or max(map(len, values)) > LONGEST
        ):
            for reading in sent:
                _type_number(reading, field)
    return sent


def _type_number(reading: SentReading, field: str) -> None:
    value, name = getattr(reading, field), NUMBERS[field]
    if type(value) is int:  # what has a fraction or an exponent is a text already
        value = str(value)
        msgspec.structs.force_setattr(reading, field, value)
    if not isinstance(value, str):
        raise BodyRefused(translator()(N_("'{field}' is a text or a number.")).format(field=name))
    if len(value) > LONGEST:
        text = N_("'{field}' has more than {most} characters.")
        raise BodyRefused(translator()(text).format(field=name, most=str(LONGEST)))


def write_receipts(receipts: Sequence[Receipt], *, single: bool, lines: bool = False) -> bytes:
    """The answer: one receipt, an array with counts, or one receipt a line."""
    if single:
        return _encoder.encode(_plain(receipts[0]))
    if lines:
        return _encoder.encode_lines(_all_plain(receipts))
    statuses = [receipt.status for receipt in receipts]
    counts: dict[str, int] = {status: statuses.count(status) for status in STATUSES}
    counts["repeated"] = [receipt.repeated for receipt in receipts].count(True)
    return _encoder.encode({"counts": counts, "receipts": _all_plain(receipts)})


def _all_plain(receipts: Sequence[Receipt]) -> Sequence[Any]:
    if not any(map(REASONS, receipts)):
        return receipts
    return [_plain(receipt) for receipt in receipts]


def _plain(receipt: Receipt) -> Any:
    if not receipt.reasons:
        return receipt
    worded = [{"code": r.code, "values": dict(r.values), "text": in_words(r)} for r in receipt.reasons]
    return msgspec.to_builtins(receipt) | {"reasons": worded}
