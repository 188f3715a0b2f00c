"""Numbers as people write and read them: with the decimal sign of their language, and never guessed.

A page in German writes ``10,05`` and takes it so. It takes ``10.05`` too, as a gauge at the keyboard sends
it, for that can only be a fraction. ``1.250`` may be a fraction or a thousand: it is refused, never guessed.
"""

from __future__ import annotations

import re
from typing import Any

from gemba.quality.records.given import TwoWays
from gemba.quality.records.reasons import Reason, Refused
from gemba.stats.results import spoken

COMMA = frozenset({"de"})
"""The languages that write a comma before decimals."""
_SHOWN = re.compile(r"[<>≤≥=+\-−\s]*\d+\.\d+(e[+-]?\d+)?", re.IGNORECASE)
_TYPED = re.compile(r"(?P<head>[<>≤≥=+\-\s]*)(?P<whole>\d*),(?P<rest>\d+([eE][+-]?\d+)?\s*)")
_COMMA_GROUPS = re.compile(r"[+\-\s]*[1-9]\d{0,2}(,\d{3})+\s*")
_GROUPS = re.compile(r"[<>≤≥=+\-\s]*[1-9]\d{0,2}(\.\d{3})+\s*")


def shown_number(value: Any) -> str:
    """A number as the reader's language writes it; what is no number stays as it is."""
    text = str(value)
    return text.replace(".", ",") if spoken() in COMMA and _SHOWN.fullmatch(text) else text


def typed_number(text: str) -> str:
    """A number as it was typed, with a point for the program; ``TwoWays`` where it says two things."""
    if spoken() not in COMMA:
        return text
    if _GROUPS.fullmatch(text):
        return TwoWays(text)
    found = _TYPED.fullmatch(text)
    return f"{found['head']}{found['whole'] or '0'}.{found['rest']}" if found else text


def typed_limit(text: str) -> str:
    """A limit typed beside a file, where either sign is taken; ``TwoWays`` where it says two things."""
    if spoken() in COMMA:
        return typed_number(text)
    return TwoWays(text) if _COMMA_GROUPS.fullmatch(text) else text.replace(",", ".")


def typed_reading(text: str) -> str:
    """A measured value as a person typed it.

    Raises
    ------
    Refused
        When it says two things.
    """
    found = typed_number(text)
    if isinstance(found, TwoWays):
        raise Refused([Reason("records.number_two_ways", {"field": "value", "given": text})])
    return found
