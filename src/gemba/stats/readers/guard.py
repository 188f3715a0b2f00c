"""What a file is by its content, and whether it is safe to open: judged before anything parses it."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from gemba.stats.readers.grid import column_index
from gemba.stats.results import N_, DataError, Marked

Kind = Literal["text", "xlsx", "xls", "ods", "parquet"]


@dataclass(frozen=True)
class Limits:
    """How much a file may become in memory; a larger one is refused before it is opened.

    ``inflated`` bytes and ``entries`` of an archive, ``ratio`` of inflated to packed bytes of an entry above
    1 MB, ``cells`` of a sheet (the rectangle that its cells span), ``values`` of a columnar file or a text.
    """

    inflated: int = 200_000_000
    entries: int = 2_000
    ratio: float = 200.0
    cells: int = 5_000_000
    values: int = 100_000_000


_SUFFIXES: dict[str, tuple[Kind, ...]] = {
    "xlsx": ("xlsx",),
    "xlsm": ("xlsx",),
    "xls": ("xls",),
    "ods": ("ods",),
    "parquet": ("parquet",),
    "pq": ("parquet",),
    "csv": ("text",),
    "tsv": ("text",),
    "tab": ("text",),
    "txt": ("text",),
    "asc": ("text",),
}
_WORDS: dict[str, str] = {
    "text": N_("plain text"),
    "xlsx": N_("an Excel workbook (xlsx)"),
    "xls": N_("an old Excel workbook (xls)"),
    "ods": N_("an OpenDocument sheet (ods)"),
    "parquet": N_("a Parquet file"),
    "xlsb": N_("a binary Excel workbook (xlsb)"),
    "zip": N_("a zip archive without a workbook"),
    "html": N_("a web page (HTML)"),
    "xml": N_("an XML file"),
    "pdf": N_("a PDF document"),
    "picture": N_("a picture"),
    "rtf": N_("a formatted text document (RTF)"),
    "gzip": N_("a compressed file (gzip)"),
    "locked": N_("a workbook locked with a password"),
    "binary": N_("binary data of no kind known here"),
}
_SAVE = N_("Open it in the program that made it and save it as xlsx or CSV")
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", "parquet"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "gzip"),
)
MOST_COLUMNS = 16_384
"""Fields in a line of text: as many as a sheet of a workbook has."""
_PACKED = (".zip", ".gz", ".7z", ".rar", ".tar", ".bz2", ".xz", ".zst")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")


def find_kind(data: bytes, name: str) -> Kind:
    """What the bytes are, judged by content and checked against the file's name.

    Raises
    ------
    DataError
        For an empty file, a kind that cannot be read, and a content that is not what the name says.
    """
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise empty()
    found = _sniff(data)
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    expected = _SUFFIXES.get(suffix)
    if found not in ("text", "xlsx", "xls", "ods", "parquet"):
        raise DataError(
            N_("{name} holds {value}, which cannot be read"),
            mend=_SAVE if found != "locked" else N_("Remove the password in Excel and save it again"),
            argument="source",
            value=Marked(_WORDS[found]),
            name=repr(name) if name else Marked(N_("the file")),
        )
    if expected and found not in expected:
        raise DataError(
            N_("{name} is named .{suffix} and holds {value}"),
            mend=N_("Rename it to .{right}, or save it again as what its name says"),
            argument="source",
            value=Marked(_WORDS[found]),
            name=repr(name),
            suffix=suffix,
            right="csv" if found == "text" else found,
        )
    return found  # type: ignore[return-value]


def empty() -> DataError:
    """The error for a file without content."""
    return DataError(
        N_("the file is empty"),
        mend=N_("Check that it was exported and copied completely"),
        argument="source",
    )


def _sniff(data: bytes) -> str:
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data.startswith(b"PK\x03\x04"):
        return _sniff_zip(data)
    if data.startswith(_OLE):
        return "locked" if "EncryptedPackage".encode("utf-16-le") in data else "xls"
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if re.match(rb"<(!doctype html|html|table|meta|head|body)\b", head):
        return "html"
    if head.startswith(b"<?xml"):
        return "html" if b"<html" in head else "xml"
    if data.startswith(_BOMS) or _is_text(data[:65536]):
        return "text"
    return "binary"


def _is_text(head: bytes) -> bool:
    nulls = head.count(0)
    if not nulls:
        controls = len(head.translate(None, bytes(set(range(256)) - set(range(32)) | set(b"\t\n\r\f\x1b"))))
        return controls <= len(head) // 100
    pairs = len(head) // 2
    return max(head[0::2].count(0), head[1::2].count(0)) > 0.6 * pairs and nulls < 0.6 * len(head)


def _sniff_zip(data: bytes) -> str:
    names = {info.filename for info in open_archive(data).infolist()}
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    return "ods" if "content.xml" in names else "zip"


def open_archive(data: bytes) -> zipfile.ZipFile:
    """The archive of a workbook; a truncated or damaged one is refused."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise damaged() from error


def damaged() -> DataError:
    """The error for a workbook that ends early or is broken inside."""
    return DataError(
        N_("the workbook is damaged or was cut off: it cannot be opened completely"),
        mend=N_("Copy or export the file again"),
        argument="source",
    )


def check_archive(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse an archive that declares to become too large, before anything is unpacked.

    Raises
    ------
    DataError
        With the limit that is passed and the argument that raises it.
    """
    entries = archive.infolist()
    if len(entries) > limits.entries:
        raise too_large(
            N_("the workbook has {value} parts inside; at most {limit} are read"),
            len(entries),
            "entries",
            limits,
        )
    spans = sorted((entry.header_offset, entry.header_offset + entry.compress_size) for entry in entries)
    if any(one[1] > two[0] for one, two in pairwise(spans)):
        raise DataError(N_("parts of the workbook lie in one another"), mend=_SAVE, argument="source")
    if any(entry.filename.lower().endswith(_PACKED) for entry in entries):
        raise DataError(
            N_("the workbook holds archives, which no workbook does"), mend=_SAVE, argument="source"
        )
    total = sum(entry.file_size for entry in entries)
    if total > limits.inflated:
        raise too_large(
            N_("the workbook unpacks to {value} bytes; at most {limit} are read"), total, "inflated", limits
        )
    for entry in entries:
        if entry.flag_bits & 1:
            raise DataError(
                N_("the workbook is locked with a password"),
                mend=N_("Remove the password and save it again"),
                argument="source",
            )
        if entry.file_size > 1_000_000 and entry.file_size > limits.ratio * max(entry.compress_size, 1):
            ratio = round(entry.file_size / max(entry.compress_size, 1))
            raise too_large(
                N_("a part of the workbook unpacks to {value} times its size; at most {limit} is read"),
                ratio,
                "ratio",
                limits,
            )


def too_large(problem: str, value: int, limit: str, limits: Limits) -> DataError:
    """The error for a file that passes a limit; it says how to raise the limit."""
    return DataError(
        problem,
        mend=N_("If you trust the file, say guard=Limits({name}=...) with a larger figure"),
        argument="source",
        value=value,
        limit=f"{getattr(limits, limit):.15g}",
        name=limit,
    )


def read_entry(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part of a checked archive; a part that is not as large as declared is refused."""
    try:
        found = archive.read(name)
    except Exception as error:  # a broken archive makes zipfile raise nearly anything
        raise damaged() from error
    if b"<!DOCTYPE" in found or b"<!ENTITY" in found:
        raise DataError(
            N_("a part of the workbook declares a document type or entities, which no workbook does"),
            mend=_SAVE,
            argument="source",
        )
    return found


_WIDE_OR_DEEP = re.compile(rb"r=[\"']([A-Za-z]{2,3}[0-9]+|[A-Za-z]?[0-9]{6,})[\"']")
_ANY_REFERENCE = re.compile(rb"\br\s*=\s*[\"']\s*([A-Za-z]{1,3}[0-9]+|[0-9]+)\s*[\"']")
_PLAIN_COLUMNS, _PLAIN_ROWS = 26, 99_999


def check_sheet_span(xml: bytes, limits: Limits) -> None:
    """Refuse a sheet whose cells span a rectangle with too many cells: a reader would fill it all."""
    odd = b"r =" in xml or b"r= " in xml
    rows, columns = _span(_WIDE_OR_DEEP.findall(xml), _PLAIN_ROWS, _PLAIN_COLUMNS)
    if odd or rows * columns > limits.cells:
        rows, columns = _span(_ANY_REFERENCE.findall(xml), 1, 1)
    check_span(rows, columns, limits)


def check_span(rows: int, columns: int, limits: Limits) -> None:
    """Refuse a rectangle with too many cells."""
    if rows * columns > limits.cells:
        raise too_large(
            N_("the sheet spans {value} cells; at most {limit} are read"), rows * columns, "cells", limits
        )


def check_text(rows: int, columns: int, limits: Limits) -> None:
    """Refuse a text whose widest line makes a rectangle with too many values: short lines are filled up."""
    if columns > MOST_COLUMNS:
        raise DataError(
            N_("a line of the text has {value} fields; at most {limit} are read"),
            mend=N_("Check that the file is a table, or split it into smaller files"),
            argument="source",
            value=columns,
            limit=MOST_COLUMNS,
        )
    if rows * columns > limits.values:
        raise too_large(
            N_("the text spans {value} values; at most {limit} are read"), rows * columns, "values", limits
        )


def _span(references: list[bytes], rows: int, columns: int) -> tuple[int, int]:
    letters: set[bytes] = set()
    for reference in references:
        digits = reference.lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        rows = max(rows, int(digits))
        letters.add(reference[: len(reference) - len(digits)])
    return rows, max([columns, *(column_index(text.decode()) + 1 for text in letters if text)])
