"""Files made to harm whoever opens them, each beside the same file made as it should be."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from hashlib import sha256

import xlsxwriter

SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
MANY = 60_000_000


def workbook(rows: int = 20) -> bytes:
    """A workbook that is as it should be."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Data")
    sheet.write_row(0, 0, ["Part", "Bore (mm)"])
    for row in range(1, rows + 1):
        sheet.write_row(row, 0, [f"P{row}", 10 + row / 1000])
    book.close()
    return out.getvalue()


def packed(changes: Mapping[str, bytes], base: bytes | None = None) -> bytes:
    """The workbook with parts put in place of its own or beside them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base or workbook())) as old, zipfile.ZipFile(out, "w", 8) as new:
        for entry in old.infolist():
            if entry.filename not in changes:
                new.writestr(entry.filename, old.read(entry.filename))
        for name, content in changes.items():
            new.writestr(name, content)
    return out.getvalue()


def sheet(*rows: str, before: str = "") -> bytes:
    return f"{before}<worksheet {SPACE}><sheetData>{''.join(rows)}</sheetData></worksheet>".encode()


def with_sheet(xml: bytes) -> bytes:
    return packed({"xl/worksheets/sheet1.xml": xml})


def lying() -> bytes:
    """A sheet of 60 MB that says it has a hundred bytes."""
    data = bytearray(with_sheet(sheet("<row>" + " " * MANY + "</row>")))
    for mark, place, size in ((b"PK\x01\x02", 46, 24), (b"PK\x03\x04", 30, 22)):
        where = data.find(mark)
        while where >= 0:
            name = data[where + place : where + place + 24]
            if name == b"xl/worksheets/sheet1.xml":
                data[where + size : where + size + 4] = (100).to_bytes(4, "little")
            where = data.find(mark, where + 4)
    return bytes(data)


def overlapping(copies: int = 1000) -> bytes:
    """Many names in the directory for one packed part, so that a few bytes unpack to a mountain."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 8) as archive:
        archive.writestr("xl/workbook.xml", b" " * 190_000)
        only = archive.getinfo("xl/workbook.xml")
        for number in range(copies):
            copy = zipfile.ZipInfo(f"xl/copy{number}.xml")
            for name in ("CRC", "compress_size", "file_size", "header_offset", "compress_type"):
                setattr(copy, name, getattr(only, name))
            archive.filelist.append(copy)
            archive.NameToInfo[copy.filename] = copy
    return out.getvalue()


def nested(levels: int = 6) -> bytes:
    """Archives in archives, each ten times the one inside it: 42-type."""
    inner = b"0" * 1_000_000
    for level in range(levels):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", 8) as archive:
            for number in range(10):
                archive.writestr(f"{level}-{number}.zip", inner)
        inner = out.getvalue()
    return packed({f"xl/{number}.zip": inner for number in range(3)})


def shared_strings() -> bytes:
    """Cells that all show one text of a megabyte."""
    text = "".join(sha256(b"%d" % number).hexdigest() for number in range(2**14))
    strings = f"<sst {SPACE}><si><t>{text}</t></si></sst>".encode()
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 2001))
    return packed({"xl/sharedStrings.xml": strings, "xl/worksheets/sheet1.xml": sheet(cells)})


def entities() -> bytes:
    """Each entity ten times the one before: a billion laughs."""
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{lines}]>'
    return with_sheet(sheet('<row r="1"><c r="A1" t="str"><v>&l11;</v></c></row>', before=doctype))


def external(address: str) -> bytes:
    doctype = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]>'
    return with_sheet(sheet('<row r="1"><c r="A1" t="str"><v>&e;</v></c></row>', before=doctype))


def remote_dtd() -> bytes:
    doctype = '<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'
    return with_sheet(sheet('<row r="1"><c r="A1"><v>1</v></c></row>', before=doctype))


def deep(levels: int = 100_000) -> bytes:
    return b"<a>" * levels + b"</a>" * levels


def huge_attribute() -> bytes:
    cell = f'<c r="A1" s="{"9" * 30_000_000}"><v>1</v></c>'
    return with_sheet(sheet(f'<row r="1">{cell}</row>'))


def picture(width: int, height: int) -> bytes:
    """A PNG that claims so many pixels and holds a few."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(200_000)))
        + chunk(b"IEND", b"")
    )


TABLES: Mapping[str, tuple[str, Callable[[], bytes], str]] = {
    "nested": ("a.xlsx", nested, "holds archives"),
    "overlapping": ("a.xlsx", overlapping, "lie in one another"),
    "lying sizes": ("a.xlsx", lying, "damaged"),
    "many entries": ("a.xlsx", lambda: packed({f"xl/{n}.xml": b"" for n in range(3000)}), "parts inside"),
    "tight": ("a.xlsx", lambda: with_sheet(sheet("<row>" + " " * MANY + "</row>")), "times its size"),
    "wide rows": ("a.csv", lambda: (b"1" + b",2" * 16_000 + b"\n") * 320, "the text spans"),
    "fields without end": ("a.csv", lambda: (b"1" + b",2" * 200_000 + b"\n") * 3, "has 200001 fields"),
    "a line of megabytes": (
        "a.csv",
        lambda: b"a" + b",1" * 200_000 + b"\n1\n2\n",
        "more than 500 characters",
    ),
    "one wide row among short ones": (
        "a.csv",
        lambda: b"Part,Bore\n" + b"1,2\n" * 20_000 + b"1" + b",1" * 16_000 + b"\n",
        "the text spans",
    ),
    "far corners": (
        "a.xlsx",
        lambda: with_sheet(
            sheet(
                '<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="9"><c r="XFD1048576"><v>1</v></c></row>'
            )
        ),
        "spans 17179869184 cells",
    ),
    "shared strings": ("a.xlsx", shared_strings, "the texts of the sheet unfold"),
    "entities": ("a.xlsx", entities, "document type or entities"),
    "external file": ("a.xlsx", lambda: external("file:///etc/passwd"), "document type or entities"),
    "external address": ("a.xlsx", lambda: external("http://127.0.0.1:9/"), "document type or entities"),
    "remote DTD": ("a.xlsx", remote_dtd, "document type or entities"),
    "depth": ("a.xlsx", lambda: with_sheet(deep()), "empty"),
    "huge attribute": ("a.xlsx", huge_attribute, "times its size"),
}
"""What is sent to the page of readings: name, bytes, and the words that the refusal must hold."""
