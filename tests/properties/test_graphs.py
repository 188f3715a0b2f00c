from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gemba.stats.graphs import box_plot, histogram, pareto, run_chart
from twins.graphs import (
    check_runs_about,
    check_runs_up_and_down,
    count_between,
    count_runs,
    quartile,
    rank_categories,
    split_by_fences,
)

labels = st.lists(st.one_of(st.none(), st.sampled_from("abcdefghijklmnop")), min_size=1, max_size=80)
numbers = st.lists(st.integers(-40, 40).map(lambda i: i / 8), min_size=1, max_size=60)
gentle = settings(deadline=None, max_examples=80)


@gentle
@given(labels)
def test_pareto_ranks_as_its_twin_does(found: list[str | None]) -> None:
    assume(any(label is not None for label in found))
    result = pareto({"c": found}, category="c")
    twin = rank_categories(found)
    assert list(result.names) == [name for name, *_ in twin]
    assert result.counts.tolist() == [count for _, count, *_ in twin]
    assert result.shares == pytest.approx([float(share) for *_, share, _ in twin])
    assert result.cumulative == pytest.approx([float(share) for *_, share in twin])
    vital = next(i for i, (*_, share) in enumerate(twin, 1) if share >= Fraction(4, 5))
    assert result.vital == vital


@gentle
@given(labels)
def test_pareto_does_not_depend_on_the_order_of_rows(found: list[str | None]) -> None:
    assume(any(label is not None for label in found))
    shuffled = sorted(found, key=lambda label: (label is None, label or ""))
    assert pareto({"c": found}, category="c") == pareto({"c": shuffled}, category="c")


@gentle
@given(labels)
def test_counting_rows_and_weighing_their_counts_are_one(found: list[str | None]) -> None:
    assume(any(label is not None for label in found))
    counted = pareto({"c": found}, category="c")
    weighed = pareto({"c": counted.names, "w": counted.counts.tolist()}, category="c", weight="w")
    assert weighed.names == counted.names
    assert weighed.shares.tolist() == counted.shares.tolist()


@gentle
@given(labels, st.integers(1, 6))
def test_the_shown_table_adds_up_with_its_others(found: list[str | None], top: int) -> None:
    assume(any(label is not None for label in found))
    result = pareto({"c": found}, category="c", top=top)
    table = result.tables()[0].to_dict()
    assert sum(int(count or 0) for count in table["count"]) == result.counts.sum()
    assert table["cumulative"][-1] == pytest.approx(100.0)
    assert len(table["count"]) <= top + 1


@gentle
@given(numbers, st.sampled_from(["freedman-diaconis", "sturges", 1, 5, 12]))
def test_every_value_lies_in_the_bin_its_twin_says(values: list[float], bins: int | str) -> None:
    result = histogram(values, bins=bins)
    assert result.counts.tolist() == count_between(values, result.edges.tolist())
    assert result.counts.sum() == len(values)
    assert (np.diff(result.edges) > 0).all()


@gentle
@given(numbers)
def test_no_reading_lies_on_a_border_that_a_rule_chose(values: list[float]) -> None:
    result = histogram(values)
    if result.resolution:
        distance = np.abs(result.edges[:, None] - np.array(values)[None, :]).min()
        assert distance >= result.resolution * 0.499


@gentle
@given(numbers, st.integers(-3, 3))
def test_a_shifted_sample_has_the_same_histogram(values: list[float], shift: int) -> None:
    here, there = histogram(values), histogram([value + shift for value in values])
    assume(here.minimum < here.maximum)
    assert here.counts.tolist() == there.counts.tolist()
    assert there.mean == pytest.approx(here.mean + shift, abs=1e-12)


@gentle
@given(numbers)
def test_runs_are_those_of_the_twin(values: list[float]) -> None:
    result = run_chart(values)
    above = [value > result.median for value in values]
    assert (result.about_median.runs, result.about_median.longest) == count_runs(above)
    if math.isnan(result.about_median.few):
        assert len(set(above)) == 1 or len(values) < 3
    else:
        runs, expected, few = check_runs_about(values, result.median)
        assert result.about_median.runs == runs
        assert result.about_median.expected == pytest.approx(expected)
        assert result.about_median.few == pytest.approx(few, abs=1e-12)
        assert result.about_median.few + result.about_median.many == pytest.approx(1.0)


@gentle
@given(numbers)
def test_runs_up_and_down_are_those_of_the_twin(values: list[float]) -> None:
    test = run_chart(values).up_and_down
    if not math.isnan(test.few):
        runs, expected, few = check_runs_up_and_down(values)
        assert test.runs == runs
        assert test.expected == pytest.approx(expected)
        assert test.few == pytest.approx(few, abs=1e-12)


@gentle
@given(numbers, st.integers(-5, 5))
def test_runs_do_not_depend_on_unit_and_origin(values: list[float], origin: int) -> None:
    here = run_chart(values)
    there = run_chart([-value for value in values]).up_and_down
    assert there == here.up_and_down
    doubled = run_chart([2 * value + origin for value in values])
    assert (doubled.about_median, doubled.up_and_down) == (here.about_median, here.up_and_down)


@gentle
@given(numbers)
def test_a_missing_value_changes_no_test(values: list[float]) -> None:
    gaps: list[float | None] = [None, *values, None]
    here, there = run_chart(values), run_chart(gaps)
    assert (here.about_median, here.up_and_down) == (there.about_median, there.up_and_down)


@gentle
@given(numbers)
def test_boxes_are_those_of_the_twin(values: list[float]) -> None:
    box = box_plot(values).boxes[0]
    low, high, apart = split_by_fences(values)
    assert (box.q1, box.median, box.q3) == pytest.approx(
        [quartile(values, Fraction(i, 4)) for i in (1, 2, 3)]
    )
    assert (box.low_whisker, box.high_whisker) == (low, high)
    assert box.outliers.tolist() == apart
    assert [values[row - 1] for row in box.rows.tolist()] == apart


@gentle
@given(numbers, st.integers(2, 4))
def test_a_group_is_drawn_as_if_it_were_alone(values: list[float], groups: int) -> None:
    names = [f"g{i % groups}" for i in range(len(values))]
    result = box_plot({"y": values, "g": names}, value="y", by="g")
    for box in result.boxes:
        alone = box_plot([v for v, n in zip(values, names, strict=True) if n == box.name]).boxes[0]
        assert (box.q1, box.median, box.q3, box.mean) == (alone.q1, alone.median, alone.q3, alone.mean)
        assert box.outliers.tolist() == alone.outliers.tolist()
