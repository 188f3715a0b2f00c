"""``gemba qualify``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gemba.stats.proof import Case, carried_cases, qualification


def test_json_counts_and_the_worst_error(shell: Any) -> None:
    answer = shell("qualify", "--json")
    assert answer.code == 0
    assert answer.json["cases"] == answer.json["passed"] >= 40
    assert answer.json["failed"] == 0
    assert 0 < answer.json["worst_relative_error"] < 0.002


@pytest.mark.parametrize(
    ("suffix", "start"), [("html", b"<!doctype html>"), ("pdf", b"%PDF"), ("json", b"{")]
)
def test_the_report_is_written(shell: Any, tmp_path: Path, suffix: str, start: bytes) -> None:
    out = tmp_path / f"qualification.{suffix}"
    assert shell("qualify", "--out", out, "--date", "2026-03-02").code == 0
    assert out.read_bytes().startswith(start)


def test_the_html_report_shows_expected_beside_got(shell: Any, tmp_path: Path) -> None:
    out = tmp_path / "qualification.html"
    shell("qualify", "--out", out)
    text = out.read_text(encoding="utf-8")
    assert "ref-strd-numacc3" in text
    assert "Expected" in text
    assert "sha256:" in text


def test_a_failed_check_is_exit_code_5(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    right = carried_cases()[0]
    wrong = Case(**{**right.__dict__, "expected": {**right.expected, "mean": -1.0}})
    monkeypatch.setattr(qualification, "carried_cases", lambda: (wrong,))
    answer = shell("qualify")
    assert answer.code == 5
    assert answer.out.startswith("Not qualified")
    assert json.loads(shell("qualify", "--json").out)["failed"] == 1
