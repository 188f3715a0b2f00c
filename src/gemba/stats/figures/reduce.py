"""Which points are worth drawing when there are too many: the envelope, and everything marked.

A panel draws at most a thousand points. Up to that number all are drawn. Beyond it the line is cut into
buckets and each gives its lowest and its highest point, so no extreme is lost; marked points (signals,
excluded ones) are all drawn as long as they fit in two fifths of the room, and otherwise the lowest and the
highest of each bucket stand for the others, with their number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from gemba.stats.results import Floats, Ints

LIMIT: Final = 1000
"""Drawn points in a panel: a browser redraws them in about 0.1 s."""

MARKED_SHARE: Final = 0.4


@dataclass(frozen=True, eq=False)
class Reduction:
    """The positions that are drawn, in order.

    ``stands_for[i]`` is the number of marked points that ``drawn[i]`` shows: 0 for a point of the line,
    1 for a marked point drawn as itself, more where it stands for its neighbours. ``bucket`` is how many
    points of the line share a bucket, 1 when every point is drawn; ``marked_bucket`` the same of the
    marked ones.
    """

    drawn: Ints
    stands_for: Ints
    bucket: int
    marked_bucket: int


def reduce_points(y: Floats, codes: Ints, *, limit: int = LIMIT) -> Reduction:
    """At most ``limit`` points that show the line, its extremes and everything marked.

    Parameters
    ----------
    y : array of float
        Heights in order; NaN is a gap, and a gap as wide as a bucket stays one.
    codes : array of int
        0 for a plain point; another number for each kind of mark. Kinds are never merged.
    limit : int
        The most points to draw, at least 20 for each kind of mark.

    Examples
    --------
    >>> heights = np.sin(np.arange(100_000) / 5_000)
    >>> reduction = reduce_points(heights, np.zeros(100_000, dtype=np.int64))
    >>> len(reduction.drawn) <= 1000, reduction.bucket
    (True, 201)
    """
    count = len(y)
    if count <= limit:
        return Reduction(np.arange(count), (codes > 0).astype(np.int64), 1, 1)
    marked, weights, marked_bucket = _marked_points(y, codes, int(limit * MARKED_SHARE))
    bucket = -(-count // ((limit - len(marked) - 2) // 2))
    plain = _envelope(y, bucket)
    drawn = np.unique(np.concatenate([plain, marked, [0, count - 1]]))
    stands_for = np.zeros(len(drawn), dtype=np.int64)
    stands_for[np.searchsorted(drawn, marked)] = weights
    return Reduction(drawn, stands_for, bucket, marked_bucket)


def _envelope(y: Floats, bucket: int) -> Ints:
    """The lowest and the highest position of each bucket; the first position of one that is all gap."""
    padded = np.full(-(-len(y) // bucket) * bucket, np.nan)
    padded[: len(y)] = y
    cells = padded.reshape(-1, bucket)
    gone = np.isnan(cells)
    heads = np.arange(0, len(padded), bucket)
    lowest = heads + np.where(gone, np.inf, cells).argmin(axis=1)
    highest = heads + np.where(gone, -np.inf, cells).argmax(axis=1)
    return np.concatenate([lowest, highest])


def _marked_points(y: Floats, codes: Ints, room: int) -> tuple[Ints, Ints, int]:
    """Positions of the marked points that are drawn, how many each stands for, and their bucket."""
    marked = np.flatnonzero(codes)
    if len(marked) <= room:
        return marked, np.ones(len(marked), dtype=np.int64), 1
    kinds = np.unique(codes[marked])
    bucket = -(-len(y) // (room // (2 * len(kinds))))
    parts = [_extremes(y, marked[codes[marked] == kind], bucket) for kind in kinds]
    positions = np.concatenate([part[0] for part in parts])
    weights = np.concatenate([part[1] for part in parts])
    order = np.argsort(positions)
    return positions[order], weights[order], bucket


def _extremes(y: Floats, marked: Ints, bucket: int) -> tuple[Ints, Ints]:
    """The lowest and the highest marked position of each bucket, and how many lie nearer to each."""
    cell = marked // bucket
    order = np.lexsort((y[marked], cell))
    marked, cell = marked[order], cell[order]
    first = np.flatnonzero(np.append(True, cell[1:] != cell[:-1]))
    last = np.append(first[1:], len(cell)) - 1
    middle = (y[marked[first]] + y[marked[last]]) / 2
    nearer_low = y[marked] < np.repeat(middle, last - first + 1)
    low = np.add.reduceat(nearer_low.astype(np.int64), first)
    high = last - first + 1 - low
    alone = low == 0  # one marked point, or several of one height: the last stands for all
    positions = np.concatenate([marked[first[~alone]], marked[last]])
    return positions, np.concatenate([low[~alone], high])
