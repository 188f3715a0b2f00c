"""What is refused before it is opened, each in one clear sentence with its mend."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from gemba.stats.readers import Limits, read
from gemba.stats.results import DataError
from twins.old_workbook import write_ods, write_xls


def small_workbook() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Data")
    for row, cells in enumerate((["Part", "Diameter"], ["P1", 10.1], ["P2", 10.2])):
        sheet.write_row(row, 0, cells)
    book.close()
    return out.getvalue()


def with_sheet(xml: bytes) -> bytes:
    """The small workbook with another sheet inside."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(small_workbook())) as old, zipfile.ZipFile(out, "w", 8) as new:
        for entry in old.infolist():
            is_sheet = entry.filename == "xl/worksheets/sheet1.xml"
            new.writestr(entry.filename, xml if is_sheet else old.read(entry.filename))
    return out.getvalue()


def sheet_xml(*cells: str) -> bytes:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return f"<worksheet {space}><sheetData>{''.join(cells)}</sheetData></worksheet>".encode()


def refused(source: object, words: str, **options: object) -> str:
    with pytest.raises(DataError, match=words) as caught:
        read(source, **options)  # type: ignore[arg-type]
    sentence = str(caught.value)
    assert caught.value.mend
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"   \r\n", b"\x00" * 100])
def test_an_empty_file_is_refused(data: bytes) -> None:
    refused(data, "empty")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "none.csv", "there is no file")
    refused(tmp_path, "cannot be opened")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xlsx", b"Part,Diameter\n1,10.1\n", "named .xlsx and holds plain text.*Rename it to .csv"),
        ("a.xls", b"Part\tDiameter\n1\t10.1\n", "named .xls and holds plain text"),
        ("a.csv", small_workbook(), r"named .csv and holds an Excel workbook \(xlsx\).*Rename it to .xlsx"),
        ("a.xlsx", write_xls([["a"], [1.0]]), "holds an old Excel workbook"),
        ("a.parquet", b"Part,Diameter\n1,10.1\n", "named .parquet and holds plain text"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        ("a.csv", b"%PDF-1.7 ...", "PDF"),
        ("a.txt", b"\x89PNG\r\n\x1a\n....", "picture"),
        ("a.csv", bytes(range(1, 256)) * 20, "binary data"),
        ("a.csv", b"\x1f\x8b\x08rest of it", "gzip"),
        ("a.xml", b"<?xml version='1.0'?><Workbook/>", "XML"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    refused(path, words)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_refused(part: float) -> None:
    for data in (small_workbook(), write_ods([["Part", "Diameter"], ["P1", 10.1]])):
        refused(data[: int(len(data) * part)], "damaged or was cut off")


@pytest.mark.parametrize("kept", [300, 600, 1100, 2000, 3000])
def test_a_truncated_old_workbook_is_refused(kept: int) -> None:
    refused(write_xls([["Part", "Diameter"], ["P1", 10.1]])[:kept], "damaged or was cut off")


def test_a_truncated_parquet_file_is_refused() -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"a": [1.0, 2.0]}), out)
    refused(out.getvalue()[:-20], "damaged or was cut off")


def test_a_workbook_locked_with_a_password_is_refused() -> None:
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    refused(container, "password")


def test_a_wrong_encoding_names_the_line() -> None:
    sentence = refused("Prüfer\nMüller,1\n".encode("cp1252"), "line 1", encoding="utf-8")
    assert "encoding='" in sentence
    refused(b"a,b\n1,2\n", "no encoding named 'utf-99'", encoding="utf-99")


def test_a_bomb_is_refused_by_its_declared_size_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    refused(out.getvalue(), "times its size.*guard=Limits")
    refused(out.getvalue(), "unpacks to 30000011 bytes; at most 1000000", guard=Limits(inflated=1_000_000))


def test_too_many_parts_are_refused() -> None:
    refused(small_workbook(), "parts inside", guard=Limits(entries=3))


def test_a_part_that_declares_less_than_it_holds_is_refused() -> None:
    data = bytearray(small_workbook())
    where = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet1.xml"))
    size = int.from_bytes(data[where + 24 : where + 28], "little")
    data[where + 24 : where + 28] = (size // 2).to_bytes(4, "little")
    refused(bytes(data), "damaged")


@pytest.mark.parametrize(
    "far",
    ['<c r="XFD1048576"><v>1</v></c>', "<c r='XFD1048576'><v>1</v></c>", '<c r = "XFD1048576"><v>1</v></c>'],
)
def test_two_cells_in_far_corners_are_refused_by_the_rectangle_they_span(far: str) -> None:
    xml = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>', f'<row r="1048576">{far}</row>')
    refused(with_sheet(xml), "spans 17179869184 cells; at most 5000000")


def test_repeats_of_an_open_sheet_are_counted_before_they_are_unfolded() -> None:
    cell = (
        '<table:table-cell table:number-columns-repeated="1000" office:value-type="float" office:value="1"/>'
    )
    tail = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    refused(write_ods([["Part", "Diameter"], ["P1", 10.1]], tail=tail), "spans")


def test_the_empty_rows_that_office_programs_repeat_at_the_end_are_harmless() -> None:
    cell = '<table:table-cell table:number-columns-repeated="1024"/>'
    tail = f'<table:table-row table:number-rows-repeated="1048574">{cell}</table:table-row>'
    assert read(write_ods([["Part", "Diameter"], ["P1", 10.1], ["P2", 10.2]], tail=tail)).rows_in == 2


def test_limits_can_be_raised_and_lowered() -> None:
    assert read(small_workbook(), guard=Limits(cells=6)).rows_in == 2
    refused(small_workbook(), "spans 6 cells; at most 5", guard=Limits(cells=5))
    out = io.BytesIO()
    pq.write_table(pa.table({"a": [1.0, 2.0, 3.0]}), out)
    refused(out.getvalue(), "holds 3 values; at most 2", guard=Limits(values=2))


def test_a_sheet_without_numbers_or_without_data_is_refused() -> None:
    refused("Part,Diameter\n", "no numbers")
    refused("just\nsome\nwords\n", "no numbers")


def test_what_is_no_source_is_refused() -> None:
    refused(42, "cannot be read as a file")
