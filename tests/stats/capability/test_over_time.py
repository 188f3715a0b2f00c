"""Which time-dependent model, by which tests, and which index follows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats as peer

from gemba import stats as gs
from gemba.stats.capability.over_time import MODELS
from gemba.stats.results import DataError, UnknownName, restore

K, N = 40, 5
PLACES = np.linspace(0.0, 1.0, K)[:, None]


def made(model: str, seed: int) -> np.ndarray:
    """Data that behave in time as a model says."""
    chance = np.random.default_rng(seed)
    calm = chance.normal(10.0, 0.1, (K, N))
    return {
        "A1": lambda: calm,
        "A2": lambda: chance.exponential(1.0, (K, N)) + 5.0,
        "B": lambda: 10.0 + (0.05 + 0.45 * PLACES) * chance.normal(size=(K, N)),
        "C1": lambda: calm + chance.normal(0.0, 0.2, (K, 1)),
        "C2": lambda: calm + chance.exponential(0.6, (K, 1)),
        "C3": lambda: calm + PLACES,
        "C4": lambda: calm + 1.5 * PLACES + chance.normal(0.0, 0.2, (K, 1)),
        "D": lambda: 8.0 * PLACES + (0.05 + 0.45 * PLACES) * chance.normal(size=(K, N)),
    }[model]()


@pytest.mark.parametrize("model", MODELS)
def test_data_made_by_a_model_are_found_to_follow_it(model: str) -> None:
    asked: dict[str, Any] = {"lsl": -50, "usl": 90, "distribution": "normal"}
    found = [gs.capability_over_time(made(model, seed), **asked).model for seed in range(8)]
    assert found.count(model) >= 6, found


def test_the_tests_are_those_of_the_literature() -> None:
    groups = made("C1", 3)
    tests = gs.capability_over_time(groups, lsl=0, usl=20).tests
    location = peer.f_oneway(*groups)
    assert (tests[0].statistic, tests[0].p) == pytest.approx((location.statistic, location.pvalue))
    kept = [np.sort(np.abs(g - np.median(g)))[1:] for g in groups]
    spread = peer.f_oneway(*kept)
    assert (tests[1].statistic, tests[1].p) == pytest.approx((spread.statistic, spread.pvalue))
    line = peer.linregress(np.arange(K), groups.mean(axis=1))
    assert tests[3].p == pytest.approx(line.pvalue)


CALLED = {"A1": ("Cp", "Cpk"), "C3": ("Pp", "Ppk"), "B": ("Pp", "Ppk")}


@pytest.mark.parametrize(("model", "names"), CALLED.items())
def test_the_index_is_called_capability_only_in_control(model: str, names: tuple[str, str]) -> None:
    found = gs.capability_over_time(made(model, 1), lsl=5, usl=15)
    assert found.index_names == names
    assert (found.capable is None) is (names[0] == "Pp")


def test_normal_models_take_the_normal_distribution_of_all_values() -> None:
    values = made("C1", 2)
    found = gs.capability_over_time(values, lsl=9, usl=11)
    plain = gs.capability(values.ravel(), lsl=9, usl=11)
    assert found.study.ppk == pytest.approx(plain.ppk)
    assert found.indices == {"Pp": found.study.pp, "Ppk": found.study.ppk}


def test_a_stated_model_is_taken_whatever_the_data_say() -> None:
    found = gs.capability_over_time(made("A1", 1), lsl=9, usl=11, model="D", distribution="gamma")
    assert (found.model, found.given, found.study.distribution) == ("D", True, "gamma")
    assert "as stated" in str(found.tables()[2].rows)


def test_the_verdict_is_the_lower_bound() -> None:
    values = made("A1", 5)
    assert gs.capability_over_time(values, lsl=9, usl=11).capable is True
    near = gs.capability_over_time(values, lsl=9.6, usl=10.4)
    assert near.capable is False
    assert near.headline().startswith("value: not shown to be capable. Model A1")


def test_shift_and_scale_change_no_model_and_no_index() -> None:
    for model in ("A2", "C4", "D"):
        values = made(model, 1)
        plain = gs.capability_over_time(values, lsl=-20, usl=40, distribution="normal")
        limits: dict[str, Any] = {"lsl": 25.4 * -20 + 7, "usl": 25.4 * 40 + 7}
        other = gs.capability_over_time(25.4 * values + 7, **limits, distribution="normal")
        assert plain.model == other.model
        assert plain.study.ppk == pytest.approx(other.study.ppk)


def test_pairs_cannot_be_asked_about_their_spread() -> None:
    spread = gs.capability_over_time(made("A1", 1)[:, :2], lsl=9, usl=11).tests[1]
    assert (spread.statistic, spread.p, spread.found) == (None, None, False)


def test_an_exact_line_is_a_systematic_move() -> None:
    steps = np.arange(20)[:, None] + np.array([-0.2, 0.05, 0.15, -0.1, 0.1])
    assert gs.capability_over_time(steps, lsl=-10, usl=30).model == "C3"


def test_it_is_stored_explained_and_shown() -> None:
    found = gs.capability_over_time(made("C1", 1), lsl=9, usl=11)
    assert restore(found.to_dict()) == found
    assert "Hines" in found.explain()
    assert len(found.tables()[1].rows) == len(found.tests)
    assert "So this is performance" in found.plot().alt
    assert found.headline("pseudo").startswith("⟦")


def test_what_cannot_be_answered_is_refused() -> None:
    with pytest.raises(DataError, match="at least 10"):
        gs.capability_over_time(made("A1", 1)[:6], lsl=9, usl=11)
    with pytest.raises(UnknownName, match="C1"):
        gs.capability_over_time(made("A1", 1), lsl=9, usl=11, model="C5")


def test_a_distribution_that_the_data_contradict_is_said() -> None:
    said = gs.capability_over_time(made("A2", 1), lsl=0, usl=20, model="A1").headline()
    assert "The data contradict this distribution" in said
    assert "contradict" not in gs.capability_over_time(made("A1", 1), lsl=5, usl=15).headline()
