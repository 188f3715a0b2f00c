"""``gemba inspect``."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def test_a_messy_workbook_is_read_without_a_question(shell: Any, workbook: Path) -> None:
    answer = shell("inspect", workbook, "--json")
    assert answer.code == 4
    reading = answer.json["reading"]
    assert (reading["rows_in"], reading["rows_stored"], reading["rows_refused"]) == (150, 149, 1)
    assert reading["refused"][0]["text"] == "12,O04"
    assert reading["refused"][0]["place"].endswith("C100")


def test_people_see_columns_units_and_what_was_left_out(shell: Any, workbook: Path) -> None:
    answer = shell("inspect", workbook)
    for word in ("Diameter", "mm", "repeated headings", "12,O04", "Control totals"):
        assert word in answer.out


def test_a_clean_file_is_exit_code_0(shell: Any, data: Path) -> None:
    assert shell("inspect", data / "furnace.csv").code == 0


def test_what_can_be_read_in_two_ways_is_asked_with_answers_for_the_shell(shell: Any, write: Any) -> None:
    path = write("doubt.csv", "part;weight\n" + "".join(f"{i};1,{234 + i}\n" for i in range(12)))
    asked = shell("inspect", path, "--json")
    assert asked.code == 2
    assert asked.json["reading"] is None
    assert asked.json["questions"][0]["argument"] == "decimal"
    refused = shell("chart", path, "--value", "weight")
    assert refused.code == 2
    assert '--read "decimal:weight=,"' in refused.err
    answered = shell("chart", path, "--value", "weight", "--read", "decimal:weight=,", "--json")
    assert answered.code in (0, 3)
    assert answered.json["limits"]["i"]["center"] < 2


def test_answers_are_kept_as_a_profile(shell: Any, write: Any, tmp_path: Path) -> None:
    path = write("doubt.csv", "part;weight\n" + "".join(f"{i};1,{234 + i}\n" for i in range(12)))
    profile = tmp_path / "supplier.json"
    assert shell("inspect", path, "--read", "decimal:weight=,", "--save", profile).code == 0
    answer = shell("chart", path, "--value", "weight", "--profile", profile, "--json")
    assert answer.json["limits"]["i"]["center"] < 2


def test_refused_rows_are_written_with_their_reasons(shell: Any, workbook: Path, tmp_path: Path) -> None:
    out = tmp_path / "refused.csv"
    assert shell("inspect", workbook, "--refused", out).code == 4
    assert "12,O04" in out.read_text(encoding="utf-8")
