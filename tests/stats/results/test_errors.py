import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from gemba.stats.results import DataError, Marked, MissingExtra, Told, UnknownName, require, speaking


def test_the_sentence_names_column_row_value_and_mend() -> None:
    error = DataError("{value} is not a number", mend="Correct it", column="diameter", row=14, value="abc")
    assert str(error) == "Column 'diameter', row 14: 'abc' is not a number. Correct it."


def test_an_error_without_a_place_begins_with_a_capital_letter() -> None:
    assert str(DataError("no data", mend="Give some.")) == "No data. Give some."


def test_the_sentence_translates_every_part_and_keeps_the_values() -> None:
    error = DataError("{value} is bad", mend="Mend it", argument="lsl", value=3.0)
    shown = error.sentence("pseudo")
    assert "Argument" not in shown
    assert "3" in shown
    assert shown.count("⟦") == 3


def test_a_place_known_only_to_the_caller_is_added_and_nothing_else_changes() -> None:
    error = DataError("{value} of {total}", mend="Mend", value=1.0, total=2).at(column="x", row=3)
    assert str(error) == "Column 'x', row 3: 1 of 2. Mend."


def test_a_long_value_is_shortened() -> None:
    assert len(str(DataError("{value}", mend="Mend", value="x" * 500))) < 80


@pytest.mark.parametrize(("given", "nearest"), [("Diamter", "diameter"), ("DIAMETER", "diameter")])
def test_an_unknown_name_is_answered_with_the_nearest_one(given: str, nearest: str) -> None:
    error = UnknownName(given, ["diameter", "length"], what="column")
    assert error.nearest == nearest
    assert f"Did you mean '{nearest}'?" in str(error)


def test_an_unknown_name_with_nothing_near_lists_what_there_is() -> None:
    error = UnknownName("zzz", ["diameter", "length"], what="column")
    assert error.nearest is None
    assert "There are: diameter, length" in str(error)


def test_a_missing_library_is_answered_with_the_line_that_installs_it() -> None:
    with pytest.raises(MissingExtra, match=r'pip install "gemba\[figures\]"'):
        require("no_such_library_at_all", extra="figures", purpose="Drawing")


def test_data_errors_are_value_errors_for_callers_who_know_nothing_of_gemba() -> None:
    assert issubclass(DataError, ValueError)
    assert issubclass(MissingExtra, ImportError)


def test_what_was_refused_is_told_to_whoever_reads_it() -> None:
    fault = Told("There is no folder {path}. Make it, or give another --out.", path="/srv/gemba")
    assert repr(fault) == "Told('There is no folder /srv/gemba. Make it, or give another --out.')"
    with speaking("de"):
        assert (
            str(fault)
            == "Den Ordner /srv/gemba gibt es nicht. Legen Sie ihn an, oder nennen Sie ein anderes --out."
        )
    missing = MissingExtra("{purpose} needs it", purpose=Marked("Drawing a figure"))
    assert missing.sentence("de").startswith("Das Zeichnen eines Bildes")


@pytest.mark.parametrize("again", [copy.deepcopy, lambda fault: pickle.loads(pickle.dumps(fault))])  # noqa: S301 (ours)
@pytest.mark.parametrize(
    "fault",
    [
        UnknownName("astrology", ["nelson"], what="rule"),
        DataError("{value} is not a number", mend="Correct it.", value="abc", row=3),
        Told("{path} is in use.", path="/srv/plant"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_an_error_can_be_copied_and_sent_to_another_process(fault: Any, again: Callable[[Any], Any]) -> None:
    other = again(fault)
    assert (type(other), str(other), repr(other)) == (type(fault), str(fault), repr(fault))
    with speaking("de"):
        assert str(other) == str(fault)
