"""What the thread of a record is made of. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from gemba.quality.records.lifecycle import LOCKED
from gemba.quality.records.reasons import Reason

Key: TypeAlias = tuple[str, int]
"""What a card is: ``("record", 12)``, or something that is no record, as ``("chart", 7)``."""
RECORD = "record"
MISSING = "missing"


@dataclass(frozen=True)
class Card:
    """One record on the thread, or a chart, or a gap.

    Of a record that the reader may not see only number and state are told. ``type`` and ``state`` are codes,
    ``label`` and ``said`` their words. ``version`` is its newest one.
    """

    key: Key
    place: int
    type: str
    label: str
    number: str | None
    title: str = ""
    state: str = ""
    said: str = ""
    category: str = ""
    site: str = ""
    opened_at: datetime | None = None
    version: int = 0
    readable: bool = True
    gone: bool = False

    @property
    def live(self) -> bool:
        """Whether what it says is still to hold."""
        return self.category not in LOCKED and not self.gone

    @property
    def called(self) -> str:
        """What it is called in a sentence."""
        return self.number or self.title or self.label


@dataclass(frozen=True)
class Tie:
    """What joins two cards; ``link`` is the stored link, if it is one. ``fault`` says why it is broken."""

    source: Key
    relation: str
    target: Key
    link: int | None = None
    target_version: int | None = None
    why: str = ""
    fault: Reason | None = None


@dataclass(frozen=True)
class Gap:
    """A record that should be there: beside which, by which relation, the empty card of it, why."""

    at: Key
    relation: str
    card: Card
    reason: Reason


@dataclass(frozen=True)
class Near:
    """A neighbour as the walk finds it: from where, by which relation (read from there), to which card.

    ``stored`` is the relation as it is written down, ``outward`` whether it is so from there to the
    neighbour. ``held`` counts the neighbours by this relation, of which only the newest are told.
    """

    at: Key
    relation: str
    stored: str
    card: Card
    outward: bool
    held: int = 1
    link: int | None = None
    target_version: int | None = None
    why: str = ""


@dataclass(frozen=True)
class Thread:
    """The thread of one record: its cards, what joins them, what is missing, and what was left out.

    ``left`` counts the neighbours of a card that are not shown; ``whole`` is false where the walk stopped
    at its bound.
    """

    start: Key
    cards: tuple[Card, ...]
    ties: tuple[Tie, ...]
    gaps: tuple[Gap, ...] = ()
    left: Mapping[Key, int] = field(default_factory=dict)
    whole: bool = True

    @property
    def faults(self) -> tuple[Reason, ...]:
        """Everything that is broken, stale or missing."""
        broken = [tie.fault for tie in self.ties if tie.fault is not None]
        return (*broken, *(gap.reason for gap in self.gaps))

    def to_dict(self, words: Any) -> dict[str, Any]:
        """As the JSON twin and the API tell it; ``words`` turns a reason into a text."""
        return {
            "start": name_of(self.start),
            "whole": self.whole,
            "cards": [
                {
                    "key": name_of(card.key),
                    "column": card.place,
                    "type": card.type,
                    "number": card.number,
                    "title": card.title,
                    "state": card.state,
                    "words": card.said,
                    "category": card.category,
                    "opened_at": card.opened_at,
                    "readable": card.readable,
                    "left_out": self.left.get(card.key, 0),
                }
                for card in self.cards
            ],
            "ties": [
                {
                    "link": tie.link,
                    "source": name_of(tie.source),
                    "relation": tie.relation,
                    "target": name_of(tie.target),
                    "target_version": tie.target_version,
                    "why": tie.why,
                    "fault": None if tie.fault is None else _told(tie.fault, words),
                }
                for tie in self.ties
            ],
            "gaps": [
                {"at": name_of(gap.at), "relation": gap.relation, "type": gap.card.type}
                | _told(gap.reason, words)
                for gap in self.gaps
            ],
        }


def name_of(key: Key) -> str:
    """A card's key as JSON holds it."""
    return f"{key[0]}:{key[1]}"


def _told(reason: Reason, words: Any) -> dict[str, Any]:
    return reason.to_dict() | {"text": words(reason)}
