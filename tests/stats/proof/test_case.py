"""The rule by which an answer passes."""

from __future__ import annotations

import pytest

from gemba.stats.proof import Case, Topic, check_case, compare_case
from gemba.stats.proof.case import Tolerance


def make_case(expected: dict[str, object], **tolerance: object) -> Case:
    stated = {"rel": 1e-6, "abs": 1e-9} | tolerance
    return Case("a", "t", "s", {}, {}, expected, stated)


@pytest.mark.parametrize(
    ("expected", "got", "passed"),
    [
        (10.0, 10.00001, True),
        (10.0, 10.0001, False),
        (0.0, 1e-9, True),
        (0.0, 1e-8, False),
        (5, 5.0, True),
        ("2-1", "2-1", True),
        ("2-1", "3-1", False),
        (None, None, True),
        (None, 0.0, False),
        (0.0, None, False),
        (True, True, True),
        (True, False, False),
        (1.0, float("nan"), False),
        (1.0, float("inf"), False),
        ([1, 2], [1, 2], True),
        ([1, 2], [2, 1], False),
        ([1, 2], [1, 2, 3], False),
        ([], [], True),
        ([], [4], False),
        (3.0, [3.0, 3.0], True),
        ([3.0, 3.0], 3.0, True),
        ([3.0, 3.1], 3.0, False),
        ([1.0], None, False),
        ({"x": {"y": [1.0]}}, {"x": {"y": [1.0]}}, True),
        ({"x": {"y": [1.0]}}, {"x": {}}, False),
        ({"x": 1.0}, None, False),
    ],
)
def test_an_answer_passes_when_it_is_as_near_as_the_tolerance_says(
    expected: object, got: object, passed: bool
) -> None:
    found = compare_case(make_case({"q": expected}), {"q": got})
    assert all(quantity.passed for quantity in found) is passed


def test_a_quantity_that_is_not_answered_fails() -> None:
    assert not compare_case(make_case({"q": 1.0}), {})[0].passed


def test_a_tolerance_of_one_quantity_replaces_only_what_it_names() -> None:
    case = make_case({"q": 100.0, "r": 100.0}, per_quantity={"q": {"rel": 1e-2}})
    near, far = compare_case(case, {"q": 100.5, "r": 100.5})
    assert near.passed
    assert not far.passed
    assert Tolerance.of(case.tolerance, "q") == Tolerance(1e-2, 1e-9)


def test_an_exact_tolerance_allows_nothing() -> None:
    case = make_case({"df": 8}, per_quantity={"df": {"rel": 0, "abs": 0}})
    assert compare_case(case, {"df": 8})[0].passed
    assert not compare_case(case, {"df": 8.000001})[0].passed


def test_the_share_of_the_tolerance_that_is_used_is_stated() -> None:
    (quantity,) = compare_case(make_case({"q": 10.0}), {"q": 10.000005})
    assert quantity.used == pytest.approx(0.5, rel=1e-3)
    assert quantity.relative_error == pytest.approx(5e-7, rel=1e-3)


def test_a_fault_of_the_program_fails_the_case_and_not_the_run() -> None:
    def broken(data: object, options: object) -> dict[str, float]:
        raise ZeroDivisionError("by nothing")

    check = check_case(make_case({"q": 1.0}), {"t": Topic(broken)})
    assert not check.passed
    assert check.problem == "ZeroDivisionError: by nothing"


def test_a_case_without_an_answering_function_fails() -> None:
    assert not check_case(make_case({"q": 1.0}), {}).passed


def test_a_topic_answered_in_part_is_compared_in_that_part_only() -> None:
    case = make_case({"q": 1.0, "later": 2.0})
    assert check_case(case, {"t": Topic(lambda _data, _options: {"q": 1.0}, only=("q",))}).passed
    assert not check_case(case, {"t": Topic(lambda _data, _options: {"q": 1.0})}).passed
