from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.quality.control.collecting.order import arrange
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.collecting.rules import (
    form_reasons,
    is_plain,
    key_reasons,
    stream_key,
    stream_reasons,
    time_reasons,
)
from gemba.quality.control.collecting.sheet import Sheet


def reading(**more: Any) -> Reading:
    given: dict[str, Any] = {"source": "press", "sequence": 1, "characteristic": "CHR-1", "text": "1"}
    return Reading(**(given | more))


def test_a_usual_reading_has_nothing_against_it() -> None:
    usual = reading(operator="Ana Müller", gauge="CAL-0231", lot="L26-117", serial="S1", unit="mm")
    assert is_plain(usual)
    assert list(form_reasons(usual)) == []
    assert list(key_reasons(usual)) == []


texts = st.text(max_size=90) | st.text("ab \n\x00\ud800\u00a0", max_size=30)


@settings(deadline=None, max_examples=300)
@given(
    st.builds(
        reading,
        source=texts,
        sequence=st.integers(-5, 5) | st.integers(2**63 - 2, 2**63 + 2),
        text=texts,
        operator=texts,
        lot=texts,
        note=texts,
        unit=texts,
        purpose=st.sampled_from(["production", "study", "party"]),
        validity=st.sampled_from(["valid", "excluded", "maybe"]),
        kind=st.sampled_from(["reading", "void", "correction", "guess"]),
        about=st.none() | st.integers(1, 5),
    )
)
def test_the_glance_passes_nothing_that_a_closer_look_would_hold(given: Reading) -> None:
    against = [*key_reasons(given), *form_reasons(given)]
    assert not (is_plain(given) and against)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"operator": "x" * 81}, ["too_long"]),
        ({"note": "x" * 2001}, ["too_long"]),
        ({"text": "1\x00"}, ["unreadable"]),
        ({"lot": "a\ud800"}, ["unreadable"]),
        ({"note": "two\nlines"}, []),
        ({"kind": "guess", "note": "why"}, ["kind_unknown"]),
        ({"purpose": "party"}, ["purpose_unknown"]),
        ({"validity": "maybe"}, ["validity_unknown"]),
        ({"validity": "excluded"}, ["note_missing"]),
        ({"validity": "excluded", "note": "chip on the anvil"}, []),
        ({"kind": "correction", "about": 1}, ["note_missing"]),
        ({"about": 1}, ["about_unexpected"]),
        ({"kind": "void", "about": 1, "note": "why"}, ["void_with_value"]),
        (
            {"lot": "x" * 81, "purpose": "party", "about": 3},
            ["too_long", "purpose_unknown", "about_unexpected"],
        ),
    ],
)
def test_the_form_gives_every_reason(more: dict[str, Any], expected: list[str]) -> None:
    assert [r.code.removeprefix("collecting.") for r in form_reasons(reading(**more))] == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"source": ""}, ["key_source"]),
        ({"source": "  "}, ["key_source"]),
        ({"source": "p" * 81}, ["key_source"]),
        ({"source": "a\x00"}, ["key_source"]),
        ({"sequence": -1}, ["key_sequence"]),
        ({"sequence": 2**63}, ["key_sequence"]),
        ({"source": "", "sequence": -1}, ["key_source", "key_sequence"]),
    ],
)
def test_without_a_key_nothing_can_be_kept(more: dict[str, Any], expected: list[str]) -> None:
    assert [r.code.removeprefix("collecting.") for r in key_reasons(reading(**more))] == expected
    assert not is_plain(reading(**more))


def test_a_time_without_its_zone_is_no_moment() -> None:
    local = datetime(2026, 10, 25, 2, 30)
    assert [r.code for r in time_reasons(local)] == ["collecting.time_zone"]
    assert list(time_reasons(datetime(2026, 10, 25, 2, 30, tzinfo=UTC))) == []
    assert list(time_reasons(None)) == []


def test_what_stands_beside_the_stream_is_bounded_too() -> None:
    many = {f"k{number}": "x" for number in range(21)}
    assert [r.code for r in stream_reasons(many, None)] == ["collecting.too_long"]
    assert [r.code for r in stream_reasons({"machine": "M\x002"}, None)] == ["collecting.unreadable"]
    assert [r.code for r in stream_reasons({"m" * 61: "1"}, None)] == ["collecting.too_long"]


@given(
    st.lists(st.text(max_size=8), min_size=2, max_size=2),
    st.lists(st.text(max_size=8), min_size=2, max_size=2),
)
@settings(deadline=None, max_examples=200)
def test_two_streams_never_share_a_key(one: list[str], other: list[str]) -> None:
    keys = [stream_key(("machine", "cavity"), tuple(values)) for values in (one, other)]
    assert (keys[0] == keys[1]) == (one == other)


def test_the_key_of_a_stream_reads_like_its_words() -> None:
    assert stream_key(("machine", "cavity"), ("M2", "3")) == "machine=M2;cavity=3"
    assert stream_key((), ()) == ""


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), max_size=30))
def test_each_source_counts_by_its_own_numbers_and_keeps_its_places(keys: list[tuple[str, int]]) -> None:
    readings = [reading(source=source, sequence=sequence) for source, sequence in keys]
    order = arrange(Sheet(readings))
    assert sorted(order) == list(range(len(keys)))
    assert [keys[place][0] for place in order] == [source for source, _ in keys]
    for source in "abc":
        numbers = [keys[place][1] for place in order if keys[place][0] == source]
        assert numbers == sorted(numbers)
