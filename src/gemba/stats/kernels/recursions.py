"""Points that follow from the points before them: the plain loops, compiled."""

from __future__ import annotations

from typing import Any

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
def moves(values: Floats, ranges: Floats) -> None:
    """How far each value lies from the one before, NaN at the first, into ``ranges``."""
    ranges[:1] = np.nan
    before, after, spans = values[:-1], values[1:], ranges[1:]
    for place in range(len(before)):
        spans[place] = abs(after[place] - before[place])


@compiled
def averages(values: Floats, mean: float, lam: float, z: Floats) -> None:
    """``z[i] = (1 - lam) z[i - 1] + lam values[i]`` from the mean on, of values that are all there.

    Four at a time follow from the one before them, so that the processor need not wait for each.
    """
    one = 1 - lam
    two, now = one * one, 0.0
    three, four = two * one, two * two
    whole = len(values) // 4 * 4
    for place in range(0, whole, 4):
        a, b = lam * (values[place] - mean), lam * (values[place + 1] - mean)
        c, d = lam * (values[place + 2] - mean), lam * (values[place + 3] - mean)
        ab = one * a + b
        abc = one * ab + c
        z[place], z[place + 1] = mean + (one * now + a), mean + (two * now + ab)
        z[place + 2] = mean + (three * now + abc)
        now = four * now + (one * abc + d)
        z[place + 3] = mean + now
    for place in range(whole, len(values)):
        now = one * now + lam * (values[place] - mean)
        z[place] = mean + now


@compiled
def widening(
    sizes: Floats,
    step: int,
    mean: float,
    sigma: float,
    lam: float,
    reach: float,
    into: tuple[Floats, Floats, Floats],
) -> None:
    """Lower and upper limit of each average, and its sigma.

    A ``step`` of 0 says that the first size holds for all points; then they soon stay as they are.
    """
    lower, upper, sigmas = into
    keep, share, place, before = 1 - lam, 0.0, 0, -1.0
    while place < len(lower) and (step or share > before):
        before = share
        share = keep * keep * share + lam * lam / sizes[place * step]
        scatter = sigma * np.sqrt(share)
        sigmas[place], lower[place], upper[place] = scatter, mean - reach * scatter, mean + reach * scatter
        place += 1
    scatter = sigma * np.sqrt(share)
    sigmas[place:] = scatter
    lower[place:] = mean - reach * scatter
    upper[place:] = mean + reach * scatter


_BLOCK = 2_048  # values worked on while they lie in the nearest cache


@compiled
def _both_sums(z: Floats, k: float, sums: tuple[float, float], uppers: Floats, lowers: Floats) -> Any:
    """Both sums of values that are all there: no branch, so that none can be guessed wrongly."""
    upper, lower = sums
    for place in range(len(z)):
        upper, lower = upper + (z[place] - k), lower + (-z[place] - k)
        upper = max(upper, 0.0)
        lower = max(lower, 0.0)
        uppers[place], lowers[place] = upper, 0.0 - lower
    return upper, lower


@compiled
def _broken_sums(
    z: Floats, k: float, h: float, fir: float, sums: tuple[float, float], uppers: Floats, lowers: Floats
) -> Any:
    upper, lower = sums
    for place in range(len(z)):
        if np.isnan(z[place]):
            uppers[place] = lowers[place] = np.nan
            continue
        if max(upper, lower) > h:
            upper, lower = fir, fir
        upper, lower = max(0.0, upper + (z[place] - k)), max(0.0, lower + (-z[place] - k))
        uppers[place], lowers[place] = upper, 0.0 - lower
    return upper, lower


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
    into: tuple[Floats, Floats],
) -> None:
    """Both sums at every point, the lower one below zero; a missing point leaves them as they were.

    After a sum beyond ``h`` both begin anew at ``fir``: with an infinite ``h`` they go on.
    """
    uppers, lowers = into
    sums, root, room = (fir, fir), np.sqrt(sizes[0]), np.empty(_BLOCK)
    for start in range(0, len(values), _BLOCK):
        here = values[start : start + _BLOCK]
        stop = start + len(here)
        z, missing = room[: len(here)], 0
        for place in range(len(here)):
            missing += here[place] != here[place]
            z[place] = here[place] - mean
        for place in range(len(here)):
            z[place] = z[place] * (np.sqrt(sizes[start + place]) if step else root) / sigma
        if missing or h < np.inf:
            sums = _broken_sums(z, k, h, fir, sums, uppers[start:stop], lowers[start:stop])
        else:
            sums = _both_sums(z, k, sums, uppers[start:stop], lowers[start:stop])


@compiled
def forecast_by_mean(
    values: Floats, mean: float, phi: float, sigma: float, points: Floats, sigmas: Floats
) -> None:
    """What each value differs from its forecast by the last one there, and the sigma of that difference."""
    forecast, share, begun = 0.0, 1.0 / (1.0 - phi * phi), False
    for place in range(len(values)):
        away = values[place] - mean
        if np.isnan(away):
            points[place] = sigmas[place] = np.nan
            if begun:
                forecast, share = phi * forecast, 1.0 + phi * phi * share
            continue
        points[place], sigmas[place] = away - forecast, sigma * np.sqrt(share)
        forecast, share, begun = phi * away, 1.0, True


@compiled
def forecast_by_average(values: Floats, origin: float, start: float, weight: float, points: Floats) -> float:
    """What each value, from the origin, differs from the average of those before; and the last average."""
    forecast = start
    for place in range(len(values)):
        away = values[place] - origin
        points[place] = away - forecast
        if not np.isnan(away):
            forecast += weight * (away - forecast)
    return forecast


@compiled
def squared_errors(away: Floats, weight: float) -> float:
    """The sum of squares of the same differences, from zero on, of values that are all there."""
    forecast, total = 0.0, 0.0
    for value in away:
        error = value - forecast
        total += error * error
        forecast += weight * error
    return total
