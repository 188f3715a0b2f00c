"""What a printed document holds, as plain data. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from gemba.stats.results import N_, Translate

Tone = Literal["good", "warn", "bad", "plain"]
Fact = tuple[str, str, bool]
"""A label, a text, and whether it needs the whole width."""
LONG = 60
MOST_COLUMNS, MOST_WIDE = 7, 16
"""Columns that stand on a page upright, and on one laid across; more are set as entries."""
FEW = 3
"""So many rows of a wide table are set as entries too: the page stays upright for them."""
SHORT = 21
"""As long as a moment with its zone."""


@dataclass(frozen=True)
class Grid:
    """A table: its columns, or where they are too many each row as an entry of facts."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    aligns: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    entries: tuple[tuple[Fact, ...], ...] = ()

    @property
    def is_wide(self) -> bool:
        """Whether it needs a page laid across."""
        return len(self.heads) > MOST_COLUMNS and not self.entries


@dataclass(frozen=True)
class Part:
    """One part under its title: facts, tables, a picture."""

    title: str
    lead: str = ""
    facts: tuple[Fact, ...] = ()
    blank: str = ""
    notes: tuple[str, ...] = ()
    picture: str = ""
    alt: str = ""
    tables: tuple[Grid, ...] = ()


@dataclass(frozen=True)
class Card:
    """An answer in large letters."""

    label: str
    value: str
    sentence: str
    tone: Tone


@dataclass(frozen=True)
class Signed:
    """A signature as every copy shows it."""

    name: str
    meaning: str
    at: str
    note: str
    valid: bool


@dataclass(frozen=True, kw_only=True)
class Document:
    """A whole document. ``proof`` says where it comes from: label, text, whether it is a digest.

    ``figures`` are the pictures that its parts name, as Vega-Lite with their words.
    """

    plant: str
    kind: str
    number: str
    title: str
    state: str
    tone: Tone
    strip: tuple[Fact, ...]
    parts: tuple[Part, ...]
    foot: str
    proof: tuple[Fact, ...]
    language: str = "en"
    wide: bool = False
    cards: tuple[Card, ...] = ()
    signatures: tuple[Signed, ...] = ()
    words: dict[str, str] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)


def words_of(t: Translate) -> dict[str, str]:
    """The words that the template itself sets."""
    return {
        "page": t(N_("page {page} of {pages}")),
        "signatures": t(N_("Signatures")),
        "unsigned": t(N_("Not signed.")),
        "proof": t(N_("Where this comes from")),
    }


def grid_of(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Sequence[bool],
    *,
    body: bool = False,
) -> Grid:
    """A table without the columns that hold nothing; what is still too wide becomes entries.

    ``body`` says that the table is what the record is about: then its few rows stay a table too.
    """
    kept = [place for place in range(len(heads)) if any(row[place] for row in rows)]
    shown = tuple(tuple(row[place] for place in kept) for row in rows)
    names = tuple(heads[place] for place in kept)
    if len(kept) > MOST_WIDE or (len(kept) > MOST_COLUMNS and len(rows) <= FEW and not body):
        entries = tuple(
            tuple((name, text, len(text) > LONG) for name, text in zip(names, row, strict=True) if text)
            for row in shown
        )
        return Grid(title, names, shown, entries=entries)
    aligns = tuple("right" if numbers[place] else "left" for place in kept)
    return Grid(title, names, shown, aligns, _widths(names, shown))


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Short columns take what they need, long texts share the rest."""
    longest = [max(len(text) for text in column) for column in zip(heads, *rows, strict=True)]
    if len(heads) > MOST_COLUMNS:
        return tuple(2 + min(length, LONG) // 8 for length in longest)
    return tuple(0 if length <= SHORT else min(6, 1 + length // 20) for length in longest)
