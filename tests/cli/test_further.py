"""What the shell answers beside a chart or a study: other rules, a V-mask, materials, steps, a goal plot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gemba.stats.charts import control_chart
from gemba.stats.results import DataError

WAFERS = ("wafer_thickness.csv", "--kind", "xbar-r", "--value", "thickness", "--subgroup", "day")
CUSUM = ("wafer_thickness.csv", "--value", "thickness", "--subgroup", "day")
LINE = ("assembly_line.csv", "--value", "defects", "--n", "units", "--step", "step")
RUNS = ("control_runs.csv", "--kind", "levey-jennings", "--value", "low", "--value", "high")


def ask(shell: Any, data: Path, command: str, file: str, *options: object) -> Any:
    return shell(command, data / file, *options)


def rows(answer: Any) -> list[dict[str, Any]]:
    columns = answer.json["tables"][0]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def test_other_rules_judge_the_same_points(shell: Any, data: Path) -> None:
    asked = (*WAFERS, "--rules", "platform", "--compare", "nelson", "--compare", "1,2")
    answer = ask(shell, data, "chart", *asked, "--json")
    assert answer.code == 0
    assert [row["name"] for row in rows(answer)] == ["platform", "nelson", "1,2"]
    assert answer.json["source"]["rows_in"] == 100
    assert "is better only where what it sees had a cause" in ask(shell, data, "chart", *asked).out


def test_a_mask_tells_since_when_the_mean_is_off(shell: Any, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "mask.svg"
    answer = ask(shell, data, "chart", *CUSUM, "--mask", "last", "--out", out)
    assert answer.code == 3
    assert answer.out.startswith("At point 20 the mask shows a shift up since point 18.")
    assert "Lower arm" in answer.out
    assert out.read_text(encoding="utf-8").startswith("<svg")
    earlier = ask(shell, data, "chart", *CUSUM, "--mask", 7, "--set", "h=4", "--json")
    assert earlier.json["headline"].startswith("At point 7 every sum lies inside the mask.")


def test_several_materials_are_judged_across(shell: Any, data: Path) -> None:
    """Columns headed low and high are values where they are said to be, not limits."""
    known = ("--mean", 4.9, "--mean", 12.1, "--sigma", 0.11, "--sigma", 0.25)
    answer = ask(shell, data, "chart", *RUNS, *known, "--json")
    assert answer.code == 3
    assert {"run": 21, "rule": "2-2s", "materials": "low, high"} in rows(answer)
    assert {"run": 21, "rule": "1-3s", "materials": "high"} in rows(answer)


def test_several_characteristics_are_ranked(shell: Any, data: Path, workbook: Path, tmp_path: Path) -> None:
    out = tmp_path / "goal.svg"
    specs = ("--specs", data / "resin_specs.csv", "--out", out)
    answer = ask(shell, data, "capability", "resin.csv", *specs, "--json")
    assert answer.code == 3
    assert [row["name"] for row in rows(answer)] == ["colour", "viscosity", "solids"]
    assert rows(answer)[0]["cp"] is None
    assert "colour" in out.read_text(encoding="utf-8")
    stated = shell("capability", workbook, "--specs", "stated", "--size", 5)
    assert stated.code == 4
    assert "Diameter" in stated.out


def test_the_yield_of_a_chain_is_told(shell: Any, data: Path) -> None:
    asked = ("--model", "poisson", "--opportunities", "ways", "--z-shift", 1.5)
    answer = ask(shell, data, "capability", *LINE, *asked, "--json")
    assert answer.code == 0
    press, *_, rolled, _ = rows(answer)
    assert press["dpmo"] == pytest.approx(5 / 2000 * 1e6)
    assert rolled["yield"] == pytest.approx(91.945, abs=1e-3)
    assert "Defective" in ask(shell, data, "capability", *LINE).out


def test_what_a_chart_overlooks(shell: Any, tmp_path: Path) -> None:
    out = tmp_path / "oc.svg"
    answer = shell("run-length", "--oc", "--n", 5, "--at", 0, "--at", 1, "--out", out, "--json")
    assert answer.code == 0
    assert answer.json["accept"] == pytest.approx([0.99730020, 0.77754604], abs=1e-8)
    assert "<svg" in out.read_text(encoding="utf-8")
    by_share = shell("run-length", "--oc", "--kind", "p", "--n", 200, "--mean", 0.02, "--at", 0.05).out
    assert by_share.startswith("Share of defectives of 0.05: one point signals with a chance of 55%.")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("chart", *WAFERS, "--compare", "nelsen"), "Did you mean 'nelson'?"),
        (("chart", *WAFERS, "--compare", "nelson", "--out", "never.svg"), "has no picture"),
        (("chart", *CUSUM, "--mask", "99"), "There is no value at point 99 to lay the mask over."),
        (("chart", *CUSUM, "--mask", "soon"), "--mask: 'soon' is no point."),
        (
            ("chart", *WAFERS, "--mask", "last"),
            "--mask: a V-mask is laid over a cumulative",
        ),
        (("chart", *CUSUM, "--mask", "last", "--set", "fir=2"), "a V-mask takes no fir. Leave out: fir."),
        (("chart", *RUNS, "--mean", 5), "--mean: given 1 times for 2 control materials"),
        (("chart", *RUNS[:5], "--mean", 5, "--mean", 6), "--mean: a chart of kind levey-jennings has one"),
        (("chart", *RUNS[:5], "--sigma", 5, "--sigma", 6), "--sigma: a chart of kind levey-jennings has one"),
        (("capability", "resin.csv", "--specs", "stated"), "--specs: 'stated' gives no limits."),
        (("capability", *LINE[:3], "--step", "step"), "--n: how many units entered each step is not said."),
        (("capability", *LINE, "--opportunities", 0), "--opportunities: a unit has at least one opportunity"),
    ],
)
def test_what_cannot_be_is_one_sentence(asked: tuple[Any, ...], words: str, shell: Any, data: Path) -> None:
    command, file, *options = asked
    answer = ask(shell, data, command, file, *options)
    assert (answer.code, answer.out) == (2, "")
    assert words in answer.err
    assert len(answer.err.strip().splitlines()) == 1


def test_an_operating_characteristic_is_of_one_point(shell: Any) -> None:
    answer = shell("run-length", "--oc", "--rules", "nelson", "--arl", 370, "--set", "lam=1")
    assert answer.code == 2
    assert "Leave out --set lam, --rules, --arl." in answer.err
    assert shell("run-length", "--oc", "--kind", "p", "--n", 200).err.startswith("gemba: Argument --mean:")
    assert "nan is no size" in shell("run-length", "--n", "nan").err


def test_a_run_chart_tells_the_order_from_the_shell(shell: Any, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.svg"
    answer = ask(
        shell, data, "chart", "wafer_thickness.csv", "--kind", "run", "--value", "thickness", "--out", out
    )
    assert "Anhøj" in answer.out
    assert out.read_text(encoding="utf-8").startswith("<svg")


def test_rules_of_the_whole_series_are_no_rules_of_a_point() -> None:
    with pytest.raises(DataError, match="depend on how long"):
        control_chart("i-mr", [1.0, 2.0, 3.0], rules="anhoej")
