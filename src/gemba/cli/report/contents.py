"""What stands in a report, whatever it is rendered as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gemba.stats.figures import Figure
    from gemba.stats.results import Table

Tone = Literal["good", "bad", "plain"]


@dataclass(frozen=True)
class Verdict:
    """One answer in large letters: ``value`` in two or three words, ``sentence`` in full."""

    label: str
    value: str
    sentence: str
    tone: Tone


@dataclass(frozen=True)
class Section:
    """One part: a figure, its tables, and how it was computed.

    ``long`` tables are folded away on a page and left out on paper.
    """

    title: str
    lead: str = ""
    figure: Figure | None = None
    tables: tuple[Table, ...] = ()
    long: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    explain: str = ""


@dataclass(frozen=True)
class Report:
    """A whole report. ``facts`` are label and value: file, rows, digest, version."""

    title: str
    subtitle: str
    date: str
    verdicts: tuple[Verdict, ...]
    sections: tuple[Section, ...]
    facts: tuple[tuple[str, str], ...]
