"""Whole numbers as an address, a header or a form holds them: plain digits, never more than a store holds."""

from __future__ import annotations

DIGITS = 18


def whole(text: str, *, digits: int = DIGITS) -> int | None:
    """The number that a text writes in plain digits, or ``None`` when it writes none.

    Other scripts have digits too, and some of them, such as a raised 2, are no numbers to Python.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
