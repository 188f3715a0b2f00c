"""``gemba run-length`` and ``gemba budget``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


def test_rules_say_how_often_they_are_wrong(shell: Any) -> None:
    answer = shell("run-length", "--rules", "1,2,5", "--shift", "0", "--json")
    assert answer.code == 0
    assert answer.json["shifts"][0]["arl"] == pytest.approx(158.737411, rel=1e-6)


def test_the_limit_is_found_and_used(shell: Any) -> None:
    answer = shell("run-length", "--kind", "cusum", "--arl", "370", "--shift", "0")
    assert answer.out.startswith("cusum k=0.5, h=4.77383")
    wide = shell("run-length", "--kind", "xbar-r", "--arl", "1000", "--shift", "0")
    assert "limits at 3.29053 sigma" in wide.out


def test_the_picture_is_written(shell: Any, tmp_path: Path) -> None:
    out = tmp_path / "rules.svg"
    assert shell("run-length", "--kind", "ewma", "--out", out).code == 0
    assert "Shift in sigma" in out.read_text(encoding="utf-8")


def test_a_budget_names_the_rules_that_fit(shell: Any) -> None:
    answer = shell("budget", "--charts", "400", "--points", "168", "--attention", "200")
    assert "the rules bare at 3 sigma make 181" in answer.out
    assert shell("budget", "--charts", "4", "--points", "8", "--json").json["alarms"] > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run-length", "--kind", "ewma", "--set", "lam=2"], "2 is no weight"),
        (["run-length", "--kind", "ewma", "--set", "lam"], "sets nothing"),
        (["run-length", "--arl", "300", "--nsigma", "3"], "the limit is what is sought"),
        (["budget", "--charts", "-4", "--points", "8"], "--charts: -4 is no number"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(arguments: list[str], words: str, shell: Any) -> None:
    answer = shell(*arguments)
    assert answer.code == 2
    assert words in answer.err


def test_a_tolerance_interval_of_a_file(shell: Any, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "tolerance.svg"
    file = data / "wafer_thickness.csv"
    answer = shell("tolerance", file, "--value", "thickness", "--side", "lower", "--out", out, "--json")
    assert answer.code == 0
    assert answer.json["side"] == "lower"
    assert "Tolerance interval of thickness" in out.read_text(encoding="utf-8")


def test_distributions_of_a_file(shell: Any, data: Path, tmp_path: Path) -> None:
    out, file = tmp_path / "fits.svg", data / "wafer_thickness.csv"
    tried = ("--try", "weibull", "--try", "normal")
    answer = shell("distribution", file, "--value", "thickness", *tried, "--out", out, "--json")
    assert answer.code == 0
    assert set(answer.json["family"]) == {"Weibull", "Normal"}
    assert "expected" in out.read_text(encoding="utf-8")
    assert (
        "--try: there is no distribution"
        in shell("distribution", file, "--value", "thickness", "--try", "x").err
    )


def test_a_chart_is_recommended(shell: Any, data: Path) -> None:
    answer = shell("recommend", data / "motors.csv", "--value", "defective", "--n", "inspected", "--json")
    assert answer.code == 0
    assert answer.json["kind"] in ("p", "laney-p")
    assert "use a chart of kind" in shell("recommend", data / "furnace.csv", "--value", "thickness").out
