"""Every habit of text files that formats have taught plants, one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gemba.stats.data import Sample
from gemba.stats.readers import OpenQuestions, propose, read
from gemba.stats.results import DataError


def values(text: str | bytes, column: str = "Diameter", **corrections: object) -> list[float]:
    found = read(text, **corrections).frame()[column]  # type: ignore[arg-type]
    assert isinstance(found, np.ndarray)
    return list(found)


def test_a_decimal_comma_is_read_where_the_file_shows_it() -> None:
    assert values("Part;Diameter\n1;10,12\n2;9,987\n") == [10.12, 9.987]


def test_thousands_marks_are_read_where_the_decimal_sign_shows_beside_them() -> None:
    assert values("Part;Diameter\n1;1.234,56\n2;12.345,7\n") == [1234.56, 12345.7]
    assert values("Part\tDiameter\n1\t1,234.56\n2\t12,345.7\n") == [1234.56, 12345.7]
    assert values("Part;Diameter\n1;1 234,5\n2;1\u00a0234,75\n") == [1234.5, 1234.75]
    assert values("Part;Diameter\n1;1'234.5\n2;1’234.75\n") == [1234.5, 1234.75]


@pytest.mark.parametrize("cells", [("1,234", "1,235"), ("1,234", "5"), ("1,234", "0.5"), ("12,5", "1.234")])
def test_a_number_with_two_readings_is_asked(cells: tuple[str, str]) -> None:
    text = f"Part\tDiameter\n1\t{cells[0]}\n2\t{cells[1]}\n"
    with pytest.raises(OpenQuestions, match=r"decimal=\{'Diameter': ','\}"):
        read(text)
    assert propose(text).blocking[0].code == "decimal"


def test_each_answer_gives_its_own_numbers() -> None:
    text = "Part\tDiameter\n1\t1,234\n2\t2,345\n"
    assert values(text, decimal=",") == [1.234, 2.345]
    assert values(text, decimal={"Diameter": "."}) == [1234.0, 2345.0]
    assert values("Part\tDiameter\n1\t1,5\n2\t2.25\n", decimal=".,") == [1.5, 2.25]


def test_a_comma_in_another_column_decides_and_that_is_said() -> None:
    proposal = propose("Part;Diameter;Length\n1;1,234;0,5\n2;2,345;0,75\n")
    assert proposal.column("Diameter").decimal == ","
    assert "decimal" in {note.code for note in proposal.notes}


def test_whole_thousands_with_points_are_asked() -> None:
    assert propose("Part\tDiameter\n1\t1.020\n2\t950\n").blocking[0].code == "decimal"
    assert propose("Part;Diameter\n1;1.020\n2;1.950\n").blocking[0].code == "decimal"
    assert values("Part,Diameter\n1,10.123\n2,10.125\n") == [10.123, 10.125]


def test_under_a_decimal_comma_a_point_that_groups_nothing_refuses_its_row() -> None:
    reading = read("Part;Diameter\n1;10,1\n2;10,2\n3;10.25\n", decimal=",")
    assert [r.fault for r in reading.refused] == ["not a number"]


def test_a_real_minus_and_hard_spaces_are_read() -> None:
    assert values("Part,Diameter\n1,\u22120.5\n2,\u00a00.25\u00a0\n3,\u20130.75\n") == [-0.5, 0.25, -0.75]


def test_the_unit_in_the_heading_is_split_off_and_the_heading_still_found() -> None:
    reading = read("Part,Diameter (mm),Side (left),Force / kN\n1,10.1,2.0,3.5\n2,10.2,2.5,3.25\n")
    assert [(c.name, c.unit) for c in reading.columns[1:]] == [
        ("Diameter", "mm"),
        ("Side (left)", ""),
        ("Force", "kN"),
    ]
    assert reading.column("Diameter (mm)").name == "Diameter"


def test_the_unit_in_the_cell_is_read_and_another_unit_refuses_the_row() -> None:
    reading = read("Part,Diameter\n1,12.01 mm\n2,12.02 mm\n3,1.203 cm\n4,12.04\n")
    assert reading.column("Diameter").unit == "mm"
    assert Sample.of(reading.frame(), "Diameter").present.tolist() == [12.01, 12.02, 12.04]
    assert [(r.place, r.text, r.fault) for r in reading.refused] == [("line 4", "1.203 cm", "other unit")]


def test_two_rows_of_headings_are_name_and_unit() -> None:
    proposal = propose("Part,Diameter,Force\n,mm,N\n1,10.1,5\n2,10.2,6\n")
    assert (proposal.header_rows, proposal.unit_row, proposal.first_row) == ((1,), 2, 3)
    assert [c.unit for c in proposal.columns] == ["", "mm", "N"]


def test_titles_footers_blank_rows_and_repeated_headings_are_left_out_by_name() -> None:
    text = (
        "Acme GmbH,,\nMachine:,Haas 7,\n,,\nPart,Diameter,Length\n1,10.1,5.0\n,,\n2,10.2,5.1\n"
        "Part,Diameter,Length\n3,10.3,5.2\nMean,10.2,5.1\n,,\nSignature: Meyer,,\n"
    )
    reading = read(text)
    assert list(reading.frame()["Diameter"]) == [10.1, 10.2, 10.3]
    assert list(reading.rows) == [5, 7, 9]
    assert [(a.row, a.why) for a in reading.set_aside] == [
        (1, "title"),
        (2, "title"),
        (3, "blank"),
        (4, "headings"),
        (6, "blank"),
        (8, "repeated headings"),
        (10, "summary"),
        (11, "blank"),
        (12, "footer"),
    ]


def test_a_title_that_holds_a_number_is_no_data() -> None:
    reading = read("Lot:,4711\nLine,7\n,\nPart,Diameter\n1,10.1\n2,10.2\n3,10.3\n4,10.4\n5,10.0\n")
    assert list(reading.frame()["Diameter"]) == [10.1, 10.2, 10.3, 10.4, 10.0]


@pytest.mark.parametrize("text", ["<0.05", "> 10", "≤0.05", "~3"])
def test_a_qualified_value_refuses_its_row_and_keeps_its_text(text: str) -> None:
    reading = read(f"Part,Diameter\n1,0.1\n2,{text}\n3,0.2\n")
    assert [(r.row, r.text, r.fault, r.cells) for r in reading.refused] == [
        (3, text, "qualified", ("2", text))
    ]
    assert (reading.rows_in, reading.rows_stored, reading.rows_refused) == (3, 2, 1)


def test_a_qualified_value_is_missing_or_its_bound_when_asked_and_keeps_its_sign() -> None:
    text = "Part,Diameter\n1,0.1\n2,<0.05\n"
    missing = read(text, qualified="missing").column("Diameter")
    bound = read(text, qualified="bound").column("Diameter")
    assert missing.values is not None
    assert bound.values is not None
    assert math.isnan(missing.values[1])
    assert bound.values[1] == 0.05
    for column in (missing, bound):
        assert column.texts[1] == "<0.05"
        assert column.marks == {1: "<"}


@pytest.mark.parametrize("mark", ["-", "n/a", "N/A", "*", "--", "n.a.", "NaN", "–", ""])
def test_a_usual_sign_for_no_value_is_missing_and_its_text_is_kept(mark: str) -> None:
    column = read(f"Part,Diameter\n1,0.1\n2,{mark}\n3,0.3\n").column("Diameter")
    assert column.values is not None
    assert math.isnan(column.values[1])
    assert column.texts[1] == mark


@pytest.mark.parametrize("mark", ["ND", "n.d.", "BDL"])
def test_not_detected_is_no_plain_missing_value_unless_said(mark: str) -> None:
    text = f"Part,Diameter\n1,0.1\n2,{mark}\n3,0.3\n"
    assert [r.fault for r in read(text).refused] == ["not detected"]
    assert read(text, missing=(mark.lower(),)).rows_refused == 0


def test_a_judgement_among_numbers_refuses_its_row_and_a_column_of_judgements_is_a_label() -> None:
    reading = read("Part,Diameter,Result\n1,10.1,OK\n2,NG,NG\n3,10.3,OK\n4,10.4,OK\n")
    assert [(r.place, r.column, r.text) for r in reading.refused] == [("line 3", "Diameter", "NG")]
    assert reading.frame()["Result"] == ["OK", "NG", "OK", "OK"]


def test_the_sep_line_names_the_delimiter_and_counts_as_a_line() -> None:
    reading = read("sep=;\nPart;Diameter\n1;10,1\n2;abc\n3;10,3\n")
    assert reading.refused[0].place == "line 4"
    assert list(reading.rows) == [3, 5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_gives_the_same_table(encoding: str, newline: str) -> None:
    text = newline.join(["Prüfer\tHöhe (µm)", "Müller\t10,5", "Weiß\t10,7", ""])
    reading = read(text.encode(encoding))
    assert reading.frame()["Prüfer"] == ["Müller", "Weiß"]
    assert list(reading.frame()["Höhe"]) == [10.5, 10.7]
    assert reading.column("Höhe").unit == "µm"


def test_mixed_line_ends_are_one_kind() -> None:
    assert values("Part,Diameter\r1,10.1\n2,10.2\r\n3,10.3") == [10.1, 10.2, 10.3]


def test_code_page_1252_is_said() -> None:
    assert "encoding" in {note.code for note in propose("Höhe\n1.5\n2.5\n".encode("cp1252")).notes}


def test_quotes_keep_delimiters_and_line_ends_and_the_line_of_each_row() -> None:
    text = 'Part,Note,Diameter\n1,"a, ""b""\nsecond line",10.1\n2,plain,abc\n3,"x",10.3\n'
    reading = read(text)
    assert reading.frame()["Note"] == ['a, "b"\nsecond line', "plain", "x"]
    assert reading.refused[0].place == "line 4"
    assert list(reading.rows) == [2, 5]


def test_a_quote_that_never_closes_is_refused_with_its_line() -> None:
    with pytest.raises(DataError, match="line 3"):
        read('Part,Diameter\n1,10.1\n2,"10.2\n3,10.3\n')


def test_decimal_commas_that_fuse_with_separating_commas_refuse_their_rows() -> None:
    reading = read("Part,Diameter\n1,10.1\n2,10,2\n3,10.3\n4,10.4\n")
    assert [(r.row, r.fault) for r in reading.refused] == [(3, "too many fields")]


def test_a_file_whose_every_row_has_more_fields_than_headings_gives_no_number_silently() -> None:
    with pytest.raises(DataError, match="more fields than there are headings"):
        read("Part,Diameter\n1,10,12\n2,10,15\n3,10,11\n")


def test_lines_of_the_form_10_12_are_asked() -> None:
    text = "10,12\n10,15\n10,11\n"
    assert propose(text).blocking[0].code == "delimiter"
    assert list(read(text, delimiter="").frame()["column 1"]) == [10.12, 10.15, 10.11]
    assert len(read(text, delimiter=",").columns) == 2


def test_a_heading_over_decimal_commas_makes_one_column() -> None:
    assert values("Diameter\n10,12\n10,15\n") == [10.12, 10.15]


def test_dates_without_a_sure_order_stay_text_and_are_asked() -> None:
    text = "Date,Diameter\n03/04/26,10.1\n05/06/26,10.2\n"
    proposal = propose(text)
    assert {q.code: q.blocking for q in proposal.questions} == {"dates": False, "size": False}
    assert read(text).frame()["Date"] == ["03/04/26", "05/06/26"]
    assert read(text, dates="dmy").frame()["Date"] == ["2026-04-03", "2026-06-05"]
    assert read(text, dates={"Date": "mdy"}).frame()["Date"] == ["2026-03-04", "2026-05-06"]


def test_a_day_above_twelve_and_points_show_the_order() -> None:
    assert read("Date,Diameter\n03/04/2026,10.1\n25/06/2026,10.2\n").frame()["Date"] == [
        "2026-04-03",
        "2026-06-25",
    ]
    assert read("Date,Diameter\n03.04.26 06:05,1\n05.06.26 7:10,2\n").frame()["Date"] == [
        "2026-04-03 06:05",
        "2026-06-05 07:10",
    ]


def test_a_date_in_a_number_column_refuses_its_row() -> None:
    reading = read("Part,Diameter\n1,10.1\n2,10-Dec\n3,10.3\n4,2026-03-04\n")
    assert [r.fault for r in reading.refused] == ["date", "date"]


def test_codes_with_leading_zeros_stay_codes() -> None:
    assert read("Code,Diameter\n007,10.1\n010,10.2\n").frame()["Code"] == ["007", "010"]


def test_codes_such_as_1a_are_no_amperes() -> None:
    assert read("Position,Diameter\n1A,10.1\n2A,10.2\n").frame()["Position"] == ["1A", "2A"]


@pytest.mark.parametrize("text", ["1e999", "inf", "-inf", "Infinity", "1_000", "٣", "0x1F", "1.2.3", "12..5"])
def test_what_only_a_program_calls_a_number_refuses_its_row(text: str) -> None:
    reading = read(f"Part,Diameter\n1,10.1\n2,{text}\n3,10.3\n")
    assert reading.rows_refused == 1


def test_exponents_are_numbers() -> None:
    assert values("Part,Diameter\n1,1.5e-05\n2,2E3\n3,-4.5e+1\n") == [1.5e-05, 2000.0, -45.0]
    assert values("Part;Diameter\n1;1,5e-05\n2;2,5E3\n") == [1.5e-05, 2500.0]


def test_columns_set_apart_by_spaces_are_read() -> None:
    assert values("Part   Diameter\n1   10.1\n2   10.2\n") == [10.1, 10.2]


def test_pasted_text_and_bytes_and_an_open_file_are_one(tmp_path) -> None:  # type: ignore[no-untyped-def]
    text = "Part\tDiameter\n1\t10.1\n2\t10.2\n"
    path = tmp_path / "a.tsv"
    path.write_bytes(text.encode())
    with path.open("rb") as file:
        readings = [read(text), read(text.encode()), read(path), read(str(path)), read(file)]
    assert len({reading.sha256 for reading in readings}) == 1
    assert all(list(reading.frame()["Diameter"]) == [10.1, 10.2] for reading in readings)


def test_two_tables_on_one_sheet_are_asked() -> None:
    text = "Part,Diameter\n1,10.1\n2,10.2\n3,10.3\n,\nOrder,Weight\nA,5.1\nB,5.2\nC,5.3\n"
    assert propose(text).blocking[0].code == "tables"
    assert values(text, column="Diameter", header_row=1, last_row=4) == [10.1, 10.2, 10.3]
    assert values(text, column="Weight", header_row=6) == [5.1, 5.2, 5.3]
