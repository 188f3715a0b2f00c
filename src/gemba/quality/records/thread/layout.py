"""From cards and ties to a picture: columns in the order of the thread, no two cards in one place. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from gemba.quality.records.thread.folding import Fold, fold
from gemba.quality.records.thread.graph import Card, Key, Thread, Tie

SWEEPS = 4
FOLDS: Mapping[str, int] = {"wide": 6, "middle": 4, "narrow": 3}
"""So many columns stand beside each other where there is much, some and little room; the others below."""


@dataclass(frozen=True)
class Slot:
    """A place of a column: its card, or nothing; and the folds in which no column has a card in this row."""

    card: Card | None
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """Cards of one place on the thread from top to bottom, with the rows that are left free."""

    title: str
    rows: tuple[Slot, ...]


@dataclass(frozen=True)
class Picture:
    """The whole picture: its columns, what ties their cards, and how it is folded for each room."""

    columns: tuple[Column, ...]
    ties: tuple[Tie, ...]
    folds: tuple[Fold, ...]


def lay_out(thread: Thread) -> Picture:
    """Every card in the column of its place and in a row of its own, near the cards that it is tied to."""
    missing = [Tie(gap.at, gap.relation, gap.card.key, fault=gap.reason) for gap in thread.gaps]
    ties = (*thread.ties, *missing)
    cards = {card.key: card for card in (*thread.cards, *(gap.card for gap in thread.gaps))}
    places = sorted({card.place for card in cards.values()})
    columns = {place: [key for key, card in cards.items() if card.place == place] for place in places}
    rows = _rows(columns, ties)
    at = {key: (places.index(card.place), rows[key]) for key, card in cards.items()}
    folds = tuple(fold(name, most, at, ties) for name, most in FOLDS.items())
    held = [[cards[key] for key in columns[place]] for place in places]
    return Picture(
        tuple(_column(number, cards_here, rows, folds) for number, cards_here in enumerate(held)), ties, folds
    )


def _rows(columns: Mapping[int, Sequence[Key]], ties: Sequence[Tie]) -> dict[Key, int]:
    """A row for every card: each column is ordered by where its neighbours stand, to and fro, then placed.

    The fullest column stands at the top; the cards of the others stand by the first of their neighbours, so
    that a thread which fans out begins where one begins to read.
    """
    near: dict[Key, list[Key]] = {}
    for tie in ties:
        near.setdefault(tie.source, []).append(tie.target)
        near.setdefault(tie.target, []).append(tie.source)
    wanted: dict[Key, float] = {key: float(row) for keys in columns.values() for row, key in enumerate(keys)}
    order = list(columns.values())
    for sweep in range(SWEEPS):
        for keys in order if sweep % 2 == 0 else order[::-1]:
            pulled = {key: _pull(key, near.get(key, ()), wanted) for key in keys}
            sorted_keys = sorted(keys, key=lambda key: (pulled[key], wanted[key], key))
            wanted |= _spread(sorted_keys, pulled)
    return _placed([sorted(keys, key=lambda key: wanted[key]) for keys in order], near)


def _placed(order: Sequence[Sequence[Key]], near: Mapping[Key, Sequence[Key]]) -> dict[Key, int]:
    fullest = max(range(len(order)), key=lambda place: len(order[place]), default=0)
    rows: dict[Key, int] = {}
    for place in [*range(fullest, len(order)), *range(fullest - 1, -1, -1)]:
        free = 0
        for key in order[place]:
            beside = [rows[other] for other in near.get(key, ()) if other in rows]
            rows[key] = max(free, min(beside, default=0))
            free = rows[key] + 1
    return rows


def _pull(key: Key, neighbours: Sequence[Key], wanted: Mapping[Key, float]) -> float:
    others = [wanted[other] for other in neighbours if other != key]
    return fmean(others) if others else wanted[key]


def _spread(keys: Sequence[Key], pulled: Mapping[Key, float]) -> dict[Key, float]:
    """Whole rows in this order, each as near to where it is pulled as the ones before it allow."""
    found: dict[Key, float] = {}
    free = -float(len(keys))
    for key in keys:
        row = max(free, float(round(pulled[key])))
        found[key], free = row, row + 1.0
    shift = round(fmean(found[key] - pulled[key] for key in keys)) if keys else 0
    return {key: row - shift for key, row in found.items()}


def _column(number: int, cards: Sequence[Card], rows: Mapping[Key, int], folds: Sequence[Fold]) -> Column:
    filled: dict[int, Card] = {rows[card.key]: card for card in cards}
    labels = list(dict.fromkeys(card.label for card in sorted(cards, key=lambda card: rows[card.key])))
    slots = [
        Slot(filled.get(row), tuple(fold.name for fold in folds if fold.drops(number, row)))
        for row in range(1 + max(filled))
    ]
    return Column(" · ".join(labels), tuple(slots))
