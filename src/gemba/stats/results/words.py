"""The words of results in the reader's language, by the standard library's gettext.

A text is written in English where it is used: ``t(N_("Stable: no rule fired"))``. ``N_`` marks it for
the catalogue, ``t = translator(language)`` turns it into the reader's language. A text that counts has two
forms: ``t.counted(NN_("{count} row", "{count} rows"), count)``; a language takes as many as it has. There is
no global language: every verb that speaks takes ``language``.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TypeAlias

Forms: TypeAlias = tuple[str, str]
"""A text for one, and for any other number."""


def N_(text: str) -> str:
    """Mark a text for translation; it is translated later, where it is shown."""
    return text


def NN_(one: str, many: str) -> Forms:  # noqa: N802 (a mark for the catalogue, as N_ is)
    """Mark a text that counts: for one, and for any other number."""
    return one, many


@dataclass(frozen=True)
class Translate:
    """Turns English texts into one language."""

    text: Callable[[str], str]
    form: Callable[[str, str, float], str]

    def __call__(self, text: str) -> str:
        """The text in the reader's language."""
        return self.text(text)

    def counted(self, forms: Forms, number: float) -> str:
        """The form that the number takes; the number itself is filled in later, as all values are.

        Examples
        --------
        >>> t = translator()
        >>> t.counted(NN_("{count} row", "{count} rows"), 1).format(count=1)
        '1 row'
        """
        return self.form(*forms, number)


@lru_cache(maxsize=32)
def translator(language: str | None = None) -> Translate:
    """What turns an English text into ``language``.

    ``None`` or a language without a catalogue gives the English text.
    """
    if language is None or language == "en":
        return Translate(N_, _english)
    if language == "pseudo":
        return Translate(pseudo, lambda one, many, number: pseudo(_english(one, many, number)))
    folder = resources.files("gemba") / "locale"
    found = gettext.translation("gemba", localedir=str(folder), languages=[language], fallback=True)
    return Translate(found.gettext, lambda one, many, number: found.ngettext(one, many, int(number)))


def _english(one: str, many: str, number: float) -> str:
    return one if number == 1 else many


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
