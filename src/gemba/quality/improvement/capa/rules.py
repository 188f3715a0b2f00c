"""What must hold before a corrective action moves on. Pure: every guard returns all that stands against it.

What was typed with the move counts as if it were stored already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gemba.quality.improvement.capa.words import CHANGES
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.lifecycle import Guard, Situation
from gemba.quality.records.reasons import Reason

Row = Mapping[str, Any]
MOST_DAYS = 3650


def by_the_program(situation: Situation) -> Iterable[Reason]:
    """A guard: nobody types a verdict."""
    if situation.actor.kind != "system":
        yield Reason("capa.program_only")


def window_elapsed(situation: Situation) -> Iterable[Reason]:
    """A guard: the window that was fixed in advance is over."""
    ends = situation.record["window_until"]
    if ends is None or ends > to_microseconds(situation.now):
        yield Reason("capa.window_open")


def a_cause_is_verified(situation: Situation) -> Iterable[Reason]:
    """A guard: a cause of this cycle is verified, and it is not human error alone."""
    verified = [row for row in this_cycle(situation, "causes") if row["verified_at"] is not None]
    if not verified:
        yield Reason("capa.cause_missing")
    elif all(row["factor"] == "human" for row in verified) and not any(
        row["kind"] == "systemic" for row in verified
    ):
        yield Reason("capa.human_alone")


def line_is_known(relation: str) -> Guard:
    """A guard: the line that is answered is there, in this cycle, and still open."""
    ended = "verified_at" if relation == "causes" else "done_at"

    def guard(situation: Situation) -> Iterable[Reason]:
        number = situation.inputs.get("number")
        open_lines = [row["number"] for row in this_cycle(situation, relation) if row[ended] is None]
        if number is None and not open_lines:
            yield Reason("capa.nothing_open")
        elif number is not None and number not in open_lines:
            yield Reason("capa.line_unknown", {"number": number})

    return guard


def typed(*names: str) -> Guard:
    """A guard: what was typed with the move has words."""

    def guard(situation: Situation) -> Iterable[Reason]:
        for name in names:
            if name in situation.inputs and not str(situation.inputs[name]).strip():
                yield Reason("records.field_missing", {"field": name})

    return guard


def actions_are_complete(situation: Situation) -> Iterable[Reason]:
    """A guard: something will be done, and of each thing is said by whom and until when."""
    if "actions" not in situation.inputs:
        return
    rows = situation.inputs["actions"]
    if not rows or any(
        not row["what"].strip() or not row["responsible"].strip() or not row["due"] for row in rows
    ):
        yield Reason("capa.action_missing")


def criterion_holds(situation: Situation) -> Iterable[Reason]:
    """A guard: the data can be judged by the criterion, in the window; ``faults`` are what says otherwise."""
    yield from situation.inputs.get("faults", ())


def actions_are_done(situation: Situation) -> Iterable[Reason]:
    """A guard: every action of this cycle is done."""
    for row in this_cycle(situation, "actions"):
        if row["done_at"] is None:
            yield Reason("capa.action_open", {"number": row["number"], "what": row["what"][:80]})


def changes_have_words(situation: Situation) -> Iterable[Reason]:
    """A guard: each answer names the revision, or why it does not apply."""
    for row in situation.inputs.get("changes", ()):
        if not row["words"].strip():
            yield Reason("capa.change_words", {"about": CHANGES[row["about"]]})


def named_plans_are_in_force(situation: Situation) -> Iterable[Reason]:
    """A guard: a control plan that is named as updated is in force; ``plans`` are those that are named."""
    for row in situation.inputs.get("plans", ()):
        if row["category"] != "effective":
            yield Reason("capa.plan_not_in_force", {"number": row["number"], "state": row["state"]})


def changes_are_answered(situation: Situation) -> Iterable[Reason]:
    """A guard: control plan, FMEA, documents and training are updated, or it is said why not."""
    for row in situation.record["changes"]:
        if not row["answer"]:
            yield Reason("capa.change_open", {"about": CHANGES[row["about"]]})


def is_effective(situation: Situation) -> Iterable[Reason]:
    """A guard: the data have shown it."""
    if situation.record["verdict"] != "effective":
        yield Reason("capa.not_shown", {"verdict": situation.record["verdict"]})


def is_not_yet_shown(situation: Situation) -> Iterable[Reason]:
    """A guard: the data allow neither verdict, and it is said how long to wait."""
    if situation.record["verdict"] != "not yet shown":
        yield Reason("capa.nothing_to_extend", {"verdict": situation.record["verdict"]})
    if "days" in situation.inputs and not 1 <= situation.inputs["days"] <= MOST_DAYS:
        yield Reason("capa.days")


def this_cycle(situation: Situation, relation: str) -> list[Row]:
    """The lines of the cycle that runs."""
    record = situation.record
    return [row for row in record[relation] if row["cycle"] == record["cycle"]]
