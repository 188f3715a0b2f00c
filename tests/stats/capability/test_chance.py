"""What chance alone puts beyond the limits takes no stability away, and what is more than chance does."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gemba.stats.capability import capability, count_capability
from gemba.stats.charts.tails import chance_beyond, tail_of


def called_unstable(study: Callable[[np.random.Generator], Any], runs: int) -> int:
    """Of so many seeded series, those that the study calls unstable."""
    return sum(not study(np.random.default_rng(seed)).stable for seed in range(runs))


def series(rng: np.random.Generator, shift: float = 0.0) -> Any:
    values = rng.normal(10, 0.1, 200)
    values[100:] += 0.1 * shift
    return capability(values, lsl=9, usl=11)


def test_of_stable_series_of_200_values_chance_makes_one_in_twenty_unstable() -> None:
    assert called_unstable(series, 60) <= 6  # 38 of them have a point beyond


def test_a_real_shift_in_200_values_is_called_unstable() -> None:
    assert called_unstable(lambda rng: series(rng, 3.0), 20) == 20


def lots(rng: np.random.Generator, bad: float = 0.02) -> Any:
    """200 lots of 100 items, 2 % defective; from the middle on as many as said."""
    return count_capability({"d": rng.binomial(100, np.repeat([0.02, bad], 100))}, value="d", n=100)


def test_of_200_stable_lots_chance_makes_one_in_twenty_unstable() -> None:
    assert called_unstable(lots, 60) <= 8  # 54 of them have a point beyond
    assert any(study.chance for study in map(lots, map(np.random.default_rng, range(5))))


def test_lots_four_times_as_bad_from_the_middle_on_are_called_unstable() -> None:
    assert called_unstable(lambda rng: lots(rng, 0.08), 20) == 20


def defects(rng: np.random.Generator, rate: float = 3.0) -> Any:
    counts = rng.poisson(np.repeat([3.0, rate], 100))
    return count_capability({"d": counts}, value="d", n=2, model="poisson")


def test_defects_are_judged_by_the_law_of_poisson() -> None:
    assert called_unstable(defects, 60) <= 8
    assert called_unstable(lambda rng: defects(rng, 9.0), 20) == 20
    told = next(study for study in map(defects, map(np.random.default_rng, range(9))) if study.chance)
    assert "do not speak against stability" in told.headline()


@pytest.mark.parametrize(("model", "size"), [("binomial", 40.0), ("poisson", 2.5)])
def test_the_chance_beyond_the_limits_of_counts_is_the_sum_over_those_counts(model: Any, size: float) -> None:
    chart = count_capability({"d": [3, 5, 4, 8, 4, 0]}, value="d", n=size, model=model).chart
    panel = chart.panels[0]
    rate = 24 / (6 * size)
    if model == "binomial":
        chances = [math.comb(40, d) * rate**d * (1 - rate) ** (40 - d) for d in range(41)]
    else:
        chances = [math.exp(-rate * size) * (rate * size) ** d / math.factorial(d) for d in range(60)]
    outside = [share for d, share in enumerate(chances) if not panel.lcl[0] <= d / size <= panel.ucl[0]]
    assert chance_beyond(panel, 1.0) == pytest.approx([math.fsum(outside)] * 6, rel=1e-9)
    likely = tail_of(panel, panel.points, 1.0).tolist()
    assert likely[3] == pytest.approx(math.fsum(chances[8:]))
    assert (likely[0], likely[5]) == pytest.approx((math.fsum(chances[:4]), chances[0]))
