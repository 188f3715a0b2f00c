"""Bad input: one clear sentence with the place and the mend, exit code 2 or 4, never a traceback."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

TABLES: dict[str, tuple[str, list[str], int, str]] = {
    "text in a number column": ("x\n1\nabc\n3\n4\n2\n", ["chart", "--value", "x"], 4, "line 3"),
    "infinite": ("x\n1\ninf\n3\n4\n", ["chart", "--value", "x"], 4, "inf"),
    "one point": ("x\n1\n", ["chart", "--kind", "i-mr", "--value", "x"], 2, "two points"),
    "one subgroup": (
        "x\n1\n2\n3\n",
        ["chart", "--kind", "xbar-r", "--value", "x", "--size", "3"],
        2,
        "two points",
    ),
    "size one in xbar-r": (
        "x\n1\n2\n3\n4\n",
        ["chart", "--kind", "xbar-r", "--value", "x", "--size", "1"],
        2,
        "i-mr",
    ),
    "all missing": ("x,y\n1,\n2,\n3,\n", ["chart", "--kind", "i-mr", "--value", "y"], 2, "y"),
    "counts above n": (
        "d,n\n3,10\n11,10\n",
        ["chart", "--kind", "p", "--value", "d", "--n", "n"],
        2,
        "Column 'd', row 2 (line 3 of data.csv): 11 defective items of 10 inspected is impossible.",
    ),
    "negative counts": (
        "d,n\n3,10\n-1,10\n",
        ["chart", "--kind", "p", "--value", "d", "--n", "n"],
        2,
        "row 2",
    ),
    "broken counts": ("d\n3\n2.5\n", ["chart", "--kind", "c", "--value", "d"], 2, "row 2"),
    "n of zero": ("d,n\n3,10\n0,0\n", ["chart", "--kind", "u", "--value", "d", "--n", "n"], 2, "row 2"),
    "p without n": ("d\n3\n2\n", ["chart", "--kind", "p", "--value", "d"], 2, "--n"),
    "unknown column": ("diameter\n1\n2\n", ["chart", "--value", "diametr"], 2, "Did you mean 'diameter'"),
    "unknown rules": (
        "x\n1\n2\n3\n",
        ["chart", "--value", "x", "--rules", "nelsen"],
        2,
        "Did you mean 'nelson'",
    ),
    "unknown kind": ("x\n1\n2\n3\n", ["chart", "--value", "x", "--kind", "xbar"], 2, "xbar-r"),
    "unknown theme": (
        "x\n1\n2\n3\n",
        ["chart", "--value", "x", "--theme", "dusk", "--out", "never.svg"],
        2,
        "dark",
    ),
    "a subgroup that returns": (
        "g,x\n" + "".join(f"{'abab'[i // 5]},{i}\n" for i in range(20)),
        ["chart", "--value", "x", "--subgroup", "g"],
        2,
        "--returning new",
    ),
    "lower above upper": (
        "x\n1\n2\n3\n",
        ["capability", "--value", "x", "--lsl", "9", "--usl", "1"],
        2,
        "--lsl",
    ),
    "constant data": ("x\n5\n5\n5\n5\n", ["capability", "--value", "x", "--usl", "9"], 2, "x"),
    "no value column": ("x\n1\n2\n3\n", ["report", "--value", "y", "--out", "never.html"], 2, "'y'"),
    "empty file": ("", ["chart", "--value", "x"], 2, "empty"),
    "headings only": ("x,y\n", ["chart", "--value", "x"], 2, "no numbers in the file"),
    "no numbers at all": ("x\nred\nblue\n", ["chart"], 2, "no numbers in the file"),
    "blank limits": ("x\n1\n2\n3\n", ["capability", "--value", "x", "--lsl", " "], 2, "--lsl X, --usl X"),
    "one number of nothing": ("d\n3\n2\n", ["chart", "--kind", "p", "--value", "d", "--n", "0"], 2, "--n"),
    "an infinite number": (
        "d\n3\n2\n",
        ["chart", "--kind", "p", "--value", "d", "--n", "inf"],
        2,
        "--n",
    ),
    "blank rules": ("x\n1\n2\n3\n", ["chart", "--value", "x", "--rules", ""], 2, "no rule is named"),
    "a sheet of a text": ("x\n1\n2\n", ["chart", "--value", "x", "--sheet", "May"], 2, "has no sheets"),
    "another encoding": (
        "x\n1\n2\n3\n",
        ["chart", "--value", "x", "--read", "encoding=klingon"],
        2,
        "--read encoding=utf-8, cp1252 or utf-16",
    ),
    "historical sigma below zero": ("x\n1\n2\n", ["chart", "--value", "x", "--sigma", "-1"], 2, "--sigma"),
    "one point without parameters": (
        "x\n1\n",
        ["chart", "--kind", "i-mr", "--value", "x"],
        2,
        "Give more data, or --mean X and --sigma X.",
    ),
    "limits of counts": (
        "d,n\n3,10\n2,10\n1,10\n",
        [*("report", "--kind", "p", "--value", "d", "--n", "n"), "--usl", "9", "--out", "never.html"],
        2,
        "--usl: specification limits are for measurements",
    ),
    "a weight of nothing": (
        "x\n1\n2\n3\n",
        ["report", "--value", "x", "--weight", "cost", "--out", "never.html"],
        2,
        "Say --category COL",
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_bad_data_are_one_sentence(name: str, shell: Any, write: Any) -> None:
    text, (command, *options), code, said = TABLES[name]
    answer = shell(command, write("data.csv", text), *options)
    assert answer.code == code, answer.err
    assert said in answer.err
    assert "Traceback" not in answer.err
    assert "fault of the program" not in answer.err


FILES: dict[str, bytes] = {
    "truncated.xlsx": b"PK\x03\x04\x14\x00\x06\x00\x08\x00",
    "truncated.parquet": b"PAR1\x00\x00",
    "really_a_picture.csv": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64),
    "really_text.xlsx": b"x\n1\n2\n3\n",
    "really_html.xls": b"<html><body><table><tr><td>1</td></tr></table></body></html>",
    "binary.csv": bytes(range(256)) * 8,
    "zero.ods": b"",
}


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_or_wrongly_named_file_is_one_sentence(name: str, shell: Any, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    answer = shell("chart", path, "--value", "x")
    assert answer.code == 2, (answer.out, answer.err)
    assert answer.err.startswith("gemba: ")
    assert "Traceback" not in answer.err
    assert "fault of the program" not in answer.err


def test_a_workbook_bomb_is_refused_before_it_is_opened(shell: Any, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(260_000_000))
    answer = shell("inspect", path)
    assert answer.code == 2
    assert "unpacks to 260000" in answer.err


def test_a_file_that_is_not_there_and_a_folder(
    shell: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    for name in ("nowhere.csv", "folder"):
        answer = shell("chart", name, "--value", "x")
        assert answer.code == 2
        assert name in answer.err


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (["chart", "--size", "5", "--out"], "chart.svg"),
        (["chart", "--size", "5", "--freeze"], "limits.json"),
        (["capability", "--usl", "900", "--out"], "study.pdf"),
        (["report", "--out"], "report.html"),
    ],
)
def test_a_place_that_cannot_be_written_is_one_sentence_with_its_option(
    command: list[str], option: str, shell: Any, data: Path, tmp_path: Path
) -> None:
    (name, *options), out = command, tmp_path / "no folder" / option
    answer = shell(name, data / "furnace.csv", "--value", "thickness", *options, out)
    assert answer.code == 2
    assert f"gemba: Argument {options[-1]}: " in answer.err
    assert answer.err.endswith("Name a file in a folder that exists and that you may write to.\n")


STORED: dict[str, tuple[bytes, str]] = {
    "cut off": (b'{"result": "limits", "schema": 1, "kind"', "this is no JSON text, or was cut off"),
    "a list": (b"[1, 2]", "this is not a stored result"),
    "no text": (b"\xff\xfe\x00", "it holds no text"),
    "newer": (b'{"result": "limits", "schema": 99}', "this version reads up to 2. Update Gemba."),
    "fields missing": (b'{"result": "limits", "schema": 1}', "kind, mean, sigma, method missing"),
    "a field of no use": (
        b'{"result": "limits", "schema": 1, "kind": "i-mr", "mean": "x", "sigma": 1, "method": "historical"}',
        "mean: could not convert string to float: 'x'",
    ),
    "a chart that does not exist": (
        b'{"result": "limits", "schema": 1, "kind": "y", "mean": 1, "sigma": 1, "method": "historical"}',
        "there is no chart kind named 'y'",
    ),
    "sigma below zero": (
        b'{"result": "limits", "schema": 1, "kind": "i-mr", "mean": 1, "sigma": -1, "method": "historical"}',
        "sigma -1 and 3 sigma are impossible",
    ),
}


@pytest.mark.parametrize("name", STORED)
def test_limits_that_cannot_be_used_are_one_sentence(
    name: str, shell: Any, write: Any, tmp_path: Path
) -> None:
    stored, said = STORED[name]
    (tmp_path / "limits.json").write_bytes(stored)
    answer = shell("chart", write("x.csv", "x\n1\n2\n3\n"), "--freeze", tmp_path / "limits.json")
    assert answer.code == 2
    assert answer.err.startswith("gemba: Argument --freeze: ")
    assert said in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("name", ["cut off", "a list", "no text", "nowhere"])
def test_a_profile_that_cannot_be_used_is_one_sentence(
    name: str, shell: Any, write: Any, tmp_path: Path
) -> None:
    profile = tmp_path / "profile.json"
    if name in STORED:
        profile.write_bytes(STORED[name][0])
    answer = shell("chart", write("x.csv", "x\n1\n2\n3\n"), "--profile", profile)
    assert answer.code == 2
    assert answer.err.startswith("gemba: Argument --profile: ")
    assert answer.err.count("\n") == 1


def test_rows_are_named_as_the_file_counts_them(shell: Any, write: Any) -> None:
    path = write("counts.csv", "lots of May\n\nd;n\n3;10\n11;10\n2;10\n")
    answer = shell("chart", path, "--kind", "p", "--value", "d", "--n", "n")
    assert answer.code == 2
    assert "line 5" in answer.err
