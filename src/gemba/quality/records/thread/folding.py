"""A picture of many columns folded into bands, so that it fits beside nothing and nobody scrolls. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from gemba.quality.records.thread.graph import Key, Tie

WIDTH, HEIGHT = 156, 104
"""Of a card, in pixels; the style sheet says the same."""
ACROSS, DOWN = 26, 24
"""Between columns and between rows."""
HEAD = 44
"""Above the first row: the name of the column."""
BEND = 10
"""The radius of a corner."""
APART, LANES = 3, 5
"""Lines from one band to another run beside each other in so many lanes, so many pixels apart."""


@dataclass(frozen=True)
class Drawn:
    """A line of the picture: its tie, its path, and the corners that the path rounds."""

    tie: Tie
    path: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Fold:
    """How the picture stands in a room: so many columns to a band, in each band the rows that have a card."""

    name: str
    across: int
    bands: tuple[tuple[int, ...], ...]
    lines: tuple[Drawn, ...] = ()

    @property
    def width(self) -> int:
        """In pixels."""
        return self.across * (WIDTH + ACROSS) - ACROSS if self.across else 0

    @property
    def height(self) -> int:
        """In pixels."""
        return self.top(len(self.bands))

    def top(self, band: int) -> int:
        """Where a band begins."""
        return sum(HEAD + len(rows) * (HEIGHT + DOWN) for rows in self.bands[:band])

    def drops(self, column: int, row: int) -> bool:
        """Whether no column of the band has a card in this row, so that it is not drawn."""
        return row not in self.bands[column // self.across]

    def corner(self, column: int, row: int) -> tuple[int, int]:
        """The upper left corner of a card."""
        band, beside = divmod(column, self.across)
        down = self.bands[band].index(row)
        return beside * (WIDTH + ACROSS), self.top(band) + HEAD + down * (HEIGHT + DOWN)


def fold(name: str, most: int, at: Mapping[Key, tuple[int, int]], ties: Sequence[Tie]) -> Fold:
    """Bands of at most so many columns, as even as can be, and the lines between their cards."""
    columns = 1 + max((column for column, _ in at.values()), default=-1)
    bands = ceil(columns / most)
    across = ceil(columns / bands) if bands else 0
    held: list[set[int]] = [set() for _ in range(bands)]
    for column, row in at.values():
        held[column // across].add(row)
    bare = Fold(name, across, tuple(tuple(sorted(rows)) for rows in held))
    lane = {key: APART * (number % LANES - LANES // 2) for number, key in enumerate(sorted(at))}
    lines = [_line(bare, tie, at, lane) for tie in ties]
    return Fold(name, across, bare.bands, tuple(lines))


def _line(bare: Fold, tie: Tie, at: Mapping[Key, tuple[int, int]], lane: Mapping[Key, int]) -> Drawn:
    """A curve to the next column; farther it runs in a free lane, into another band through the gutters."""
    first, last = sorted((tie.source, tie.target), key=lambda key: at[key])
    left, right = at[first], at[last]
    x1, y1 = bare.corner(*left)
    x2, y2 = bare.corner(*right)
    x1, y1, y2 = x1 + WIDTH, y1 + HEIGHT // 2, y2 + HEIGHT // 2
    if left[0] == right[0]:
        out = x1 + ACROSS / 2
        return Drawn(tie, f"M{x1} {y1}C{out} {y1} {out} {y2} {x1} {y2}", ((x1, y1), (out, y1), (x1, y2)))
    if left[0] // bare.across != right[0] // bare.across:
        return _between_bands(tie, (x1, y1), (x2, y2), bare.top(right[0] // bare.across), lane[first])
    if right[0] == left[0] + 1:
        half = (x1 + x2) / 2
        return Drawn(tie, f"M{x1} {y1}C{half} {y1} {half} {y2} {x2} {y2}", ((x1, y1), (x2, y2)))
    high = y2 - HEIGHT / 2 - DOWN / 2
    begin, end = x1 + ACROSS, x2 - ACROSS
    out, back = (x1 + begin) / 2, (end + x2) / 2
    path = f"M{x1} {y1}C{out} {y1} {out} {high} {begin} {high}H{end}C{back} {high} {back} {y2} {x2} {y2}"
    return Drawn(tie, path, ((x1, y1), (begin, high), (end, high), (x2, y2)))


def _between_bands(tie: Tie, start: tuple[int, int], end: tuple[int, int], top: int, lane: int) -> Drawn:
    """Out into the gutter, down to the lane above the band, along it, and down the gutter before the card."""
    (x1, y1), (x2, y2) = start, end
    out, back, high = x1 + ACROSS / 2 + lane, x2 - ACROSS / 2 + lane, top - DOWN / 2 + lane
    round_it = min(BEND, abs(back - out) / 2)
    turn = round_it if back > out else -round_it
    path = (
        f"M{x1} {y1}C{out} {y1} {out} {y1} {out} {y1 + BEND}V{high - BEND}Q{out} {high} {out + turn} {high}"
        f"H{back - turn}Q{back} {high} {back} {high + BEND}V{y2 - BEND}C{back} {y2} {back} {y2} {x2} {y2}"
    )
    return Drawn(tie, path, ((x1, y1), (out, y1), (out, high), (back, high), (back, y2), (x2, y2)))
