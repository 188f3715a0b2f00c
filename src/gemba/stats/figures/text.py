"""How wide a text will be, and how a number is shown: what labels need before they are drawn."""

from __future__ import annotations

import math
import unicodedata

from gemba.stats.results import signed

FONTS = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The first is in the drawing library, the next two have its widths on screens that lack it."""

MINUS = "−"

GROUPED = 100_000.0
"""From here on numbers beside lines have marks of thousands, as those of the axis."""

BOLD = 1.07
"""How much wider a bold text is, at most."""

# Advance widths of the printable ASCII characters, from space to tilde, in thousandths of the font size.
_WIDTHS = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556),
    *(1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778),
    *(667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556),
    *(333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556),
    *(556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
)


def text_width(text: str, size: float) -> float:
    """The width of a text in pixels at a font size; letters outside ASCII are taken on the wide side.

    Examples
    --------
    >>> round(text_width("UCL 74.014", 11), 1)
    58.7
    """
    return sum(map(_advance, text)) * size / 1000


def _advance(letter: str) -> int:
    if " " <= letter <= "~":
        return _WIDTHS[ord(letter) - 32]
    if unicodedata.combining(letter):
        return 0
    return 1000 if unicodedata.east_asian_width(letter) in "WF" else 650


def wrap(text: str, width: float, size: float) -> list[str]:
    """The text in lines that fit a width; a single word that is too long is cut with an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(shorten(word, width, size))
    return lines


def shorten(text: str, width: float, size: float) -> str:
    """The text itself, or as much of it as fits with an ellipsis.

    Examples
    --------
    >>> shorten("Scratched surface", 60, 11)
    'Scratched…'
    """
    if text_width(text, size) <= width:
        return text
    room = width - text_width("…", size)
    kept = ""
    for letter in text:
        if text_width(kept + letter, size) > room:
            break
        kept += letter
    return kept.rstrip() + "…"


def squeeze(text: str, width: float, size: float) -> str:
    """The text itself, or its beginning and its end, where names of a kind differ, as far as they fit.

    Examples
    --------
    >>> squeeze("Scratched surface, side 14", 90, 11)
    'Scratch…, side 14'
    """
    if text_width(text, size) <= width:
        return text
    head = shorten(text, width / 2, size)
    tail = ""
    for letter in reversed(text):
        if text_width(head + letter + tail, size) > width:
            break
        tail = letter + tail
    return head + tail


def decimals_for(span: float) -> int:
    """Decimals that divide a span into at least a hundred steps: enough to read, no more.

    Examples
    --------
    >>> decimals_for(26.0), decimals_for(0.155), decimals_for(4000.0)
    (1, 3, 0)
    """
    if not (math.isfinite(span) and span > 0):
        return 0
    return min(12, max(0, math.ceil(math.log10(100 / span))))


def show(value: float, decimals: int) -> str:
    """A number with fixed decimals, without a negative zero; very large or small ones in powers of ten.

    Examples
    --------
    >>> show(74.00118, 3), show(-0.0001, 2), show(2.5e-9, 11)
    ('74.001', '0.00', '2.5e−09')
    """
    if abs(value) >= 1e15 or (decimals > 7 and abs(value) < 1e-4):
        return signed(f"{value:.3g}".replace("-", MINUS))
    return signed(f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", MINUS))


def shown_line(value: float, decimals: int) -> str:
    """A number beside its line: a plain zero without decimals, large ones with marks of thousands.

    Examples
    --------
    >>> shown_line(0.0, 3), shown_line(6933.2, 0), shown_line(3199818414.2, 0)
    ('0', '6933', '3,199,818,414')
    """
    if value == 0:
        return "0"
    if not GROUPED <= abs(value) < 1e15:
        return show(value, decimals)
    return signed(f"{value:,.{decimals}f}".replace("-", MINUS))


def exact(value: float) -> str:
    """A number as it is shown on hover: up to ten significant digits."""
    return signed(f"{value:.10g}".replace("-", MINUS))
