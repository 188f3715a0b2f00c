"""An old Excel workbook (xls) and an OpenDocument sheet, written byte by byte as their formats say."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from html import escape

OldCell = float | str | bool | None
ERROR_CODES = {"#DIV/0!": 7, "#N/A": 42}


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def text_body(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def sheet_stream(rows: Sequence[Sequence[OldCell]], hidden: Sequence[int]) -> bytes:
    width = max(map(len, rows))
    parts = [record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))]
    parts.append(record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0)))
    for index in range(len(rows)):
        options = 0x100 | (0x20 if index in hidden else 0)
        parts.append(record(0x208, struct.pack("<HHHHHHI", index, 0, width, 255, 0, 0, options)))
    for index, row in enumerate(rows):
        for column, cell in enumerate(row):
            place = struct.pack("<HHH", index, column, 0)
            if isinstance(cell, str) and cell in ERROR_CODES:
                parts.append(record(0x205, place + bytes([ERROR_CODES[cell], 1])))
            elif isinstance(cell, str):
                parts.append(record(0x204, place + text_body(cell)))
            elif isinstance(cell, float):
                parts.append(record(0x203, place + struct.pack("<d", cell)))
    return b"".join([*parts, record(0x0A)])


def write_xls(rows: Sequence[Sequence[OldCell]], *, name: str = "Data", hidden: Sequence[int] = ()) -> bytes:
    """A workbook with one sheet inside a compound file of 512-byte sectors."""
    head = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6)) + record(0x42, struct.pack("<H", 1200))
    bound = struct.pack("<IHBB", 0, 0, len(name), 1) + name.encode("utf-16-le")
    start = len(head) + 4 + len(bound) + 4
    bound = struct.pack("<I", start) + bound[4:]
    stream = head + record(0x85, bound) + record(0x0A) + sheet_stream(rows, hidden)
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    assert len(table) <= 128, "one sector of the table is enough for a test"
    fat = struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table)))
    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream))
    return header + fat + directory.ljust(512, b"\0") + stream


def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    body = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    body += struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child) + bytes(36)
    return body + struct.pack("<IQ", start, size)


def ods_cell(cell: OldCell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, float):
        inside = f"<text:p>{cell}</text:p></table:table-cell>"
        return f'<table:table-cell office:value-type="float" office:value="{cell!r}">{inside}'
    kind = ' calcext:value-type="error"' if str(cell) in ERROR_CODES else ""
    inside = f"<text:p>{escape(str(cell))}</text:p></table:table-cell>"
    return f'<table:table-cell office:value-type="string"{kind}>{inside}'


def write_ods(rows: Sequence[Sequence[OldCell]], *, hidden: Sequence[int] = (), tail: str = "") -> bytes:
    """An OpenDocument sheet; ``tail`` is put behind the last row as it is."""
    names = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }
    spaces = " ".join(f'xmlns:{short}="{long}"' for short, long in names.items())
    lines = []
    for index, row in enumerate(rows):
        mark = ' table:visibility="collapse"' if index in hidden else ""
        lines.append(f"<table:table-row{mark}>{''.join(map(ods_cell, row))}</table:table-row>")
    body = f'<table:table table:name="Data">{"".join(lines)}{tail}</table:table>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2">'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
    return out.getvalue()
