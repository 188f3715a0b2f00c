"""Points of several variables together: 64 rows at a time, turned to a row a variable."""

from __future__ import annotations

import numpy as np

from gemba.stats.kernels.compiled import compiled
from gemba.stats.results import Floats

_ROWS = 64


@compiled
def _turn(rows: Floats, mean: Floats, turn: Floats, white: Floats) -> None:
    """The rows less the mean, turned by a lower triangle, as columns of ``white``: from the last row up, so
    that what is still needed is not yet overwritten.
    """
    width = len(mean)
    for place in range(len(rows)):
        for column in range(width):
            white[column, place] = rows[place, column] - mean[column]
    for row in range(width - 1, -1, -1):
        here, own = white[row], turn[row, row]
        for place in range(_ROWS):
            here[place] *= own
        for column in range(row):
            other, factor = white[column], turn[row, column]
            for place in range(_ROWS):
                here[place] += factor * other[place]


@compiled
def _lengths(white: Floats, into: Floats) -> None:
    """The squared length of each column."""
    total = np.zeros(_ROWS)
    for row in range(len(white)):
        here = white[row]
        for place in range(_ROWS):
            total[place] += here[place] * here[place]
    into[:] = total[: len(into)]


@compiled
def squared_lengths(rows: Floats, mean: Floats, turn: Floats, lengths: Floats) -> None:
    """The squared length of each row less the mean, turned by a lower triangle."""
    white = np.zeros((len(mean), _ROWS))
    for start in range(0, len(rows), _ROWS):
        here = rows[start : start + _ROWS]
        _turn(here, mean, turn, white)
        _lengths(white, lengths[start : start + len(here)])


@compiled
def mewma(
    rows: Floats, sizes: Floats, step: int, mean: Floats, turn: Floats, lam: float, points: Floats
) -> None:
    """The squared length of every average of turned rows, by its variance as a share; NaN for a missing row.

    A ``step`` of 0 says that the first size holds for all rows.
    """
    width, keep, share = len(mean), 1 - lam, 0.0
    white, shares, now = np.zeros((width, _ROWS)), np.empty(_ROWS), np.zeros(width)
    for start in range(0, len(rows), _ROWS):
        here = rows[start : start + _ROWS]
        into = points[start : start + len(here)]
        _turn(here, mean, turn, white)
        for place in range(len(here)):
            shares[place] = np.nan
            if np.isnan(white[0, place]):
                continue
            share = keep * keep * share + lam * lam / sizes[(start + place) * step]
            shares[place] = share
            for column in range(width):
                now[column] = keep * now[column] + lam * white[column, place]
                white[column, place] = now[column]
        _lengths(white, into)
        for place in range(len(here)):
            into[place] /= shares[place]


@compiled
def mcusum(
    rows: Floats, sizes: Floats, step: int, mean: Floats, turn: Floats, k: float, h: float, points: Floats
) -> None:
    """The length of the sum of turned rows, shrunk by ``k`` each time; NaN for a missing row.

    After a length beyond ``h`` it begins anew: with an infinite ``h`` it goes on. ``step`` as above.
    """
    width, last = len(mean), 0.0
    white, sums = np.zeros((width, _ROWS)), np.zeros(width)
    for start in range(0, len(rows), _ROWS):
        here = rows[start : start + _ROWS]
        _turn(here, mean, turn, white)
        for place in range(len(here)):
            if np.isnan(white[0, place]):
                points[start + place] = np.nan
                continue
            scale, total = np.sqrt(sizes[(start + place) * step]), 0.0
            if last > h:
                sums[:] = 0.0
            for column in range(width):
                sums[column] += scale * white[column, place]
                total += sums[column] * sums[column]
            length = np.sqrt(total)
            last = max(length - k, 0.0)
            shrunk = 1 - k / length if length > k else 0.0
            for column in range(width):
                sums[column] *= shrunk
            points[start + place] = last
