"""Following the thread from a record both ways, within bounds that are told where they cut."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from gemba.quality.records.actor import Actor
from gemba.quality.records.models import Header
from gemba.quality.records.reading import readable
from gemba.quality.records.thread.faults import gaps_of, judged
from gemba.quality.records.thread.graph import Card, Key, Near, Thread, Tie
from gemba.quality.records.thread.near import card_of, neighbours
from gemba.quality.records.thread.ways import Way, onward


class Bounds(NamedTuple):
    """How far the walk goes: steps from the record, cards in all, neighbours by one relation of one card."""

    steps: int = 10
    most: int = 120
    each: int = 8


USUAL = Bounds()


@dataclass
class _Walk:
    """What was found so far."""

    bounds: Bounds
    cards: dict[Key, Card] = field(default_factory=dict)
    ties: dict[tuple[Key, str, Key], Tie] = field(default_factory=dict)
    ways: dict[Key, set[Way]] = field(default_factory=dict)
    left: dict[tuple[Key, str], int] = field(default_factory=dict)
    whole: bool = True

    def reach(self, near: Near) -> bool:
        """Follow the thread to a neighbour; whether there is more to follow from there."""
        here, card = self.cards[near.at], near.card
        ways = [onward(way, near.relation, here.place, card.place) for way in sorted(self.ways[near.at])]
        found = {way for way in ways if way is not None}
        if not found and card.key not in self.cards:
            return False
        if near.held > self.bounds.each:
            self.left[(near.at, near.relation)] = near.held - self.bounds.each
        if card.key not in self.cards:
            if len(self.cards) >= self.bounds.most:
                self.whole = False
                return False
            self.cards[card.key] = card
        self._tie(near)
        known = self.ways.setdefault(card.key, set())
        fresh = found - known
        known |= fresh
        return bool(fresh - {"end"}) and card.readable

    def _tie(self, near: Near) -> None:
        ends = (near.at, near.card.key) if near.outward else (near.card.key, near.at)
        tie = Tie(ends[0], near.stored, ends[1], near.link, near.target_version, near.why)
        self.ties.setdefault((ends[0], near.stored, ends[1]), tie)


def thread_of(
    header: int | str, *, actor: Actor, language: str | None = None, bounds: Bounds = USUAL
) -> Thread:
    """The thread of one record: what it stands on, what came of it, what is broken or missing.

    Raises
    ------
    Refused
        When there is no such record that the actor may read.
    """
    _, record = readable(header, actor)
    head: Header = record.header  # type: ignore[attr-defined]
    start = card_of(head, actor, language)
    walk = _Walk(bounds, {start.key: start})
    walk.ways[start.key] = {"start"}
    edge = {start.key}
    for _ in range(bounds.steps):
        cards = [walk.cards[key] for key in sorted(edge)]
        found = neighbours(cards, each=bounds.each, actor=actor, language=language)
        edge = {near.card.key for near in found if walk.reach(near)}
        if not edge:
            break
    walk.whole = walk.whole and not edge
    return _told(start.key, walk, language)


def _told(start: Key, walk: _Walk, language: str | None) -> Thread:
    cards = tuple(walk.cards.values())
    left: dict[Key, int] = {}
    for (key, _), count in walk.left.items():
        left[key] = left.get(key, 0) + count
    return Thread(
        start,
        cards,
        judged(tuple(walk.ties.values()), walk.cards),
        gaps_of(cards, language),
        left,
        walk.whole,
    )
