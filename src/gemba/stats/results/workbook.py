"""A result as a workbook: real numbers, a frozen header row, and the method on a sheet of its own."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from gemba.stats.results.table import Cell, Table

if TYPE_CHECKING:
    from gemba.stats.results.result import Result


def write_workbook(result: Result, path: Path) -> Path:
    """Write each table of the result on its own sheet and the method on the last."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    with xlsxwriter.Workbook(path, options) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        taken: set[str] = set()
        for table in result.tables():
            _write_table(book.add_worksheet(_sheet_name(table.title, taken)), table, head)
        _write_method(book.add_worksheet(_sheet_name("Method", taken)), result)
    return path


def _write_table(sheet: Any, table: Table, head: Any) -> None:
    for index, column in enumerate(table.columns):
        sheet.write_string(0, index, column.label, head)
        sheet.set_column(index, index, max(10, len(column.label) + 2))
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(table.rows, start=1):
        for index, cell in enumerate(row):
            _write_cell(sheet, number, index, cell)
    for offset, note in enumerate(table.notes, start=len(table.rows) + 2):
        sheet.write_string(offset, 0, note)


def _write_cell(sheet: Any, row: int, column: int, cell: Cell) -> None:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float) and math.isfinite(cell):
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, str(cell))


def _write_method(sheet: Any, result: Result) -> None:
    sheet.set_column(0, 0, 110)
    lines = [result.headline(), "", *result.explain().splitlines(), "", result.engine]
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)


def _sheet_name(title: str, taken: set[str]) -> str:
    clean = "".join("-" if letter in "[]:*?/\\" else letter for letter in title).strip("' ") or "Table"
    name, number = clean[:31], 2
    while name.lower() in taken:
        suffix = f" {number}"
        name, number = clean[: 31 - len(suffix)] + suffix, number + 1
    taken.add(name.lower())
    return name
