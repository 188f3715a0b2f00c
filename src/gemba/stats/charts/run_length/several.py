"""Run lengths of mewma: where the average of several variables is, along the shift and beside it.

In control only the distance from the mean counts. Out of control the average is followed along the shift,
where its steps are normal, and beside it, where they are those of a distance with one dimension less.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from gemba.stats.charts.run_length.law import Law, law_of
from gemba.stats.charts.run_length.recursive import bell, legendre
from gemba.stats.results import Floats

ALONG, BESIDE, ALONE = 32, 14, 48


def mewma_law(width: int, lam: float, h: float, shift: float) -> Law:
    """The run length of a mewma of so many variables, its limits as in the long run."""
    start, step = _in_control(width, lam, h) if shift == 0 else _shifted(width, lam, h, shift)
    return law_of(hazards_of(start, step))


def mewma_mean(width: int, lam: float, h: float, shift: float, *, extra: int = 0) -> float:
    """The average run length alone."""
    if shift == 0:
        start, step = _in_control(width, lam, h, extra)
    else:
        start, step = _shifted(width, lam, h, shift, extra)
    left = np.linalg.solve(np.eye(len(start)) - step, np.ones(len(start)))
    return 1.0 + float(start @ left)


def hazards_of(start: Floats, step: Floats) -> Iterator[float]:
    """The chance of a signal at each point of a chart that has not signalled yet."""
    mass = start
    yield 1.0 - float(mass.sum())
    while True:
        total = float(mass.sum())
        if total <= 0:
            return
        mass = (mass / total) @ step
        yield 1.0 - float(mass.sum())


def distance_density(to: Floats, away: Floats, dimensions: int) -> Floats:
    """The density of the length of a normal vector whose mean has the length ``away``.

    Examples
    --------
    >>> float(distance_density(np.array([1.0]), np.array([0.0]), 2)[0].round(6))
    0.606531
    """
    from scipy.special import gammaln, ive

    half = dimensions / 2
    near = np.maximum(away, 1e-9)
    product = near * to
    scaled = ive(half - 1, product) * np.exp(-0.5 * (to - near) ** 2)
    found = to**half * near ** (1 - half) * scaled
    central = np.exp((dimensions - 1) * np.log(to) - 0.5 * to**2 - (half - 1) * math.log(2) - gammaln(half))
    return np.asarray(np.where(product < 1e-6, central, found), dtype=np.float64)


def _in_control(width: int, lam: float, h: float, extra: int = 0) -> tuple[Floats, Floats]:
    edge = math.sqrt(h * lam / (2 - lam)) / lam  # in sigma of a step
    nodes, weights = legendre(ALONE + extra)
    places, masses = 0.5 * edge * (nodes + 1), 0.5 * edge * weights
    start = distance_density(places, np.zeros(1), width) * masses
    return start, distance_density(places[None, :], (1 - lam) * places[:, None], width) * masses


@lru_cache(maxsize=8)
def _shifted(width: int, lam: float, h: float, shift: float, extra: int = 0) -> tuple[Floats, Floats]:
    edge = math.sqrt(h * lam / (2 - lam)) / lam
    turns, weights = legendre(ALONG + extra)
    angle = 0.5 * math.pi * turns
    along = edge * np.sin(angle)
    along_mass = 0.5 * math.pi * edge * np.cos(angle) * weights
    rounds, round_weights = legendre(BESIDE + extra)
    half = 0.5 * edge * np.cos(angle)  # half the room beside each place along
    beside = half[:, None] * (rounds + 1)
    beside_mass = half[:, None] * round_weights
    masses = (along_mass[:, None] * beside_mass).ravel()
    one = np.repeat(along, len(rounds))
    two = beside.ravel()
    start = bell(one - shift) * distance_density(two, np.zeros(1), width - 1) * masses
    forward = bell(along[None, :] - (1 - lam) * along[:, None] - shift)
    forward = np.repeat(np.repeat(forward, len(rounds), axis=0), len(rounds), axis=1)
    sideways = distance_density(two[None, :], (1 - lam) * two[:, None], width - 1)
    return start, forward * sideways * masses
