"""The manual is tested: what it tells people to type works, and answers as it shows."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gemba.cli.app import STATISTICS
from gemba.cli.app import run as run_in_this_process
from server.served import free_port
from walls.manual import Command, commands, missing_lines, pages
from walls.tree import ROOT, text

ELSEWHERE = {Path("docs/how-to/postgresql.md")}  # tests/grown runs its commands, where there is a server

APART = Path("README.md")
"""The page whose commands are all run as a newcomer runs them, each a process of its own."""
HERE = {module.__name__.rsplit(".", 1)[-1].replace("_", "-") for module in STATISTICS} - {"qualify"}
"""The commands that touch nothing but files: on other pages they are run without a process of their own."""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A newcomer's folder: the example data and nothing else."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


Here = Callable[[Command], subprocess.CompletedProcess[str]]


@pytest.fixture
def here(desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """Run a command as a person in this folder does, but in this process."""
    for name in [name for name in os.environ if name.startswith("GEMBA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(desk)

    def call(command: Command) -> subprocess.CompletedProcess[str]:
        capsys.readouterr()
        code = run_in_this_process(command.words[1:])
        said = capsys.readouterr()
        return subprocess.CompletedProcess(command.words, code, said.out, said.err)

    return call


def run(command: Command, desk: Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("gemba", path=str(Path(sys.executable).parent))
    assert program, "the command gemba is not installed beside this Python"
    words = [program, *command.words[1:]]
    outside = {k: v for k, v in os.environ.items() if not k.startswith(("GEMBA_", "DJANGO_"))}
    own = {name: str(desk) for name in ("XDG_CONFIG_HOME", "APPDATA")}  # where a key for reports is made
    own |= {"GEMBA_LANGUAGE": "en"}
    env = {**outside, **own, "COLUMNS": "120", "NO_COLOR": "1", "PYTHONUTF8": "1"}
    if command.words[1] == "serve" and "--help" not in words:
        return serve(words, free_port(), desk, env)
    return subprocess.run(  # noqa: S603 (what our own manual says)
        words, cwd=desk, env=env, check=False, capture_output=True, text=True, encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def serve(words: list[str], port: int, desk: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Serve until it answers, then end it as Ctrl+C does; all that it said."""
    said: list[str] = []
    words = [*words, "--port", str(port)]
    with subprocess.Popen(  # noqa: S603 (what our own manual says)
        words,
        cwd=desk,
        env=env,
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if line.startswith("Gemba serves"):
                wait_until_it_listens(port, process)
                process.terminate()
                break
        said += process.stdout.readlines()
    return subprocess.CompletedProcess(words, process.returncode, "".join(said), "")


def wait_until_it_listens(port: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)


@pytest.mark.parametrize("page", [page for page in pages() if page not in ELSEWHERE], ids=str)
def test_every_command_of_the_page_does_what_the_page_says(page: Path, desk: Path, here: Here) -> None:
    for command in commands(text(page)):
        if command.words[0] != "gemba":
            continue
        done = here(command) if page != APART and command.words[1] in HERE else run(command, desk)
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
