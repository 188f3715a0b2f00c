from typing import Any

import pytest

from gemba.stats.data import Tolerance
from gemba.stats.results import DataError


def test_a_blank_limit_is_no_limit_and_never_zero() -> None:
    for blank in ("", "  ", None, float("nan")):
        tolerance = Tolerance.of(lsl=blank, usl=12.5)
        assert tolerance.lsl is None
        assert tolerance.sides == "upper"


def test_allowances_are_summed_in_decimal() -> None:
    assert Tolerance.around("0.1", "-0.3", "+0.2").usl == 0.3
    assert Tolerance.around("10", "+0.02", "+0.05") == Tolerance(10.02, 10.05, None)


def test_the_nominal_is_the_target_when_it_lies_inside() -> None:
    assert Tolerance.around("10", "-0.02", "+0.05").target == 10.0


def test_a_natural_bound_is_no_requirement() -> None:
    tolerance = Tolerance.of(lsl=0, usl=0.05, lower_natural=True)
    assert tolerance.required_lsl is None
    assert tolerance.lsl == 0.0
    assert tolerance.sides == "upper"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "no specification limit"),
        ({"lsl": 2, "usl": 1}, "not below the upper limit"),
        ({"lsl": 1, "usl": 1}, "not below the upper limit"),
        ({"lsl": "abc"}, "'abc' is not a number"),
        ({"usl": float("inf")}, "is no limit"),
        ({"lsl": 1, "usl": 2, "target": 3}, "outside the specification"),
        ({"lsl": 1, "target": 0}, "outside the specification"),
        ({"usl": 2, "lower_natural": True}, "natural bound"),
        ({"lsl": 0, "lower_natural": True}, "no specification limit"),
    ],
)
def test_a_tolerance_that_makes_no_sense_is_refused_in_words(given: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        Tolerance.of(**given)
