"""A reason is said in the reader's language, the words inside it too."""

from __future__ import annotations

from gemba.quality.records.reasons import Reason, in_words, install_labels
from gemba.stats.results import translator


def test_the_state_inside_a_refusal_is_translated() -> None:
    reason = Reason("records.wrong_state", {"state": "Under review"})
    assert in_words(reason) == "This step is not possible while the record is 'Under review'."
    there = translator("pseudo")("Under review")
    assert there != "Under review"
    assert f"'{there}'" in in_words(reason, "pseudo")


def test_codes_of_ours_are_said_as_words_and_names_of_people_stay() -> None:
    missing = Reason("records.field_missing", {"field": "quantity_suspect"})
    assert in_words(missing) == "'Quantity suspect' is not filled in."
    assert in_words(Reason("records.unknown", {"record": "NCR_1"})).startswith("There is no record NCR_1,")
    assert in_words(Reason("records.no_right", {"site": "*"})) == "You have no right to do this at any site."


def test_a_field_is_called_as_on_its_page() -> None:
    install_labels(
        [("seen_spec", "Seen by the customer"), ("spec_width", "Width"), ("spec_width", "Breadth")]
    )
    said = [
        in_words(Reason("records.field_missing", {"field": name})) for name in ("seen_spec", "spec_width")
    ]
    assert said == ["'Seen by the customer' is not filled in.", "'Spec width' is not filled in."]
