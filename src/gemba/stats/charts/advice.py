"""Which cautions a chart carries."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from gemba.stats.charts.cautions import Caution
from gemba.stats.charts.chart import Stage
from gemba.stats.charts.intake import Intake
from gemba.stats.charts.kinds import kind_named
from gemba.stats.charts.limits import Limits

ENOUGH_POINTS = 20
LARGEST_FOR_RANGES = 8
LEAST_EXPECTED = 5.0


def find_cautions(intake: Intake, stages: Sequence[Stage], *, estimated: bool) -> tuple[Caution, ...]:
    """What a reader should know about the data, and about limits that were estimated from them."""
    found = [*_about_data(intake, stages[0].limits.kind)]
    for stage in stages if estimated else ():
        found += _about_limits(stage.limits)
    return tuple({(caution.code, *caution.values.items()): caution for caution in found}.values())


def _about_data(intake: Intake, kind: str) -> Iterator[Caution]:
    if intake.missing:
        yield Caution("missing", {"count": intake.missing})
    if kind in ("xbar-r", "xbar-s"):
        empty = int(np.count_nonzero(intake.sizes == 0))
        single = int(np.count_nonzero(intake.sizes == 1))
        if empty:
            yield Caution("empty", {"count": empty})
        if single:
            yield Caution("single", {"count": single})
    if kind == "xbar-r" and intake.sizes.max() > LARGEST_FOR_RANGES:
        yield Caution("large_subgroups", {"size": int(intake.sizes.max())})


def _about_limits(limits: Limits) -> Iterator[Caution]:
    if "mean" not in limits.historical and limits.points < ENOUGH_POINTS:
        yield Caution("few", {"points": limits.points})
    if limits.sigma == 0:
        yield Caution("constant", {"panel": kind_named(limits.kind).panels[0]})
    elif kind_named(limits.kind).layout in ("defectives", "defects") and limits.points:
        good = 1 - limits.mean if kind_named(limits.kind).layout == "defectives" else math.inf
        expected = limits.values / limits.points * min(limits.mean, good)
        if expected < LEAST_EXPECTED:
            yield Caution("rare", {"expected": expected})
