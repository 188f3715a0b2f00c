import json
import math
from itertools import pairwise

import pandas as pd
import polars as pl
import pytest

from gemba.stats.distributions import Description, anderson_darling, describe
from gemba.stats.results import DataError, UnknownName, restore
from twins import description as twin

WEIGHTS = [148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236]


def test_a_description_holds_every_figure() -> None:
    found = describe({"w": WEIGHTS}, "w")
    assert (found.n, found.missing, found.minimum, found.maximum) == (11, 0, 148.0, 236.0)
    assert found.mean == pytest.approx(twin.mean(WEIGHTS))
    assert found.sd == pytest.approx(twin.standard_deviation(WEIGHTS))
    assert found.se == pytest.approx(found.sd / math.sqrt(11))
    assert [found.q1, found.median, found.q3] == [158.0, 162.0, 182.0]
    assert found.skewness == pytest.approx(twin.sample_skewness(WEIGHTS))
    assert found.kurtosis == pytest.approx(twin.sample_kurtosis(WEIGHTS))
    assert found.autocorrelation == pytest.approx(twin.lag_one(WEIGHTS))


def test_quartiles_follow_the_chosen_type() -> None:
    assert describe([1, 2, 3, 4]).q1 == 1.25
    assert describe([1, 2, 3, 4], quantile_kind=7).q1 == 1.75


def test_a_description_draws_its_histogram() -> None:
    figure = describe({"weight": [*WEIGHTS, None]}, "weight").plot()
    assert "weight" in figure.alt
    assert figure.to_svg().startswith("<svg")


def test_one_value_and_equal_values_have_answers() -> None:
    one = describe([5.0, None])
    assert (one.n, one.missing, one.mean, one.median) == (1, 1, 5.0, 5.0)
    assert all(math.isnan(x) for x in (one.sd, one.se, one.skewness, one.kurtosis, one.autocorrelation))
    assert one.headline() == "value: one value, 5. 1 missing."
    equal = describe([5.0] * 4)
    assert (equal.sd, equal.q1, equal.q3) == (0.0, 5.0, 5.0)
    assert math.isnan(equal.skewness)
    assert "all equal to 5" in equal.headline()


@pytest.mark.parametrize("values", [[], [None, math.nan]])
def test_no_value_is_refused(values: list[float | None]) -> None:
    with pytest.raises(DataError, match="there are no values"):
        describe({"x": values}, "x")


def test_a_column_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'diameter'"):
        describe({"diameter": [1.0]}, "diametre")


def test_frames_come_back_as_the_callers_kind() -> None:
    assert isinstance(describe(pd.DataFrame({"x": [1.0, 2.0]}), "x").to_frame(), pd.DataFrame)
    assert isinstance(describe(pl.DataFrame({"x": [1.0, 2.0]}), "x").to_frame(), pl.DataFrame)


@pytest.mark.parametrize("result", [describe(WEIGHTS), describe([5.0]), anderson_darling(WEIGHTS)])
def test_results_survive_json_and_speak_every_language(result: Description) -> None:
    assert restore(json.loads(result.to_json())) == result
    assert "⟦" in result.headline("pseudo")
    assert result.explain("pseudo").startswith("⟦")
    for column in result.tables("pseudo")[0].columns:
        assert column.label.startswith("⟦")


def test_anderson_darling_agrees_with_its_definition() -> None:
    test = anderson_darling(WEIGHTS)
    assert test.statistic == pytest.approx(twin.a_squared(WEIGHTS), rel=1e-12)
    assert test.adjusted == pytest.approx(test.statistic * (1 + 0.75 / 11 + 2.25 / 121))
    assert test.p == pytest.approx(0.0104540240051478, rel=1e-9)  # nortest 1.0.4
    assert "contradict a normal distribution" in test.headline()


def test_anderson_darling_covers_every_range_of_p() -> None:
    from statistics import NormalDist

    ideal = [NormalDist().inv_cdf((i - 0.5) / 40) for i in range(1, 41)]
    p = [anderson_darling([math.exp(k * x) for x in ideal]).p or 0.0 for k in (0.01, 0.3, 0.4, 0.5, 1.0, 5.0)]
    assert p[0] > 0.99
    assert all(earlier > later for earlier, later in pairwise(p))
    assert 0 < p[-1] < 1e-15


def test_a_wild_value_cannot_bring_p_back_up() -> None:
    far = anderson_darling([0.0] * 99 + [1e9, -1e9, 1e9])
    assert far.p is not None
    assert far.p < 1e-22


def test_few_values_get_a_statistic_and_no_p() -> None:
    test = anderson_darling([1.0, 2.0, 4.0])
    assert test.p is None
    assert test.statistic > 0
    assert "too few to judge normality" in test.headline()
    assert restore(json.loads(test.to_json())) == test


def test_equal_values_have_no_distribution_to_test() -> None:
    with pytest.raises(DataError, match="all values are equal"):
        anderson_darling({"x": [3.0] * 10}, "x")
