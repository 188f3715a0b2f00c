"""Which row a value came from, for every layout, and what is borrowed."""

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from gemba.stats.data import Subgroups, get_labels
from gemba.stats.results import DataError

WIDE = np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan], [7.0, 8.0, 9.0]])


@pytest.mark.parametrize(
    "made",
    [
        Subgroups.of(WIDE),
        Subgroups.of({str(i): WIDE[:, i] for i in range(3)}, ["0", "1", "2"]),
        Subgroups.of([[None if np.isnan(v) else v for v in row] for row in WIDE.tolist()]),
    ],
)
def test_wide_rows_are_the_rows_of_the_table(made: Subgroups) -> None:
    assert made.value_rows.tolist() == [1, 1, 3, 3, 3]
    assert made.first_rows.tolist() == [1, 2, 3]
    assert made.sizes.tolist() == [2, 0, 3]
    assert made.missing == 4


def test_wide_data_without_gaps_know_their_rows_too() -> None:
    made = Subgroups.of(np.arange(6).reshape(3, 2))
    assert made.value_rows.tolist() == [1, 1, 2, 2, 3, 3]
    assert made.first_rows.tolist() == [1, 2, 3]


def test_long_rows_survive_joining_and_missing_values() -> None:
    frame = {"v": [1.0, None, 3.0, 4.0, None, 6.0], "g": ["a", "b", "a", "b", "c", "a"]}
    made = Subgroups.of(frame, "v", "g", returning="join")
    assert made.labels == ("a", "b", "c")
    assert made.values.tolist() == [1.0, 3.0, 6.0, 4.0]
    assert made.value_rows.tolist() == [1, 3, 6, 4]
    assert made.first_rows.tolist() == [1, 2, 5]


def test_a_part_is_what_the_same_rows_alone_would_be() -> None:
    frame = {"v": [1.0, 2.0, None, 4.0, 5.0, 6.0, 7.0], "g": [1, 1, 2, 2, 3, 4, 4]}
    part = Subgroups.of(frame, "v", "g").part(1, 3)
    assert (part.values.tolist(), part.sizes.tolist(), part.labels) == ([4.0, 5.0], [1, 1], (2, 3))
    assert (part.value_rows.tolist(), part.first_rows.tolist()) == ([4, 5], [3, 5])


def test_an_infinite_value_in_a_matrix_is_named_by_its_row() -> None:
    matrix = np.arange(12.0).reshape(4, 3)
    matrix[2, 0] = np.inf
    with pytest.raises(DataError, match="row 3: inf is infinite"):
        Subgroups.of(matrix)


def test_borrowing_looks_into_the_callers_memory_and_cannot_write_to_it() -> None:
    mine = np.arange(4.0)
    made = Subgroups.of(mine, size=2, borrow=True)
    assert np.shares_memory(made.values, mine)
    assert not made.values.flags.writeable
    mine[0] = 9.0
    assert mine[0] == 9.0


def test_sums_that_overflow_hide_no_infinity_and_invent_none() -> None:
    assert Subgroups.of([1.5e308, 1.5e308, 1.0], size=3).sizes.tolist() == [3]
    with pytest.raises(DataError, match="row 2"):
        Subgroups.of([np.nan, np.inf, -np.inf], size=3)


@pytest.mark.parametrize(
    "frame",
    [
        {"g": np.array([7, 7, 8])},
        {"g": [7, 7, 8]},
        pd.DataFrame({"g": [7, 7, 8]}),
        pl.DataFrame({"g": [7, 7, 8]}),
        pa.table({"g": [7, 7, 8]}),
    ],
)
def test_whole_numbers_stay_whole_as_labels(frame: Any) -> None:
    labels = get_labels(frame, "g", argument="label")
    assert [(type(label), label) for label in labels] == [(int, 7), (int, 7), (int, 8)]


@pytest.mark.parametrize("ids", [np.array(["a", "a", ""]), ["a", "a", ""], np.array([1.0, 1.0, np.nan])])
def test_a_missing_id_is_refused_with_its_row(ids: Any) -> None:
    with pytest.raises(DataError, match="row 3: the subgroup is missing"):
        Subgroups.of({"v": [1, 2, 3], "g": ids}, "v", "g")
