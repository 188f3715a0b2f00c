"""Canonical bytes and digests: the same facts give the same bytes on every machine, for decades."""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

import msgspec.msgpack

DIGEST_SIZE = 16
Values: TypeAlias = Sequence[int | str | float | bytes | None]
_FRESH = hashlib.blake2b(digest_size=DIGEST_SIZE)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_pack = msgspec.msgpack.Encoder().encode


def canonical_json(value: Mapping[str, Any]) -> str:
    """JSON with sorted keys, no spaces, numbers that need exactness as text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"a snapshot cannot hold a {type(value).__name__}")


def digest_row(values: Values, later: int = 0) -> bytes:
    """The digest of one row: BLAKE2b, 16 bytes, over the MessagePack array of its values.

    So many values at the end came ``later``: those that are empty, up to the end, do not count.
    """
    return hashlib.blake2b(_pack(_counting(values, later)), digest_size=DIGEST_SIZE).digest()


def digest_rows(rows: Iterable[Values], later: int = 0) -> bytes:
    """The digests of rows, one after the other."""
    if later:
        empty = (None,) * later
        rows = [row[:-later] if row[-later:] == empty else _counting(row, later) for row in rows]
    return b"".join(digest_each(map(_pack, rows)))


def digest_each(contents: Iterable[bytes]) -> list[bytes]:
    """The digest of each of these: to copy a fresh hash takes less time than to make one."""
    copy = _FRESH.copy
    found = []
    for content in contents:
        held = copy()
        held.update(content)
        found.append(held.digest())
    return found


def _counting(values: Values, later: int) -> Values:
    end = len(values)
    first = end - later
    while end > first and values[end - 1] is None:
        end -= 1
    return values[:end]


def chain_hash(previous: bytes, values: Sequence[int | str | bytes]) -> bytes:
    """The hash of a seal: SHA-256 over the hash before it and the seal's own values."""
    return hashlib.sha256(previous + _pack(values)).digest()


def to_microseconds(moment: datetime) -> int:
    """A moment as whole microseconds since 1970 in UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(value: int) -> datetime:
    """The moment back from its microseconds."""
    return _EPOCH + timedelta(microseconds=value)


def months_after(moment: int, months: int) -> int:
    """The same day so many months later, in microseconds; a shorter month ends on its last day."""
    since = from_microseconds(moment)
    years, month = divmod(since.month - 1 + months, 12)
    year, month = since.year + years, month + 1
    day = min(since.day, monthrange(year, month)[1])
    return to_microseconds(since.replace(year=year, month=month, day=day))
