"""How often an interval holds the true index: simulated with a fixed seed, within the simulation's error."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from gemba.stats.capability.indices import compute_cpm, compute_indices
from gemba.stats.capability.intervals import Interval, bissell_interval, boyles_interval, chi_square_interval
from gemba.stats.capability.within import estimate_within
from gemba.stats.data import Subgroups, Tolerance
from gemba.stats.results import Floats

RUNS, GROUPS, SIZE = 2000, 25, 5
LIMITS = Tolerance(lsl=-4.0, usl=5.0, target=0.5)
ERROR = 4 * math.sqrt(0.9 * 0.1 / RUNS)
"""Four standard errors of a share of 90 %: 2.7 %."""
TAILS = (0.05, 0.05)


def held(intervals: Sequence[Interval], truth: float) -> float:
    return sum(each.lower <= truth <= each.upper for each in intervals) / len(intervals)


@pytest.fixture(scope="module")
def samples() -> list[Floats]:
    return [*np.random.default_rng(2024).normal(0.0, 1.0, (RUNS, GROUPS, SIZE))]


@pytest.mark.parametrize("method", ["pooled", "Rbar", "Sbar", "average moving range"])
def test_cp_is_held_as_often_as_promised(samples: list[Floats], method: str) -> None:
    found = []
    for sample in samples:
        size = 1 if "moving" in method else SIZE
        sigma, within = estimate_within(Subgroups.of(sample.ravel(), size=size), method)
        index = compute_indices(0.0, within.chi_sigma(sigma), LIMITS).both
        assert index is not None
        found.append(chi_square_interval(index, within.df, TAILS))
    assert held(found, 1.5) == pytest.approx(0.9, abs=ERROR)


def test_pp_ppk_and_cpm_are_held_as_often_as_promised(samples: list[Floats]) -> None:
    n = GROUPS * SIZE
    pp: list[Interval] = []
    ppk: list[Interval] = []
    cpm: list[Interval] = []
    for sample in samples:
        mean, sigma = float(sample.mean()), float(sample.std(ddof=1))
        indices, around = compute_indices(mean, sigma, LIMITS), compute_cpm(mean, sigma, LIMITS)
        assert indices.both is not None
        assert indices.worst is not None
        assert around is not None
        pp.append(chi_square_interval(indices.both, n - 1, TAILS))
        ppk.append(bissell_interval(indices.worst, n, n - 1, TAILS))
        cpm.append(boyles_interval(around, n, (mean - 0.5) / sigma, TAILS))
    assert held(pp, 1.5) == pytest.approx(0.9, abs=ERROR)
    assert held(ppk, 4 / 3) == pytest.approx(0.9, abs=ERROR)
    assert held(cpm, 1.5 / math.sqrt(1.25)) == pytest.approx(0.9, abs=ERROR)


def test_a_lower_bound_of_ppk_lies_below_it_as_often_as_promised(samples: list[Floats]) -> None:
    n = GROUPS * SIZE
    found = []
    for sample in samples:
        worst = compute_indices(float(sample.mean()), float(sample.std(ddof=1)), LIMITS).worst
        assert worst is not None
        found.append(bissell_interval(worst, n, n - 1, (0.1, 0.0)))
    assert held(found, 4 / 3) == pytest.approx(0.9, abs=ERROR)


@pytest.mark.parametrize(
    ("method", "size"),
    [("Rbar", 5), ("Sbar", 5), ("pooled", 5), ("average moving range", 1), ("median moving range", 1),
     ("sqrt(MSSD)", 1)],
)  # fmt: skip
def test_degrees_of_freedom_describe_how_sigma_scatters(
    samples: list[Floats], method: str, size: int
) -> None:
    estimates = [estimate_within(Subgroups.of(sample.ravel(), size=size), method) for sample in samples]
    sigmas = np.array([sigma for sigma, _ in estimates])
    df = estimates[0][1].df
    assert sigmas.mean() == pytest.approx(1.0, abs=0.01)
    assert sigmas.var() == pytest.approx(1 / (2 * df) + 1 / (8 * df**2), rel=0.13)
