"""A list as a file for a spreadsheet: all its rows with the words of the page, as CSV or as a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gemba.server.clock import now
from gemba.server.web.cells import Cell
from gemba.server.web.page import who
from gemba.stats.readers import safe_text

MEDIA: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WIDEST = 60
"""The widest column of a workbook, in characters."""
DIGITS = 15
"""Digits that a number of a workbook holds; one with more is a text there."""


@dataclass(frozen=True)
class Sheet:
    """A list to be written: what stands over the columns, the rows, and what it is a list of."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    zone: str
    about: Sequence[tuple[str, str]]


def made_from(title: str, request: HttpRequest, zone: str) -> list[tuple[str, str]]:
    """What every file says of itself: which list it is, of which plant, made when and by whom."""
    return [
        (_("List"), title),
        (_("Plant"), request.get_host()),
        (_("Made"), f"{now().astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"),
        (_("By"), who(request).name),
        (_("Times are those of"), zone),
    ]


def written(sheet: Sheet, form: str) -> HttpResponse:
    """The file as an answer that a browser stores."""
    body = _workbook(sheet) if form == "xlsx" else _csv(sheet)
    answer = HttpResponse(body, content_type=MEDIA[form])
    answer["Content-Disposition"] = f'attachment; filename="{sheet.name}.{form}"'
    return answer


def _csv(sheet: Sheet) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([safe_text(head) for head in sheet.heads])
    writer.writerows([_plain(cell, sheet.zone) for cell in row] for row in sheet.rows)
    return text.getvalue().encode()


def _plain(cell: Cell, zone: str) -> str:
    """A value as text: numbers with a point, moments as ISO 8601 at the plant, else the words of the page."""
    value = _value(cell, zone)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return str(value) if isinstance(value, int | float | Decimal) else safe_text(str(value))


def _value(cell: Cell, zone: str) -> Any:
    held = cell.value
    if cell.kind == "moment" and held:
        moment = held if isinstance(held, datetime) else datetime.fromisoformat(str(held))
        return moment.astimezone(ZoneInfo(zone))
    if cell.text:
        return cell.text
    if cell.kind == "yes_no" and held is not None:
        return _("yes") if held else _("no")
    if cell.kind in ("number", "whole") and held not in (None, ""):
        try:
            return Decimal(str(held))
        except InvalidOperation:
            return str(held)
    return "" if held is None else held


def _workbook(sheet: Sheet) -> bytes:
    import xlsxwriter  # a tenth of a second that no start needs to wait

    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        page = book.add_worksheet(_("List"))
        for place, head in enumerate(sheet.heads):
            page.write_string(0, place, head, bold)
        page.freeze_panes(1, 0)
        widths = [len(head) for head in sheet.heads]
        for number, row in enumerate(sheet.rows, start=1):
            for place, cell in enumerate(row):
                width = _write(page, number, place, _value(cell, sheet.zone), day)
                widths[place] = min(max(widths[place], width), WIDEST)
        for place, width in enumerate(widths):
            page.set_column(place, place, width + 2)
        if sheet.rows:
            page.autofilter(0, 0, len(sheet.rows), len(sheet.heads) - 1)
        _write_about(book.add_worksheet(_("About")), sheet.about)
    return made.getvalue()


def _write(page: Any, row: int, place: int, value: Any, day: Any) -> int:
    """Write one cell; how many characters wide it is."""
    if isinstance(value, datetime):
        page.write_datetime(row, place, value.replace(tzinfo=None), day)
        return len("2026-03-01 00:00:00")
    if isinstance(value, Decimal) and value.is_finite() and len(value.as_tuple().digits) <= DIGITS:
        page.write_number(row, place, float(value))
    elif str(value):
        page.write_string(row, place, str(value))
    return len(str(value))


def _write_about(page: Any, about: Iterable[tuple[str, str]]) -> None:
    page.set_column(0, 0, 24)
    page.set_column(1, 1, WIDEST)
    for row, (name, value) in enumerate(about):
        page.write_string(row, 0, name)
        page.write_string(row, 1, value)
