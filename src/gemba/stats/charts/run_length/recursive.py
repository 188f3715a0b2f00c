"""Run lengths of charts with a memory of one number: ewma and cusum, by integral equations.

The density of the statistic among charts without signal goes from point to point by a smooth kernel, which
Gauss and Legendre's nodes integrate to about ten digits; the average comes from one linear system.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from gemba.stats.charts.run_length.law import Law, law_of
from gemba.stats.results import Floats

FORGOTTEN = 1e-11
"""The limits of an ewma stand still when the first point weighs less than this."""
MOST_NODES = 900
HEAD = 16
LONG = 120
"""An ewma whose limits need more points than this to stand still is followed by power series at its end."""
OPENED, POWERS = 0.2, 12
"""From (1 - lam)^2t = 0.2 on; the twelfth power of it weighs less than 1e-10."""
AT_ONCE = 64
"""So many points of a widening ewma are computed together: few enough to stay in the processor's cache."""


@lru_cache(maxsize=64)
def legendre(nodes: int) -> tuple[Floats, Floats]:
    """Places and weights on -1 to 1."""
    places, weights = np.polynomial.legendre.leggauss(nodes)
    return places, weights


def nodes_for(spreads: float, extra: int = 0) -> int:
    """How many nodes an interval needs that is so many standard deviations of the kernel wide."""
    return min(HEAD + math.ceil(1.7 * spreads), MOST_NODES) + extra


def bell(z: Floats) -> Floats:
    """The standard normal density."""
    return np.asarray(np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi), dtype=np.float64)


def ewma_mean(lam: float, reach: float, shift: float, *, exact: bool, extra: int = 0) -> float:
    """The average run length alone, without its law."""
    edge = reach * math.sqrt(lam / (2 - lam))
    places, weights = legendre(nodes_for(2 * edge / lam, extra))
    if shift == 0:  # both sides alike: the positive half stands for them
        half = len(places) // 2
        places, weights = places[half:], np.where(places[half:] > 1e-9, 1.0, 0.5) * weights[half:]
    edges = edge * (_widening(lam) if exact else np.ones(1))
    if len(edges) > LONG:
        edges, left = _nearly_still(lam, shift, edge, places, weights)
    else:
        still = np.array([edge])
        kernel = _ewma_steps(lam, shift, still, still, places)[0] * (edge * weights)
        left = np.linalg.solve(np.eye(len(places)) - kernel, np.ones(len(places)))
    for some in range(len(edges) - 1, 0, -AT_ONCE):  # from the last points back to the first
        after = edges[max(1, some - AT_ONCE + 1) : some + 1]
        before = edges[max(0, some - AT_ONCE) : some]
        steps = _ewma_steps(lam, shift, before, after, places)
        for step, ahead in zip(steps[::-1], after[::-1], strict=True):
            left = 1.0 + step @ (ahead * weights * left)
    first = _ewma_steps(lam, shift, np.zeros(1), edges[:1], places)[0, 0] * (edges[0] * weights)
    return 1.0 + float(first @ left)


def _nearly_still(
    lam: float, shift: float, edge: float, places: Floats, weights: Floats
) -> tuple[Floats, Floats]:
    """The limits up to a point where they have nearly opened, and the run length left from each place there.

    Point t is told by s = (1 - lam)^2t, which falls to zero: its limits are ``edge`` √(1 - s). So the kernel
    M(s) from it to the next point, and the length left, are power series in s, and in

        left(s) = 1 + M(s) left(r s),    r = (1 - lam)²,

    each power asks for one linear system. M is taken at Chebyshev's places up to s = ``OPENED``.
    """
    rest = (1 - lam) ** 2
    last = math.ceil(math.log(OPENED) / math.log(rest))
    x, powers = _power_weights(POWERS)
    after = edge * np.sqrt(1 - rest * OPENED * x)
    kernels = _ewma_steps(lam, shift, edge * np.sqrt(1 - OPENED * x), after, places)
    kernels *= after[:, None, None] * weights
    count = len(places)
    series = (powers @ kernels.reshape(POWERS, -1)).reshape(POWERS, count, count)
    beside = series.transpose(1, 0, 2).reshape(count, -1)
    decays = rest ** np.arange(POWERS)
    systems = np.eye(count) - decays[:, None, None] * series[0]
    lengths, backward = np.zeros((POWERS, count)), np.zeros((POWERS, count))
    for power in range(POWERS):
        known = beside[:, count : (power + 1) * count] @ backward[POWERS - power :].ravel()
        lengths[power] = np.linalg.solve(systems[power], known if power else np.ones(count))
        backward[POWERS - 1 - power] = decays[power] * lengths[power]
    left = (rest**last / OPENED) ** np.arange(POWERS) @ lengths
    return edge * np.sqrt(1 - rest ** np.arange(1, last + 1)), left


@lru_cache(maxsize=4)
def _power_weights(count: int) -> tuple[Floats, Floats]:
    """Chebyshev's places, and what gives the powers of the polynomial through values there."""
    from numpy.polynomial.chebyshev import cheb2poly

    angles = np.pi * (np.arange(count) + 0.5) / count
    weights = 2 / count * np.cos(np.arange(count)[:, None] * angles)
    weights[0] /= 2
    powers = np.zeros((count, count))
    for degree in range(count):
        powers[: degree + 1, degree] = cheb2poly([0.0] * degree + [1.0])
    return np.cos(angles), powers @ weights


def _ewma_steps(lam: float, shift: float, before: Floats, after: Floats, places: Floats) -> Floats:
    """The density from place to place for several steps at once, given the limits before and after each.

    In control it is that of both sides together, for the positive places.
    """
    start = ((1 - lam) / lam) * before[:, None, None] * places[:, None]
    end = (1 / lam) * after[:, None, None] * places
    if shift != 0:
        return bell(end - start - shift) / lam
    return (bell(end - start) + bell(end + start)) / lam


def ewma_law(lam: float, reach: float, shift: float, *, exact: bool) -> Law:
    """The run length of an ewma that begins at the mean, with limits at ``reach`` of its sigma."""
    edges = reach * math.sqrt(lam / (2 - lam)) * (_widening(lam) if exact else np.ones(1))
    return law_of(_ewma_hazards(lam, edges, shift), least=len(edges) + HEAD)


def _widening(lam: float) -> Floats:
    """How far the exact limits have opened at each point, as a share of their place in the long run."""
    rest = (1 - lam) ** 2
    points = 1 if rest == 0 else max(1, math.ceil(math.log(FORGOTTEN) / math.log(rest)))
    return np.asarray(np.sqrt(1 - rest ** np.arange(1, points + 1)), dtype=np.float64)


def _ewma_kernel(lam: float, shift: float, before: Floats, after: Floats) -> Floats:
    return bell((after[None, :] - (1 - lam) * before[:, None]) / lam - shift) / lam


def _ewma_hazards(lam: float, edges: Floats, shift: float) -> Iterator[float]:
    from scipy.special import ndtr

    places, weights = legendre(nodes_for(2 * edges[-1] / lam))
    before, mass, step = np.zeros(1), np.ones(1), np.zeros((0, 0))
    point = 0
    while True:
        edge = edges[min(point, len(edges) - 1)]
        center = (1 - lam) * before
        beyond = ndtr((-edge - center) / lam - shift) + ndtr(shift - (edge - center) / lam)
        yield float(beyond @ mass)
        after = edge * places
        if point < len(edges) + 1:
            step = _ewma_kernel(lam, shift, before, after) * (edge * weights)
        mass = mass @ step
        total = mass.sum()
        if total <= 0:
            return
        mass, before, point = mass / total, after, point + 1


def cusum_mean(k: float, h: float, shift: float, start: float, *, extra: int = 0) -> float:
    """The average run length of one upper sum that begins at ``start``."""
    places, _, step = _cusum_step(k, h, shift, extra)
    left = np.linalg.solve(np.eye(len(places)) - step, np.ones(len(places)))
    return 1.0 + float(_cusum_from(k, h, shift, np.array([start]), places)[0] @ left)


def cusum_both_mean(k: float, h: float, shift: float, start: float, *, extra: int = 0) -> float:
    """The average run length of both sums together, each beginning at ``start``.

    While one sum signals the other rests at zero, so they renew each other: Lucas and Crosier (1982).
    """
    up, down = (cusum_mean(k, h, side * shift, 0.0, extra=extra) for side in (1, -1))
    if start == 0:
        return 1 / (1 / up + 1 / down)
    up_head, down_head = (cusum_mean(k, h, side * shift, start, extra=extra) for side in (1, -1))
    return (up_head * down + down_head * up - up * down) / (up + down)


def cusum_law(k: float, h: float, shift: float, start: float) -> Law:
    """The run length of one upper sum."""
    return law_of(_cusum_hazards(k, h, shift, start))


def cusum_both_law(k: float, h: float, shift: float, start: float) -> Law:
    """The run length of both sums, from the laws of each by the renewal of ``cusum_both_mean``."""
    singles = [cusum_law(k, h, side * shift, begin) for begin in (0.0, start) for side in (1.0, -1.0)]
    points = 2 * max(len(law.survival) for law in singles) + 64
    up, down, up_head, down_head = (_first_signals(law, points) for law in singles)
    product = np.convolve(up, down)[:points]
    # B: the lower sum signals first; A: the upper one. up_head = A + B up and down_head = B + A down.
    sums = up_head + down_head
    cross = np.convolve(up_head, down)[:points] + np.convolve(down_head, up)[:points]
    under = -product
    under[0] += 1.0
    first = np.convolve(sums - cross, _one_over(under))[:points]
    survival = 1.0 - np.concatenate([[0.0], np.cumsum(first[1:])])
    kept = max(2, int(np.count_nonzero(survival > 1e-9)))
    survival = np.maximum(survival[:kept], 0.0)
    mean = cusum_both_mean(k, h, shift, start)
    rest = mean - float(survival[:-1].sum())
    return Law(survival, float(min(1.0, survival[-1] / rest)) if rest > 0 else 1.0)


def _one_over(series: Floats) -> Floats:
    """The power series that gives 1 when multiplied, by Newton's steps; the series begins with 1."""
    found, known = np.ones(1), 1
    while known < len(series):
        known = min(2 * known, len(series))
        error = -np.convolve(series[:known], found)[:known]
        error[0] += 2.0
        found = np.convolve(found, error)[:known]
    return found


def _first_signals(law: Law, points: int) -> Floats:
    left = np.array([law.beyond(point) for point in range(points)])
    return np.concatenate([[0.0], left[:-1] - left[1:]])


@lru_cache(maxsize=32)
def _cusum_step(k: float, h: float, shift: float, extra: int = 0) -> tuple[Floats, Floats, Floats]:
    """Where a sum can be (zero, then the nodes), the chance to signal from there, and to go elsewhere."""
    from scipy.special import ndtr

    nodes, _ = legendre(nodes_for(h, extra))
    places = np.concatenate([[0.0], 0.5 * h * (nodes + 1)])
    out = ndtr(places - h - k + shift)
    return places, out, _cusum_from(k, h, shift, places, places)


def _cusum_from(k: float, h: float, shift: float, before: Floats, places: Floats) -> Floats:
    from scipy.special import ndtr

    _, weights = legendre(len(places) - 1)
    moved = bell(places[None, 1:] - before[:, None] + (k - shift)) * (0.5 * h * weights)
    return np.column_stack([ndtr(k - shift - before), moved])


def _cusum_hazards(k: float, h: float, shift: float, start: float) -> Iterator[float]:
    from scipy.special import ndtr

    places, out, step = _cusum_step(k, h, shift)
    yield float(ndtr(start - h - k + shift))
    mass = _cusum_from(k, h, shift, np.array([start]), places)[0]
    while True:
        total = mass.sum()
        if total <= 0:
            return
        mass = mass / total
        yield float(out @ mass)
        mass = mass @ step
