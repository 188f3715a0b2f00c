"""In which language the shell answers, and that no text of it escapes the catalogue."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
from babel.messages.pofile import read_po

import gemba
from gemba.cli import language
from gemba.cli.app import app
from gemba.cli.language import language_of, speaking, texts_of
from gemba.cli.usage import in_words
from gemba.stats.figures import Figure
from gemba.stats.proof import carried_cases, qualification
from server.pseudo import bare, escaped

CODE = re.compile(r"\.csv|^gemba|[0-9a-f]{16}")
"""Files, versions and digests."""
DATA = ("Scratch", "Burr", "Diameter too large", "Porosity", "Wrong thread", "Stain", "Label missing", "Dent")
"""The names of categories in the file."""
NAMES = {
    *("Cp", "Cpk", "Cpm", "Pp", "Ppk", "CPL", "CPU", "PPL", "PPU", "xbar", "xbar-r", "pooled", "SHA-256"),
    *("Thickness", "thickness", "defect", "run", "subgroup", "value"),
}
"""What is called the same in every language, and the columns of the files."""


@pytest.mark.parametrize(
    ("arguments", "surroundings", "wanted"),
    [
        ((), {}, "en"),
        ((), {"LANG": "de_AT.UTF-8"}, "de"),
        ((), {"LANG": "de_DE", "LC_ALL": "C"}, "en"),
        ((), {"LANG": "fr_FR.UTF-8"}, "en"),
        ((), {"LANG": "en_US.UTF-8", "GEMBA_LANGUAGE": "de"}, "de"),
        (("chart", "--language", "de"), {"GEMBA_LANGUAGE": "en"}, "de"),
        (("chart", "--language=en"), {"LANG": "de_DE"}, "en"),
        (("chart", "--json", "--language", "de"), {"LANG": "de_DE"}, "en"),
        (("chart", "--language"), {}, "en"),
    ],
)
def test_what_is_asked_for_stands_before_what_the_machine_speaks(
    arguments: Sequence[str], surroundings: Mapping[str, str], wanted: str
) -> None:
    assert language_of(arguments, surroundings) == wanted


def test_answers_faults_and_help_are_german_where_that_is_asked(
    shell: Any, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("pareto", data / "defects.csv", "--category", "defect")
    answer = shell(*asked, "--language", "de")
    assert answer.out.startswith("'Scratch' ist mit 28,3 % am größten.")
    assert "28,3" in answer.out.splitlines()[-8]
    assert "28.3" not in answer.out
    assert shell(*asked).out.startswith("'Scratch' is")
    assert shell(*asked, "--language", "fr").err.startswith(
        "gemba: Argument --language: there is no language"
    )
    monkeypatch.setenv("GEMBA_LANGUAGE", "de")
    assert shell("pareto", "no.csv", "--category", "x").err.startswith("gemba: Es gibt keine Datei 'no.csv'.")
    helped = " ".join(shell("pareto", "--help").out.split())
    assert "Beispiele:" in helped
    assert "Optionen:" in helped
    assert "Spalte der Kategorien. [nötig]" in helped
    assert json.loads(shell(*asked, "--json").out)["headline"].startswith("'Scratch' is")


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (("chart",), "Fehler: Das Argument 'FILE' fehlt."),
        (("chart", "a.csv", "--nix"), "Fehler: Es gibt keine Option --nix (möglich: --n)"),
        (("chart", "a.csv", "--size", "abc"), "'--size': Erwartet wird eine ganze Zahl"),
        (("chart", "a.csv", "b.csv"), "Fehler: Überzählige Argumente (b.csv)"),
    ],
)
def test_a_wrong_usage_is_said_in_the_language_of_the_shell(
    shell: Any, asked: Sequence[str], wanted: str
) -> None:
    answer = shell(*asked, "--language", "de")
    assert answer.code == 2
    assert answer.err.startswith("Aufruf: gemba chart [OPTIONEN]")
    assert wanted in answer.err


def test_a_sentence_that_the_parser_has_and_we_do_not_know_stays_as_it_is() -> None:
    with speaking("de"):
        assert in_words("Error: Something else happened.") == "Fehler: Something else happened."
    assert in_words("Error: Missing argument 'FILE'.") == "Error: Missing argument 'FILE'."


def test_every_text_of_the_help_is_in_the_catalogue() -> None:
    with (Path(gemba.__file__).parent / "locale/de/LC_MESSAGES/django.po").open("rb") as file:
        known = {message.id for message in read_po(file)}
    texts = set(texts_of(typer.main.get_command(app)))
    assert len(texts) > 150
    assert texts - known == set()


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell speaks the made-up language; nothing is drawn, for the pictures are those of the pages."""
    monkeypatch.setattr(language, "LANGUAGES", ("en", "de", "pseudo"))
    monkeypatch.setenv("GEMBA_LANGUAGE", "pseudo")
    monkeypatch.setattr(Figure, "to_svg", lambda *_: "<svg></svg>")


def loose(texts: Sequence[str]) -> list[str]:
    """The texts of ours outside of all marks."""
    found = [part for text in texts for part in bare(text)[0]]
    named = [text for text in found if text.partition(",")[0] not in DATA and text not in NAMES]
    return [text for text in named if not CODE.search(text)]


def test_no_text_of_a_report_of_a_file_escapes_the_catalogue(
    shell: Any, data: Path, tmp_path: Path, made_up: None
) -> None:
    out = tmp_path / "report.html"
    answer = shell(
        *("report", data / "furnace.csv", "--value", "thickness", "--subgroup", "run", "--lsl", 460),
        *("--usl", 660, "--defects", data / "defects.csv", "--category", "defect", "--out", out),
    )
    page = out.read_text(encoding="utf-8")
    assert '<html lang="pseudo">' in page
    assert loose([text for _, text in escaped(page)]) == []
    assert loose([answer.err.replace(str(tmp_path), "")]) == []
    listed = shell("pareto", data / "defects.csv", "--category", "defect").out
    assert loose([part for line in listed.splitlines() for part in line.split("  ")]) == []


def test_no_text_of_a_qualification_escapes_it(
    shell: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made_up: None
) -> None:
    one = carried_cases()[:1]
    monkeypatch.setattr(qualification, "carried_cases", lambda: one)
    monkeypatch.setattr(qualification, "check_invariances", tuple)
    monkeypatch.setattr(qualification, "check_constants", tuple)
    monkeypatch.setenv("HOME", str(tmp_path))
    out = tmp_path / "qualification.html"
    answer = shell("qualify", "--out", out, "--date", "2026")
    assert loose([answer.err.replace(str(tmp_path), "")]) == []
    checked = shell("qualify", "--check", out)
    assert checked.code == 0
    assert loose(checked.out.splitlines()) == []
    parts = {place for place, _ in escaped(out.read_text(encoding="utf-8"))}
    assert parts <= {"td", "dd", "caption", "p", "span", "dt", "summary"}
