from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.collecting.rules import are_plain, is_plain
from gemba.quality.control.collecting.sheet import FIELDS, Sheet

texts = st.sampled_from(["", " ", "mm", "a\nb", "x" * 25, "x" * 70])


def reading(**more: Any) -> Reading:
    given: dict[str, Any] = {"source": "press", "sequence": 1, "characteristic": "CHR-1", "text": "1"}
    return Reading(**(given | more))


readings = st.builds(
    reading,
    source=st.sampled_from(["press", "press", "", " ", "x" * 81]),
    sequence=st.integers(-1, 3) | st.just(2**63),
    unit=texts,
    lot=texts,
    note=texts,
    purpose=st.sampled_from(["production", "production", "study"]),
    about=st.none() | st.integers(1, 2),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(readings, max_size=4))
def test_a_column_holds_what_each_reading_has_in_the_field(given: list[Reading]) -> None:
    sheet = Sheet(given)
    for field in FIELDS:
        column = [getattr(one, field) for one in given]
        assert list(sheet[field]) == column
        assert sheet.holds_only(field, "mm") == all(value == "mm" for value in column)


@settings(deadline=None, max_examples=300)
@given(st.lists(readings, max_size=4))
def test_many_are_plain_only_when_each_of_them_is(given: list[Reading]) -> None:
    """Each on its own must be shorter as well: all its words together no longer than a source may be."""
    short = [one for one in given if len(f"{one.source}{one.text}{one.unit}{one.lot}{one.note}") <= 80]
    assert are_plain(Sheet(short)) == all(map(is_plain, short))
    assert are_plain(Sheet(given)) or not all(map(is_plain, given))


def test_a_sheet_of_all_of_its_readings_is_itself() -> None:
    one, other = reading(), reading(sequence=2)
    sheet = Sheet([one, other])
    assert sheet.only([one, other]) is sheet
    assert sheet.only([other, one]).readings == [other, one]
    assert sheet.only([one]).readings == [one]
