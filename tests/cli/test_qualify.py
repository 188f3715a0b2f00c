"""``gemba qualify``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from gemba.stats.proof import Case, Signer, carried_cases, home_key, qualification
from gemba.stats.results import restore


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A person without a plant and without a key; the home of whoever runs the tests stays as it is."""
    for name in ("XDG_CONFIG_HOME", "APPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof of one case: what is tested is the report."""
    one = carried_cases()[:1]
    monkeypatch.setattr(qualification, "carried_cases", lambda: one)
    monkeypatch.setattr(qualification, "check_invariances", tuple)


def test_a_report_is_signed_by_a_key_made_on_first_use(
    shell: Any, tmp_path: Path, own_home: Path, quick: None
) -> None:
    out = tmp_path / "qualification.html"
    made = shell("qualify", "--out", out)
    kept = home_key()
    assert kept.is_relative_to(own_home)
    assert f"Made a key for reports: {kept}" in made.err
    assert f"Signed with the key: {kept}" in shell("qualify", "--out", out).err
    assert str(kept) in out.read_text(encoding="utf-8")
    answer = shell("qualify", "--check", out)
    assert answer.code == 0
    assert answer.out.startswith("Sound: qualification.html")
    assert "the key of this machine" in answer.out
    assert "the one installed here" in answer.out


def test_a_plant_signs_with_the_key_of_its_site(shell: Any, tmp_path: Path, quick: None) -> None:
    key = Signer.of(tmp_path / "plant" / "keys" / "site.ed25519").public
    out = tmp_path / "qualification.json"
    shell("qualify", "--out", out, "--data", tmp_path / "plant")
    answer = shell("qualify", "--check", out, "--data", tmp_path / "plant", "--key", key, "--json").json
    assert (answer["sound"], answer["own_key"], answer["key"]) == (True, True, key)
    assert restore(json.loads(out.read_text(encoding="utf-8"))).NAME == "qualification"
    there = shell("qualify", "--check", out)
    assert "compare it with the one you hold" in there.out
    assert shell("qualify", "--check", out, "--key", "00" * 32).code == 5


def test_an_altered_report_is_exit_code_5(shell: Any, tmp_path: Path, quick: None) -> None:
    out = tmp_path / "qualification.html"
    shell("qualify", "--out", out)
    out.write_text(out.read_text(encoding="utf-8").replace("passed", "PASSED", 1), encoding="utf-8")
    answer = shell("qualify", "--check", out)
    assert answer.code == 5
    assert answer.out.startswith("Not sound: qualification.html: its content is not what was signed.")


def test_without_the_library_that_signs_the_report_says_so(
    shell: Any, tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.ed25519", None)
    out = tmp_path / "qualification.html"
    answer = shell("qualify", "--out", out)
    assert answer.code == 0
    assert "The report is not signed: the extra" in answer.err
    assert "not signed" in out.read_text(encoding="utf-8")
    assert shell("qualify", "--check", out).code == 5


def test_another_suffix_is_refused(shell: Any, tmp_path: Path, quick: None) -> None:
    assert shell("qualify", "--out", tmp_path / "qualification.docx").code == 2


def test_json_counts_and_the_worst_error(shell: Any) -> None:
    answer = shell("qualify", "--json")
    assert answer.code == 0
    assert answer.json["cases"] == answer.json["passed"] >= 40
    assert answer.json["failed"] == 0
    assert 0 < answer.json["worst_relative_error"] < 0.002


@pytest.mark.parametrize(
    ("suffix", "start"), [("html", b"<!doctype html>"), ("pdf", b"%PDF"), ("json", b"{")]
)
def test_the_report_is_written(shell: Any, tmp_path: Path, suffix: str, start: bytes, quick: None) -> None:
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
