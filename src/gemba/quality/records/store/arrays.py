"""Many values of one column as one parameter: an array, in the form that costs both sides the least.

Whole numbers and texts are written as text, which takes 7 ns each and is read in 50. To write a float as text
takes 200 to 450 ns, bytes 90: they go as they lie in memory, 20 ns each.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from gemba.quality.records.store.sending import as_array

_encode = msgspec.json.Encoder().encode
_DOUBLE = struct.Struct(">id")
_LAID = np.dtype([("length", ">i4"), ("value", ">f8")])
_HEAD = struct.Struct(">iiIii")
"""Dimensions, whether anything is empty, the type of the elements, their number, the first one's."""
_LENGTH = struct.Struct(">i")
_EMPTY = _LENGTH.pack(-1)
_FLOAT8, _BYTEA = 701, 17


def as_parameter(values: Sequence[Any], kind: str) -> str | bytes:
    """The values of a column of this kind as one parameter: text, or bytes in PostgreSQL's own form."""
    if kind == "double precision":
        return _doubles(values)
    if kind == "bytea":
        return _byteas(values)
    text = _encode(values).decode()
    if "\\" in text:  # what is escaped there is escaped otherwise here
        return as_array(values).decode()
    return f"{{{text[1:-1]}}}"


def _doubles(values: Sequence[float | None]) -> bytes:
    if None in values:
        sent = b"".join([_EMPTY if value is None else _DOUBLE.pack(8, value) for value in values])
        return _HEAD.pack(1, 1, _FLOAT8, len(values), 1) + sent
    rows = np.empty(len(values), _LAID)
    rows["length"] = 8
    rows["value"] = values
    return _HEAD.pack(1, 0, _FLOAT8, len(values), 1) + rows.tobytes()


def _byteas(values: Sequence[bytes | None]) -> bytes:
    lengths = {-1 if value is None else len(value) for value in values}
    if len(lengths) == 1 and -1 not in lengths:
        before = _LENGTH.pack(*lengths)
        return _HEAD.pack(1, 0, _BYTEA, len(values), 1) + before + before.join(values)  # type: ignore[arg-type]
    sent = b"".join([_EMPTY if value is None else _LENGTH.pack(len(value)) + value for value in values])
    return _HEAD.pack(1, int(-1 in lengths), _BYTEA, len(values), 1) + sent
