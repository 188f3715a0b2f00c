"""First-pass yield of each step, and the rolled yield of all."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binomtest, chi2, norm

from gemba import stats as gs
from gemba.stats.results import DataError, restore

LINE = {"step": ["press", "weld", "paint"], "units": [500, 490, 480], "bad": [5, 24, 12], "ways": [4, 10, 2]}


def found(**more: object) -> gs.ThroughputYield:
    asked: dict[str, object] = {"units": "units", "defects": "bad", "step": "step", **more}
    return gs.throughput_yield(LINE, **asked)  # type: ignore[arg-type]


def test_defects_pass_by_poisson_with_the_interval_of_garwood() -> None:
    weld = found(opportunities="ways").steps[1]
    assert weld.name == "weld"
    assert (weld.dpu, weld.dpmo) == pytest.approx((24 / 490, 1e6 * 24 / 4900))
    assert weld.passed == pytest.approx(math.exp(-24 / 490))
    assert weld.interval.upper == pytest.approx(math.exp(-chi2.ppf(0.025, 48) / 2 / 490))
    assert weld.interval.lower == pytest.approx(math.exp(-chi2.ppf(0.975, 50) / 2 / 490))
    assert weld.z == pytest.approx(norm.isf(24 / 4900))


def test_defective_units_pass_by_binomial_with_the_interval_of_clopper_and_pearson() -> None:
    weld = found(defects=None, defective="bad").steps[1]
    exact = binomtest(24, 490).proportion_ci(0.95, method="exact")
    assert weld.passed == pytest.approx(1 - 24 / 490)
    assert (weld.interval.lower, weld.interval.upper) == pytest.approx((1 - exact.high, 1 - exact.low))


def test_the_rolled_yield_is_the_product_of_all_steps() -> None:
    line = found()
    assert line.rolled == pytest.approx(math.exp(-(5 / 500 + 24 / 490 + 12 / 480)))
    assert line.normalised**3 == pytest.approx(line.rolled)
    assert line.worst.name == "weld"
    assert line.headline().startswith("91.95 % of all units pass every step the first time")


def test_the_interval_of_the_rolled_yield_holds_as_often_as_promised() -> None:
    chance, truth = np.random.default_rng(5), math.exp(-(0.02 + 0.06))
    held = 0
    for a, b in zip(chance.poisson(12, 400).tolist(), chance.poisson(30, 400).tolist(), strict=True):
        line = gs.throughput_yield({"u": [600, 500], "d": [a, b]}, units="u", defects="d")
        held += line.interval.lower <= truth <= line.interval.upper
    assert 0.92 <= held / 400 <= 0.98


def test_a_shift_is_added_only_when_asked_and_said() -> None:
    plain, shifted = found(), found(z_shift=1.5)
    assert shifted.steps[0].z == pytest.approx(plain.steps[0].z + 1.5)
    assert shifted.tables()[0].notes == ("Z contains a shift of 1.5.",)


def test_a_step_that_nothing_passes_and_a_step_without_fault() -> None:
    line = gs.throughput_yield({"u": [10, 20], "d": [10, 0]}, units="u", defective="d")
    assert (line.rolled, line.steps[0].passed, line.steps[1].passed) == (0.0, 0.0, 1.0)
    assert line.interval.lower == 0.0
    assert line.tables()[0].rows[1][-1] is None  # no finite Z


def test_it_is_stored_and_told() -> None:
    line = found()
    assert restore(line.to_dict()) == line
    assert len(line.tables()[0].rows) == 5
    assert "Garwood" in line.explain()
    assert line.headline("pseudo").startswith("⟦")


def test_what_cannot_be_answered_is_refused() -> None:
    with pytest.raises(DataError, match="one of the two"):
        found(defective="bad")
    with pytest.raises(DataError, match="opportunit"):
        found(opportunities=0)
    with pytest.raises(DataError, match="impossible"):
        gs.throughput_yield({"u": [10], "d": [11]}, units="u", defective="d")
