from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from gemba.stats.data import backend_of, column_names, get_labels, get_numbers
from gemba.stats.results import DataError, UnknownName

FRAMES = {
    "dict": {"x": [1.0, None, 3.0], "g": ["a", "b", None]},
    "pandas": pd.DataFrame({"x": [1.0, None, 3.0], "g": ["a", "b", None]}),
    "polars": pl.DataFrame({"x": [1.0, None, 3.0], "g": ["a", "b", None]}),
    "pyarrow": pa.table({"x": [1.0, None, 3.0], "g": ["a", "b", None]}),
}


@pytest.mark.parametrize("backend", FRAMES)
def test_every_kind_of_frame_gives_the_same_columns(backend: str) -> None:
    frame = FRAMES[backend]
    np.testing.assert_array_equal(get_numbers(frame, "x", argument="value"), [1.0, np.nan, 3.0])
    assert get_labels(frame, "g", argument="label") == ("a", "b", None)
    assert column_names(frame) == ["x", "g"]
    assert backend_of(frame) == backend


@pytest.mark.parametrize(
    "bare",
    [
        [1, 2, None],
        (1.0, 2.0, np.nan),
        np.array([1.0, 2.0, np.nan]),
        pd.Series([1.0, 2.0, None]),
        range(1, 3),
    ],
)
def test_bare_numbers_need_no_name(bare: Any) -> None:
    assert get_numbers(bare, None, argument="value")[:2].tolist() == [1.0, 2.0]


def test_columns_of_an_array_are_called_by_position() -> None:
    array = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert column_names(array) == ["0", "1"]
    assert get_numbers(array, "1", argument="value").tolist() == [2.0, 4.0]


def test_decimals_and_nullable_integers_are_numbers() -> None:
    assert get_numbers({"x": [Decimal("1.5"), 2]}, "x", argument="value").tolist() == [1.5, 2.0]
    nullable = pd.DataFrame({"x": pd.array([1, None], dtype="Int64")})
    np.testing.assert_array_equal(get_numbers(nullable, "x", argument="value"), [1.0, np.nan])
    decimals = pl.DataFrame({"x": [Decimal("1.5"), None]})
    np.testing.assert_array_equal(get_numbers(decimals, "x", argument="value"), [1.5, np.nan])


def test_a_result_never_changes_with_the_callers_array() -> None:
    mine = np.array([1.0, 2.0])
    numbers = get_numbers(mine, None, argument="value")
    mine[0] = 99.0
    assert numbers.tolist() == [1.0, 2.0]
    assert not numbers.flags.writeable


@pytest.mark.parametrize("backend", FRAMES)
def test_an_unknown_column_is_answered_with_the_nearest(backend: str) -> None:
    with pytest.raises(UnknownName, match="there is no column named"):
        get_numbers(FRAMES[backend], "y", argument="value")


@pytest.mark.parametrize("bad", ["2,5", True, object()])
def test_what_is_no_number_is_refused_with_its_row(bad: object) -> None:
    with pytest.raises(DataError, match="row 2") as caught:
        get_numbers({"x": [1.0, bad]}, "x", argument="value")
    assert caught.value.row == 2
    assert caught.value.column == "x"


def test_infinity_is_refused_with_its_row() -> None:
    with pytest.raises(DataError, match="row 3: inf is infinite"):
        get_numbers({"x": [1.0, None, np.inf]}, "x", argument="value")


def test_a_frame_with_several_columns_needs_a_name() -> None:
    for frame in FRAMES.values():
        with pytest.raises(DataError, match="no column was named"):
            get_numbers(frame, None, argument="value")


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(DataError, match="data of type 'object' are no table"):
        get_numbers(object(), "x", argument="value")
    with pytest.raises(DataError, match="2 dimensions"):
        get_numbers(np.ones((2, 2)), None, argument="value")


def test_a_masked_value_is_missing() -> None:
    masked = np.ma.array([1.5, 2.5, 3.5], mask=[False, True, False])
    for values in (masked, {"x": masked}):
        found = get_numbers(values, "x" if isinstance(values, dict) else None, argument="value")
        assert np.isnan(found).tolist() == [False, True, False]
    whole = get_numbers(np.ma.array([1, 2], mask=[True, False]), None, argument="value")
    assert np.isnan(whole).tolist() == [True, False]


@pytest.mark.parametrize(
    "bare", [pa.array([1.5, None, 3.5]), pa.chunked_array([[1.5, None], [3.5]]), pd.array([1.5, None, 3.5])]
)
def test_bare_arrays_of_other_libraries_are_columns(bare: Any) -> None:
    for values, name in ((bare, None), ({"x": bare}, "x")):
        found = get_numbers(values, name, argument="value")
        assert [str(value) for value in found] == ["1.5", "nan", "3.5"]


def test_a_list_of_numpy_numbers_is_a_list_of_numbers() -> None:
    numbers = [np.int64(3), np.float32(0.5), None]
    np.testing.assert_array_equal(get_numbers({"x": numbers}, "x", argument="value"), [3.0, 0.5, np.nan])
