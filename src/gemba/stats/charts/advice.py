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
    if kind_named(kind).layout == "subgroups":
        if not intake.same_size:
            yield from _about_small_sizes(intake)
        largest = int(intake.sizes[0] if intake.same_size else intake.sizes.max())
        if "r" in kind_named(kind).panels and largest > LARGEST_FOR_RANGES:
            yield Caution("large_subgroups", {"size": largest})


def _about_small_sizes(intake: Intake) -> Iterator[Caution]:
    for size, code in ((0, "empty"), (1, "single")):
        count = int(np.count_nonzero(intake.sizes == size))
        if count:
            yield Caution(code, {"count": count})


def _about_limits(limits: Limits) -> Iterator[Caution]:
    if "mean" not in limits.historical and limits.points < ENOUGH_POINTS:
        yield Caution("few", {"count": limits.points})
    kind = kind_named(limits.kind)
    counts = kind.counted
    if limits.sigma == 0:
        yield (
            Caution("extreme", {"mean": limits.mean})
            if counts
            else Caution("constant", {"panel": kind.panels[0]})
        )
    elif counts and limits.points and kind.layout != "gaps":
        good = 1 - limits.mean if kind.layout == "defectives" else math.inf
        expected = limits.values / limits.points * min(limits.mean, good)
        if expected < LEAST_EXPECTED:
            yield Caution("rare", {"expected": expected})
