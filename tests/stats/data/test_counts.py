from typing import Any

import numpy as np
import pytest

from gemba.stats.data import Counts
from gemba.stats.results import DataError


def test_one_size_serves_all_samples() -> None:
    counts = Counts.of([1, 0, None], n=50, nature="defectives")
    assert counts.sizes.tolist() == [50.0, 50.0, 50.0]
    assert counts.equal_size == 50.0


def test_sizes_may_differ_and_labels_are_kept() -> None:
    counts = Counts.of(
        {"d": [1, 2], "n": [10, 20], "day": ["Mo", "Tu"]}, "d", "n", nature="defectives", label="day"
    )
    assert counts.equal_size is None
    assert counts.labels == ("Mo", "Tu")


def test_defects_without_a_size_are_counted_in_one_unit_each() -> None:
    assert Counts.of([3, 12], nature="defects").sizes.tolist() == [1.0, 1.0]


def test_units_of_inspection_may_be_broken_numbers() -> None:
    assert Counts.of([3], n=1.5, nature="defects").sizes.tolist() == [1.5]


@pytest.mark.parametrize(
    ("counts", "n", "nature", "words"),
    [
        ([1, -1], 5, "defectives", "row 2: the count -1 is negative"),
        ([1, 1.5], 5, "defectives", "row 2: the count 1.5 is not a whole number"),
        ([1, 6], 5, "defectives", "row 2: 6 defective items of 5"),
        ([1, 1], 0, "defectives", "Argument n: the number inspected is 0, which is no number above zero"),
        ([1, 1], -2, "defects", "the number inspected is -2, which"),
        ([1, 1], 5.5, "defectives", "not a whole number of items"),
        ([1, 1], None, "defectives", "need the number inspected"),
        ([1, 1], float("nan"), "defects", "the number inspected is nan, which"),
        ([1, 1], float("inf"), "defects", "the number inspected is inf, which"),
        ([1, 0], [4, 0], "defects", "Column 'n', row 2: the size 0 is not above zero"),
        ([1, 1], [4, -2], "defects", "Column 'n', row 2: the size -2 is not above zero"),
        ([1, 1], [4, None], "defects", "Column 'n', row 2: the size is missing where a count is given"),
        ([None, None], 5, "defectives", "there are no counts"),
        ([1, "x"], 5, "defectives", "row 2: 'x' is not a number"),
    ],
)
def test_impossible_counts_are_refused_in_words(counts: list[Any], n: Any, nature: Any, words: str) -> None:
    frame = {"d": counts, "n": n} if isinstance(n, list) else counts
    names: Any = ("d", "n") if isinstance(n, list) else (None, n)
    with pytest.raises(DataError, match=words):
        Counts.of(frame, *names, nature=nature)


def test_a_missing_count_needs_no_size() -> None:
    counts = Counts.of({"d": [None, 1], "n": [None, 5]}, "d", "n", nature="defectives")
    assert np.isnan(counts.counts[0])
