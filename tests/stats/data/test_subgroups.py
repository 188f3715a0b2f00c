import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.stats.data import Sample, Subgroups
from gemba.stats.results import DataError


def lists(subgroups: Subgroups) -> list[list[float]]:
    return [
        subgroups.values[a:b].tolist()
        for a, b in zip(subgroups.starts[:-1], subgroups.starts[1:], strict=True)
    ]


def test_every_layout_of_the_same_data_gives_the_same_subgroups() -> None:
    wide = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    long = {"v": wide.ravel(), "g": ["a", "a", "b", "b", "c", "c"]}
    as_columns = {"x1": wide[:, 0], "x2": wide[:, 1], "id": ["a", "b", "c"]}
    for made in (
        Subgroups.of(wide),
        Subgroups.of(long, "v", "g"),
        Subgroups.of(long, "v", size=2),
        Subgroups.of(as_columns, ["x1", "x2"], "id"),
        Subgroups.of_lists(wide.tolist()),
    ):
        assert lists(made) == wide.tolist()
        assert made.equal_size == 2


def test_the_last_subgroup_keeps_the_values_it_has() -> None:
    made = Subgroups.of([1.0, 2.0, 3.0], size=2)
    assert made.sizes.tolist() == [2, 1]
    assert made.equal_size is None


def test_a_missing_value_leaves_its_subgroup_smaller_and_an_empty_one_keeps_its_place() -> None:
    made = Subgroups.of([1.0, None, None, None, 5.0, 6.0], size=2)
    assert lists(made) == [[1.0], [], [5.0, 6.0]]
    assert made.missing == 3
    assert made.rows is not None
    assert made.rows.tolist() == [1, 5, 6]


def test_an_id_that_returns_is_asked_with_both_readings_counted() -> None:
    frame = {"v": [1.0, 2.0, 3.0, 4.0], "g": ["a", "a", "b", "a"]}
    with pytest.raises(DataError, match=r"3 subgroups.*2 subgroups") as caught:
        Subgroups.of(frame, "v", "g")
    assert caught.value.row == 4
    assert lists(Subgroups.of(frame, "v", "g", returning="new")) == [[1.0, 2.0], [3.0], [4.0]]
    assert lists(Subgroups.of(frame, "v", "g", returning="join")) == [[1.0, 2.0, 4.0], [3.0]]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Subgroups.of([1.0, 2.0]), "how the values make subgroups"),
        (lambda: Subgroups.of([1.0, 2.0], size=0), "impossible"),
        (lambda: Subgroups.of([None, None], size=2), "no values"),
        (
            lambda: Subgroups.of({"v": [1.0, 2.0], "g": ["a", None]}, "v", "g"),
            "row 2: the subgroup is missing",
        ),
        (lambda: Subgroups.of({"v": [1.0], "g": ["a"]}, "w", "g"), "Did you mean|There are"),
        (lambda: Sample.of([1.0, None], at_least=2), "too few values: 1 in 2 rows, where 2 are needed"),
        (lambda: Sample.of([], at_least=1), "no values"),
    ],
)
def test_data_that_make_no_subgroups_are_refused_in_words(call: Callable[[], object], words: str) -> None:
    with pytest.raises(DataError, match=words):
        call()


@settings(deadline=None, max_examples=80)
@given(
    st.lists(
        st.lists(st.none() | st.floats(-1e6, 1e6), min_size=1, max_size=6), min_size=1, max_size=8
    ).filter(lambda groups: any(item is not None for group in groups for item in group))
)
def test_lists_come_back_without_their_missing_values(groups: list[list[float | None]]) -> None:
    made = Subgroups.of_lists(groups)
    assert lists(made) == [[item for item in group if item is not None] for group in groups]
    assert made.count == len(groups)
    assert made.missing == sum(item is None for group in groups for item in group)


def test_the_callers_array_stays_his_own() -> None:
    mine = np.arange(4.0)
    made = Subgroups.of(mine, size=2)
    mine[:] = 7.0
    assert made.values.tolist() == [0.0, 1.0, 2.0, 3.0]


def test_a_list_of_lists_is_a_subgroup_each_of_any_size() -> None:
    groups = Subgroups.of([[1.0, 2.0], [3.0, None, 5.0]])
    assert (groups.sizes.tolist(), groups.values.tolist()) == ([2, 2], [1.0, 2.0, 3.0, 5.0])
    with pytest.raises(DataError, match="row 2: 'x' is not a number"):
        Subgroups.of([[1.0, 2.0], [3.0, "x"]])
    with pytest.raises(DataError, match="row 2: inf is infinite"):
        Subgroups.of([[1.0, 2.0, 4.0], [math.inf]])


def test_a_masked_value_of_a_matrix_is_missing() -> None:
    matrix = np.ma.array([[1.0, 2.0], [3.0, 4.0]], mask=[[False, True], [False, False]])
    assert Subgroups.of(matrix).values.tolist() == [1.0, 3.0, 4.0]
