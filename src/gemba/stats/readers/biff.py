"""What calamine leaves out of an old Excel workbook (xls): errors of formulas, hidden rows, the span.

The compound file is walked by its allocation table and the workbook stream by its record headers, as
[MS-CFB] and [MS-XLS] publish them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from gemba.stats.readers.guard import Limits, check_span, damaged
from gemba.stats.readers.sheets import SheetFacts

_FREE_FROM = 0xFFFFFFFA
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BOUND_SHEET, _ROW, _END, _FORMULA, _BOOLEAN_OR_ERROR = 0x85, 0x208, 0x0A, 0x06, 0x205
_ONE_CELL = frozenset([_FORMULA, _BOOLEAN_OR_ERROR, 0x203, 0x27E, 0xFD, 0x204])
_SEVERAL_CELLS = 0xBD
_DIMENSIONS = 0x200
_ROWS, _COLUMNS = 65_536, 256


def read_xls_facts(data: bytes, limits: Limits) -> list[SheetFacts]:
    """The facts of every sheet in workbook order; a sheet that spans too much is refused."""
    try:
        stream = _workbook_stream(data)
        starts = [
            struct.unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if kind == _BOUND_SHEET
        ]
        return [_read_sheet(stream, start, limits) for start in starts]
    except (struct.error, IndexError, KeyError) as error:
        raise damaged() from error


def _read_sheet(stream: bytes, start: int, limits: Limits) -> SheetFacts:
    errors: dict[tuple[int, int], str] = {}
    hidden: set[int] = set()
    rows = columns = 0
    for kind, body in _records(stream, start):
        if kind == _DIMENSIONS:
            _check_dimensions(body, limits)
        if kind == _ROW and body[12] & 0x20:
            hidden.add(struct.unpack_from("<H", body)[0])
        if kind in _ONE_CELL:
            row, column = struct.unpack_from("<HH", body)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            code = _error_code(kind, body)
            if code is not None:
                errors[row, column] = _ERRORS.get(code, "#?")
        if kind == _SEVERAL_CELLS:
            rows = max(rows, struct.unpack_from("<H", body)[0] + 1)
            columns = max(columns, struct.unpack_from("<H", body, len(body) - 2)[0] + 1)
    check_span(rows, columns, limits)
    return SheetFacts(errors, frozenset(hidden))


def _check_dimensions(body: bytes, limits: Limits) -> None:
    """The declared rectangle, for which calamine takes memory before it sees a cell."""
    first_row, last_row, first_column, last_column = struct.unpack_from("<IIHH", body)
    if not (first_row <= last_row <= _ROWS and first_column <= last_column <= _COLUMNS):
        raise damaged()
    check_span(last_row - first_row + 1, last_column - first_column + 1, limits)


def _error_code(kind: int, body: bytes) -> int | None:
    if kind == _BOOLEAN_OR_ERROR and body[7] == 1:
        return body[6]
    if kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Record after record up to the end of the substream."""
    position, size = start, len(stream)
    while position + 4 <= size:
        kind, length = struct.unpack_from("<HH", stream, position)
        if kind == _END:
            return
        yield kind, stream[position + 4 : position + 4 + length]
        position += 4 + length


def _workbook_stream(data: bytes) -> bytes:
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    first_directory, cutoff, first_small = struct.unpack_from("<I4xII", data, 48)
    if not 64 <= sector <= 4096:
        raise damaged()
    table = _allocation_table(data, sector)
    directory = _chain(data, first_directory, table, sector)
    root = directory[:128]
    for start in range(0, len(directory), 128):
        entry = directory[start : start + 128]
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le", "replace")
        if name in ("Workbook", "Book"):
            first, size = struct.unpack_from("<II", entry, 116)
            if size >= cutoff:
                return _chain(data, first, table, sector)[:size]
            small = _chain(data, struct.unpack_from("<I", root, 116)[0], table, sector)
            small_table = _numbers(_chain(data, first_small, table, sector))
            return _small_chain(small, first, small_table)[:size]
    raise damaged()


def _allocation_table(data: bytes, sector: int) -> list[int]:
    sectors = list(struct.unpack_from("<109I", data, 76))
    following, _ = struct.unpack_from("<II", data, 68)
    seen: set[int] = set()
    while following < _FREE_FROM and following not in seen:
        seen.add(following)
        block = _numbers(_sector(data, following, sector))
        sectors += block[:-1]
        following = block[-1]
    table: list[int] = []
    for number in sectors:
        if number < _FREE_FROM:
            table += _numbers(_sector(data, number, sector))
    return table


def _sector(data: bytes, number: int, sector: int) -> bytes:
    start = (number + 1) * sector
    if start >= len(data):
        raise damaged()
    return data[start : start + sector]


def _numbers(block: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4]))


def _chain(data: bytes, first: int, table: list[int], sector: int) -> bytes:
    pieces, number, seen = [], first, 0
    while number < _FREE_FROM:
        pieces.append(_sector(data, number, sector))
        number, seen = table[number], seen + 1
        if seen > len(table):
            raise damaged()
    return b"".join(pieces)


def _small_chain(small: bytes, first: int, table: list[int]) -> bytes:
    pieces: list[bytes] = []
    number = first
    while number < _FREE_FROM and len(pieces) <= len(table):
        pieces.append(small[number * 64 : (number + 1) * 64])
        number = table[number]
    return b"".join(pieces)
