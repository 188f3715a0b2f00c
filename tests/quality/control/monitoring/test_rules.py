"""The law of signals and limits, without a database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gemba.quality.control.monitoring.lifecycle import LIMIT_SET_LIFECYCLE, SIGNAL_LIFECYCLE
from gemba.quality.control.monitoring.reasons import MONITORING
from gemba.quality.control.monitoring.rules import joins_episode, severity_of
from gemba.quality.control.monitoring.words import LastTime, fault_words, finding_words, last_time_words
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.lifecycle import Lifecycle, Situation, reasons_against
from gemba.quality.records.reasons import Reason, install_reasons
from gemba.stats.charts.rules import NELSON

NOW = datetime(2026, 3, 2, tzinfo=UTC)
EVERYBODY = Actor(
    "person",
    "person:1",
    "All",
    frozenset((role, "*") for role in ("operator", "inspector", "engineer", "approver", "quality_manager")),
)
FULL = {
    "event_code": "E1", "reaction_step": "2", "cause": "c", "action": "a", "reason": "r", "why": "w",
    "valid_from": NOW, "replaces": 1,
    "steps": [{"number": 1, "text": "Stop", "answer": "done", "words": ""}],
}  # fmt: skip


def test_beyond_a_limit_is_most_severe_and_a_mere_pattern_least() -> None:
    severities = {code: severity_of(NELSON[code]) for code in NELSON.codes}
    assert severities == {"1": 3, "2": 2, "3": 1, "4": 1, "5": 2, "6": 2, "7": 1, "8": 1}


@pytest.mark.parametrize(
    ("category", "severity", "clean", "since", "joins"),
    [
        ("open", 3, 500, 0, True),
        ("void", 1, 0, 0, False),
        ("closed", 2, 0, 1, True),
        ("closed", 2, 8, 9, True),
        ("closed", 2, 9, 9, False),
        ("closed", 2, 0, 10, False),
        ("closed", 3, 0, 1, False),
    ],
)
def test_what_belongs_to_an_episode(
    category: str, severity: int, clean: int, since: int, *, joins: bool
) -> None:
    found = joins_episode(
        category=category,
        severity=severity,
        known_severity=2,
        clean=clean,
        points_since_closed=since,
        window=9,
    )
    assert found is joins


@pytest.mark.parametrize("lifecycle", [SIGNAL_LIFECYCLE, LIMIT_SET_LIFECYCLE])
def test_each_move_leaves_its_states_only_and_system_moves_are_no_persons(lifecycle: Lifecycle) -> None:
    for state in lifecycle.states:
        for move in lifecycle.moves:
            situation = Situation(FULL | {"state": state.name}, FULL, EVERYBODY, NOW)
            codes = {reason.code for reason in reasons_against(lifecycle, move, situation, site="HAL")}
            expected = set()
            if state.name not in move.sources:
                expected.add("records.wrong_state")
            if not move.roles:
                expected.add("records.role_missing")
            assert codes == expected, (state.name, move.name)
            program = Situation(FULL | {"state": state.name}, FULL, system("x"), NOW)
            left = {r.code for r in reasons_against(lifecycle, move, program, site="HAL")}
            persons = {"records.person_only"} if move.roles else set()
            assert left - {"records.wrong_state"} == persons


def test_only_withdrawal_and_superseding_belong_to_the_program() -> None:
    moves = [*SIGNAL_LIFECYCLE.moves, *LIMIT_SET_LIFECYCLE.moves]
    assert {move.name for move in moves if not move.roles} == {"withdraw", "supersede"}
    assert {move.name: move.signature for move in moves if move.signature} == {"approve": "approved"}


def test_every_reason_has_words_that_can_be_filled() -> None:
    install_reasons(MONITORING)
    fields = {"point", "problem", "state", "now", "then", "stream", "subgroup", "number", "name", "points"}
    fields |= {"step", "text", "kind", "advised", "lower", "upper"}
    for code, words in MONITORING.items():
        assert words.format(**dict.fromkeys(fields, "x")), Reason(code)


FACT = {
    "panel": "xbar",
    "rule": "5",
    "definition": {"test": "zone", "k": 2, "of": 3, "sigma": 2.0, "counts": "points"},
    "points": [[1, 1, 1772431380000000], [3, 3, 1772431500000000]],
}


def test_a_finding_names_rule_panel_and_time_of_its_points() -> None:
    assert finding_words(FACT, "Europe/Berlin") == (
        "Rule 5 on the mean: two of three points in a row more than 2 sigma from the centre line, "
        "on the same side, 2 points from 2026-03-02 07:03 to 2026-03-02 07:05."
    )


@pytest.mark.parametrize(
    ("state", "cause", "action", "end"),
    [
        ("closed", "worn stop.", "changed it", "): worn stop. Done: changed it."),
        ("closed", "", "", ") no cause was found."),
        ("open", "", "", ") is not finished."),
    ],
)
def test_the_last_time_says_what_is_known_of_it(state: str, cause: str, action: str, end: str) -> None:
    last = LastTime("SIG-1", 1772431380000000, state, "E1", cause, action)
    assert last_time_words(last, "UTC").endswith(end)


def test_a_fault_says_that_the_readings_are_stored() -> None:
    assert "stored and not judged" in fault_words("ZeroDivisionError()")
