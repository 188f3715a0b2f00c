"""The manual is tested: what it tells people to type works, and answers as it shows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from walls.manual import Command, commands, missing_lines, pages
from walls.tree import ROOT, text


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A newcomer's folder: the example data and nothing else."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(command: Command, desk: Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("gemba", path=str(Path(sys.executable).parent))
    assert program, "the command gemba is not installed beside this Python"
    return subprocess.run(  # noqa: S603 (what our own manual says)
        [program, *command.words[1:]],
        cwd=desk,
        env={**os.environ, "COLUMNS": "120", "NO_COLOR": "1", "PYTHONUTF8": "1"},
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_command_of_the_page_does_what_the_page_says(page: Path, desk: Path) -> None:
    for command in commands(text(page)):
        if command.words[0] != "gemba":
            continue
        done = run(command, desk)
        assert done.returncode == command.code, f"{command.line}\n{done.stdout}{done.stderr}"
        assert missing_lines(command.shown, done.stdout + done.stderr) == [], command.line


def test_a_block_gives_commands_exit_codes_and_the_lines_shown() -> None:
    block = "$ gemba chart a.csv \\\n    --json   # exit code 3: out of control\none\n...\ntwo\n$ ls\n"
    first, second = commands(f"```console\n{block}```\n")
    assert first == Command("gemba chart a.csv      --json", 3, ("one", "two"))
    assert first.words == ["gemba", "chart", "a.csv", "--json"]
    assert second == Command("ls", 0, ())


def test_lines_are_missing_when_absent_or_out_of_order() -> None:
    assert missing_lines(("a", "c"), "a\nb\nc\n") == []
    assert missing_lines(("c", "a"), "a\nb\nc\n") == ["a"]
