"""z-mr: single values of several parts, each on the scale of its own part."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gemba.stats.charts.kind import (
    Band,
    Basis,
    Course,
    Estimate,
    Kind,
    Lines,
    Memory,
    Onward,
    Parameters,
    Part,
    Setting,
    Single,
    Words,
)
from gemba.stats.charts.kinds.individuals import bands_of_values, moves_of
from gemba.stats.charts.means import known_of, mean_of
from gemba.stats.constants import d2
from gemba.stats.data.runs import Runs
from gemba.stats.results import N_, Bools, DataError, Floats, UnknownName, sealed

WORDS = Words(
    title=N_("Z-MR chart"),
    purpose=N_("Is a process stable that makes one part after the other, each with a sigma of its own?"),
    needs=N_(
        "Single measurements in time order with the name of their part; runs of two and more, so that sigma "
        "shows within them"
    ),
    instead=(
        N_("difference when all parts have one sigma and a nominal"),
        N_("i-mr when one part runs long enough for a chart of its own"),
    ),
    formulas=(
        N_("z = (x - mean of the part) / sigma of the part; pooling of sigma: {pooling}"),
        N_("Standardised values: 0 ± {nsigma:g}"),
        N_("Moving ranges of z, also from one part to the next: d2(2) ± {nsigma:g} d3(2), not below zero"),
    ),
    source=N_(
        "Wheeler, Short Run SPC, 1991; Farnum, Journal of Quality Technology 24(3), 1992, 138-144; "
        "Griffith, Statistical Process Control Methods for Long and Short Runs, 2nd ed., 1996"
    ),
)
POOLINGS = ("parts", "constant", "relative", "runs")
DESIGN = (Setting("pooling", "parts", N_("way of pooling sigma"), choices=POOLINGS),)
METHOD = "average moving range of runs"


def statistic(runs: Runs) -> tuple[Floats, Any, Any]:
    """The values, the name of the part of each, and that of its run."""
    return runs.values, runs.parts, runs.run_names


def single(point: tuple[Any, float | None], carried: float) -> Single:
    """One value, given as (part, value)."""
    part, value = point
    return Single(1.0, (math.nan if value is None else float(value), str(part)), carried)


def spread(basis: Basis) -> Estimate:
    """Mean of each part; sigma from moving ranges within runs, pooled as the design says."""
    runs, pooling = basis.data, basis.design["pooling"]
    values = runs.values if basis.used is None else np.where(basis.used, runs.values, np.nan)
    values = _shown(values, pooling, runs.name)
    moves = np.array(moves_of(values))
    moves[runs.starts] = np.nan
    keys = runs.run_names if pooling == "runs" else runs.parts
    known = ~np.isnan(values)
    parts: dict[str, Part] = {}
    common = mean_of(known_of(moves)) / d2(2)
    for key in dict.fromkeys(keys[known].tolist()):
        here = keys == key
        part = runs.parts[here][0]
        mean = mean_of(known_of(values[runs.parts == part]))
        own = mean_of(known_of(moves[here])) / d2(2) if pooling in ("parts", "runs") else common
        if not own > 0:
            raise _no_sigma(key, pooling)
        parts[key] = Part(mean, own)
    count = int(np.count_nonzero(known))
    return Estimate(0.0, 1.0, count, float(count), 1.0, 1.0, parts=parts)


def _no_sigma(key: str, pooling: str) -> DataError:
    return DataError(
        N_("{value} shows no sigma: no two of its values in a row differ"),
        mend=N_("Give more of its values, or use pooling='constant'")
        if pooling in ("parts", "runs")
        else N_("Give runs of two and more values of one part"),
        argument="part",
        value=key,
    )


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band, Band]:
    """Zero and one are mean and sigma of every part on its own scale."""
    return bands_of_values(parameters, sizes)


def along(
    parameters: Parameters, measured: tuple[Any, ...], sizes: Floats, learned: Bools | None
) -> tuple[tuple[Floats, Floats], tuple[Band, Band]]:
    """Every value on the scale of its part, and the moving ranges of z."""
    values, parts, runs = measured
    pooling = parameters.design["pooling"]
    if pooling == "runs" and learned is None:
        raise _by_runs()
    z = np.full(len(values), np.nan)
    shown = _shown(values, pooling, "value")
    keys = runs if pooling == "runs" else parts
    for key in dict.fromkeys(keys[~np.isnan(values)].tolist()):
        here = keys == key
        part = _part(parameters, key)
        z[here] = (shown[here] - part.mean) / part.sigma
    return (sealed(z), moves_of(z)), limits(parameters, np.asarray(sizes))


def onward(parameters: Parameters, memory: Memory, size: float, measured: tuple[Any, ...]) -> Onward:
    """The next z and its moving range; the memory is the z before."""
    value, name = measured
    pooling = parameters.design["pooling"]
    if pooling == "runs":
        raise _by_runs()
    z = math.nan
    if not math.isnan(value):
        part = _part(parameters, name)
        shown = float(_shown(np.array([value]), pooling, "value")[0])
        z = (shown - part.mean) / part.sigma
    (before,) = memory or (math.nan,)
    bands = limits(parameters, np.array([size]))
    lines = tuple(Lines(*(float(line[0]) for line in band)) for band in bands)
    return Onward((z, abs(z - before)), lines, (z,))


def _part(parameters: Parameters, name: str) -> Part:
    if name not in parameters.parts:
        raise UnknownName(name, parameters.parts, what=N_("part with limits"), argument="part")
    return parameters.parts[name]


def _by_runs() -> DataError:
    return DataError(
        N_("limits by runs hold for the runs they were learned from, and for no new ones"),
        mend=N_("Learn them with pooling='parts' or 'constant'"),
        argument="limits",
    )


def _shown(values: Floats, pooling: str, name: str) -> Floats:
    """The values on the scale on which the parts are compared: logarithms where sigma grows with size."""
    if pooling != "relative":
        return values
    with np.errstate(invalid="ignore"):
        low = np.flatnonzero(values <= 0)
    if low.size:
        raise DataError(
            N_("{value} has no logarithm, which pooling relative to size needs"),
            mend=N_("Use pooling='parts' or 'constant', or correct the value"),
            column=name,
            row=int(low[0]) + 1,
            value=float(values[low[0]]),
        )
    logs: Floats = np.log(values)
    return logs


Z_MR = Kind(
    name="z-mr",
    panels=("z", "mr"),
    layout="runs",
    words=WORDS,
    methods=(METHOD,),
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    course=Course(along, onward),
    design=DESIGN,
)
