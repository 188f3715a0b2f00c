"""Simulated fixes and non-fixes: how often does the verdict err?

A non-fix changes nothing; it may be called effective in a share ``alpha`` at most. A fix reaches the
target; it may be called not effective in a share ``1 - power`` at most, and with the window planned it
must be called effective about as often as planned. The bounds are those within which a share that errs
exactly at its rate stays with a chance of 1 - 1e-6.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from gemba.stats.inference import EffectivenessPlan, Observed, effectiveness, effectiveness_plan
from gemba.stats.inference.tails import binomial_cdf

ALPHA, POWER = 0.05, 0.8
RNG = np.random.Generator
Trial = tuple[EffectivenessPlan, Observed]


def measured(rng: RNG, n: float, mean: float, sd: float) -> Observed:
    values = rng.normal(mean, sd, int(n))
    return Observed(n=n, mean=float(values.mean()), sd=float(values.std(ddof=1)))


def counted(rng: RNG, n: float, level: float, *, items: bool) -> Observed:
    return Observed(n=n, count=int(rng.binomial(int(n), level) if items else rng.poisson(n * level)))


MEANS = effectiveness_plan("mean", Observed(n=50, mean=10.0, sd=1.0), target=9.4)
SHIFTS = effectiveness_plan("shift", 11.0, target=10.0, margin=0.5, sd=1.0)
SCATTER = effectiveness_plan("sd", Observed(n=60, mean=0.0, sd=1.0), target=0.6)


def of_means(rng: RNG, fixed: bool, share: float) -> Trial:
    """The window is planned from the truth; the baseline that the test sees is drawn anew each time."""
    plan = replace(MEANS, baseline=measured(rng, 50, 10.0, 1.0))
    return plan, measured(rng, round(share * plan.n), 9.4 if fixed else 10.0, 1.0)


def of_shifts(rng: RNG, fixed: bool, share: float) -> Trial:
    return SHIFTS, measured(rng, round(share * SHIFTS.n), 10.0 if fixed else 10.5, 1.0)


def of_scatter(rng: RNG, fixed: bool, share: float) -> Trial:
    plan = replace(SCATTER, baseline=measured(rng, 60, 0.0, 1.0))
    return plan, measured(rng, round(share * plan.n), 0.0, 0.6 if fixed else 1.0)


def of_known(metric: str, items: bool) -> Callable[[RNG, bool, float], Trial]:
    plan = effectiveness_plan(metric, 0.05, target=0.02)  # type: ignore[arg-type]

    def trial(rng: RNG, fixed: bool, share: float) -> Trial:
        return plan, counted(rng, round(share * plan.n), 0.02 if fixed else 0.05, items=items)

    return trial


def of_counts(metric: str, items: bool) -> Callable[[RNG, bool, float], Trial]:
    def trial(rng: RNG, fixed: bool, share: float) -> Trial:
        base = counted(rng, 1500, 0.06, items=items)
        plan = effectiveness_plan(metric, base, target=0.02)  # type: ignore[arg-type]
        return plan, counted(rng, round(share * plan.n), 0.02 if fixed else 0.06, items=items)

    return trial


PLANTS = {
    "means": of_means,
    "shifts": of_shifts,
    "scatter": of_scatter,
    "known fraction": of_known("fraction", items=True),
    "known rate": of_known("rate", items=False),
    "fractions": of_counts("fraction", items=True),
    "rates": of_counts("rate", items=False),
}


@pytest.fixture
def runs(request: pytest.FixtureRequest) -> int:
    return 2000 if request.config.getoption("--full") else 100


@cache
def judged(plant: str, *, fixed: bool, share: float, runs: int) -> Counter[str]:
    rng = np.random.default_rng([len(plant), int(fixed), round(100 * share)])
    trials: Iterator[Trial] = (PLANTS[plant](rng, fixed, share) for _ in range(runs))
    return Counter(effectiveness(plan, after).verdict for plan, after in trials)


def most(rate: float, runs: int) -> int:
    """The count that a share erring at this very rate exceeds once in a million times."""
    return next(k for k in range(runs + 1) if 1 - binomial_cdf(k, runs, rate) < 1e-6)


@pytest.mark.parametrize("share", [0.4, 1.0, 2.0])
@pytest.mark.parametrize("plant", PLANTS)
def test_what_changed_nothing_is_seldom_called_effective(
    plant: str, share: float, runs: int, show: Callable[[str], None]
) -> None:
    found = judged(plant, fixed=False, share=share, runs=runs)
    assert found["effective"] <= most(ALPHA, runs)
    show(f"{plant}, {share:g} of the window: {found['effective']} of {runs} non-fixes called effective")


@pytest.mark.parametrize("share", [0.4, 1.0, 2.0])
@pytest.mark.parametrize("plant", PLANTS)
def test_what_reached_its_target_is_seldom_called_not_effective(
    plant: str, share: float, runs: int, show: Callable[[str], None]
) -> None:
    found = judged(plant, fixed=True, share=share, runs=runs)
    assert found["not effective"] <= most(1 - POWER, runs)
    if share >= 1.0:
        assert runs - found["effective"] <= most(1 - POWER, runs)
    show(f"{plant}, {share:g} of the window: {found['not effective']} of {runs} fixes called not effective")


@pytest.mark.parametrize("plant", PLANTS)
def test_too_little_data_for_the_power_planned_is_said(plant: str, runs: int) -> None:
    found = judged(plant, fixed=True, share=0.4, runs=runs)
    assert found["not yet shown"] > found["not effective"]


def test_the_bound_of_a_count_is_passed_once_in_a_million_times() -> None:
    bound = most(0.05, 2000)
    assert 100 + 4.7 * 95**0.5 < bound < 100 + 5.3 * 95**0.5
    assert most(0.0, 50) == 0
