"""A reading balances, knows every place, and loses nothing."""

from __future__ import annotations

import csv
import hashlib
import io
import math
from decimal import Decimal

import pytest

from gemba.stats.data import Subgroups, backend_of, get_numbers
from gemba.stats.readers import Reading, read
from gemba.stats.results import DataError, UnknownName, restore

TEXT = "Part;Diameter (mm);Note\n1;10,10;ok\n2;abc;=1+1\n3;<0,05;-0.013\n4;n/a;x\n5;1.010,5;\n"


def test_rows_in_are_rows_stored_plus_rows_refused_and_every_other_row_is_named() -> None:
    reading = read(TEXT)
    assert (reading.rows_in, reading.rows_stored, reading.rows_refused) == (5, 3, 2)
    assert reading.rows_in + len(reading.set_aside) == len(TEXT.splitlines())
    refused = {refusal.row for refusal in reading.refused}
    aside = {item.row for item in reading.set_aside}
    assert sorted([*reading.rows.tolist(), *refused, *aside]) == [1, 2, 3, 4, 5, 6]


def test_the_digest_is_of_the_bytes_as_they_came() -> None:
    data = TEXT.encode("utf-16")
    assert read(data).sha256 == hashlib.sha256(data).hexdigest()


def test_the_text_as_typed_and_the_exact_number_are_kept() -> None:
    column = read(TEXT).column("Diameter")
    assert column.texts == ("10,10", "n/a", "1.010,5")
    assert column.decimals == (Decimal("10.10"), None, Decimal("1010.5"))


def test_the_refused_rows_go_to_a_csv_that_no_spreadsheet_runs() -> None:
    reading = read(TEXT)
    rows = list(csv.reader(io.StringIO(reading.to_csv())))
    assert rows[0] == ["row", "place", "column", "text", "reason", "Part", "Diameter (mm)", "Note"]
    assert rows[1] == ["3", "line 3", "Diameter", "abc", "no number", "2", "abc", "'=1+1"]
    assert rows[2][-1] == "-0.013"
    assert [row[3] for row in reading.refused_table().rows] == ["abc", "<0,05"]


def test_our_own_apostrophe_is_taken_away_again() -> None:
    assert read("Part,Note,Diameter\n1,'=1+1,10.1\n2,'quoted',10.2\n").frame()["Note"] == ["=1+1", "'quoted'"]


def test_a_reading_survives_json() -> None:
    reading = read("Part;Diameter;Length\nUSL;10,5;\nLSL;9,5;1\n1;10,1;2\n2;abc;3\n3;10,2;4\n")
    back = restore(reading.to_dict())
    assert isinstance(back, Reading)
    assert back == reading
    assert back.tolerances["Length"].usl is None
    assert str(back.frame()) == str(reading.frame())


def test_arrays_cannot_be_changed() -> None:
    reading = read(TEXT)
    values = reading.frame()["Diameter"]
    with pytest.raises(ValueError, match="read-only"):
        values[0] = 1.0  # type: ignore[call-overload]
    with pytest.raises(ValueError, match="read-only"):
        reading.rows[0] = 1


def test_control_totals_state_count_missing_sum_and_extremes() -> None:
    rows = {row[0]: row for row in read(TEXT).totals().rows}
    assert rows["Diameter"][3:] == (2, 1, 1020.6, 10.1, 1010.5)
    assert rows["Part"][3:5] == (3, 0)
    german = {row[0]: row[1] for row in read(TEXT).totals("de").rows}
    assert german["Diameter"] == "Wert"


def test_the_summary_says_the_balance_and_the_explanation_the_digest() -> None:
    reading = read(TEXT)
    assert "5 rows in = 3 stored + 2 refused; 1 left out." in reading.headline()
    assert "line 3" in reading.summary()
    assert reading.sha256 in reading.explain()


def test_an_unknown_column_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'Diameter'"):
        read(TEXT).column("Diametre")


def test_a_file_whose_rows_are_all_left_out_is_refused() -> None:
    with pytest.raises(DataError, match=r"no row of data|no numbers"):
        read("Part,Diameter\nMean,10.1\n")


def test_every_column_has_as_many_cells_as_rows_are_stored() -> None:
    reading = read(TEXT)
    assert {len(column.texts) for column in reading.columns} == {reading.rows_stored}
    assert all(len(c.values) == reading.rows_stored for c in reading.columns if c.values is not None)


def test_missing_values_stay_missing_in_the_frame() -> None:
    gone = [math.isnan(v) for v in read(TEXT).frame()["Diameter"]]  # type: ignore[arg-type]
    assert gone == [False, True, True, True, False]


def test_a_refused_row_keeps_its_place_its_labels_and_every_subgroup_after_it() -> None:
    values = ["10.1", "10.2", "abc", "10.4", "10.5", "10.6"]
    text = "Part;Diameter\n" + "".join(f"P{part};{value}\n" for part, value in enumerate(values))
    reading = read(text)
    assert reading.frame()["Part"] == ["P0", "P1", "P2", "P3", "P4", "P5"]
    assert reading.lines.tolist() == [2, 3, 4, 5, 6, 7]
    groups = Subgroups.of(reading.frame(), "Diameter", size=3)
    assert (groups.sizes.tolist(), groups.values[2]) == ([2, 3], 10.4)
    assert reading.place(3, "Diameter") == "line 5"


def test_a_merged_id_names_a_refused_row_too() -> None:
    text = "Sample;Diameter\nA;10.1\n;abc\nB;10.3\n;10.4\n"
    groups = read(text, fill_down=True).subgroups()
    assert (groups.labels, groups.sizes.tolist()) == (("A", "B"), [1, 2])


def test_the_frame_comes_in_every_kind() -> None:
    reading = read("Part;Diameter\nP1;10.1\nP2;abc\n")
    for backend in ("pandas", "polars", "pyarrow"):
        frame = reading.to_frame(backend)
        assert backend_of(frame) == backend
        assert get_numbers(frame, "Diameter", argument="value").tolist()[0] == 10.1
