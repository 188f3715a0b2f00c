from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from gemba.stats.graphs import box_plot, histogram, pareto, run_chart
from gemba.stats.results import DataError, Result, UnknownName, restore

DEFECTS = ["scratch"] * 5 + ["dent"] * 3 + [None] + ["stain"] * 2


def results() -> list[Result]:
    frame = {"y": [1.0, 2.0, None, 4.0, 3.0, 30.0], "g": ["a", "b", "a", None, "a", "b"]}
    return [
        pareto({"d": DEFECTS}, category="d"),
        pareto({"d": ["a", "b", "c", "d"], "w": [4.5, 3.0, None, 1.0]}, category="d", weight="w", top=1),
        histogram(frame, value="y", lsl=0.5, usl=20, target=3),
        histogram([5.0]),
        run_chart(frame, value="y"),
        run_chart([1.0]),
        box_plot(frame, value="y", by="g"),
        box_plot([1.0, 2.0]),
    ]


@pytest.mark.parametrize("result", results(), ids=lambda r: f"{r.NAME}-{r.headline()[:20]}")
def test_a_result_survives_storage_and_speaks(result: Result) -> None:
    stored = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert restore(stored) == result
    assert result.summary().startswith(result.headline())
    assert result.explain()
    assert result.to_frame()


@pytest.mark.parametrize("result", results(), ids=lambda r: f"{r.NAME}-{r.headline()[:20]}")
def test_every_text_of_a_result_is_translated(result: Result) -> None:
    assert "⟦" in result.headline("pseudo")
    assert result.explain("pseudo").startswith("⟦")
    figure = result.plot(language="pseudo")
    assert figure.title.startswith("⟦")
    assert figure.alt.startswith("⟦")
    for table in result.tables("pseudo"):
        assert table.title.startswith("⟦")


def test_a_missing_category_is_left_out_and_said() -> None:
    result = pareto({"d": DEFECTS}, category="d")
    assert result.without_category == 1
    assert result.names == ("scratch", "dent", "stain")
    assert "1 row without a category is left out." in result.summary()
    assert "1 row without a category is left out." in result.plot().alt


def test_a_missing_weight_is_left_out_and_said() -> None:
    result = pareto({"d": ["a", "b"], "w": [1.0, None]}, category="d", weight="w")
    assert result.names == ("a",)
    assert "1 row without a weight is left out." in result.explain()


def test_the_others_stand_last_even_when_they_are_the_heaviest() -> None:
    names = [f"k{i:02d}" for i in range(40)]
    table = pareto({"d": ["big", "big", *names]}, category="d", top=2).tables()[0].to_dict()
    assert table["category"] == ["big", "k00", "Others (39)"]
    assert table["count"] == [2, 1, 39]


def test_a_single_category_is_not_folded() -> None:
    assert pareto({"d": ["a", "a", "b", "c"]}, category="d", top=2).top == 3


def test_whole_numbers_stored_as_floats_name_categories_without_a_point() -> None:
    assert pareto({"d": [3.0, 3.0, math.nan, 7.0]}, category="d").names == ("3", "7")


@pytest.mark.parametrize(
    ("frame", "arguments", "words"),
    [
        ({"d": [None, None]}, {}, "there are no categories"),
        ({"d": []}, {}, "there are no categories"),
        ({"d": ["a", "b"], "w": [1, -2]}, {"weight": "w"}, "row 2: the weight -2 is negative"),
        ({"d": ["a", "b"], "w": [0, 0]}, {"weight": "w"}, "all weights are zero"),
        ({"d": ["a", "b"], "w": ["1", "x"]}, {"weight": "w"}, "is not a number"),
        ({"d": ["a"]}, {"top": 0}, "0 categories cannot be shown"),
    ],
)
def test_pareto_refuses_with_a_place_and_a_mend(frame: Any, arguments: Any, words: str) -> None:
    with pytest.raises(DataError, match=words):
        pareto(frame, category="d", **arguments)


def test_an_unknown_column_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'defect'"):
        pareto({"defect": ["a"]}, category="defects")


def test_freedman_diaconis_gives_way_when_half_the_values_are_equal() -> None:
    result = histogram([5.0] * 20 + [1.0, 9.0])
    assert result.rule == "sturges"
    assert "Sturges" in result.explain()


def test_a_far_value_does_not_make_a_million_bins() -> None:
    values = np.append(np.random.default_rng(1).normal(0, 1, 1000), 1e9)
    assert len(histogram(values).counts) <= 201


def test_bins_of_rounded_readings_hold_equally_many_possible_readings() -> None:
    values = np.round(np.random.default_rng(2).normal(74, 0.01, 400), 3)
    result = histogram(values)
    widths = np.diff(result.edges) / 0.001
    assert widths == pytest.approx(np.full(len(widths), round(widths[0])))


def test_constant_values_have_one_bin_and_no_curve() -> None:
    result = histogram([7.5] * 9)
    assert result.counts.tolist() == [9]
    assert not result.curve
    assert "All values are 7.5 (n = 9)" in result.headline()


def test_a_value_on_a_limit_is_not_outside() -> None:
    result = histogram([1.0, 2.0, 3.0], lsl=1.0, usl=2.9)
    assert (result.below, result.above) == (0, 1)


@pytest.mark.parametrize("function", [histogram, run_chart, box_plot])
@pytest.mark.parametrize("values", [[], [None, None]])
def test_no_value_is_refused(function: Any, values: list[None]) -> None:
    with pytest.raises(DataError, match="there are no values"):
        function(values)


@pytest.mark.parametrize("function", [histogram, run_chart, box_plot])
def test_text_in_a_number_column_is_refused_with_its_row(function: Any) -> None:
    with pytest.raises(DataError, match="Column 'y', row 2: 'x' is not a number"):
        function({"y": [1.0, "x"]}, value="y")


def test_the_number_of_bins_must_be_positive_and_a_rule_known() -> None:
    with pytest.raises(DataError, match="0 bins"):
        histogram([1, 2], bins=0)
    with pytest.raises(UnknownName, match="Did you mean 'sturges'"):
        histogram([1, 2], bins="sturgess")


def test_a_steady_rise_is_clustering_and_trend() -> None:
    chart = run_chart(range(1, 21))
    assert chart.patterns == ("clustering", "trends")
    assert chart.about_median.longest == 10


def test_a_zigzag_is_mixture_and_oscillation() -> None:
    assert run_chart([1, 9] * 10).patterns == ("mixtures", "oscillation")


@pytest.mark.parametrize("values", [[5.0], [5.0] * 8])
def test_one_point_and_constant_data_have_no_test(values: list[float]) -> None:
    chart = run_chart(values)
    assert all(math.isnan(p) for p in chart.p_values.values())
    assert chart.patterns == ()
    assert chart.headline() == "Too few different values to test their order."


def test_a_significance_level_is_a_probability() -> None:
    with pytest.raises(DataError, match="no significance level"):
        run_chart([1, 2, 3], alpha=5)


def test_values_without_a_group_are_left_out_and_said() -> None:
    result = box_plot({"y": [1.0, 2.0, None, 4.0], "g": ["a", None, "a", "b"]}, value="y", by="g")
    assert (result.missing, result.without_group) == (1, 1)
    assert [box.n for box in result.boxes] == [1, 1]
    assert "1 value without a group is left out." in result.summary()


def test_no_group_at_all_is_refused() -> None:
    with pytest.raises(DataError, match="no value has a group"):
        box_plot({"y": [1.0], "g": [None]}, value="y", by="g")


def test_the_type_of_quartile_is_stated_and_kept() -> None:
    values = [1.0, 2.0, 3.0, 4.0]
    assert box_plot(values).boxes[0].q1 == 1.25
    assert box_plot(values, quartiles=7).boxes[0].q1 == 1.75
    assert "type 7" in box_plot(values, quartiles=7).explain()
