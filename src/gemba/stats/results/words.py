"""The words of results in the reader's language, by the standard library's gettext.

A text is written in English where it is used: ``t(N_("Stable: no rule fired"))``. ``N_`` marks it for
the catalogue, ``t = translator(language)`` turns it into the reader's language. There is no global
language: every verb that speaks takes ``language``.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import lru_cache
from importlib import resources
from typing import TypeAlias

Translate: TypeAlias = Callable[[str], str]


def N_(text: str) -> str:
    """Mark a text for translation; it is translated later, where it is shown."""
    return text


@lru_cache(maxsize=32)
def translator(language: str | None = None) -> Translate:
    """The function that turns an English text into ``language``.

    ``None`` or a language without a catalogue gives the English text.
    """
    if language is None or language == "en":
        return N_
    if language == "pseudo":
        return pseudo
    folder = resources.files("gemba") / "locale"
    found = gettext.translation("gemba", localedir=str(folder), languages=[language], fallback=True)
    return found.gettext


_PSEUDO = str.maketrans("aeiouAEIOUncs", "àéîöüÀÉÎÖÜñçš")


def pseudo(text: str) -> str:
    """A made-up language that shows which texts went through the translator; placeholders survive."""
    pieces: list[str] = []
    depth = 0
    for letter in text:
        depth += letter == "{"
        pieces.append(letter if depth else letter.translate(_PSEUDO))
        depth -= letter == "}"
    return "⟦" + "".join(pieces) + "⟧"
