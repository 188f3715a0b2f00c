"""Addresses are found once for the kinds of their values, and are those that Django finds."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse

from gemba.server.web.addresses import address_of

ASKED: list[tuple[Any, ...]] = [
    ("home",),
    ("chart", 7),
    ("chart", 0),
    ("chart", "12"),
    ("task", 2**40),
    ("records", "control-plan"),
    ("records_table", "signal", "csv"),
    ("record", "signal", 12),
    ("record", "signal", "SIG-HAL-26-0001"),
    ("record", "signal", "2"),
    ("record", "signal", "a b/ü%"),
    ("record", "signal", "9.5"),
    ("record_move", "signal", 5, "close"),
    ("chart_point", 3, "123.45"),
    ("chart_point", 3, "-1.4"),
    ("calendar", "HAL"),
]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_an_address_is_that_of_django_the_first_time_and_the_second(asked: tuple[Any, ...]) -> None:
    found = []
    for _ in range(2):
        try:
            found.append(address_of(*asked))
        except NoReverseMatch:
            found.append("nowhere")
    try:
        expected = reverse(asked[0], args=asked[1:])
    except NoReverseMatch:
        expected = "nowhere"
    assert found == [expected] * 2


def test_a_route_that_takes_no_such_value_is_refused_as_django_refuses_it() -> None:
    for wrong in (
        ("chart", "seven"),
        ("chart", -1),
        ("chart", 1.5),
        ("chart",),
        ("records", "a.b"),
        ("nowhere",),
    ):
        with pytest.raises(NoReverseMatch):
            address_of(*wrong)
