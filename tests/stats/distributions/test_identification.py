import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba import stats as gs
from gemba.stats.distributions import FAMILIES, fitting
from gemba.stats.distributions.families import LARGEST, LOGISTIC, NORMAL, SMALLEST
from gemba.stats.results import DataError, UnknownName
from twins import fits as twin

SAMPLES = {
    "skew": np.random.default_rng(1).weibull(1.6, 60) * 5 + 0.5,
    "flat": np.random.default_rng(2).gamma(9.0, 0.3, 45),
    "few": np.array([3.1, 5.2, 1.4, 0.7, 2.2, 9.8, 1.9, 4.0]),
}


def of(family: str, sample: str) -> Any:
    """A sample that the family can have."""
    values = SAMPLES[sample]
    return values / 20 if family == "beta" else values


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("family", twin.DENSITIES)
def test_no_small_change_of_a_parameter_is_more_likely(family: str, sample: str) -> None:
    values = of(family, sample)
    one = gs.identify_distribution(values, distributions=[family, "normal"])[family]
    if one.fit is None:  # a threshold without a likeliest place
        assert "does not converge" in one.problem
        assert FAMILIES[family].threshold or (family, sample) == ("normal-mixture", "few")
        return
    density, at, n = twin.DENSITIES[family], one.fit.parameters, len(values)
    if family == "lognormal-3":
        at |= {"scale": at["scale"] * math.sqrt((n - 1) / n)}
    reached = twin.likelihood(values.tolist(), density, at)
    assert one.loglik == pytest.approx(reached, rel=1e-10)
    for name in at:
        for change in (-1e-4, 1e-4):
            near = at | {name: at[name] + change * max(abs(at[name]), 0.1)}
            assert twin.likelihood(values.tolist(), density, near) < reached + 1e-9


@pytest.mark.parametrize("family", FAMILIES)
def test_the_distance_is_that_of_the_definition(family: str) -> None:
    one = gs.identify_distribution(of(family, "flat"), distributions=[family]).best
    assert one.fit is not None
    below = one.fit.cdf(np.sort(of(family, "flat"))).tolist()
    assert one.a_squared == pytest.approx(twin.a_squared(below), rel=1e-8)


@pytest.mark.parametrize("family", FAMILIES)
def test_quantiles_undo_shares_in_both_tails(family: str) -> None:
    fit = gs.identify_distribution(of(family, "flat"), distributions=[family]).best.fit
    assert fit is not None
    shares = np.array([1e-6, 0.00135, 0.5, 0.99865])
    np.testing.assert_allclose(fit.cdf(fit.quantile(shares)), shares, rtol=1e-8)
    np.testing.assert_allclose(fit.sf(fit.quantile(shares)), 1 - shares, rtol=1e-8)


@pytest.mark.parametrize(
    ("name", "adjust", "table"),
    [
        ("smallest", lambda n: 1 + 0.2 / math.sqrt(n), {0.25: 0.474, 0.1: 0.637, 0.05: 0.757}),
        ("largest", lambda n: 1 + 0.2 / math.sqrt(n), {0.25: 0.474, 0.1: 0.637, 0.05: 0.757}),
        ("logistic", lambda n: 1 + 0.25 / n, {0.25: 0.426, 0.1: 0.563, 0.05: 0.660}),
    ],
)
def test_the_simulated_chances_are_those_of_the_printed_tables(name: str, adjust: Any, table: Any) -> None:
    """D'Agostino and Stephens (1986), tables 4.17 and 4.22."""
    n = 60
    family = next(f for f in FAMILIES.values() if f.shape in (SMALLEST, LARGEST, LOGISTIC) and name in f.name)
    fit = gs.identify_distribution(SAMPLES["flat"], distributions=[family.name]).best.fit
    assert fit is not None
    for chance, adjusted in table.items():
        found = fitting.chance_of(adjusted / adjust(n), n, family, fit)
        assert found == pytest.approx(chance, abs=4 * math.sqrt(chance / 1999))


def test_the_simulated_chances_of_an_exponential_are_those_of_the_printed_table() -> None:
    """D'Agostino and Stephens (1986), table 4.11."""
    family = FAMILIES["exponential"]
    fit = gs.identify_distribution(SAMPLES["few"], distributions=["exponential"]).best.fit
    assert fit is not None
    for chance, adjusted in {0.1: 1.062, 0.05: 1.321}.items():
        found = fitting.chance_of(adjusted / (1 + 0.6 / 60), 60, family, fit)
        assert found == pytest.approx(chance, abs=4 * math.sqrt(chance / 1999))


def test_a_normal_has_the_p_of_the_test_of_normality() -> None:
    found = gs.identify_distribution(SAMPLES["skew"])
    assert found["normal"].p == gs.anderson_darling(SAMPLES["skew"]).p
    assert found["lognormal"].p == gs.anderson_darling(np.log(SAMPLES["skew"])).p
    assert [one.aic for one in found.fits] == sorted(one.aic for one in found.fits)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.integers(1, 999), min_size=5, max_size=40).filter(lambda row: len(set(row)) > 2),
    st.sampled_from(["normal", "logistic", "smallest-extreme", "weibull", "loglogistic", "gamma"]),
    st.sampled_from([0.01, 1.0, 50.0]),
)
def test_scale_moves_the_quantiles_and_leaves_the_distance(row: Any, family: str, scale: float) -> None:
    fits = [
        gs.identify_distribution(values, distributions=[family]).best
        for values in (row, [scale * value for value in reversed(row)])
    ]
    assert fits[1].a_squared == pytest.approx(fits[0].a_squared, rel=1e-6, abs=1e-8)
    before, after = (one.fit.quantile([0.1, 0.5, 0.9]) for one in fits if one.fit is not None)
    np.testing.assert_allclose(after, scale * before, rtol=1e-6)


def test_values_below_zero_leave_the_families_that_can_have_them() -> None:
    found = gs.identify_distribution(np.random.default_rng(0).normal(0, 1, 40))
    without = {one.family for one in found.fits if one.fit is None}
    assert {"weibull", "lognormal", "gamma", "exponential", "loglogistic"} <= without
    assert found.best.fit is not None
    assert "needs values above zero" in found.summary()
    assert gs.restore(found.to_dict()) == found


@pytest.mark.parametrize(
    ("values", "names", "words"),
    [
        ([1.0, 2.0, 3.0, 4.0], (), "too few values"),
        ([2.0] * 9, (), "all values are equal"),
        ([1.0, 2.0, 3.0, 4.0, math.inf], (), "infinite"),
        ([-1.0, 2.0, 3.0, 4.0, 5.0], ("weibull",), "needs values above zero, and the smallest is -1"),
        ([0.1, 0.2, 0.3, 1.0, 0.5], ("beta",), "needs values between zero and one, not 1"),
        ([0.1, 0.2, -0.3, 1.0, 0.5], ("folded-normal",), "needs values from zero on, not -0.3"),
        ([3.1, 5.2, 1.4, 0.7, 2.2, 9.8, 1.9, 4.0], ("normal-mixture",), "does not converge"),
        ([1.0, 2.0, 3.0, 4.0, 5.0], ("weibul",), "Did you mean 'weibull'"),
    ],
)
def test_what_cannot_be_fitted_is_refused(values: Any, names: Any, words: str) -> None:
    with pytest.raises((DataError, UnknownName), match=words):
        gs.identify_distribution(values, distributions=names)


def test_mixed_processes_fit_nothing_and_it_is_said() -> None:
    chance = np.random.default_rng(4)
    mixed = np.concatenate([chance.normal(10, 1, 80), chance.normal(30, 1, 80)])
    found = gs.identify_distribution(mixed, distributions=["normal", "weibull", "logistic"])
    assert "several processes are mixed" in found.headline()
    assert "Which distribution" in found.plot().alt


def test_the_shapes_are_distributions() -> None:
    z = np.linspace(-12, 12, 200_001)
    for shape in (NORMAL, SMALLEST, LARGEST, LOGISTIC):
        with np.errstate(over="ignore"):
            density = np.exp(shape.log_density(z))
        middle = np.abs(z) < 3
        slope = np.gradient(shape.cdf(np.clip(z, -12, 6.0)), z)
        np.testing.assert_allclose(density[middle], slope[middle], atol=1e-6)


@pytest.mark.parametrize("family", ["beta", "folded-normal", "normal-mixture"])
def test_a_family_that_physics_must_speak_for_is_found_again_and_named_to_be_tried(family: str) -> None:
    chance = np.random.default_rng(11)
    true = {"beta": (2.0, 6.0), "folded-normal": (0.8, 1.0), "normal-mixture": (0.6, 0.0, 1.0, 5.0, 0.7)}[
        family
    ]
    special = FAMILIES[family].special
    assert special is not None
    values = special.draw(chance, true, (1, 300))[0]
    found = gs.identify_distribution(values, distributions=["normal", family])
    assert found.best.family == family
    assert found.best.fit is not None
    assert found.best.p is not None
    assert found.best.p > 0.05
    for number, wanted in zip(found.best.fit.numbers, true, strict=True):
        assert number == pytest.approx(wanted, rel=0.25, abs=0.2)
    assert gs.restore(found.to_dict()) == found
    assert family not in {one.family for one in gs.identify_distribution(values).fits}


@pytest.mark.parametrize("family", ["beta", "folded-normal", "normal-mixture"])
def test_rows_fitted_together_are_fitted_as_each_alone(family: str) -> None:
    special = FAMILIES[family].special
    assert special is not None
    true = {"beta": (2.0, 6.0), "folded-normal": (0.8, 1.0), "normal-mixture": (0.5, 0.0, 1.0, 8.0, 1.0)}[
        family
    ]
    rows = special.draw(np.random.default_rng(12), true, (4, 80))
    together = special.fit(rows, true)
    for place, row in enumerate(rows):
        alone = special.fit(row[None, :], None)
        for one, other in zip(together, alone, strict=True):
            assert one[place] == pytest.approx(other[0], rel=1e-5, abs=1e-5)
