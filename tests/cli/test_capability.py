"""``gemba capability``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


def study(shell: Any, path: Path, *options: object) -> Any:
    return shell("capability", path, "--value", "x", "--size", 5, *options)


def test_a_stable_and_capable_process_is_exit_code_0(shell: Any, calm: Path) -> None:
    answer = study(shell, calm, "--lsl", 9.5, "--usl", 10.5)
    assert answer.code == 0
    assert "Cpk" in answer.out


def test_a_process_below_the_wanted_cpk_is_exit_code_3(shell: Any, calm: Path) -> None:
    assert study(shell, calm, "--lsl", 9.5, "--usl", 10.5, "--min-cpk", 9).code == 3


def test_an_unstable_process_is_exit_code_3_whatever_its_cpk(shell: Any, data: Path) -> None:
    answer = shell(
        *("capability", data / "furnace.csv", "--value", "thickness", "--subgroup", "run"),
        *("--lsl", 460, "--usl", 660, "--json"),
    )
    assert answer.code == 3
    assert answer.json["cpk"] > 1.33
    assert answer.json["stable"] is False


def test_json_names_every_index_its_interval_and_the_ppm(shell: Any, calm: Path) -> None:
    answer = study(shell, calm, "--lsl", 9.5, "--usl", 10.5, "--target", 10, "--json").json
    for name in ("cp", "cpk", "cpl", "cpu", "pp", "ppk", "cpm"):
        low, high = answer["intervals"][name]
        assert low < answer[name] < high
    assert answer["ppm"]["observed"]["total"] == 0


def test_a_limit_that_is_not_given_gives_no_index(shell: Any, calm: Path) -> None:
    answer = study(shell, calm, "--usl", 10.5, "--json").json
    assert answer["cp"] is None
    assert answer["cpl"] is None
    assert answer["cpk"] == answer["cpu"]


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_limit_is_no_limit_and_never_zero(shell: Any, calm: Path, blank: str) -> None:
    given = study(shell, calm, "--lsl", blank, "--usl", 10.5, "--json").json
    assert given["cpk"] == study(shell, calm, "--usl", 10.5, "--json").json["cpk"]


def test_limits_that_the_file_states_are_used_and_said(shell: Any, workbook: Path) -> None:
    answer = shell("capability", workbook, "--value", "Diameter", "--size", 5, "--json")
    assert answer.code == 4
    assert answer.json["tolerance"]["lsl"] == 11.97
    assert answer.json["tolerance"]["usl"] == 12.03
    assert "Limits from the file: 11.97 to 12.03" in answer.err
    own = shell("capability", workbook, "--value", "Diameter", "--size", 5, "--usl", 12.1, "--json")
    assert own.json["tolerance"]["lsl"] is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "limit"),
        (("--lsl", 11, "--usl", 9), "not below"),
        (("--lsl", "nine"), "not a number"),
        (("--lsl", "inf"), "inf"),
        (("--lsl", 9, "--usl", 11, "--target", 20), "target"),
        (("--lsl", 9, "--confidence", 2), "confidence"),
        (("--lsl", 9, "--within", "guess"), "guess"),
    ],
)
def test_limits_that_make_no_sense_are_one_sentence_and_exit_code_2(
    shell: Any, calm: Path, options: tuple[object, ...], said: str
) -> None:
    answer = study(shell, calm, *options)
    assert answer.code == 2
    assert answer.out == ""
    assert said in answer.err
    assert len(answer.err.strip().splitlines()) == 1


def test_values_that_are_not_normal(shell: Any, data: Path, tmp_path: Path) -> None:
    out, file = tmp_path / "study.svg", data / "wafer_thickness.csv"
    asked = ("--value", "thickness", "--lsl", "20", "--usl", "30", "--distribution", "lognormal")
    answer = shell("capability", file, *asked, "--out", out, "--json")
    assert answer.code == 3
    assert answer.json["headline"].startswith("thickness:")
    assert "99.865 %" in out.read_text(encoding="utf-8")
    assert "Lognormal" in shell("capability", file, *asked).out


def test_counts_of_a_file(shell: Any, data: Path) -> None:
    answer = shell(
        "capability", data / "motors.csv", "--value", "defective", "--n", "inspected", "--target", "0.2"
    )
    assert "% defective" in answer.out


def test_against_says_line_by_line_why_another_program_prints_another_number(shell: Any, data: Path) -> None:
    asked = ("capability", data / "furnace.csv", "--value", "thickness", "--subgroup", "run", "--usl", "660")
    answer = shell(*asked, "--convention", "minitab", "--against", "aiag")
    assert answer.code == 0
    assert answer.out.startswith("thickness: minitab and aiag differ in")
    assert "stands on sigma within, which differs" in answer.out
    assert "AIAG, Statistical Process Control" in answer.out
    assert shell(*asked, "--against", "qcc", "--json").json["first"] == "gemba"
    wrong = shell(*asked, "--convention", "minitap")
    assert wrong.code == 2
    assert "--convention" in wrong.err


def test_a_model_of_time_is_found_or_stated(shell: Any, data: Path) -> None:
    asked = ("capability", data / "furnace.csv", "--value", "thickness", "--subgroup", "run", "--usl", "660")
    found = shell(*asked, "--over-time", "auto")
    assert found.code == 3
    assert found.out.startswith("thickness: model C1")
    assert shell(*asked, "--over-time", "a1").out.startswith("thickness: not shown to be capable. Model A1")
    assert shell(*asked, "--over-time", "Z").code == 2
