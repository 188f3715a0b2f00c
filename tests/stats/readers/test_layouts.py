"""Every layout of a quality sheet, and the ones that must not be misread silently."""

from __future__ import annotations

import pytest

from gemba.stats.readers import OpenQuestions, propose, read
from gemba.stats.results import DataError


def text_of(*rows: str) -> str:
    return "\n".join(rows) + "\n"


PAPER = text_of(
    "Reading\t1\t2\t3\t4\t5\t6",
    "1\t10.1\t10.2\t10.3\t10.1\t10.0\t10.2",
    "2\t10.2\t10.1\t10.3\t10.2\t10.1\t10.1",
    "3\t10.0\t10.3\t10.2\t10.1\t10.2\t10.0",
    "Sum\t30.3\t30.6\t30.8\t30.4\t30.3\t30.3",
    "Mean\t10.10\t10.20\t10.27\t10.13\t10.10\t10.10",
    "Range\t0.2\t0.2\t0.1\t0.1\t0.2\t0.2",
)


def test_one_column_is_stacked_and_its_size_is_open() -> None:
    proposal = propose("Diameter\n10.1\n10.2\n10.3\n10.4\n")
    assert proposal.layout == "stacked"
    assert [(q.code, q.blocking) for q in proposal.questions] == [("size", False)]
    assert list(read(proposal, size=2).subgroups().sizes) == [2, 2]


def test_numbers_without_a_heading_are_read() -> None:
    reading = read("10.1\n10.2\n10.3\n")
    assert reading.value_names == ("column 1",)
    assert reading.rows_stored == 3


def test_one_row_per_subgroup_leaves_out_computed_columns() -> None:
    reading = read(
        text_of(
            "Subgroup,X1,X2,X3,Mean,Range",
            "1,10.1,10.2,10.3,10.2,0.2",
            "2,10.0,10.1,10.2,10.1,0.2",
            "3,10.2,10.3,10.1,10.2,0.2",
        )
    )
    assert reading.layout == "wide"
    assert reading.value_names == ("X1", "X2", "X3")
    assert list(reading.subgroups().values) == [10.1, 10.2, 10.3, 10.0, 10.1, 10.2, 10.2, 10.3, 10.1]
    assert "left out" in {note.code for note in reading.proposal.notes}


def test_headings_1_to_n_are_headings_beside_a_word_and_asked_without_one() -> None:
    assert propose("Sample,1,2,3\n1,10.1,10.2,10.3\n2,10.2,10.1,10.3\n").layout == "wide"
    text = "1,2,3\n10.1,10.2,10.3\n10.2,10.1,10.3\n"
    assert propose(text).blocking[0].code == "heading"
    assert read(text, header_row=1).rows_in == 2
    assert read(text, header_row=0).rows_in == 3


def test_a_subgroup_column_is_found_by_its_word_and_by_its_runs() -> None:
    rows = [f"{row // 3 + 1},{10 + row / 10}" for row in range(12)]
    named = read(text_of("Batch,Diameter", *rows))
    unnamed = read(text_of("Hour,Diameter", *rows))
    for reading in (named, unnamed):
        assert reading.layout == "grouped"
        assert list(reading.subgroups().sizes) == [3, 3, 3, 3]


def test_an_id_that_returns_is_asked_and_both_answers_work() -> None:
    text = text_of("Batch,Diameter", *(f"{batch},{10 + i / 10}" for i, batch in enumerate("AABBCCAA")))
    proposal = propose(text)
    question = next(q for q in proposal.questions if q.code == "returning")
    assert [option.answer for option in question.options] == ["new", "join"]
    assert [option.values["count"] for option in question.options] == ["4", "3"]
    with pytest.raises(DataError, match="returns after other"):
        read(text).subgroups()
    assert read(text, returning="new").subgroups().count == 4
    assert read(text, returning="join").subgroups().count == 3


def test_blank_ids_below_an_id_are_filled_only_when_said() -> None:
    text = text_of("Batch;Diameter", "A;10,1", ";10,2", "B;10,3", ";10,4", "C;10,3", ";10,5")
    assert "fill" in {q.code for q in propose(text).questions}
    assert read(text).frame()["Batch"] == ["A", None, "B", None, "C", None]
    assert read(text, fill_down=True).frame()["Batch"] == ["A", "A", "B", "B", "C", "C"]


def test_specification_rows_above_the_data_become_tolerances() -> None:
    limits = read(
        text_of(
            "Part;Diameter (mm);Length (mm)",
            "Nominal;10,00;50,0",
            "USL;10,05;50,5",
            "LSL;9,95;49,5",
            "1;10,01;50,1",
            "2;9,99;49,9",
            "3;10,00;50,2",
        )
    )
    assert limits.layout == "parts"
    assert limits.rows_in == 3
    found = limits.tolerances["Diameter"]
    assert (found.lsl, found.target, found.usl) == (9.95, 10.0, 10.05)
    allowances = read(
        text_of(
            "Nominal,10.00,50.0",
            "Upper allowance,0.05,+0.5",
            "Lower allowance,0.02,-0.5",
            "Part,Diameter,Length",
            "1,10.03,50.1",
            "2,10.04,49.9",
        )
    )
    shaft = allowances.tolerances["Diameter"]
    assert (shaft.lsl, shaft.target, shaft.usl) == (10.02, None, 10.05)


def test_a_blank_limit_is_no_limit() -> None:
    reading = read(
        text_of("Part,Diameter,Roundness", "USL,10.05,0.02", "LSL,9.95,", "1,10.01,0.01", "2,9.99,0.005")
    )
    assert reading.tolerances["Roundness"].lsl is None


def test_upper_and_lower_that_may_be_limits_or_allowances_are_asked() -> None:
    text = text_of(
        "Part,Gap,Step",
        "Nominal,0.04,0.05",
        "Upper tol,0.08,0.09",
        "Lower tol,-0.01,-0.02",
        "1,0.04,0.05",
        "2,0.05,0.05",
        "3,0.04,0.04",
    )
    assert propose(text).blocking[0].code == "limits"
    assert read(text, limits="limits").tolerances["Gap"].usl == 0.08
    assert read(text, limits="allowances").tolerances["Gap"].usl == 0.12


def test_limits_that_contradict_each_other_name_their_column() -> None:
    with pytest.raises(DataError, match="Diameter"):
        read(text_of("Part,Diameter,Length", "USL,9.95,50.5", "LSL,10.05,49.5", "1,10.0,50.0", "2,10.0,50.1"))


def test_minimum_and_maximum_beside_a_mean_are_no_specification() -> None:
    reading = read(
        text_of(
            "Part,Diameter,Length",
            "Mean,10.0,50.0",
            "Max,10.2,50.2",
            "Min,9.8,49.8",
            "1,10.2,50.2",
            "2,9.8,49.8",
        )
    )
    assert reading.tolerances == {}
    assert reading.rows_in == 2


def test_the_paper_form_on_its_side_is_turned_and_its_sums_are_left_out() -> None:
    reading = read(PAPER)
    assert reading.layout == "turned"
    groups = reading.subgroups()
    assert list(groups.sizes) == [3] * 6
    assert list(groups.values[:6]) == [10.1, 10.2, 10.0, 10.2, 10.1, 10.3]
    assert "turned" in {note.code for note in reading.proposal.notes}


def test_a_form_that_may_be_turned_or_not_is_asked() -> None:
    rows = [f"{n}\t" + "\t".join(f"{10 + (n * k) % 7 / 10}" for k in range(1, 16)) for n in range(1, 6)]
    text = text_of("Sample\t" + "\t".join(map(str, range(1, 16))), *rows)
    assert propose(text).blocking[0].code == "turned"
    assert read(text, layout="turned").subgroups().count == 15
    assert read(text, layout="wide").subgroups().count == 5


def test_a_long_table_asks_for_the_characteristic() -> None:
    text = text_of(
        "Part,Characteristic,Value",
        "1,Diameter,10.1",
        "1,Length,50.1",
        "2,Diameter,10.2",
        "2,Length,50.2",
    )
    question = propose(text).blocking[0]
    assert (question.code, question.options[0].answer) == ("characteristic", "Diameter")
    with pytest.raises(OpenQuestions):
        read(text)
    one = read(text, characteristic="Length")
    assert list(one.frame()["Value"]) == [50.1, 50.2]
    assert [a.why for a in one.set_aside].count("other characteristic") == 2
    assert read(text, characteristic="*").rows_stored == 4
    with pytest.raises(DataError, match="Width"):
        read(text, characteristic="Width")


def test_counts_are_plain_columns_with_their_sizes() -> None:
    reading = read("Sample,Inspected,Defective,Scratch,Dent\n1,100,4,3,1\n2,95,2,1,1\n3,102,5,2,3\n")
    assert reading.layout == "counts"
    assert list(reading.frame()["Inspected"]) == [100, 95, 102]
    assert list(reading.frame()["Defective"]) == [4, 2, 5]


def test_an_inspection_report_is_not_read_as_subgroups() -> None:
    text = text_of(
        "Balloon,Nominal,Plus,Minus,Part 1,Part 2,Part 3",
        "1,10.0,0.1,-0.1,10.01,10.02,9.99",
        "2,50.0,0.5,-0.5,50.1,49.9,50.2",
        "3,5.0,0.2,-0.2,5.1,5.0,4.9",
    )
    assert propose(text).blocking[0].code == "report"
    assert read(text, layout="plain").value_names[-3:] == ("Part 1", "Part 2", "Part 3")


def test_repeated_names_are_told_apart_by_the_row_above() -> None:
    reading = read("Part,Operator A,,Operator B,\n,1,2,1,2\nP1,10.1,10.2,10.1,10.3\nP2,10.3,10.2,10.1,10.2\n")
    assert reading.value_names == ("Operator A 1", "Operator A 2", "Operator B 1", "Operator B 2")


def test_a_last_row_that_equals_the_sums_or_means_above_it_is_asked() -> None:
    apart = "Diameter\n10.1\n10.4\n10.2\n10.1\n\n10.20\n"
    bare = "Part,Count,Weight\n1,5,1.5\n2,6,2.5\n3,7,3.5\n4,5,1.0\n,23,8.5\n"
    for text, rows in ((apart, 4), (bare, 4)):
        question = propose(text).blocking[0]
        assert question.code == "totals"
        left_out, data = (int(option.answer) for option in question.options)
        assert read(text, last_row=left_out).rows_in == rows
        assert read(text, last_row=data).rows_in == rows + 1


def test_a_last_row_that_only_stands_apart_is_data() -> None:
    assert read("Diameter\n10.1\n10.4\n10.2\n10.1\n\n10.9\n").rows_in == 5


UNKNOWN = "Datum;Maschine;Bore (mm)\n;Nennmass;10,00\n;Grenze oben;10,10\n;Grenze unten;9,90\n" + "".join(
    f"{day:02d}.11.2026;M1;10,0{day % 10}\n" for day in range(1, 21)
)


def test_a_limit_under_a_word_that_is_not_known_is_a_question_and_never_data() -> None:
    seen = propose(UNKNOWN)
    (question,) = seen.blocking
    assert question.words() == (
        "Row 3 begins with 'Grenze oben' and stands beside the specification; it may be a limit or data."
    )
    assert [option.answer for option in question.options] == ["5", "3"]
    told = read(UNKNOWN, first_row=5)
    assert (told.rows_stored, told.column("Bore").values.max()) == (20, 10.09)  # type: ignore[union-attr]
    assert read(UNKNOWN, first_row=3).rows_stored == 22


def test_names_of_people_beside_a_specification_are_no_question() -> None:
    text = "Operator;Bore (mm)\nUSL;10,10\nLSL;9,90\n" + "".join(
        f"{name};10,02\n" for name in ("Ann", "Bo") * 6
    )
    assert propose(text).blocking == ()
    numbered = "Part;Bore (mm)\nUSL;10,10\nLSL;9,90\n" + "".join(f"P{n};10,02\n" for n in range(12))
    assert propose(numbered).blocking == ()


def test_limits_and_one_answer_tell_the_decimal_sign_of_the_other_columns() -> None:
    rows = "".join(f"P{n};10,00{n};5,01{n}\n" for n in range(9))
    headings = "Part;Bore (mm);Depth (mm)\n"
    assert len(propose(headings + rows).blocking) == 2
    answered = propose(headings + rows, decimal={"Bore": ","})
    assert answered.blocking == ()
    assert answered.column("Depth").decimal == ","
    limited = propose(headings + "USL;10,10;5,2\nLSL;9,90;4,8\n" + rows)
    assert [column.decimal for column in limited.columns] == ["", ",", ","]
    assert [note.code for note in limited.notes]
