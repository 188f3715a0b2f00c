"""From a workbook (xlsx, xls, ods) to the cells of its sheets, by calamine."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from gemba.stats.readers.biff import read_xls_facts
from gemba.stats.readers.grid import Cell, ErrorCell, Grid, Merge
from gemba.stats.readers.guard import Kind, Limits, check_archive, damaged, open_archive, read_entry
from gemba.stats.readers.sheets import SheetFacts, read_ods_facts, read_xlsx_facts, shared_lengths, xlsx_parts
from gemba.stats.results import N_, UnknownName, require


@dataclass(frozen=True)
class Workbook:
    """An opened workbook: the names of its sheets, and how to read one."""

    names: tuple[str, ...]
    hidden: frozenset[str]
    read: Callable[[str], Grid]


def open_workbook(data: bytes, kind: Kind, limits: Limits) -> Workbook:
    """The workbook in the bytes, after the guard has seen what it would become.

    Raises
    ------
    DataError
        For a workbook that is damaged, locked, or becomes too large.
    """
    facts = _facts_of(data, kind, limits)
    calamine = require("python_calamine", extra="files", purpose=N_("Reading a workbook"))
    book = _guarded(lambda: calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)))
    names: list[str] = []
    hidden: set[str] = set()
    for sheet in book.sheets_metadata:
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet:
            names.append(sheet.name)
            if sheet.visible != calamine.SheetVisibleEnum.Visible:
                hidden.add(sheet.name)

    def read(name: str) -> Grid:
        if name not in names:
            raise UnknownName(name, names, what=N_("sheet"), argument="sheet")
        return _read_sheet(book, name, facts(name, book.sheet_names.index(name)))

    return Workbook(tuple(names), frozenset(hidden), read)


def _facts_of(data: bytes, kind: Kind, limits: Limits) -> Callable[[str, int], SheetFacts]:
    if kind == "xls":
        sheets = read_xls_facts(data, limits)
        return lambda _, index: sheets[index] if index < len(sheets) else SheetFacts()
    archive = open_archive(data)
    check_archive(archive, limits)
    if kind == "ods":
        tables = read_ods_facts(archive, limits)  # calamine unfolds every table when it opens the file
        return lambda _, index: tables[index] if index < len(tables) else SheetFacts()
    _check_styles(archive)
    lengths = shared_lengths(archive)
    parts = xlsx_parts(archive)
    return lambda name, _: (
        read_xlsx_facts(archive, parts[name], limits, lengths) if name in parts else SheetFacts()
    )


def _check_styles(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if name.lower() == "xl/styles.xml":
            read_entry(archive, name)


def _guarded(work: Callable[[], Any]) -> Any:
    """Run a call into calamine; whatever it raises, a panic of its native code included, is "damaged"."""
    try:
        return work()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise damaged() from error


def _read_sheet(book: Any, name: str, facts: SheetFacts) -> Grid:
    sheet = _guarded(lambda: book.get_sheet_by_name(name))
    rows: list[list[Cell]] = _guarded(sheet.to_python)
    top, left = sheet.start or (0, 0)
    merges = _guarded(lambda: sheet.merged_cell_ranges) or ()
    for (row, column), text in facts.errors.items():
        if 0 <= row - top < len(rows) and 0 <= column - left < len(rows[0]):
            rows[row - top][column - left] = ErrorCell(text)
    inside = frozenset(row - top for row in facts.hidden_rows if 0 <= row - top < len(rows))
    return Grid(
        rows,
        sheet=name,
        first_row=top + 1,
        first_column=left,
        hidden=inside,
        merges=tuple(_merges(merges, top, left)),
        hidden_columns=facts.hidden_columns,
    )


def _merges(ranges: Iterable[Any], top: int, left: int) -> Iterable[Merge]:
    for (first_row, first_column), (last_row, last_column) in ranges:
        yield first_row - top, first_column - left, last_row - top, last_column - left
