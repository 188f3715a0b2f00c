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
        "row 2",
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
    "headings only": ("x,y\n", ["chart", "--value", "x"], 2, ""),
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
    assert "fault of the program" not in answer.err


def test_a_file_that_is_not_there_and_a_folder(
    shell: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    for name in ("nowhere.csv", "folder"):
        answer = shell("chart", name, "--value", "x")
        assert answer.code == 2
        assert name in answer.err


def test_a_place_that_cannot_be_written_is_exit_code_1(shell: Any, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "no folder" / "chart.svg"
    answer = shell("chart", data / "gears.csv", "--value", "diameter", "--subgroup", "batch", "--out", out)
    assert answer.code == 1
    assert "no folder" in answer.err
    assert "Traceback" not in answer.err


def test_rows_are_named_as_the_file_counts_them(shell: Any, write: Any) -> None:
    path = write("counts.csv", "lots of May\n\nd;n\n3;10\n11;10\n2;10\n")
    answer = shell("chart", path, "--kind", "p", "--value", "d", "--n", "n")
    assert answer.code == 2
    assert "line 5" in answer.err
