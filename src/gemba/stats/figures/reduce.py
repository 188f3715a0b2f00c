"""Which points are worth drawing when there are too many: the envelope, and everything marked.

A panel draws at most a thousand points. Up to that number all are drawn. Beyond it the line is cut into
buckets and each gives its lowest and its highest point, so no extreme is lost; marked points (signals,
excluded ones) are all drawn as long as they fit in two fifths of the room, and otherwise the farthest from
the centre line on each side of it, in each bucket, stands for the others there, with their number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from gemba.stats.results import Floats, Ints

LIMIT: Final = 1000
"""Drawn points in a panel: a browser redraws them in about 0.1 s."""

MARKED_SHARE: Final = 0.4

BAND: Final = 8
"""From so many points in a bucket on, the envelope is drawn as a band instead of a line."""


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


def reduce_points(y: Floats, codes: Ints, center: Floats | float, *, limit: int = LIMIT) -> Reduction:
    """At most ``limit`` points that show the line, its extremes and everything marked.

    Parameters
    ----------
    y : array of float
        Heights in order; NaN is a gap, and a gap as wide as a bucket stays one.
    codes : array of int
        0 for a plain point; another number for each kind of mark. Kinds are never merged.
    center : array of float or float
        The height from which a mark is far or near.
    limit : int
        The most points to draw, at least 20 for each kind of mark.

    Examples
    --------
    >>> heights = np.sin(np.arange(100_000) / 5_000)
    >>> reduction = reduce_points(heights, np.zeros(100_000, dtype=np.int64), 0.0)
    >>> len(reduction.drawn) <= 1000, reduction.bucket
    (True, 201)
    """
    count = len(y)
    if count <= limit:
        return Reduction(np.arange(count), (codes > 0).astype(np.int64), 1, 1)
    marked, weights, marked_bucket = _marked_points(y, codes, center, int(limit * MARKED_SHARE))
    bucket = -(-count // ((limit - len(marked) - 2) // 2))
    plain = _envelope(y, bucket)
    drawn = np.unique(np.concatenate([plain, marked, [0, count - 1]]))
    stands_for = np.zeros(len(drawn), dtype=np.int64)
    stands_for[np.searchsorted(drawn, marked)] = weights
    return Reduction(drawn, stands_for, bucket, marked_bucket)


def band_rows(y: Floats, reduction: Reduction) -> list[dict[str, float | None]]:
    """The lowest and the highest of each bucket as ``y`` and ``y2``; a bucket without points is a gap.

    ``x`` is the middle of the bucket, with points numbered from 1.
    """
    drawn, bucket = reduction.drawn, reduction.bucket
    cells = drawn // bucket
    heads = np.flatnonzero(np.append(True, np.diff(cells) != 0))
    low, high = np.fmin.reduceat(y[drawn], heads), np.fmax.reduceat(y[drawn], heads)
    middles = (cells[heads] + 0.5) * bucket + 0.5
    return [
        {"x": x, "y": bottom, "y2": top} if not math.isnan(bottom) else {"x": x, "y": None, "y2": None}
        for x, bottom, top in zip(middles.tolist(), low.tolist(), high.tolist(), strict=True)
    ]


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


def _marked_points(y: Floats, codes: Ints, center: Floats | float, room: int) -> tuple[Ints, Ints, int]:
    """Positions of the marked points that are drawn, how many each stands for, and their bucket."""
    marked = np.flatnonzero(codes)
    if len(marked) <= room:
        return marked, np.ones(len(marked), dtype=np.int64), 1
    away = y[marked] - (center if isinstance(center, float) else center[marked])
    kind = 2 * codes[marked] + (away < 0)
    bucket = -(-len(y) // (room // len(np.unique(kind))))
    cell = kind * (len(y) // bucket + 1) + marked // bucket
    order = np.lexsort((np.abs(away), cell))
    last = np.flatnonzero(np.append(np.diff(cell[order]) != 0, True))
    farthest = marked[order[last]]
    weights = np.diff(last, prepend=-1)
    by_place = np.argsort(farthest)
    return farthest[by_place], weights[by_place], bucket
