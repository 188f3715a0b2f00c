"""The page on PostgreSQL is tested: what it tells people to type works, at the server that is here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from server.served import database
from walls.manual import commands, missing_lines
from walls.test_manual import run
from walls.tree import text

PAGE = Path("docs/how-to/postgresql.md")
SHOWN = "postgresql://gemba@localhost/plant"


def test_every_command_of_the_page_does_what_the_page_says(tmp_path: Path) -> None:
    told = [command for command in commands(text(PAGE)) if command.words[0] == "gemba"]
    assert len(told) > 4
    with database("manual", bare=True) as variables:
        for command in told:
            line = command.line.replace(SHOWN, f"'{variables['GEMBA_DATABASE']}'")
            done = run(replace(command, line=line), tmp_path)
            assert done.returncode == command.code, f"{line}\n{done.stdout}{done.stderr}"
            assert missing_lines(command.shown, done.stdout + done.stderr) == [], line
