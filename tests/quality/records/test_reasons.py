"""A reason is said in the reader's language, the words inside it too."""

from __future__ import annotations

from gemba.quality.records.reasons import Reason, in_words
from gemba.stats.results import translator


def test_the_state_inside_a_refusal_is_translated() -> None:
    reason = Reason("records.wrong_state", {"state": "Under review"})
    assert in_words(reason) == "This step is not possible while the record is 'Under review'."
    there = translator("pseudo")("Under review")
    assert there != "Under review"
    assert f"'{there}'" in in_words(reason, "pseudo")


def test_codes_of_ours_are_said_as_words_and_names_of_people_stay() -> None:
    missing = Reason("records.field_missing", {"field": "quantity_suspect"})
    assert in_words(missing) == "'quantity suspect' is not filled in."
    assert in_words(Reason("records.unknown", {"record": "NCR_1"})).startswith("There is no record NCR_1,")
