"""Workbooks and Parquet files: what programs store beside the numbers, and what they hide."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from gemba.stats.data import Sample
from gemba.stats.readers import propose, read
from gemba.stats.results import DataError
from twins.old_workbook import write_ods, write_xls

Sheet = Any
TABLE: list[list[float | str | bool | None]] = [
    ["Part", "Diameter (mm)"],
    ["P1", 10.1],
    ["P2", 10.2],
    ["P3", "#DIV/0!"],
    ["P4", 10.25],
]


def workbook(fill: Callable[[Any, Sheet], None], *names: str) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheets = [book.add_worksheet(name) for name in names or ("Data",)]
    fill(book, sheets[0] if len(sheets) == 1 else sheets)
    book.close()
    return out.getvalue()


def table(*rows: list[object]) -> bytes:
    def fill(_: Any, sheet: Sheet) -> None:
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row)

    return workbook(fill)


def parquet(**columns: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


@pytest.mark.parametrize("write", [write_xls, write_ods])
def test_old_and_open_workbooks_give_errors_hidden_rows_and_places(write: Callable[..., bytes]) -> None:
    reading = read(write(TABLE, hidden=[2]))
    assert Sample.of(reading.frame(), "Diameter").present.tolist() == [10.1, 10.2, 10.25]
    assert [(r.place, r.text, r.fault) for r in reading.refused] == [("Data!B4", "#DIV/0!", "formula error")]
    assert reading.place(3, "Diameter") == "Data!B5"
    assert "3" in next(n for n in reading.proposal.notes if n.code == "hidden rows").values["rows"]


def test_cached_formula_errors_refuse_their_rows_with_the_error() -> None:
    def fill(_: Any, sheet: Sheet) -> None:
        sheet.write_row(0, 0, ["Part", "Diameter"])
        sheet.write_row(1, 0, ["P1", 10.5])
        sheet.write_row(2, 0, ["P2"])
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet.write_row(3, 0, ["P3", 10.75])
        sheet.write_row(4, 0, ["P4"])
        sheet.write_formula(4, 1, "=NA()", None, "#N/A")

    reading = read(workbook(fill))
    assert [(r.row, r.text) for r in reading.refused] == [(3, "#DIV/0!"), (5, "#N/A")]


def test_a_formula_without_a_stored_result_is_no_blank() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Part", "Diameter"], ["P1", 10.5], ["P2", "=B2*2"], ["P3", 10.75]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    reading = read(out.getvalue())
    assert [(r.place, r.fault) for r in reading.refused] == [("Sheet!B3", "formula without value")]


def test_a_formula_that_gives_an_empty_text_is_a_blank() -> None:
    def fill(_: Any, sheet: Sheet) -> None:
        sheet.write_row(0, 0, ["Part", "Diameter"])
        sheet.write_row(1, 0, ["P1", 10.5])
        sheet.write(2, 0, "P2")
        sheet.write_formula(2, 1, '=IF(A1="","","")', None, "gone")
        sheet.write_row(3, 0, ["P3", 10.75])

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(fill))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>gone</v>", b"<v></v>"))
    reading = read(out.getvalue())
    assert (reading.rows_stored, reading.rows_refused) == (3, 0)


def test_numbers_stored_as_text_are_read_and_counted() -> None:
    reading = read(table(["Part", "Diameter"], ["P1", 10.1], ["P2", "10.25 "], ["P3", 10.3]))
    assert list(reading.frame()["Diameter"]) == [10.1, 10.25, 10.3]
    assert reading.stored_as_text == 1


def test_a_text_with_two_readings_among_numbers_is_asked() -> None:
    data = table(["Part", "Diameter"], ["P1", 10.1], ["P2", "1,234"], ["P3", 10.3])
    assert propose(data).blocking[0].code == "decimal"
    assert list(read(data, decimal=",").frame()["Diameter"]) == [10.1, 1.234, 10.3]


def test_a_date_made_out_of_a_number_refuses_its_row() -> None:
    def fill(book: Any, sheet: Sheet) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["Part", "Diameter"])
        sheet.write_row(1, 0, ["P1", 10.5])
        sheet.write(2, 0, "P2")
        sheet.write_datetime(2, 1, dt.datetime(2026, 12, 10), day)
        sheet.write_row(3, 0, ["P3", 10.75])

    reading = read(workbook(fill))
    assert [(r.text, r.fault) for r in reading.refused] == [("2026-12-10", "date")]


def test_dates_and_times_are_labels_in_iso_form() -> None:
    def fill(book: Any, sheet: Sheet) -> None:
        form = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, ["Time", "Diameter"])
        for row in (1, 2):
            sheet.write_datetime(row, 0, dt.datetime(2026, 3, row, 6, 30), form)
            sheet.write(row, 1, 10.5 + row)

    reading = read(workbook(fill))
    assert reading.column("Time").role == "time"
    assert reading.frame()["Time"] == ["2026-03-01 06:30:00", "2026-03-02 06:30:00"]


def test_ids_stored_as_numbers_are_labels_without_a_point() -> None:
    reading = read(table(["Part", "Diameter"], [1, 10.1], [2, 10.2], [3, 10.3]))
    assert reading.frame()["Part"] == ["1", "2", "3"]


def test_hidden_rows_are_read_and_said() -> None:
    def fill(_: Any, sheet: Sheet) -> None:
        for row, cells in enumerate((["Part", "Diameter"], ["P1", 10.1], ["P2", 10.2], ["P3", 10.3])):
            sheet.write_row(row, 0, cells)
        sheet.set_row(2, None, None, {"hidden": True})

    reading = read(workbook(fill))
    assert reading.rows_stored == 3
    assert "Hidden or filtered rows are read too: 3 (1 in all)." in reading.headline()


def test_the_first_visible_sheet_with_numbers_is_read_and_the_others_are_said() -> None:
    def fill(_: Any, sheets: list[Sheet]) -> None:
        cover, data, more, secret = sheets
        cover.write(0, 0, "Monthly report")
        for page, start in ((data, 10), (more, 20), (secret, 30)):
            for row, cells in enumerate((["Part", "Diameter"], ["P1", start + 0.1], ["P2", start + 0.2])):
                page.write_row(row, 0, cells)
        secret.hide()

    book = workbook(fill, "Cover", "March", "April", "Secret")
    proposal = propose(book)
    assert proposal.sheet == "March"
    question = next(q for q in proposal.questions if q.code == "sheet")
    assert [option.answer for option in question.options] == ["March", "April"]
    assert "hidden sheets" in {note.code for note in proposal.notes}
    assert list(read(book, sheet="Secret").frame()["Diameter"]) == [30.1, 30.2]
    with pytest.raises(DataError, match=r"'Aprl'.*'April'"):
        read(book, sheet="Aprl")


def test_ids_in_merged_cells_hold_for_all_their_rows() -> None:
    def fill(_: Any, sheet: Sheet) -> None:
        sheet.write_row(0, 0, ["Batch", "Diameter"])
        for group, label in enumerate("ABC"):
            sheet.merge_range(1 + 2 * group, 0, 2 + 2 * group, 0, label)
        for row in range(6):
            sheet.write(1 + row, 1, 10 + row / 10)

    reading = read(workbook(fill))
    assert reading.frame()["Batch"] == list("AABBCC")
    assert list(reading.subgroups().sizes) == [2, 2, 2]


def test_headings_under_merged_groups_carry_the_group() -> None:
    def fill(_: Any, sheet: Sheet) -> None:
        sheet.merge_range(0, 1, 0, 2, "Anna")
        sheet.merge_range(0, 3, 0, 4, "Ben")
        sheet.write_row(1, 0, ["Part", "first", "second", "first", "second"])
        sheet.write_row(2, 0, ["P1", 10.1, 10.2, 10.3, 10.4])
        sheet.write_row(3, 0, ["P2", 10.2, 10.3, 10.1, 10.2])

    assert read(workbook(fill)).value_names == ("Anna first", "Anna second", "Ben first", "Ben second")


def test_a_table_that_starts_elsewhere_keeps_its_places() -> None:
    def fill(_: Any, sheet: Sheet) -> None:
        sheet.write(1, 2, "Shift report")
        for row, cells in enumerate((["Part", "Diameter"], ["P1", 10.1], ["P2", "abc"], ["P3", 10.3])):
            sheet.write_row(4 + row, 2, cells)

    reading = read(workbook(fill))
    assert reading.refused[0].place == "Data!D7"
    assert reading.place(2, "Diameter") == "Data!D8"


def test_the_places_of_a_turned_form_are_those_of_the_sheet() -> None:
    rows: list[list[object]] = [
        ["Reading", 1, 2, 3, 4],
        ["X1", 10.1, 10.2, 10.3, 10.4],
        ["X2", 10.2, 10.3, "abc", 10.1],
        ["Sum", 20.3, 20.5, 20.4, 20.5],
        ["Range", 0.1, 0.1, 0.2, 0.3],
    ]
    reading = read(table(*rows))
    assert reading.layout == "turned"
    assert reading.place(1, "X2") == "Data!C3"
    assert reading.refused[0].place == "Data!D3"


def test_displayed_rounding_does_not_touch_the_stored_value() -> None:
    def fill(book: Any, sheet: Sheet) -> None:
        sheet.write_row(0, 0, ["Part", "Diameter"])
        for row, value in enumerate((10.123456, 10.2), 1):
            sheet.write(row, 0, f"P{row}")
            sheet.write(row, 1, value, book.add_format({"num_format": "0.0"}))

    column = read(workbook(fill)).column("Diameter")
    assert column.decimals == (Decimal("10.123456"), Decimal("10.2"))


def test_a_parquet_file_gives_numbers_labels_and_exact_decimals() -> None:
    reading = read(
        parquet(
            part=["a", "b", None],
            serial=pa.array([2**60 + 1, 2**60 + 3, 7]),
            diameter=[10.1, None, 10.3],
            price=pa.array([Decimal("1.10"), Decimal("2.20"), Decimal("3.30")]),
        ),
        roles={"serial": "label"},
    )
    assert reading.frame()["part"] == ["a", "b", None]
    assert reading.frame()["serial"] == [str(2**60 + 1), str(2**60 + 3), "7"]
    assert reading.column("diameter").decimals == (Decimal("10.1"), None, Decimal("10.3"))
    assert reading.column("price").decimals == (Decimal("1.10"), Decimal("2.20"), Decimal("3.30"))
    assert list(reading.rows) == [1, 2, 3]


def test_infinite_numbers_of_a_parquet_file_refuse_their_rows() -> None:
    reading = read(parquet(part=["a", "b"], diameter=[10.1, float("inf")]))
    assert [(r.row, r.fault) for r in reading.refused] == [(2, "too large")]
