"""Points that follow from the points before them: the plain loops, compiled."""

from __future__ import annotations

import numpy as np

from gemba.stats.kernels.compiled import compiled
from gemba.stats.results import Floats


@compiled
def decaying(values: Floats, keep: float, start: float) -> Floats:
    """``y[i] = keep * y[i - 1] + values[i]``, with ``y[-1] = start``."""
    sums = np.empty_like(values)
    now = start
    for place in range(len(values)):
        now = keep * now + values[place]
        sums[place] = now
    return sums


@compiled
def decaying_rows(rows: Floats, keep: float, start: Floats) -> Floats:
    """The same of every column at once."""
    sums = np.empty_like(rows)
    now = start.copy()
    for place in range(len(rows)):
        for column in range(rows.shape[1]):
            now[column] = keep * now[column] + rows[place, column]
            sums[place, column] = now[column]
    return sums


@compiled
def floored(values: Floats, start: float) -> Floats:
    """``y[i] = max(0, y[i - 1] + values[i])``, with ``y[-1] = start``."""
    sums = np.empty_like(values)
    now = start
    for place in range(len(values)):
        now = max(0.0, now + values[place])
        sums[place] = now
    return sums


@compiled
def moving(away: Floats, sizes: Floats, step: int, span: int) -> tuple[Floats, Floats]:
    """The mean of the newest ``span`` points that are there, and its standard error in sigma.

    NaN in ``away`` is a missing point; it has no mean. ``sizes`` and ``step`` as in ``ewma``.
    """
    means, errors = np.empty_like(away), np.empty_like(away)
    for place in range(len(away)):
        total, share, count = 0.0, 0.0, 0
        for one in range(place, max(place - span, -1), -1):
            if not np.isnan(away[one]):
                total, share, count = total + away[one], share + 1.0 / sizes[one * step], count + 1
        gone = np.isnan(away[place])
        means[place] = np.nan if gone else total / count
        errors[place] = np.nan if gone else np.sqrt(share) / count
    return means, errors


@compiled
def squared_lengths(rows: Floats, mean: Floats, turn: Floats) -> Floats:
    """The squared length of each row less the mean, turned by a lower triangle."""
    lengths = np.empty(len(rows))
    width = len(mean)
    away = np.empty(width)
    for place in range(len(rows)):
        total = 0.0
        for column in range(width):
            away[column] = rows[place, column] - mean[column]
        for row in range(width):
            part = 0.0
            for column in range(row + 1):
                part += turn[row, column] * away[column]
            total += part * part
        lengths[place] = total
    return lengths


@compiled
def moves(values: Floats, ranges: Floats) -> None:
    """How far each value lies from the one before, NaN at the first, into ``ranges``."""
    ranges[:1] = np.nan
    before, after, spans = values[:-1], values[1:], ranges[1:]
    for place in range(len(before)):
        spans[place] = abs(after[place] - before[place])


@compiled
def ewma(
    values: Floats,
    sizes: Floats,
    step: int,
    mean: float,
    sigma: float,
    lam: float,
    reach: float,
    exact: bool,
    into: tuple[Floats, Floats, Floats, Floats],
) -> None:
    """Every z with its lower and upper limit and its sigma; a missing point has none and leaves z as it was.

    A ``step`` of 0 says that the first size holds for all points. What is made is written ``into`` arrays of
    the caller, whose memory comes in large pages.
    """
    z, lower, upper, sigmas = into
    away, share, keep = 0.0, 0.0, 1 - lam
    for place in range(len(values)):
        value = values[place]
        if np.isnan(value):
            z[place] = lower[place] = upper[place] = sigmas[place] = np.nan
            continue
        size = sizes[place * step]
        away = keep * away + lam * (value - mean)
        share = keep * keep * share + lam * lam / size
        scatter = sigma * np.sqrt(share if exact else lam / (2 - lam) / size)
        z[place], sigmas[place] = mean + away, scatter
        lower[place], upper[place] = mean - reach * scatter, mean + reach * scatter


@compiled
def cusum(
    values: Floats,
    sizes: Floats,
    step: int,
    mean: float,
    sigma: float,
    k: float,
    h: float,
    fir: float,
    reset: bool,
    into: tuple[Floats, Floats],
) -> None:
    """Both sums at every point, the lower one below zero; a missing point leaves them as they were."""
    uppers, lowers = into
    upper, lower = fir, fir
    for place in range(len(values)):
        value = values[place]
        if np.isnan(value):
            uppers[place] = lowers[place] = np.nan
            continue
        z = (value - mean) * np.sqrt(sizes[place * step]) / sigma
        if reset and (upper > h or lower > h):
            upper, lower = fir, fir
        upper, lower = max(0.0, upper + (z - k)), max(0.0, lower + (-z - k))
        uppers[place], lowers[place] = upper, 0.0 - lower
