"""The words of results in the reader's language, by the standard library's gettext.

A text is written in English where it is used: ``t(N_("Stable: no rule fired"))``. ``N_`` marks it for
the catalogue, ``t = translator(language)`` turns it into the reader's language. A text that counts has two
forms: ``t.counted(NN_("{count} row", "{count} rows"), count)``; a language takes as many as it has. There is
no global language: every verb that speaks takes ``language``. A server that answers many people says once,
for one request, whom it speaks to: ``with speaking("de"):`` holds for this context alone, and for what names
no language.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from string import Formatter
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
        return self.text(text) if text else text

    def counted(self, forms: Forms, number: float) -> str:
        """The form that the number takes; the number itself is filled in later, as all values are.

        Examples
        --------
        >>> t = translator()
        >>> t.counted(NN_("{count} row", "{count} rows"), 1).format(count=1)
        '1 row'
        """
        return self.form(*forms, number)


DOMAIN = "django"
"""The catalogue's name: one for the statistics and the pages, and Django reads only this one."""
_spoken: ContextVar[str] = ContextVar("spoken", default="en")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language wherever none is named, in this context alone: in one request of a server.

    Examples
    --------
    >>> with speaking("pseudo"):
    ...     translator()("row")
    '⟦röw⟧'
    """
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> str:
    """The language that is spoken where none is named: English, or what ``speaking`` said."""
    return _spoken.get()


def translator(language: str | None = None) -> Translate:
    """What turns an English text into ``language``; without one into that which is spoken here.

    A language without a catalogue gives the English text.
    """
    return _translator(language or spoken())


@lru_cache(maxsize=32)
def _translator(language: str) -> Translate:
    if language == "en":
        return Translate(N_, _english)
    if language == "pseudo":
        return Translate(pseudo, lambda one, many, number: pseudo(_english(one, many, number)))
    folder = resources.files("gemba") / "locale"
    found = gettext.translation(DOMAIN, localedir=str(folder), languages=[language], fallback=True)
    if language in COMMA:
        return Translate(
            lambda text: WithComma(found.gettext(text)),
            lambda one, many, number: WithComma(found.ngettext(one, many, int(number))),
        )
    return Translate(found.gettext, lambda one, many, number: found.ngettext(one, many, int(number)))


COMMA = frozenset({"de"})
"""The languages that write a comma before decimals."""
_SIGNS = str.maketrans({".": ",", ",": "\u202f"})
"""Decimals and thousands, from English."""


class WithComma(str):
    """A text whose numbers are filled in with a decimal comma."""

    def format(self, *given: object, **named: object) -> str:
        """The text with its values; of those that are already texts nothing is changed."""
        return _COMMAS.vformat(self, given, named)


class _Commas(Formatter):
    def format_field(self, value: object, format_spec: str) -> str:
        text = str(super().format_field(value, format_spec))
        return text.translate(_SIGNS) if isinstance(value, float | Decimal | int) else text


_COMMAS = _Commas()


def signed(text: str) -> str:
    """A number that is written out already, with the decimal sign of the language that is spoken.

    Examples
    --------
    >>> with speaking("de"):
    ...     signed("1.33")
    '1,33'
    """
    return text.translate(_SIGNS) if spoken() in COMMA else text


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
