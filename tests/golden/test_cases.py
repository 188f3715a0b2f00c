"""Every known answer that the program carries, and every one beside the repository."""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gemba.stats.proof import TOPICS, Case, carried_cases, check_case, read_cases

NOT_CARRIED = ("jaspqualitycontrol", "qcc", "sixsigma")


def _reference() -> tuple[Case, ...]:
    for folder in Path(__file__).resolve().parents[2:]:
        if (folder / "shared" / "reference").is_dir():
            return read_cases(folder / "shared" / "reference")
    return ()


REFERENCE = _reference()
BUILT = [case for case in REFERENCE if case.topic in TOPICS]


def _expect_right(case: Case) -> None:
    check = check_case(case, TOPICS)
    wrong = [(q.name, q.expected, q.got) for q in check.quantities if not q.passed]
    assert check.passed, f"{case.id} ({case.source}): {check.problem or wrong[:5]}"


@pytest.mark.parametrize("case", carried_cases(), ids=lambda case: case.id)
def test_a_carried_case_is_answered_as_its_source_says(case: Case, count_case: Counter[str]) -> None:
    count_case["carried"] += 1
    _expect_right(case)


@pytest.mark.parametrize("case", BUILT, ids=lambda case: case.id)
def test_a_reference_case_is_answered_as_its_source_says(case: Case, count_case: Counter[str]) -> None:
    count_case["reference"] += 1
    _expect_right(case)


def test_each_topic_that_is_built_has_a_carried_case() -> None:
    assert {case.topic for case in carried_cases()} == set(TOPICS)


def test_no_carried_case_comes_from_a_source_that_may_not_be_carried() -> None:
    sources = {case.id: case.source.lower() for case in carried_cases()}
    assert [key for key, source in sources.items() if any(name in source for name in NOT_CARRIED)] == []


FAMILIES = ("arl.", "capability.", "chart.", "descriptive.", "rules", "tolerance.", "transform.")
"""Topics of control charts, capability and distributions: all of them are built."""


@pytest.mark.skipif(not REFERENCE, reason="no shared/reference beside this clone")
def test_no_case_about_charts_capability_or_distributions_is_left_out() -> None:
    wanted = {case.topic for case in REFERENCE if case.topic.startswith(FAMILIES)}
    assert wanted - set(TOPICS) == set()
    in_part = {topic for topic in wanted if TOPICS[topic].only}
    assert in_part == {"capability.lognormal"}


@pytest.mark.skipif(not REFERENCE, reason="no shared/reference beside this clone")
def test_the_carried_cases_are_those_that_the_rule_chooses() -> None:
    chosen = {case.id for case in BUILT if not any(name in case.source.lower() for name in NOT_CARRIED)}
    assert {case.id for case in carried_cases() if case.id.startswith("ref-")} == chosen


@pytest.mark.skipif(not REFERENCE, reason="no shared/reference beside this clone")
def test_a_copied_case_says_the_same_as_the_original() -> None:
    originals = {case.id: case for case in REFERENCE}
    copied = [case for case in carried_cases() if case.id in originals]
    assert [case.id for case in copied if case != originals[case.id]] == []


@pytest.mark.skipif(not REFERENCE, reason="no shared/reference beside this clone")
def test_each_case_left_out_has_one_of_our_own_on_its_topic() -> None:
    left_out = Counter(case.topic for case in BUILT if case not in carried_cases())
    own = Counter(case.topic for case in carried_cases() if case.id.startswith("own-"))
    assert [topic for topic, count in left_out.items() if own[topic] < count] == []


ROUNDING = 1e-12
"""A sum that a library takes in another order on another processor differs by so much at most."""


def is_alike(one: Any, other: Any) -> bool:
    """Whether two results are the same, numbers up to their last digits."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_alike(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_alike, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == other or math.isclose(one, other, rel_tol=ROUNDING, abs_tol=ROUNDING)
    return bool(one == other)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ({"arl": [201.498896347346]}, {"arl": [201.49889634734623]}, True),
        ({"arl": [201.4988]}, {"arl": [201.4989]}, False),
        ({"arl": [1.0]}, {"arl": [1.0, 1.0]}, False),
        ({"arl": 1.0}, {"sigma": 1.0}, False),
        ({"rules": "1"}, {"rules": "5"}, False),
        ({"arl": math.inf}, {"arl": math.inf}, True),
        ({"arl": math.inf}, {"arl": -math.inf}, False),
        ({"arl": math.nan}, {"arl": 5.0}, False),
    ],
)
def test_a_result_is_alike_up_to_its_last_digits(one: Any, other: Any, *, alike: bool) -> None:
    assert is_alike(one, other) == alike


def test_our_own_cases_are_what_their_recipe_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from twins import make_cases

    monkeypatch.setattr(make_cases, "CASES", tmp_path)
    for writer in make_cases.WRITERS:
        writer()
    fresh: dict[str, Any] = {
        p.stem: json.loads(p.read_text(encoding="utf-8")) for p in tmp_path.glob("*.json")
    }
    carried = {case.id: case for case in carried_cases() if case.id.startswith("own-")}
    assert set(fresh) == set(carried)
    for name, case in carried.items():
        assert is_alike(fresh[name]["expected"], case.expected), name
        assert fresh[name]["data"] == case.data, name
