"""The mask on paper and the sums in a table say the same."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba import stats as gs
from gemba.stats.charts import judge, known_limits
from gemba.stats.results import DataError, restore

numbers = st.integers(-300, 300).map(lambda n: n / 100)
rows = st.lists(st.one_of(numbers, numbers, numbers, st.none()), min_size=3, max_size=40).filter(
    lambda row: sum(v is not None for v in row) > 1
)


def on_paper(row: Any, k: float, h: float) -> tuple[list[int], list[int]]:
    """Lay the mask over every point, and look at every sum before it, one by one."""
    known = [(number, value) for number, value in enumerate(row, 1) if value is not None]
    sums = [0.0]
    for _, value in known:
        sums.append(sums[-1] + value)
    up, down = [], []
    for place in range(1, len(sums)):
        apart = [(sums[place] - sums[back], h + k * (place - back)) for back in range(place)]
        up += [known[place - 1][0]] if any(rise > reach for rise, reach in apart) else []
        down += [known[place - 1][0]] if any(-rise > reach for rise, reach in apart) else []
    return up, down


@settings(deadline=None, max_examples=60)
@given(rows, st.sampled_from([0.313, 0.5017]), st.sampled_from([2.0403, 4.0091]))
def test_the_mask_signals_where_the_table_does_and_where_one_sees_it_on_paper(
    row: Any, k: float, h: float
) -> None:
    mask = gs.v_mask(row, mean=0.0, sigma=1.0, k=k, h=h)
    assert (mask.upward.tolist(), mask.downward.tolist()) == on_paper(row, k, h)
    chart = judge(known_limits("cusum", mean=0.0, sigma=1.0, k=k, h=h), row)
    assert mask.upward.tolist() == chart.panel("upper").beyond.tolist()
    assert mask.downward.tolist() == chart.panel("lower").beyond.tolist()


def test_the_mask_of_subgroups_is_in_sigma_of_their_means() -> None:
    means = np.array([[0.1, -0.1, 0, 0], [1.0, 1.2, 0.8, 1.0], [1.0, 1.0, 1.1, 0.9], [1.2, 0.8, 1.0, 1.0]])
    mask = gs.v_mask(means, mean=0.0, sigma=1.0, h=4.0)
    np.testing.assert_allclose(mask.sums, [0.0, 2.0, 4.0, 6.0], atol=1e-12)
    assert (mask.upward.tolist(), mask.began, mask.at) == ([4], 2, 4)
    assert (mask.lead, round(mask.angle, 4)) == (8.0, 26.5651)
    low, high = mask.arms()
    assert low == pytest.approx([0.5, 1.0, 1.5, 2.0])
    assert high[-1] == 10.0
    assert "a shift up since point 2" in mask.headline()


def test_a_mask_is_stored_drawn_and_told() -> None:
    values = [0.0, None, -2.0, -2.5, -2.2, -1.9, 0.0]
    mask = gs.v_mask(values, mean=0.0, sigma=1.0)
    assert restore(mask.to_dict()) == mask
    assert "a shift down since point 3" in mask.headline()
    assert mask.to_frame()["signal"][-1] == "down"
    assert mask.plot().alt.startswith("V-mask of value. At point 7")
    calm = gs.v_mask(values, mean=0.0, sigma=1.0, at=3)
    assert calm.headline().startswith("At point 3 every sum lies inside")
    assert math.isnan(calm.arms()[0][-1])
    assert "It signals at no point" in gs.v_mask([0.0, 0.1], mean=0.0, sigma=1.0).headline()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"at": 2}, "no value at point 2 to lay the mask over"),
        ({"at": 9}, "from 1 to 4"),
        ({"k": 0}, "Argument k"),
        ({"h": -1}, "Argument h"),
        ({"sigma": None, "mean": None, "value": "c"}, "sigma is zero"),
    ],
)
def test_what_cannot_be_is_refused(options: Any, words: str) -> None:
    frame = {"y": [1.0, None, 2.0, 3.0], "c": [1.0, 1.0, 1.0, 1.0]}
    asked: dict[str, Any] = {"value": "y", "mean": 0.0, "sigma": 1.0} | options
    with pytest.raises(DataError, match=words):
        gs.v_mask(frame, **asked)


def test_anhoejs_rules_have_their_published_limits() -> None:
    """Anhøj and Olesen, PLOS ONE 9(11), 2014: of 24 points a run above 8, or fewer than 8 crossings."""
    draw = np.random.default_rng(6).normal(size=24)
    chart = gs.run_chart(draw)
    assert (chart.anhoej.useful, chart.anhoej.longest_most, chart.anhoej.crossings_least) == (24, 8, 8)
    assert chart.anhoej.longest == chart.about_median.longest
    assert chart.anhoej.crossings == chart.about_median.runs - 1
    assert not chart.anhoej.signal
    shifted = gs.run_chart(np.concatenate([np.arange(12.0), 20 + np.arange(12.0)]))
    assert (shifted.anhoej.longest, shifted.anhoej.crossings, shifted.anhoej.signal) == (12, 1, True)
    assert "Anhøj" in shifted.summary()
    ties = gs.run_chart([1.0, 2.0, 2.0, 3.0, 2.0, 1.0, 3.0])
    assert (ties.anhoej.useful, ties.anhoej.crossings) == (4, 3)
    same = gs.run_chart([1.0, 1.0, 1.0])
    assert (same.anhoej.useful, same.anhoej.signal) == (0, False)
