"""A signed report holds while no byte of it changes, and says by whose key."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gemba.stats.proof import Signer, check_report, home_key
from gemba.stats.results import DataError, UnknownName

NOW = datetime(2026, 3, 2, 7, 15, tzinfo=UTC)
PROGRAM = hashlib.sha256(b"a program").hexdigest()
REPORTS = {
    "html": b"<!doctype html>\n<p>118 of 118</p>\n<!-- a comment -->",
    "pdf": b"%PDF-1.7\n% a comment\n%%EOF",
    "json": b'{\n "cases": 118,\n "signature": null\n}\n',
}


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer.of(tmp_path / "keys" / "site.ed25519")


def signed(signer: Signer, folder: Path, kind: str) -> Path:
    path = folder / f"report.{kind}"
    path.write_bytes(signer.sign(REPORTS[kind], kind, program=PROGRAM, passed=117, cases=118, now=NOW))
    return path


@pytest.mark.parametrize("kind", REPORTS)
def test_a_signed_report_says_what_was_signed_and_when(signer: Signer, tmp_path: Path, kind: str) -> None:
    path = signed(signer, tmp_path, kind)
    found = check_report(path)
    assert found.problem is None
    assert (found.program, found.passed, found.cases) == (PROGRAM, 117, 118)
    assert (found.at, found.key) == ("2026-03-02T07:15:00+00:00", signer.public)
    assert check_report(path, signer.public.upper()).problem is None


def test_a_signed_json_stays_json(signer: Signer, tmp_path: Path) -> None:
    stored = json.loads(signed(signer, tmp_path, "json").read_text(encoding="utf-8"))
    assert stored["cases"] == 118
    assert stored["signature"].startswith("gemba-qualification-1 sha256:")


@pytest.mark.parametrize("kind", REPORTS)
def test_no_byte_can_be_changed_added_or_taken_away(signer: Signer, tmp_path: Path, kind: str) -> None:
    path = signed(signer, tmp_path, kind)
    whole = path.read_bytes()
    for place in range(len(whole)):
        for wrong in (
            whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :],
            whole[:place] + whole[place + 1 :],
            whole[:place] + b"0" + whole[place:],
        ):
            if wrong != whole:
                path.write_bytes(wrong)
                assert check_report(path).problem is not None, wrong[max(0, place - 20) : place + 20]
    path.write_bytes(whole + b"\n")
    assert check_report(path).problem == "unsigned"


def test_what_is_wrong_is_named(signer: Signer, tmp_path: Path) -> None:
    path = signed(signer, tmp_path, "html")
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"118 of 118", b"119 of 118"))
    assert check_report(path).problem == "altered"
    path.write_bytes(whole.replace(b"passed:117/118", b"passed:118/118"))
    assert check_report(path).problem == "forged"
    path.write_bytes(REPORTS["html"])
    assert check_report(path).problem == "unsigned"


def test_a_report_signed_anew_by_somebody_else_fails_the_known_key(signer: Signer, tmp_path: Path) -> None:
    other = Signer.of(tmp_path / "other.key")
    path = signed(other, tmp_path, "pdf")
    assert check_report(path).key == other.public != signer.public
    assert check_report(path, signer.public).problem == "other key"


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "keys" / "site.ed25519"
    assert Signer.of(path).public == Signer.of(path).public
    assert path.stat().st_mode & 0o077 == 0 or not hasattr(path, "owner")


def test_a_file_that_holds_no_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "site.ed25519"
    path.write_text("a note\n", encoding="ascii")
    with pytest.raises(DataError, match="holds no key"):
        Signer.of(path)


def test_another_kind_of_file_is_refused(signer: Signer, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("118 of 118", encoding="ascii")
    with pytest.raises(UnknownName, match="txt"):
        check_report(path)
    with pytest.raises(UnknownName, match="txt"):
        signer.sign(b"", "txt", program=PROGRAM, passed=0, cases=0, now=NOW)


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_each_system_has_a_place_for_the_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str
) -> None:
    monkeypatch.setattr("gemba.stats.proof.signature.sys.platform", system)
    for name in ("XDG_CONFIG_HOME", "APPDATA", "HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    assert home_key().is_relative_to(tmp_path)
    assert home_key().parts[-3:] == ("gemba", "keys", "site.ed25519")
