"""What calamine leaves out of a sheet and a reader must say: errors, empty formulas, hidden rows.

The parts of the archive are searched as bytes for a few tags; nothing is built from them.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from gemba.stats.readers.grid import column_index
from gemba.stats.readers.guard import Limits, check_sheet_span, check_span, read_entry, too_large
from gemba.stats.results import N_

NO_VALUE = "=?"
"""What stands for a formula whose result the program did not store."""


@dataclass(frozen=True)
class SheetFacts:
    """Cells of formulas without a value (row, column from 0 -> text), hidden rows and columns."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: int = 0


_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def xlsx_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> the part of the archive that holds it."""
    names = set(archive.namelist())
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in names:
        return {}
    targets = {}
    for tag in _RELATION.findall(read_entry(archive, relations)):
        values = _attributes(tag)
        target = values.get("Target", "").lstrip("/")
        targets[values.get("Id", "")] = target if target.startswith("xl/") else f"xl/{target}"
    parts = {}
    for tag in _SHEET.findall(read_entry(archive, "xl/workbook.xml")):
        values = _attributes(tag)
        part = targets.get(next((v for k, v in values.items() if k.split(":")[-1] == "id"), ""), "")
        if part in names:
            parts[html.unescape(values.get("name", ""))] = part
    return parts


_SHARED = re.compile(rb"<(?:\w+:)?si\b[^>]*>(.*?)</(?:\w+:)?si>", re.DOTALL)
_SHOWS = re.compile(rb"""\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v>\s*(\d{1,9})\s*<""")


def shared_lengths(archive: zipfile.ZipFile) -> list[int]:
    """How many bytes each text takes that the cells of a workbook share."""
    names = [name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"]
    return [len(found[1]) for name in names for found in _SHARED.finditer(read_entry(archive, name))]


def _check_shared(xml: bytes, lengths: list[int], limits: Limits) -> None:
    """Refuse a sheet whose cells show long texts again and again: a reader would write out each."""
    most = max(lengths, default=0) * (xml.count(b'"s"') + xml.count(b"'s'"))
    if most <= limits.inflated:
        return
    shown = (int(found[1]) for found in _SHOWS.finditer(xml))
    total = sum(lengths[index] for index in shown if index < len(lengths))
    if total > limits.inflated:
        raise too_large(
            N_("the texts of the sheet unfold to {value} bytes; at most {limit} are read"),
            total,
            "inflated",
            limits,
        )


def read_xlsx_facts(
    archive: zipfile.ZipFile, part: str, limits: Limits, lengths: list[int] | None = None
) -> SheetFacts:
    """The facts of one sheet, which is refused when its cells span too much."""
    xml = read_entry(archive, part)
    check_sheet_span(xml, limits)
    _check_shared(xml, lengths or [], limits)
    errors = {}
    for tag, end in _tags(xml, (b't="e"', b"t='e'")):
        errors[_position(tag)] = _value_after(xml, end) or "#?"
    empty = (b"</f></c>", b"<v/></c>", b"<v /></c>", b"<v></v></c>") if b"<f" in xml else ()
    for tag, _ in _tags(xml, empty, opening=b"<c "):
        if b't="str"' not in tag and _position(tag) not in errors:
            errors[_position(tag)] = NO_VALUE
    hidden_rows, hidden_columns = set(), 0
    for tag, _ in _tags(xml, (b'hidden="1"', b'hidden="true"') if b"hidden=" in xml else ()):
        values = _attributes(tag)
        if tag.startswith(b"<row"):
            hidden_rows.add(_whole(values.get("r")) - 1)
        elif tag.startswith(b"<col"):
            hidden_columns += _whole(values.get("max")) - _whole(values.get("min")) + 1
    return SheetFacts(errors, frozenset(hidden_rows), hidden_columns)


def _tags(xml: bytes, needles: tuple[bytes, ...], opening: bytes = b"<") -> Iterator[tuple[bytes, int]]:
    for needle in needles:
        found = xml.find(needle)
        while found >= 0:
            start = xml.rfind(opening, 0, found)
            end = xml.find(b">", start)
            if start >= 0 and (opening == b"<" or b"<f" in xml[end : found + 4]):
                yield xml[start : end + 1], end
            found = xml.find(needle, found + len(needle))


def _value_after(xml: bytes, end: int) -> str:
    start = xml.find(b"<v>", end)
    close = xml.find(b"</c>", end)
    if start < 0 or start > close:
        return ""
    return html.unescape(xml[start + 3 : xml.find(b"<", start + 3)].decode("utf-8", "replace"))


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() else 0


def _position(tag: bytes) -> tuple[int, int]:
    match = re.match(r"([A-Za-z]+)([0-9]+)", _attributes(tag).get("r", ""))
    return (int(match[2]) - 1, column_index(match[1])) if match else (-1, -1)


def _attributes(tag: bytes) -> dict[str, str]:
    return {k.decode(): (a or b).decode("utf-8", "replace") for k, a, b in _ATTRIBUTE.findall(tag)}


_TABLE = re.compile(rb"<table:table\b[^>]*>(.*?)</table:table>", re.DOTALL)
_ROW = re.compile(rb"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.DOTALL)
_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*?)(/?)>")


def read_ods_facts(archive: zipfile.ZipFile, limits: Limits) -> list[SheetFacts]:
    """The facts of every OpenDocument sheet; repeats are counted before they are unfolded."""
    return [_read_ods_table(table, limits) for table in _TABLE.findall(read_entry(archive, "content.xml"))]


def _read_ods_table(table: bytes, limits: Limits) -> SheetFacts:
    errors: dict[tuple[int, int], str] = {}
    hidden: set[int] = set()
    row, width, used = 0, 0, 0
    for attributes, body in _ROW.findall(table):
        repeat = _repeat(attributes, b"rows")
        filled = _read_ods_row(body, row, errors)
        if filled:
            used, width = row + repeat, max(width, filled)
            check_span(used, width, limits)
            if b'visibility="collapse"' in attributes or b'visibility="filter"' in attributes:
                hidden.update(range(row, row + repeat))
        row += repeat
    return SheetFacts(errors, frozenset(hidden))


def _read_ods_row(body: bytes, row: int, errors: dict[tuple[int, int], str]) -> int:
    column, filled = 0, 0
    for match in _CELL.finditer(body):
        repeat = _repeat(match[1], b"columns")
        if b"value-type" in match[1] or not match[2]:
            filled = column + repeat
        if b'calcext:value-type="error"' in match[1]:
            text = re.search(rb"<text:p>([^<]*)</text:p>", body[match.end() : match.end() + 200])
            errors[row, column] = html.unescape(text[1].decode("utf-8", "replace")) if text else "#?"
        column += repeat
    return filled


def _repeat(attributes: bytes, what: bytes) -> int:
    match = re.search(rb"number-" + what + rb"-repeated=\"(\d{1,9})", attributes)
    return int(match[1]) if match else 1
