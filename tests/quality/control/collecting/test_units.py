from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.quality.control.collecting.units import ALIASES, UNITS, convert, same_unit, unit_named

KNOWN = [
    ("25.4", "mm", "in", "1"),
    ("1", "in", "mm", "25.4"),
    ("1", "mil", "µm", "25.4"),
    ("3", "ft", "m", "0.9144"),
    ("1", "lb", "g", "453.59237"),
    ("16", "oz", "lb", "1"),
    ("212", "°F", "°C", "100"),
    ("-40", "°C", "°F", "-40"),
    ("0", "K", "°C", "-273.15"),
    ("1", "bar", "kPa", "100"),
    ("1", "kgf", "N", "9.80665"),
    ("1", "lbf", "N", "4.4482216152605"),
    ("0.05", "%", "ppm", "500"),
    ("1", "°", "arcsec", "3600"),
    ("90", "min", "h", "1.5"),
    ("1.5", "kOhm", "Ω", "1500"),
    ("2", "um", "nm", "2000"),
    ("5", "mL", "µl", "5000"),
]


@pytest.mark.parametrize(("value", "given_unit", "wanted", "expected"), KNOWN)
def test_conversions_are_those_of_the_definitions(
    value: str, given_unit: str, wanted: str, expected: str
) -> None:
    given, target = unit_named(given_unit), unit_named(wanted)
    assert given is not None
    assert target is not None
    assert convert(Decimal(value), given, target) == Decimal(expected)


@settings(deadline=None, max_examples=200)
@given(
    st.decimals(-(10**6), 10**6, places=6),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(sorted(UNITS)),
)
def test_there_and_back_is_the_same_value_to_30_digits(value: Decimal, one: str, other: str) -> None:
    here, there = UNITS[one], UNITS[other]
    if here.quantity != there.quantity:
        return
    back = convert(convert(value, here, there), there, here)
    assert abs(back - value) <= (abs(value) + 1000) * Decimal("1E-28")


def test_every_other_spelling_means_a_known_unit() -> None:
    assert [name for name, unit in ALIASES.items() if unit not in UNITS] == []
    assert same_unit("\u03bcm", "um")
    assert not same_unit("mm", "Mm")
    assert unit_named("furlong") is None
