"""From cards and ties to a picture: columns in the order of the thread, no two cards in one place. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from gemba.quality.records.thread.graph import Card, Key, Thread, Tie

WIDTH, HEIGHT = 160, 104
"""Of a card, in pixels; the style sheet says the same."""
ACROSS, DOWN = 26, 24
"""Between columns and between rows."""
HEAD = 44
"""Above the first row: the name of the column."""
SWEEPS = 4


@dataclass(frozen=True)
class Column:
    """Cards of one place on the thread from top to bottom; ``None`` is a row that is left free."""

    title: str
    rows: tuple[Card | None, ...]


@dataclass(frozen=True)
class Drawn:
    """A line of the picture: its tie and its path."""

    tie: Tie
    path: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Picture:
    """The whole picture, in pixels."""

    columns: tuple[Column, ...]
    lines: tuple[Drawn, ...]
    width: int
    height: int


def lay_out(thread: Thread) -> Picture:
    """Every card in the column of its place and in a row of its own, near the cards that it is tied to."""
    missing = [Tie(gap.at, gap.relation, gap.card.key, fault=gap.reason) for gap in thread.gaps]
    ties = (*thread.ties, *missing)
    cards = {card.key: card for card in (*thread.cards, *(gap.card for gap in thread.gaps))}
    places = sorted({card.place for card in cards.values()})
    columns = {place: [key for key, card in cards.items() if card.place == place] for place in places}
    rows = _rows(columns, ties)
    at = {key: (places.index(card.place), rows[key]) for key, card in cards.items()}
    tallest = 1 + max(rows.values(), default=0)
    return Picture(
        tuple(_column([cards[key] for key in columns[place]], rows) for place in places),
        tuple(_line(tie, at[tie.source], at[tie.target]) for tie in ties),
        len(places) * (WIDTH + ACROSS) - ACROSS if places else 0,
        HEAD + tallest * (HEIGHT + DOWN),
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


def _column(cards: Sequence[Card], rows: Mapping[Key, int]) -> Column:
    filled: dict[int, Card] = {rows[card.key]: card for card in cards}
    labels = list(dict.fromkeys(card.label for card in sorted(cards, key=lambda card: rows[card.key])))
    return Column(" · ".join(labels), tuple(filled.get(row) for row in range(1 + max(filled))))


def _line(tie: Tie, source: tuple[int, int], target: tuple[int, int]) -> Drawn:
    """A curve to the next column; over more columns it runs in the free lane above the row it leads to."""
    (left, left_row), (right, right_row) = sorted((source, target))
    x1, y1 = left * (WIDTH + ACROSS) + WIDTH, _middle(left_row)
    x2, y2 = right * (WIDTH + ACROSS), _middle(right_row)
    if left == right:
        out = x1 + ACROSS / 2
        return Drawn(tie, f"M{x1} {y1}C{out} {y1} {out} {y2} {x1} {y2}", ((x1, y1), (out, y1), (x1, y2)))
    if right == left + 1:
        half = (x1 + x2) / 2
        return Drawn(tie, f"M{x1} {y1}C{half} {y1} {half} {y2} {x2} {y2}", ((x1, y1), (x2, y2)))
    lane = y2 - HEIGHT / 2 - DOWN / 2
    begin, end = x1 + ACROSS, x2 - ACROSS
    first, last = (x1 + begin) / 2, (end + x2) / 2
    path = f"M{x1} {y1}C{first} {y1} {first} {lane} {begin} {lane}H{end}C{last} {lane} {last} {y2} {x2} {y2}"
    return Drawn(tie, path, ((x1, y1), (begin, lane), (end, lane), (x2, y2)))


def _middle(row: int) -> float:
    return HEAD + row * (HEIGHT + DOWN) + HEIGHT / 2
