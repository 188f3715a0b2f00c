"""A made-up language: every text of the catalogue in marks, so that what escaped it stands bare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

import gemba

LANGUAGE = "pseudo"
OPEN, CLOSE = "⟦", "⟧"
CATALOGUE = Path(gemba.__file__).parent / "locale" / "de" / "LC_MESSAGES" / "django.po"
SILENT = frozenset({"script", "style", "code", "pre", "kbd", "svg", "time"})
VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
STRIPPED = " ,;:·–→()'\"…%/<>#+"
SAID = ("aria-label", "placeholder", "title", "alt", "data-label", "data-done")


class Marked:
    """The made-up language as Django and the statistics ask for it: a text that is not there stays bare."""

    def __init__(self) -> None:
        with CATALOGUE.open("rb") as file:
            found = [message.id for message in read_po(file) if message.id]
        self.known = {text for item in found for text in (item if isinstance(item, tuple | list) else [item])}

    def gettext(self, text: str) -> str:
        return f"{OPEN}{text}{CLOSE}" if text in self.known else text

    def ngettext(self, one: str, many: str, number: float) -> str:
        return self.gettext(one if number == 1 else many)

    def pgettext(self, _context: str, text: str) -> str:
        return self.gettext(text)

    def npgettext(self, _context: str, one: str, many: str, number: float) -> str:
        return self.ngettext(one, many, number)

    def to_language(self) -> str:
        return LANGUAGE


class Visible(HTMLParser):
    """What a page says outside of all marks, with the element that holds it; what attributes say too.

    A marked text may hold elements, so marks are followed from one text of the page to the next.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, bool]] = []
        self.depth = 0
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        for name in SAID:
            if held.get(name) and tag != "time":
                self.found += [(f"{tag} {name}", part) for part in bare(held[name] or "")[0]]
        if tag not in VOID:
            names = "mono" in (held.get("class") or "").split()
            other = tag != "html" and held.get("lang") is not None
            self.stack.append((tag, tag in SILENT or names or other))

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        parts, self.depth = bare(data, self.depth)
        if not any(silent for _, silent in self.stack):
            place = self.stack[-1][0] if self.stack else ""
            self.found += [(place, part) for part in parts]


def bare(text: str, depth: int = 0) -> tuple[list[str], int]:
    """The parts of a text outside of all marks that hold letters, and how deep within marks it ends."""
    part = ""
    parts: list[str] = []
    for letter in " ".join(text.split()):
        depth += letter == OPEN
        if not depth:
            part += letter
        elif part:
            parts, part = [*parts, part], ""
        depth -= letter == CLOSE
    pieces = [piece.strip(STRIPPED) for item in (*parts, part) for piece in item.split(" · ")]
    return [piece for piece in pieces if re.search(r"[^\W\d_]{2}", piece)], depth


def escaped(page: str) -> list[tuple[str, str]]:
    """Every text of a page that stands outside of all marks, with where it stands."""
    reader = Visible()
    reader.feed(page)
    return reader.found


def typed_texts(values: Any) -> Iterator[str]:
    """Every text within plain values."""
    if isinstance(values, str):
        yield values
    elif isinstance(values, dict):
        for item in values.values():
            yield from typed_texts(item)
    elif isinstance(values, list | tuple):
        for item in values:
            yield from typed_texts(item)
