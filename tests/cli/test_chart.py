"""``gemba chart``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gemba.stats.charts import Limits


def wafers(data: Path) -> list[object]:
    return [data / "wafer_thickness.csv", "--value", "thickness", "--subgroup", "day"]


def test_a_signal_is_told_and_is_exit_code_3(shell: Any, data: Path) -> None:
    answer = shell("chart", *wafers(data), "--kind", "xbar-r")
    assert answer.code == 3
    assert answer.out.startswith("Xbar-R chart of thickness: not stable.")
    assert "24.9085" in answer.out


def test_a_stable_process_is_exit_code_0(shell: Any, calm: Path) -> None:
    answer = shell("chart", calm, "--kind", "xbar-r", "--value", "x", "--size", 5)
    assert answer.code == 0
    assert "stable" in answer.out


def test_json_has_the_stated_shape(shell: Any, data: Path) -> None:
    answer = shell("chart", *wafers(data), "--kind", "xbar-r", "--rules", "nelson", "--json")
    assert answer.code == 3
    assert answer.json["kind"] == "xbar-r"
    assert set(answer.json["limits"]) == {"xbar", "r"}
    assert answer.json["limits"]["xbar"] == pytest.approx(
        {"center": 23.726, "lcl": 22.543520, "ucl": 24.908480}, abs=1e-6
    )
    assert answer.json["sigma"] == pytest.approx(2.05 / 2.325929, rel=1e-6)
    assert {"panel": "xbar", "rule": "1", "fired": [20], "points": [20]} in answer.json["violations"]
    assert answer.json["source"]["rows_in"] == 100


def test_json_gives_a_list_where_a_limit_steps_and_null_where_there_is_none(shell: Any, data: Path) -> None:
    answer = shell(
        "chart", data / "motors.csv", "--kind", "p", "--value", "defective", "--n", "inspected", "--json"
    )
    lines = answer.json["limits"]["p"]
    assert len(lines["ucl"]) == 20
    assert lines["center"] == pytest.approx(465 / 4678)
    signs = shell("chart", data / "wafer_thickness.csv", "--kind", "i-mr", "--value", "thickness", "--json")
    assert signs.json["limits"]["mr"]["lcl"] in (None, 0.0)


def test_size_makes_the_same_subgroups_as_the_column(shell: Any, data: Path) -> None:
    by_column = shell("chart", *wafers(data), "--kind", "xbar-r", "--json").json
    path = data / "wafer_thickness.csv"
    by_size = shell("chart", path, "--kind", "xbar-r", "--value", "thickness", "--size", 5, "--json").json
    assert by_size["limits"] == by_column["limits"]


def test_without_a_kind_the_usual_one_is_taken_and_said(shell: Any, data: Path) -> None:
    answer = shell("chart", *wafers(data), "--json")
    assert answer.json["kind"] == "xbar-r"
    assert "xbar-r" in answer.err
    screws = shell("chart", data / "screws.csv", "--value", "diameter", "--size", 10, "--json")
    assert screws.json["kind"] == "xbar-s"
    assert shell("chart", data / "screws.csv", "--value", "diameter", "--json").json["kind"] == "i-mr"


def test_freeze_stores_limits_and_then_judges_by_them(shell: Any, data: Path, tmp_path: Path) -> None:
    limits = tmp_path / "limits.json"
    first = shell("chart", *wafers(data), "--kind", "xbar-r", "--freeze", limits, "--json").json
    assert first["phase"] == "I"
    assert Limits.from_json(limits.read_text(encoding="utf-8")).kind == "xbar-r"
    before = limits.read_bytes()
    second = shell("chart", *wafers(data), "--freeze", limits, "--json").json
    assert second["phase"] == "II"
    assert second["limits"] == first["limits"]
    assert limits.read_bytes() == before


def test_frozen_limits_of_another_kind_are_refused(shell: Any, data: Path, tmp_path: Path) -> None:
    limits = tmp_path / "limits.json"
    shell("chart", *wafers(data), "--kind", "xbar-r", "--freeze", limits)
    answer = shell("chart", *wafers(data), "--kind", "xbar-s", "--freeze", limits)
    assert answer.code == 2
    assert "xbar-r" in answer.err


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json", '{"result": "limits", "schema": 1}'])
def test_a_file_that_holds_no_limits_is_refused(shell: Any, data: Path, tmp_path: Path, text: str) -> None:
    limits = tmp_path / "limits.json"
    limits.write_text(text, encoding="utf-8")
    answer = shell("chart", *wafers(data), "--freeze", limits)
    assert answer.code == 2
    assert "Traceback" not in answer.err


def test_an_excluded_point_stays_on_the_chart_and_out_of_the_limits(shell: Any, data: Path) -> None:
    plain = shell("chart", *wafers(data), "--kind", "xbar-r", "--json").json
    left_out = shell("chart", *wafers(data), "--kind", "xbar-r", "--exclude", "20=pump failed", "--json").json
    assert left_out["excluded"][0]["reason"] == "pump failed"
    assert left_out["limits"]["xbar"]["ucl"] < plain["limits"]["xbar"]["ucl"]
    assert left_out["points"] == plain["points"] == 20


def test_an_exclusion_needs_a_reason(shell: Any, data: Path) -> None:
    answer = shell("chart", *wafers(data), "--exclude", "20")
    assert answer.code == 2
    assert "--exclude" in answer.err


@pytest.mark.parametrize(
    ("suffix", "start"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("html", b"<!doctype")]
)
def test_the_picture_is_written_as_its_suffix_says(
    shell: Any, data: Path, tmp_path: Path, suffix: str, start: bytes
) -> None:
    out = tmp_path / f"chart.{suffix}"
    answer = shell("chart", *wafers(data), "--kind", "xbar-r", "--out", out)
    assert answer.code == 3
    assert out.read_bytes().startswith(start)
    assert str(out) in answer.err


def test_an_unknown_suffix_is_wrong_usage(shell: Any, data: Path, tmp_path: Path) -> None:
    assert shell("chart", *wafers(data), "--out", tmp_path / "chart.gif").code == 2


def test_wide_subgroups_take_several_columns(shell: Any, write: Any) -> None:
    path = write(
        "wide.csv", "X1,X2,X3\n" + "".join(f"{10 + i % 3},{11 + i % 2},{12 - i % 3}\n" for i in range(12))
    )
    answer = shell(
        "chart", path, "--kind", "xbar-r", "--value", "X1", "--value", "X2", "--value", "X3", "--json"
    )
    assert answer.json["points"] == 12


def test_a_refused_row_leaves_a_gap_and_moves_no_later_value(shell: Any, write: Any) -> None:
    values = [f"{10 + 0.1 * (i * 7 % 11):.1f}" for i in range(40)]
    clean = write("clean.csv", "x\n" + "\n".join(values) + "\n")
    values[6] = "1O.5"
    dirty = write("dirty.csv", "x\n" + "\n".join(values) + "\n")
    whole = shell("chart", clean, "--kind", "xbar-r", "--value", "x", "--size", 4, "--json").json
    answer = shell("chart", dirty, "--kind", "xbar-r", "--value", "x", "--size", 4, "--json")
    assert answer.code == 4
    assert "line 8" in answer.err
    assert "1O.5" in answer.err
    assert answer.json["points"] == whole["points"] == 10
    assert answer.json["source"]["rows_refused"] == 1


def test_stdin_is_read_for_a_dash(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    class Piped:
        buffer = io.BytesIO(b"ph\n" + b"\n".join(b"7.%d" % (i % 4) for i in range(30)) + b"\n")

    monkeypatch.setattr(sys, "stdin", Piped)
    answer = shell("chart", "-", "--kind", "i-mr", "--value", "ph", "--json")
    assert answer.json["points"] == 30


def test_stored_limits_are_plain_json(shell: Any, data: Path, tmp_path: Path) -> None:
    limits = tmp_path / "limits.json"
    shell("chart", *wafers(data), "--kind", "xbar-r", "--freeze", limits)
    assert json.loads(limits.read_text(encoding="utf-8"))["schema"] >= 1


RESIN = ("--value", "solids", "--value", "viscosity", "--value", "colour")
NEW_KINDS: dict[str, tuple[object, ...]] = {
    "ewma": ("wafer_thickness.csv", "--value", "thickness", "--subgroup", "day", "--set", "lam=0.3"),
    "cusum": ("wafer_thickness.csv", "--value", "thickness", "--set", "h=4", "--set", "fir=2"),
    "median": ("wafer_thickness.csv", "--value", "thickness", "--subgroup", "day"),
    "r": ("furnace.csv", "--value", "thickness", "--subgroup", "run"),
    "s": ("gears.csv", "--value", "diameter", "--subgroup", "batch"),
    "mr": ("wafer_thickness.csv", "--value", "thickness"),
    "levey-jennings": ("wafer_thickness.csv", "--value", "thickness", "--rules", "westgard"),
    "p": ("motors.csv", "--value", "defective", "--n", "inspected", "--set", "limits=exact"),
    "ma": ("wafer_thickness.csv", "--value", "thickness", "--set", "span=4"),
    "laney-p": ("motors.csv", "--value", "defective", "--n", "inspected"),
    "laney-u": ("wire.csv", "--value", "cracks", "--n", "length"),
    "g": ("wire.csv", "--value", "cracks"),
    "t": ("wire.csv", "--value", "length"),
    "i-mr-r": ("furnace.csv", "--value", "thickness", "--subgroup", "run"),
    "i-mr-s": ("gears.csv", "--value", "diameter", "--subgroup", "batch"),
    "t2": ("resin.csv", *RESIN, "--set", "alpha=0.001"),
    "mewma": ("resin.csv", *RESIN, "--set", "lam=0.2"),
    "gv": ("resin.csv", *RESIN, "--size", 6),
    "mcusum": ("resin.csv", *RESIN, "--set", "k=0.4"),
    "pca": ("resin.csv", *RESIN, "--set", "components=2"),
    "regression": ("resin.csv", "--value", "viscosity", "--value", "solids"),
    "residual": ("wafer_thickness.csv", "--value", "thickness", "--set", "model=ima"),
    "zone": ("wafer_thickness.csv", "--value", "thickness", "--set", "after=go on"),
    "difference": ("small_lots.csv", "--value", "diameter", "--nominal", "nominal"),
    "z-mr": ("small_lots.csv", "--value", "diameter", "--part", "part", "--set", "pooling=constant"),
}


@pytest.mark.parametrize("kind", NEW_KINDS)
def test_each_kind_is_drawn_judged_and_frozen(shell: Any, data: Path, tmp_path: Path, kind: str) -> None:
    file, *options = NEW_KINDS[kind]
    limits, picture = tmp_path / "limits.json", tmp_path / "chart.svg"
    asked = ["chart", data / str(file), *options]
    first = shell(*asked, "--kind", kind, "--freeze", limits, "--out", picture, "--json")
    assert first.code in (0, 3), first.err
    assert first.json["kind"] == kind
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    stored = Limits.load(limits)
    assert stored.kind == kind
    kept = [item for item in options if "=" not in str(item) and item != "--set"]
    again = shell("chart", data / str(file), *kept, "--freeze", limits, "--json")
    assert again.code in (0, 3), again.err
    assert again.json["phase"] == "II"


def test_limits_from_few_points_are_corrected(shell: Any, data: Path) -> None:
    asked = ["chart", *wafers(data), "--kind", "i-mr"]
    plain = shell(*asked, "--json").json["limits"]["i"]["ucl"]
    assert shell(*asked, "--corrected", "guaranteed", "--json").json["limits"]["i"]["ucl"] > plain
    assert "There are: guaranteed, average, run length" in shell(*asked, "--corrected", "always").err


def test_a_design_value_is_set_by_name(shell: Any, data: Path, tmp_path: Path) -> None:
    asked = ["chart", *wafers(data), "--kind", "ewma"]
    narrow = shell(*asked, "--set", "L=2", "--json").json["limits"]["ewma"]["ucl"][-1]
    assert narrow < shell(*asked, "--json").json["limits"]["ewma"]["ucl"][-1]
    assert "Did you mean 'lam'?" in shell(*asked, "--set", "lamb=0.1").err
    assert "'lam' sets nothing. Write --set \"lam=0.1\"" in shell(*asked, "--set", "lam").err
    shell(*asked, "--freeze", tmp_path / "limits.json")
    refused = shell("chart", *wafers(data), "--freeze", tmp_path / "limits.json", "--set", "L=2").err
    assert "Leave out --set L" in refused


def test_two_conventions_are_compared_on_the_data_of_a_chart(shell: Any, data: Path, tmp_path: Path) -> None:
    asked = ("chart", data / "furnace.csv", "--value", "thickness", "--subgroup", "run")
    answer = shell(*asked, "--against", "jmp")
    assert answer.code == 0
    assert answer.out.startswith("thickness: gemba and jmp agree in all 9 figures.")
    kept = tmp_path / "limits.json"
    shell(*asked, "--convention", "jmp", "--freeze", kept)
    assert Limits.load(kept).method == "Rbar unweighted"
    again = shell(*asked, "--convention", "jmp", "--freeze", kept)
    assert again.code == 2
    assert "Leave out --convention" in again.err
