"""From a text to a number, by one stated decimal sign and never by the machine's locale."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from gemba.stats.readers.vocabulary import MISSING, NOT_DETECTED, find_unit, is_glued_unit

DecimalSign = Literal[".", ",", ".,"]
"""``"."``: 1,234.5; ``","``: 1.234,5; ``".,"``: both are decimal signs, no thousands marks."""

Evidence = Literal["plain", "point", "comma", "ambiguous comma", "ambiguous point"]

_TRANSLATED = str.maketrans(
    {
        "−": "-",
        "－": "-",
        "‒": "-",
        "–": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u2007": " ",
        "\ufeff": "",
        "\u200b": "",
        "’": "'",
        "＋": "+",
    }
)
_PARTS = re.compile(
    r"(?P<mark>[<>≤≥]=?|~|≈)?\s*(?P<sign>[+-])?\s?(?P<body>[0-9][0-9.,' ]*|[.,][0-9]+)"
    r"(?P<exponent>[eE][+-]?[0-9]{1,4})?(?:(?P<gap>\s*)(?P<unit>[^0-9\s.,<>=;+-]\S{0,11}))?"
)


def _pattern(thousands: str, decimal: str) -> re.Pattern[str]:
    whole = (
        rf"(?:[0-9]+|[1-9][0-9]{{0,2}}(?:(?:{thousands}[0-9]{{3}})+|(?: [0-9]{{3}})+|(?:'[0-9]{{3}})+))"
        if thousands
        else r"(?:[0-9]+|[1-9][0-9]{0,2}(?:(?: [0-9]{3})+|(?:'[0-9]{3})+))"
    )
    return re.compile(rf"(?:{whole}(?:{decimal}[0-9]*)?|{decimal}[0-9]+)")


_VALID: dict[str, re.Pattern[str]] = {
    ".": _pattern(",", r"\."),
    ",": _pattern(r"\.", ","),
    ".,": _pattern("", "[.,]"),
}
_THOUSANDS = {".": ", '", ",": ". '", ".,": " '"}


@dataclass(frozen=True, slots=True)
class Parts:
    """The pieces of a text that has the form of a number."""

    mark: str
    sign: str
    body: str
    exponent: str
    unit: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number read from text: ``digits`` is its plain form (``-1234.5e-3``)."""

    digits: str
    mark: str = ""
    unit: str = ""

    @property
    def value(self) -> float:
        """The nearest float."""
        return float(self.digits)

    @property
    def decimal(self) -> Decimal:
        """The number exactly as typed."""
        return Decimal(self.digits)


def clean_text(text: str) -> str:
    """The text with one kind of minus and space, and without spaces around it."""
    return text.translate(_TRANSLATED).strip()


@lru_cache(maxsize=65536)
def split_number(text: str) -> Parts | None:
    """The pieces of a text that has the form of a number, or ``None``."""
    match = _PARTS.fullmatch(clean_text(text))
    if match is None:
        return None
    unit = ""
    if match["unit"]:
        found = find_unit(match["unit"])
        glued = not match["gap"] and not match["body"].endswith(" ")
        if found is None or (glued and not is_glued_unit(match["unit"])):
            return None
        unit = found
    return Parts(
        match["mark"] or "",
        (match["sign"] or "").replace("+", ""),
        match["body"].strip(),
        match["exponent"] or "",
        unit,
    )


def parse_number(text: str, decimal: DecimalSign) -> Number | None:
    """The number a text states under a decimal sign, or ``None`` where it states none.

    Examples
    --------
    >>> parse_number("1.234,56 mm", ",")
    Number(digits='1234.56', mark='', unit='mm')
    >>> parse_number("1.23", ",") is None
    True
    """
    parts = split_number(text)
    if parts is None or _VALID[decimal].fullmatch(parts.body) is None:
        return None
    body = parts.body
    for mark in _THOUSANDS[decimal]:
        body = body.replace(mark, "")
    return Number(parts.sign + body.replace(",", ".") + parts.exponent, parts.mark, parts.unit)


def weigh_number(text: str) -> Evidence | None:
    """What the form of a number says about the decimal sign; ``None`` when it has no number's form."""
    parts = split_number(text)
    if parts is None:
        return None
    body = parts.body
    if "," not in body and "." not in body:
        return "plain" if _VALID["."].fullmatch(body) else None
    point, comma = _VALID["."].fullmatch(body), _VALID[","].fullmatch(body)
    if point and comma:
        return "ambiguous comma" if "," in body else "ambiguous point"
    if point:
        return "point"
    return "comma" if comma else None


def is_missing_mark(text: str) -> bool:
    """Whether the text is a usual sign for "no value": ``-``, ``n/a``, ``*``."""
    return clean_text(text).casefold() in MISSING


def is_not_detected(text: str) -> bool:
    """Whether the text says "not detected": a result below a limit that the cell does not give."""
    return clean_text(text).casefold() in NOT_DETECTED


def has_leading_zero(text: str) -> bool:
    """Whether the text is a code such as ``007``, which a number would spoil."""
    stripped = text.strip()
    return len(stripped) > 1 and stripped[0] == "0" and stripped.isdecimal()


def is_formula_error(text: str) -> bool:
    """Whether the text is the error of a formula: ``#DIV/0!``, ``#N/A``."""
    return re.fullmatch(r"#[A-ZÄÖÜ/0-9]+[!?]?|Err:\d{3}", text.strip()) is not None
