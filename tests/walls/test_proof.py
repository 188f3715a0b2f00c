"""What ``bin/proof`` writes: every part, how it ended, and the count that was reached."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAID = """.F
==== figures ====
STOPPED by the time given: 37 of 200 kills
kill -9: 37 kills, 30 of them with a request in flight
!!!! Interrupted: the time given is over !!!!
1 passed in 90.40s (0:01:30)
"""


def test_the_page_says_what_was_reached_what_failed_and_what_was_not_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "bin"), *sys.path])
    proving = importlib.import_module("proving")
    parts, shown = proving.PARTS, proving.Shown

    figures = list(proving.figures_in(SAID))
    assert figures == SAID.splitlines()[2:4]
    assert list(proving.figures_in("140 checks in 9 s.\nQualified.\nmore")) == [
        "140 checks in 9 s.",
        "Qualified.",
    ]
    passed = "140 passed in 9.25s (0:00:09)"
    assert list(proving.figures_in(f"bringing up nodes...\n\n....  [100%]\n{passed}")) == [passed]
    command = ("state", "0123456789", "python -m pytest")
    short = shown("kills", *command, 0, 90, "2026-11-29 02:00 UTC", figures, SAID)
    failed = shown("clock", *command, 1, 5, "2026-11-29 02:00 UTC", [], "E  AssertionError: lost")
    lines = proving.page("0123456789", [short, failed]).splitlines()
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in lines if line.startswith("| ")}
    assert set(rows) == {"part", "---", *parts}
    assert "passed, stopped by the time given" in rows["kills"]
    assert "**failed** (exit code 1)" in rows["clock"]
    assert "not run" in rows["move"]
    assert f"- {figures[0]}" in lines
    assert "E  AssertionError: lost" in lines
    assert not [part for part, (_, words) in parts.items() for word in words if not _is_there(word)]


def test_a_second_commit_of_one_day_has_a_page_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "bin"), *sys.path])
    proving = importlib.import_module("proving")
    monkeypatch.setattr(proving, "PAGES", tmp_path)
    first = proving.place("0123456789")
    first.write_text(proving.page("0123456789", []), encoding="utf-8")
    assert proving.place("0123456789") == first
    other = proving.place("abcdef0123, changed")
    assert (other.parent, other.name) == (tmp_path, f"{first.stem}-abcdef0123.md")


def test_the_first_page_names_the_last_whole_proof_of_each_part_and_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "bin"), *sys.path])
    proving = importlib.import_module("proving")
    monkeypatch.setattr(proving, "PAGES", tmp_path)
    about = ("python -m pytest", 0, 90)
    early = proving.Shown("kills", "s", "0123456789", *about, "2026-11-28 02:00 UTC", [], "")
    late = [
        proving.Shown(
            "kills", "s", "abcdef0123", *about, "2026-11-29 02:00 UTC", [f"{proving.STOPPED}: 3"], ""
        ),
        proving.Shown("clock", "s", "abcdef0123", "x", 1, 5, "2026-11-29 03:00 UTC", [], ""),
    ]
    (tmp_path / "2026-11-28.md").write_text(proving.page("0123456789", [early]), encoding="utf-8")
    (tmp_path / "2026-11-29.md").write_text(proving.page("abcdef0123", late), encoding="utf-8")
    (tmp_path / "index.md").write_text(f"# Proof\n\nwords\n\n{proving.LISTED}\n\nold\n", encoding="utf-8")
    proving.list_pages()
    told = (tmp_path / "index.md").read_text(encoding="utf-8")
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in told.splitlines()}
    assert told.startswith("# Proof\n\nwords\n\n")
    assert "old" not in told.splitlines()
    assert rows["kills"].endswith("[in full](2026-11-28.md) | 2026-11-28 02:00 UTC | 0123456789 |")
    assert "not in full: **failed** (exit code 1)" in rows["clock"]
    assert "never run in full" in rows["move"]


def _is_there(word: str) -> bool:
    """Whether a file that a command names stands where it says."""
    return "/" not in word or (ROOT / word).exists()
