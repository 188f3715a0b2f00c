"""A proposal can be read by a person, corrected, saved, and used for the next file."""

from __future__ import annotations

from pathlib import Path

import pytest

from gemba.stats.readers import Choices, Proposal, propose, read
from gemba.stats.results import DataError, UnknownName, restore

GERMAN = "Charge;Durchmesser (mm);Bemerkung\nA;10,12;\nA;10,5;\nB;10,2;x\nB;10,25;\n"
SHORT = "Charge;Durchmesser (mm);Bemerkung\nC;10,123;\nC;10,125;\nD;10,234;x\nD;10,236;\n"


def test_a_proposal_says_in_words_what_it_is() -> None:
    summary = propose("Part\tWeight\n1\t1,234\n2\t2,345\n").summary()
    assert "Question: Column 'Weight' has '1,234'" in summary
    assert "decimal={'Weight': ','} (the comma is the decimal sign)" in summary
    assert "headings in row 1, data in rows 2 to 3" in summary
    assert "First rows" in summary


def test_every_word_goes_through_the_translator() -> None:
    proposal = propose("Part\tWeight\n1\t1,234\n2\t2,345\n")
    assert "⟦" in proposal.headline("pseudo")
    assert all(label.startswith("⟦") for label in (c.label for c in proposal.tables("pseudo")[0].columns))
    reading = read("Part;Weight\n1;1,5\n2;abc\n")
    assert "no number" not in reading.summary("pseudo")


def test_a_correction_proposes_anew_what_follows_from_it() -> None:
    proposal = propose("Title,x\nPart,Weight\n1,10.5\n2,10.6\n")
    corrected = proposal.replace(first_row=4).replace(units={"Weight": "kg"})
    assert corrected.first_row == 4
    assert corrected.column("Weight").unit == "kg"
    assert read(corrected).rows_in == 1
    assert proposal.first_row == 3


def test_roles_and_columns_can_be_corrected() -> None:
    text = "Part,Weight,Height\n1,10.5,abc\n2,10.6,3.5\n"
    assert read(text, columns=("Weight",)).rows_refused == 0
    assert read(text, roles={"Height": "label"}).frame()["Height"] == ["abc", "3.5"]
    assert read(text, roles={"Part": "value"}).value_names[0] == "Part"
    assert read(text, columns="Weight").value_names == ("Weight",)


def test_a_subgroup_can_be_named() -> None:
    reading = read("Machine,Weight\nM1,10.5\nM2,10.6\nM1,10.7\n", subgroup="Machine", returning="join")
    assert reading.subgroups().labels == ("M1", "M2")


def test_a_saved_profile_reads_the_next_file_without_questions(tmp_path: Path) -> None:
    assert propose(GERMAN).blocking == ()
    assert propose(SHORT).blocking[0].code == "decimal"
    path = propose(GERMAN).save(tmp_path / "supplier.json")
    reading = read(SHORT, profile=path)
    assert list(reading.frame()["Durchmesser"]) == [10.123, 10.125, 10.234, 10.236]
    assert reading.subgroups().labels == ("C", "D")


def test_a_profile_does_not_fit_a_file_with_other_headings(tmp_path: Path) -> None:
    path = propose(GERMAN).save(tmp_path / "supplier.json")
    with pytest.raises(DataError, match=r"expects a column 'Durchmesser \(mm\)'"):
        read("Charge;Länge (mm);Bemerkung\nA;10,1;\nB;10,2;x\n", profile=path)


def test_a_proposal_survives_json() -> None:
    proposal = propose(GERMAN)
    back = restore(proposal.to_dict())
    assert isinstance(back, Proposal)
    assert back == proposal
    assert Proposal.from_json(proposal.to_json()) == proposal
    with pytest.raises(DataError, match="has no file"):
        back.replace(size=5)


def test_what_does_not_exist_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'Weight'"):
        propose("Part,Weight\n1,10.5\n2,10.6\n", units={"Wieght": "kg"})
    with pytest.raises(UnknownName, match="stacked"):
        propose("Part,Weight\n1,10.5\n2,10.6\n", layout="stackd")
    with pytest.raises(UnknownName, match="decimal"):
        propose("Part,Weight\n1,10.5\n2,10.6\n", decimals=",")  # type: ignore[call-arg]
    with pytest.raises(DataError, match="there is no row 99"):
        propose("Part,Weight\n1,10.5\n2,10.6\n", first_row=99)
    with pytest.raises(UnknownName, match="decimal"):
        propose("Part,Weight\n1,10.5\n2,10.6\n", decimal="x")


def test_choices_are_plain_and_add_up() -> None:
    choices = Choices().with_corrections({"decimal": {"a": ","}}).with_corrections({"decimal": "."})
    assert choices.of_column("decimal", "a", "") == ","
    assert choices.of_column("decimal", "b", "") == "."


def test_the_preview_shows_the_first_fifty_rows_with_what_they_are() -> None:
    text = "Report,\nPart,Weight\n" + "".join(f"{i},{10 + i / 100}\n" for i in range(100))
    table = propose(text).tables()[1]
    assert len(table.rows) == 50
    assert [row[1] for row in table.rows[:3]] == ["left out", "headings", "data"]
