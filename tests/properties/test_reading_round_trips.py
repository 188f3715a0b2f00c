"""What is written in any dialect is read back exactly; any bytes at all are read or refused in words."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.stats.readers import OpenQuestions, read
from gemba.stats.readers.columns import NumberRule, parse_column
from gemba.stats.readers.numbers import parse_number
from gemba.stats.results import DataError, restore
from twins.messy_files import make_file
from twins.old_workbook import write_ods, write_xls

NUMBERS = st.decimals(min_value=-(10**6), max_value=10**6, places=3) | st.decimals(-10, 10, places=1)
WORDS = st.text("abcdefghÄöß ", min_size=1, max_size=8).map(lambda text: f"w{text.strip()}x")
ROWS = st.lists(st.tuples(WORDS, NUMBERS, NUMBERS), min_size=2, max_size=12)
SIGNS = st.sampled_from([".", ","])
DELIMITERS = st.sampled_from([",", ";", "\t", "|"])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@settings(deadline=None, max_examples=80)
@given(ROWS, SIGNS, DELIMITERS, ENCODINGS, LINE_ENDS)
def test_a_table_in_any_dialect_is_read_back_exactly(
    rows: list[tuple[str, Decimal, Decimal]], sign: str, delimiter: str, encoding: str, line_end: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(["Name", "Diameter", "Length"])
    for name, *numbers in rows:
        writer.writerow([name, *(str(number).replace(".", sign) for number in numbers)])
    reading = read(out.getvalue().encode(encoding), decimal=sign, header_row=1)
    assert reading.rows_in == len(rows)
    assert reading.column("Name").texts == tuple(row[0] for row in rows)
    for place, name in enumerate(("Diameter", "Length"), 1):
        assert reading.column(name).decimals == tuple(row[place] for row in rows)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(WORDS, st.floats(-1e9, 1e9)), min_size=2, max_size=12),
    st.sampled_from(["xlsx", "xls", "ods"]),
)
def test_a_table_in_any_workbook_is_read_back_exactly(rows: list[tuple[str, float]], kind: str) -> None:
    table: list[list[float | str | bool | None]] = [["Name", "Diameter"]]
    for name, value in rows:
        table.append([name, value])
    if kind == "xlsx":
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        sheet = book.add_worksheet("Data")
        rows = [(name, float(f"{value:.16G}")) for name, value in rows]  # what that writer stores
        for place, cells in enumerate(table):
            sheet.write_row(place, 0, cells)
        book.close()
        data = out.getvalue()
    else:
        data = write_xls(table) if kind == "xls" else write_ods(table)
    reading = read(data, header_row=1)
    assert list(reading.frame()["Diameter"]) == [value for _, value in rows]
    assert reading.frame()["Name"] == [name for name, _ in rows]


@settings(deadline=None, max_examples=200)
@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4), SIGNS
)
def test_a_number_with_thousands_marks_is_read_back_exactly(number: Decimal, sign: str) -> None:
    text = f"{number:,}"
    if sign == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    found = parse_number(text, sign)  # type: ignore[arg-type]
    assert found is not None
    assert found.decimal == number


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text("0123456789.,eE+- ", max_size=8), max_size=8), SIGNS)
def test_the_fast_way_reads_what_the_careful_way_reads(texts: list[str], sign: str) -> None:
    rule = NumberRule(sign)  # type: ignore[arg-type]
    fast = parse_column(texts, rule)
    careful = parse_column([*texts, "abc"], rule)
    assert {**fast.faults, len(texts): "not a number"} == careful.faults
    assert np.array_equal(fast.values, careful.values[:-1], equal_nan=True)


def settle(data: bytes) -> None:
    """Read the bytes: they balance, or they are refused with a mend; nothing else may happen."""
    try:
        reading = read(data)
    except (OpenQuestions, DataError) as error:
        outcome = error.mend
    else:
        outcome = "read"
        assert reading.rows_in == reading.rows_stored + reading.rows_refused
        assert restore(reading.to_dict()) == reading
    assert outcome


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=300) | st.text("0123456789,;.\t\n\"ab-<#/ '", max_size=120).map(str.encode))
def test_any_bytes_are_read_in_balance_or_refused_in_words(data: bytes) -> None:
    settle(data)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 10**6), st.data())
def test_a_messy_file_with_any_bytes_changed_is_read_in_balance_or_refused_in_words(
    seed: int, data: st.DataObject
) -> None:
    content = bytearray(make_file(seed).data)
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
        content[place] = data.draw(st.integers(0, 255))
    settle(bytes(content))


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([write_xls, write_ods]), st.data())
def test_an_old_workbook_with_any_bytes_changed_is_read_in_balance_or_refused_in_words(
    write: Callable[..., bytes], data: st.DataObject
) -> None:
    content = bytearray(write([["Part", "Diameter"], ["P1", 10.1], ["P2", 10.2], ["P3", 10.3]]))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
        content[place] = data.draw(st.integers(0, 255))
    settle(bytes(content))
