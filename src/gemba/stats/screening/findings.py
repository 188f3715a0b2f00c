"""What is wrong with each stream, and which is worst."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from gemba.stats.charts import Panel
from gemba.stats.charts.tails import MORE_OFTEN_THAN_NOT, RARE, chance_beyond, tail_of
from gemba.stats.distributions import normal_sf
from gemba.stats.results import Bools, Floats, Ints
from gemba.stats.screening.measures import NSIGMA, Asked, Measures

FINDINGS: Final = ("empty", "dead", "not capable", "shift", "drift", "not stable")
"""What can be found, the gravest first."""
STUCK: Final = 10
"""A shorter run of equal values is never called a dead sensor."""
ENOUGH: Final = 20
"""Of fewer values no shift and no drift is stated."""
_FREEDOM = 0.6
"""Degrees of freedom of the average moving range, for each value."""


class Indices(NamedTuple):
    """Capability of each stream, NaN where its specification gives none."""

    cp: Floats
    cpk: Floats
    pp: Floats
    ppk: Floats


def indices(measures: Measures, lsl: Floats, usl: Floats) -> Indices:
    """Cp and Cpk from sigma within, Pp and Ppk from sigma overall."""
    found: list[Floats] = []
    for sigma in (measures.within, measures.overall):
        three = np.where(sigma > 0, 3 * sigma, np.nan)
        below, above = (measures.mean - lsl) / three, (usl - measures.mean) / three
        found += [(usl - lsl) / (2 * three), np.fmin(below, above)]
    return Indices(*found)


def stability(measures: Measures, asked: Asked) -> Ints:
    """1 stable, 0 not stable, -1 nothing to judge; what chance explains is stable, as in a capability study.

    Where subgroups lack values, chance is reckoned for full ones.
    """
    quiet = (measures.signals == 0) & (measures.spread_signals == 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        explained = (measures.runs == 0) & (measures.within > 0) & _chance(measures, asked)
    stable: Ints = np.where(quiet | explained, 1, 0)
    return np.where((measures.points < 2) | np.isnan(measures.within), -1, stable)


def _chance(measures: Measures, asked: Asked) -> Bools:
    """Whether chance explains what lies beyond the limits of both panels, as ``explained_by_chance`` says."""
    ones, within = np.ones(len(measures.n)), measures.within
    level = (2 * float(normal_sf(NSIGMA))) * measures.points.astype(np.float64)
    rarest = measures.points * normal_sf(measures.farthest)
    likely = _likely(measures.beyond, level, rarest)
    center, scatter = asked.spread_center * within, asked.spread_sigma * within
    lower, upper = np.maximum(center - NSIGMA * scatter, 0.0), center + NSIGMA * scatter
    panel = Panel(asked.panels[1], measures.widest, center, lower, upper, scatter, asked.size * ones)
    points = (measures.moves if asked.size == 1 else measures.points).astype(np.float64)
    spread = points * chance_beyond(panel, within)
    outer = np.where(measures.widest > upper, tail_of(panel, measures.widest, within), 1.0)
    inner = np.where(measures.narrowest < lower, tail_of(panel, measures.narrowest, within), 1.0)
    rarest = points * np.minimum(outer, inner)
    return likely & _likely(measures.spread_beyond, spread, rarest) & (level + spread >= MORE_OFTEN_THAN_NOT)


def _likely(count: Ints, expected: Floats, rarest: Floats) -> Bools:
    likely: Bools = (count == 0) | ((count <= expected + 3 * np.sqrt(expected)) & (rarest >= RARE))
    return likely


def find(
    measures: Measures, index: Indices, stable: Ints, asked: Asked, *, chance: float, min_cpk: float
) -> dict[str, Bools]:
    """Finding -> which streams have it.

    ``chance`` is shared by all streams: data of processes that never move show a dead sensor, a shift or a
    drift anywhere among them in at most so many of their screenings.
    """
    each = chance / max(len(measures.n), 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        moved = {name: p < each for name, p in _moved(measures, asked).items()}
        larger = np.abs(measures.drift_z) > measures.shift_z
    flat = (measures.lowest == measures.highest) & (measures.n >= 2)
    empty = measures.n < 2
    dead = flat | _stuck(measures, each)
    return {
        "empty": empty,
        "dead": dead & ~empty,
        "not capable": index.ppk < min_cpk,
        "shift": moved["shift"] & ~(moved["drift"] & larger),
        "drift": moved["drift"] & larger,
        "not stable": stable == 0,
    }


def _stuck(measures: Measures, each: float) -> Bools:
    """Whether a run of equal values is longer than the other equal neighbours explain."""
    longest, moves = measures.longest.astype(np.float64), measures.moves.astype(np.float64)
    others = np.maximum(moves - (longest - 1), 1.0)
    share = np.clip((measures.equal - (longest - 1)) / others, 0.0, 1.0)
    share = np.minimum(share + 3 * np.sqrt(share * (1 - share) / others) + 3 / others, 1.0)  # at most
    log_chance = np.log(np.maximum(moves, 1.0)) + (longest - 1) * np.log(share)
    stuck: Bools = (longest >= STUCK) & (log_chance < np.log(each))
    return stuck


def _moved(measures: Measures, asked: Asked) -> dict[str, Floats]:
    """The chance to see such a shift and such a drift in a stream that does not move, at most."""
    from scipy.special import stdtr

    n = measures.n.astype(np.float64)
    share = _FREEDOM if asked.size == 1 else (asked.size - 1) / asked.size
    freedom = np.maximum(share * n, 1.0)
    shift = n * 2 * stdtr(freedom, -np.nan_to_num(measures.shift_z))
    drift = 2 * stdtr(freedom, -np.abs(np.nan_to_num(measures.drift_z)))
    few = n < ENOUGH
    return {"shift": np.where(few, 1.0, shift), "drift": np.where(few, 1.0, drift)}


ORDERS: Final = ("concern", "ppk", "signals", "shift", "drift", "name")
"""By what streams can be ranked."""


def ranked(
    order: str, names: Sequence[str], measures: Measures, index: Indices, found: dict[str, Bools]
) -> Ints:
    """The places of the streams, the worst first; equals stay in the order of the data."""
    signals = _share(measures.signals + measures.spread_signals, measures.points)
    weights = {
        "ppk": np.where(np.isnan(index.ppk), np.inf, index.ppk),
        "signals": -signals,
        "shift": -np.nan_to_num(measures.shift_z),
        "drift": -np.abs(np.nan_to_num(measures.drift_z)),
    }
    if order == "name":
        return np.array(sorted(range(len(names)), key=lambda place: names[place]), dtype=np.int64)
    if order != "concern":
        return np.argsort(weights[order], kind="stable")
    gravity = np.full(len(names), len(FINDINGS))
    weight = weights["ppk"]
    within = {
        "dead": -_share(measures.longest, measures.n),
        "not capable": weights["ppk"],
        "shift": weights["shift"],
        "drift": weights["drift"],
        "not stable": weights["signals"],
    }
    for place in range(len(FINDINGS) - 1, -1, -1):
        name = FINDINGS[place]
        gravity = np.where(found[name], place, gravity)
        weight = np.where(found[name], within.get(name, np.zeros(len(names))), weight)
    return np.lexsort((weight, gravity))


def _share(counts: Ints, of: Ints) -> Floats:
    shares: Floats = counts / np.maximum(of, 1)
    return shares
