"""What holds for every command: help, streams, colours, speed of help, a missing extra."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import gemba
from gemba.cli import app as shell_app
from gemba.cli.codes import Code, settle

COMMANDS = (
    "chart",
    "capability",
    "pareto",
    "run-length",
    "budget",
    "tolerance",
    "recommend",
    "distribution",
    "report",
    "inspect",
    "qualify",
)


def start(*arguments: str, code: str = "from gemba.cli import main; main()", **environment: str) -> Any:
    return subprocess.run(  # noqa: S603 (this interpreter)
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=os.environ | environment,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_help_starts_with_examples_and_states_the_exit_codes(command: str, shell: Any) -> None:
    answer = shell(command, "--help")
    assert answer.code == 0
    text = answer.out
    assert text.index(f"gemba {command}") < text.index("Options:")
    assert text.index("Examples:") < text.index("Options:")
    assert "4 some rows" in " ".join(text.split())


def test_help_names_every_command(shell: Any) -> None:
    text = shell("--help").out
    assert [name for name in COMMANDS if name not in text] == []


def test_the_version_is_said(shell: Any) -> None:
    assert shell("--version").out.strip() == f"gemba {gemba.__version__}"


@pytest.mark.parametrize(
    "arguments", [["chrt"], ["chart"], ["chart", "a.csv", "--knd", "x"], ["chart", "a.csv", "--size", "0"]]
)
def test_wrong_usage_is_exit_code_2_and_says_where_help_is(arguments: list[str], shell: Any) -> None:
    answer = shell(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert "-h" in answer.err


def test_help_needs_no_numbers() -> None:
    code = (
        "import sys; from gemba.cli.app import run; run(['chart', '--help'])\n"
        "print(sorted({'numpy', 'scipy', 'pandas', 'narwhals', 'vl_convert'} & set(sys.modules)))"
    )
    assert start(code=code).stdout.strip().endswith("[]")


def test_a_pipe_gets_data_without_colour_and_messages_apart(data: Path) -> None:
    path = str(data / "wafer_thickness.csv")
    for environment in ({}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1", "NO_COLOR": "1"}):
        done = start("chart", path, "--value", "thickness", "--subgroup", "day", **environment)
        assert done.returncode == 3
        assert "\x1b" not in done.stdout + done.stderr
        assert done.stdout.startswith("Xbar-R chart")
        assert "--kind" in done.stderr


def test_a_pipe_is_utf_8_whatever_the_machine_speaks(data: Path) -> None:
    """Windows gives a redirected stream its old code page, which has no lines for tables."""
    answer = start(
        "chart", str(data / "furnace.csv"), "--value", "thickness", "--size", "4", PYTHONIOENCODING="cp1252"
    )
    assert answer.stdout.count("─") > 20
    assert "fault of the program" not in answer.stderr


def test_without_typer_the_line_that_installs_it_is_printed() -> None:
    code = "import sys; sys.modules['typer'] = None\nfrom gemba.cli import main\nmain()"
    done = start(code=code)
    assert done.returncode == 1
    assert 'pip install "gemba[shell]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_of_the_program_is_one_sentence(
    shell: Any, monkeypatch: pytest.MonkeyPatch, calm: Path
) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError("a wheel came off")

    monkeypatch.delenv("GEMBA_DEBUG", raising=False)
    monkeypatch.setattr("gemba.cli.source.read", broken)
    answer = shell("chart", calm, "--value", "x")
    assert answer.code == 1
    assert "a wheel came off" in answer.err
    assert "GEMBA_DEBUG=1" in answer.err
    monkeypatch.setenv("GEMBA_DEBUG", "1")
    with pytest.raises(RuntimeError, match="wheel"):
        shell_app.run(["chart", str(calm), "--value", "x"])


def test_refused_rows_outrank_a_verdict() -> None:
    assert settle(refused=True, signal=True) is Code.REFUSED
    assert settle(refused=False, signal=True) is Code.SIGNAL
    assert settle(refused=False, signal=False) is Code.FINE
