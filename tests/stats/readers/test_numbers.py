"""What a text states as a number, under each decimal sign, and what it shows about that sign."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gemba.stats.readers.columns import NumberRule, decide_sign, parse_column, weigh_signs
from gemba.stats.readers.dates import find_orders, looks_like_date, to_iso
from gemba.stats.readers.grid import Cells
from gemba.stats.readers.numbers import DecimalSign, parse_number, weigh_number
from gemba.stats.readers.reading import read_safe_text, safe_text


@pytest.mark.parametrize(
    ("text", "sign", "number"),
    [
        ("12.5", ".", "12.5"),
        ("12,5", ",", "12.5"),
        ("1,234,567.8", ".", "1234567.8"),
        ("1.234.567,8", ",", "1234567.8"),
        ("1 234 567,8", ",", "1234567.8"),
        ("1,234", ".", "1234"),
        ("1,234", ",", "1.234"),
        ("1,234", ".,", "1.234"),
        ("-.5", ".", "-0.5"),
        ("+5.", ".", "5"),
        ("5 %", ".", "5"),
        ('1.25"', ".", "1.25"),
        ("12,01\u00a0mm", ",", "12.01"),
        ("−1,5e−3", ",", "-0.0015"),
    ],
)
def test_a_number_is_read_by_the_stated_sign(text: str, sign: DecimalSign, number: str) -> None:
    found = parse_number(text, sign)
    assert found is not None
    assert found.decimal == Decimal(number)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("1.23", ","),
        ("1,23", "."),
        ("12,34,567", "."),
        ("0,123", "."),
        ("1234,567.8", "."),
        ("1 23", "."),
        ("1.2.3", "."),
        ("1e5.5", "."),
        ("--5", "."),
        ("5-", "."),
        ("(5)", "."),
        ("5A", "."),
        ("12 parsecs", "."),
        ("1_000", "."),
        ("", "."),
        ("٣", "."),
    ],
)
def test_what_states_no_number_is_none(text: str, sign: DecimalSign) -> None:
    assert parse_number(text, sign) is None


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("12", "plain"),
        ("1,234", "ambiguous comma"),
        ("1.234", "ambiguous point"),
        ("1,23", "comma"),
        ("0,234", "comma"),
        ("1234,567", "comma"),
        ("1,234.5", "point"),
        ("1,234,567", "point"),
        ("1.234.567", "comma"),
        ("abc", None),
    ],
)
def test_the_form_of_one_number_shows_its_sign(text: str, evidence: str | None) -> None:
    assert weigh_number(text) == evidence


@pytest.mark.parametrize("text", ["12.10.2026", "05.10.2026", "1/2/2026", "10:30", "A-1.5", "x"])
def test_dates_and_codes_show_nothing_about_the_decimal_sign(text: str) -> None:
    evidence = weigh_signs([text, text])
    assert (evidence.point, evidence.comma) == (False, False)


def test_without_any_evidence_the_point_is_the_decimal_sign() -> None:
    plain = weigh_signs(["1", "2"])
    assert decide_sign(plain, others_comma=False, others_point=False, semicolons=True) == "."
    assert decide_sign(plain, others_comma=True, others_point=False, semicolons=True) == ","


def test_the_fast_way_and_the_careful_way_read_the_same() -> None:
    texts = ["10.5", "", "-3", "1e-3", " 7 ", ".5", "5.", "+2"]
    fast = parse_column(texts, NumberRule())
    careful = parse_column([*texts, "abc"], NumberRule())
    assert list(careful.faults) == [8]
    assert fast.faults == {}
    assert fast.values.tobytes() == careful.values[:8].tobytes()


def test_an_infinite_number_is_a_fault_in_every_form() -> None:
    forms: tuple[Cells, ...] = (["1", "1e999"], [1.0, float("inf")], ["1", float("-inf")])
    for cells in forms:
        assert dict(parse_column(cells, NumberRule()).faults) == {1: "too large"}


def test_a_truth_value_is_a_fault() -> None:
    assert dict(parse_column([1.0, True], NumberRule()).faults) == {1: "truth value"}


@pytest.mark.parametrize(
    "text", ["2026-03-04", "4.3.26", "03/04/2026 10:15", "10:15:30", "4-Mar-26", "Dec 10"]
)
def test_dates_and_times_are_recognised(text: str) -> None:
    assert looks_like_date(text)


@pytest.mark.parametrize("text", ["10.5", "A-1", "12/5", "99.99.99", "1.2.3.4", "M 10"])
def test_other_texts_are_no_dates(text: str) -> None:
    assert not looks_like_date(text)


def test_the_order_of_a_date_is_certain_possible_or_none() -> None:
    assert find_orders(["2026-03-04"]) == ("ymd",)
    assert find_orders(["03/04/2026"]) == ("dmy", "mdy")
    assert find_orders(["03/04/2026", "03/25/2026"]) == ("mdy",)
    assert find_orders(["25/03/2026", "03/25/2026"]) == ()


def test_a_date_that_does_not_exist_stays_text() -> None:
    assert to_iso("30.02.2026", "dmy") == "30.02.2026"
    assert to_iso("1/2/26 3:04 PM", "mdy") == "2026-01-02 15:04"


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\tx", "\rx", "＝1", "＋a", "－a", "＠x"])
def test_a_text_that_a_spreadsheet_would_run_is_defused_and_comes_back(text: str) -> None:
    assert safe_text(text) == "'" + text
    assert read_safe_text(safe_text(text)) == text


@pytest.mark.parametrize("text", ["-0.013", "+5", "-1,5", "1e5", "abc", "'quoted'", "", "-1.2e-05"])
def test_numbers_and_plain_texts_are_left_alone(text: str) -> None:
    assert safe_text(text) == text
    assert read_safe_text(text) == text
