"""The catalogue of texts: complete, translated, placeholders kept, the words of the glossary."""

from __future__ import annotations

import gettext
import importlib.util
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "docs" / "reference" / "glossary-de.md"
BRACES = re.compile(r"\{\{.*\}\}")
PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\([a-z_]+\)[sd]|%%")
SHARE = 0.85
"""So many of the texts with an English term have its German word; the others go round it."""


@cache
def tool() -> ModuleType:
    """The program behind ``bin/texts``."""
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "bin" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["catalogue"] = made
    spec.loader.exec_module(made)
    return made


@cache
def german() -> dict[Any, Any]:
    """Each text with its German; those that count as pairs."""
    found = tool().read(tool().po_of("de"))
    assert [message.id for message in found if message.fuzzy and message.id] == []
    return {message.id: message.string for message in found if message.id}


def pairs() -> list[tuple[str, str]]:
    """English and German of every text, each form of those that count."""
    found: list[tuple[str, str]] = []
    for text, said in german().items():
        found += zip(text, said, strict=True) if isinstance(text, tuple) else [(text, said)]
    return found


def test_every_text_of_the_program_is_in_the_catalogue_and_no_other() -> None:
    said = {message.id for message in tool().texts() if message.id}
    assert said - set(german()) == set(), "run bin/texts, then translate what is new"
    assert set(german()) - said == set(), "run bin/texts: the program says this no more"


def test_every_text_is_translated() -> None:
    assert [text for text, said in pairs() if not said] == []


def test_placeholders_and_spaces_at_the_ends_are_kept() -> None:
    def shape(text: str) -> tuple[Any, ...]:
        return (
            sorted(PLACEHOLDER.findall(BRACES.sub("", text))),
            text[:1] == " ",
            text[-1:] == " ",
            text.count("\n"),
        )

    assert [(text, said) for text, said in pairs() if shape(text) != shape(said)] == []


def test_the_compiled_catalogue_says_what_the_readable_one_says() -> None:
    with tool().po_of("de").with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for text, said in german().items():
        if isinstance(text, tuple):
            assert tuple(compiled.ngettext(text[0], text[1], number) for number in (1, 2)) == tuple(said)
        else:
            assert compiled.gettext(text) == said


def terms() -> list[tuple[str, str]]:
    """The tested rows of the glossary: an English term, its German words."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in GLOSSARY.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| English")
    ]
    assert all(len(row) == 3 and all(row) for row in rows)
    return [(row[0], row[1]) for row in rows if "(" not in row[0]]


def folded(text: str) -> str:
    return text.lower().translate(str.maketrans("äöü", "aou")).replace("ß", "ss")


def holds(text: str, words: str) -> bool:
    """Whether a text has one of the words, whatever their endings."""
    ways = re.split(r", ?|[()]", folded(words))
    stems = [[word[: max(4, len(word) - 2)] for word in way.split()] for way in ways if way.strip()]
    return any(all(stem in folded(text) for stem in way) for way in stems)


@pytest.mark.parametrize(("english", "words"), terms(), ids=lambda value: str(value)[:30])
def test_the_catalogue_keeps_to_the_words_of_the_glossary(english: str, words: str) -> None:
    term = re.compile(rf"(?<![\w=']){re.escape(english)}(s|es)?(?![\w='])", re.IGNORECASE)
    with_it = [(text, said) for text, said in pairs() if term.search(PLACEHOLDER.sub("", text))]
    assert with_it, f"no text says {english}: take it out of the glossary, or put it in brackets"
    others = [(text, said) for text, said in with_it if not holds(said, words)]
    assert len(others) <= (1 - SHARE) * len(with_it), others
    assert [pair for pair in others if pair[0].lower() == english] == []


def test_a_wrong_word_is_seen() -> None:
    assert holds("Die Eingriffsgrenzen gelten.", "Eingriffsgrenze")
    assert holds("aus gleitenden Spannweiten", "gleitende Spannweite")
    assert not holds("Die Kontrollgrenzen gelten.", "Eingriffsgrenze")


def test_each_deed_of_the_trail_has_a_word_of_its_own() -> None:
    from gemba.server.web.doings import DONE

    deeds = {code for code in tool().actions_entered() if re.search(r"[.:]", code)}
    assert len(deeds) > 20
    assert sorted(code for code in deeds if not code.startswith("refused:") and code not in DONE) == []
