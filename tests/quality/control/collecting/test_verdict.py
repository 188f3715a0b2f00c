from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.quality.control.collecting.verdict import REMEMBERED, Asked, typed_number, weigh, weigh_closely
from gemba.quality.planning.products.specification import Specification
from gemba.quality.records.reasons import Reason


def asked(**limits: Any) -> Asked:
    given = {name: None if value is None else Decimal(value) for name, value in limits.items()}
    empty = dict.fromkeys(
        ("lsl", "usl", "target", "natural_low", "natural_high", "plausible_low", "plausible_high")
    )
    about = {"characteristic": 1, "number": "CHR-1", "name": "Bore", "site": "HAL", "version": 2}
    fixed = {"effective_from": 0, "data_kind": "continuous", "unit": "mm", "decimals": 3}
    rest = {"special_class": "", "stream_keys": (), "chart": None, "guard_band": Decimal(0)}
    known = set(Specification.__dataclass_fields__)
    values: dict[str, Any] = {k: v for k, v in (empty | about | fixed | rest | given).items() if k in known}
    for name in known - values.keys():
        values[name] = ""
    return Asked(Specification(**values))


def verdict(what: Asked, text: str, unit: str = "", *, confirmed: bool = False) -> str:
    found = weigh_closely(what, text, unit, confirmed=confirmed)
    if isinstance(found, list):
        return " ".join(reason.code.removeprefix("collecting.") for reason in found)
    quick = weigh(what, text, unit)
    assert quick is None or quick == found
    return found[2]


def test_a_limit_that_floats_cannot_hold_is_kept_to_the_last_digit() -> None:
    what = asked(lsl="0.1", usl="0.30")
    assert float("0.30") < 0.1 + 0.2
    assert verdict(what, "0.30") == "conform"
    assert verdict(what, "0.3000000000000000000000000001") == "nonconform"
    assert verdict(what, "0.29999999999999999999999999999") == "conform"
    assert verdict(what, "0.1") == "conform"
    assert verdict(what, "0.09999999999999999999999999") == "nonconform"


def test_values_that_were_weighed_before_are_weighed_alike_and_only_the_newest_are_remembered() -> None:
    what = asked(lsl="1", usl="3")
    texts = [f"{number / 100}" for number in range(2 * REMEMBERED)]
    first = [verdict(what, text) for text in texts]
    assert [verdict(what, text) for text in texts] == first
    assert set(first) == {"conform", "nonconform"}
    assert len(what.weighed) <= REMEMBERED
    assert weigh(what, "2", "in") is None


def test_the_guard_band_lies_on_both_sides_of_a_limit() -> None:
    what = asked(lsl="9.95", usl="10.05", guard_band="0.01")
    found = {
        text: verdict(what, text) for text in ("9.93", "9.94", "9.95", "9.96", "10.04", "10.05", "10.06")
    }
    assert found == {
        "9.93": "nonconform",
        "9.94": "undecided",
        "9.95": "undecided",
        "9.96": "conform",
        "10.04": "conform",
        "10.05": "undecided",
        "10.06": "undecided",
    }
    assert verdict(what, "10.0600001") == "nonconform"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<0.05", "conform"),
        ("< 0.05", "conform"),
        ("<=0.05", "conform"),
        ("≤0.05", "conform"),
        ("<0.06", "undecided"),
        (">0.05", "nonconform"),
        (">=0.05", "undecided"),
        (">0.04", "undecided"),
    ],
)
def test_a_qualified_value_is_judged_by_every_value_it_leaves_possible(text: str, expected: str) -> None:
    assert verdict(asked(usl="0.05"), text) == expected


def test_below_is_nonconforming_where_a_lower_limit_forbids_all_of_it() -> None:
    what = asked(lsl="5", usl="9", natural_low="0")
    assert verdict(what, "<5") == "nonconform"
    assert verdict(what, "<=5") == "undecided"
    assert verdict(what, ">9") == "nonconform"
    assert weigh_closely(what, "<5", "", confirmed=False) == (5.0, "<", "nonconform")


def test_a_limit_that_is_the_natural_bound_forbids_nothing_near_it() -> None:
    what = asked(lsl="0", usl="0.05", natural_low="0", guard_band="0.005")
    assert verdict(what, "0.001") == "conform"
    assert verdict(what, "<0.01") == "conform"


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("25.4", "", "conform"),
        ("1", "in", "conform"),
        ("1.0000000000001", "in", "nonconform"),
        ("2.54", "cm", "conform"),
        ("2.5400000001", "cm", "nonconform"),
        ("25400", "um", "conform"),
    ],
)
def test_units_are_converted_before_the_verdict(text: str, unit: str, expected: str) -> None:
    assert verdict(asked(usl="25.4"), text, unit) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "value_missing"),
        ("  ", "value_missing"),
        ("abc", "not_a_number"),
        ("9.98 mm", "not_a_number"),
        ("NaN", "not_a_number"),
        ("inf", "not_a_number"),
        ("1_000", "not_a_number"),
        ("0x1F", "not_a_number"),
        ("--5", "not_a_number"),
        ("1e9999", "not_a_number"),
        ("９.98", "not_a_number"),
        ("1" * 41, "not_a_number"),
        ("<", "not_a_number"),
        ("9,98", "comma"),
        ("1.234,5", "comma"),
        (",5", "comma"),
        ("1e301", "out_of_range"),
        ("-1e999", "out_of_range"),
    ],
)
def test_a_text_that_is_no_number_says_why(text: str, expected: str) -> None:
    assert verdict(asked(usl="10"), text) == expected


def test_usual_ways_to_write_a_number_are_understood() -> None:
    what = asked(lsl="-1000000", usl="1000000")
    found = [typed_number(text) for text in ("+1.", ".5", "-0.0", "1E3", " 7 ", "−2.5", "007")]
    assert found == [Decimal(text) for text in ("1", "0.5", "0", "1000", "7", "-2.5", "7")]
    zero = weigh(what, "-0.0", "")
    assert zero is not None
    assert str(zero[0]) == "0.0"


def test_implausible_asks_for_a_second_look_and_impossible_cannot_be_confirmed() -> None:
    what = asked(usl="0.05", natural_low="0", plausible_high="1")
    assert verdict(what, "2") == "implausible"
    assert verdict(what, "2", confirmed=True) == "nonconform"
    assert verdict(what, "-0.001") == "impossible"
    assert verdict(what, "-0.001", confirmed=True) == "impossible"


def test_a_unit_and_a_value_that_are_both_wrong_give_both_reasons() -> None:
    assert verdict(asked(usl="1"), "abc", "furlong") == "not_a_number unit_unknown"
    assert verdict(asked(usl="1"), "1", "kg") == "unit_other"


def exact_verdict(value: Fraction, low: Fraction, high: Fraction, guard: Fraction) -> str:
    """The rule of ISO 14253-1 in rational numbers."""
    if low + guard <= value <= high - guard:
        return "conform"
    return "nonconform" if value < low - guard or value > high + guard else "undecided"


decimals = st.decimals(-1000, 1000, places=4, allow_nan=False)


@settings(deadline=None, max_examples=200)
@given(decimals, decimals, decimals, st.decimals(0, 10, places=4))
def test_the_verdict_is_that_of_rational_numbers(
    value: Decimal, one: Decimal, other: Decimal, guard: Decimal
) -> None:
    low, high = min(one, other), max(one, other)
    if low + 2 * guard >= high:
        return
    what = asked(lsl=low, usl=high, guard_band=guard)
    expected = exact_verdict(Fraction(value), Fraction(low), Fraction(high), Fraction(guard))
    assert verdict(what, str(value)) == expected


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=50))
def test_no_text_breaks_the_scale(text: str) -> None:
    found = weigh_closely(asked(usl="10"), text, "", confirmed=False)
    assert isinstance(found[0], Reason | float)
    quick = weigh(asked(usl="10"), text, "")
    assert quick is None or quick == found
