"""What is severe, what belongs to one episode, and what must be said before a step. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gemba.quality.records.lifecycle import Situation
from gemba.quality.records.reasons import Reason
from gemba.stats.charts.rules import Rule
from gemba.stats.results import N_

SEVERITIES: Mapping[int, str] = {1: N_("minor"), 2: N_("major"), 3: N_("critical")}
CRITICAL = 3
STEP_ANSWERS: Mapping[str, str] = {"done": N_("Done"), "not_needed": N_("Not needed")}
"""What may be said of a step of the reaction plan."""
_BY_TEST: Mapping[str, int] = {"beyond": CRITICAL, "zone": 2, "same_side": 2}


def severity_of(rule: Rule) -> int:
    """How severe a firing is: beyond the limits most, a shift of the level more than a mere pattern."""
    return _BY_TEST.get(rule.test, 1)


def joins_episode(
    *,
    category: str,
    severity: int,
    known_severity: int,
    clean: int,
    points_since_closed: int,
    window: int,
) -> bool:
    """Whether a violation belongs to the signal that is there.

    An open signal takes every later violation. A closed one takes those of its aftermath: until the chart
    has been clean for the longest window of its rules, and for no more points than that window, so that a
    process that stays bad after the closing gives a new signal. A withdrawn one takes none, a closed one
    none that is more severe.
    """
    if category == "void":
        return False
    if category != "closed":
        return True
    return clean < window and points_since_closed <= window and severity <= known_severity


def event_code_given(situation: Situation) -> Iterable[Reason]:
    """A guard: the signal has an event code."""
    if not _said(situation, "event_code"):
        yield Reason("monitoring.event_code_missing", {"field": "event_code"})


def steps_can_be_ticked(situation: Situation) -> Iterable[Reason]:
    """A guard: there is a reaction plan, and what is said is about its steps."""
    steps = {row["number"] for row in situation.record["steps"]}
    if not steps:
        yield Reason("monitoring.no_steps")
    for row in situation.inputs.get("steps", ()):
        about = {"step": row["number"], "field": "steps"}
        if row["number"] not in steps:
            yield Reason("monitoring.step_unknown", about)
        elif row["answer"] == "not_needed" and not row["words"].strip():
            yield Reason("monitoring.step_words", about)


def reaction_done(situation: Situation) -> Iterable[Reason]:
    """A guard: each step of the reaction plan is ticked off; without a plan it is said what was done."""
    steps = sorted(situation.record["steps"], key=lambda row: row["number"])
    for row in steps:
        if not row["answer"]:
            yield Reason("monitoring.step_open", {"step": row["number"], "text": row["text"]})
    if not steps and not _said(situation, "reaction_step"):
        yield Reason("monitoring.reaction_missing", {"field": "reaction_step"})


def exclusion_reasons(excluded: Mapping[str, str], names: Sequence[str]) -> Iterable[Reason]:
    """What stands against leaving points out of limits: unknown names, and names without a cause."""
    for point, cause in excluded.items():
        if point not in names:
            yield Reason("monitoring.point_unknown", {"point": point})
        if not cause.strip():
            yield Reason("monitoring.exclusion_reason", {"point": point})


def holds_from_given(situation: Situation) -> Iterable[Reason]:
    """A guard: it is said from when the limits hold."""
    if situation.inputs.get("valid_from") is None:
        yield Reason("monitoring.valid_from_missing", {"field": "valid_from"})


def why_given(situation: Situation) -> Iterable[Reason]:
    """A guard: limits that replace others say why they were calculated again."""
    record = situation.record
    if record["replaces"] is not None and not _said(situation, "why"):
        yield Reason("monitoring.why_missing", {"field": "why"})


def _said(situation: Situation, name: str) -> bool:
    value = situation.inputs.get(name, situation.record.get(name))
    return bool(str(value or "").strip())
