"""What a requirement must be before anybody commits to it or lets it go. Pure: each returns reasons."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from gemba.quality.records.lifecycle import Situation
from gemba.quality.records.reasons import Reason

STANDS_ON = ("verified_by", "controlled_by")
"""Relations, read from the requirement, of what shows that it is met."""


def limits_make_sense(situation: Situation) -> Iterable[Reason]:
    """A guard: lower below upper, the target between them."""
    record = situation.record
    for low, high in (("lower", "upper"), ("lower", "target"), ("target", "upper")):
        one, two = _decimal(record[low]), _decimal(record[high])
        if one is None or two is None:
            continue
        if one > two or (one == two and "target" not in (low, high)):
            about = {"low": low, "low_value": record[low], "high": high, "high_value": record[high]}
            yield Reason("requirements.order", about)


def feasible(situation: Situation) -> Iterable[Reason]:
    """A guard: somebody has answered that it can be made and verified, for what is written now."""
    answer = situation.record["feasible"]
    if not answer:
        yield Reason("requirements.feasibility_missing")
    elif answer == "no":
        yield Reason("requirements.not_feasible")


def answer_says_why(situation: Situation) -> Iterable[Reason]:
    """A guard: the answer about feasibility says why."""
    if "feasibility" in situation.inputs and not situation.inputs["feasibility"].strip():
        yield Reason("records.field_missing", {"field": "feasibility"})


def impacts_answered(situation: Situation) -> Iterable[Reason]:
    """A guard: of each record that stands on it is said what becomes of it."""
    now = situation.record["revision"]
    rows = situation.record["impacts"]
    left = [row["record"] for row in rows if row["revision"] == now and not row["answer"]]
    if left:
        yield Reason("requirements.impact_open", {"records": ", ".join(left)})


def impacts_are_known(situation: Situation) -> Iterable[Reason]:
    """A guard: only lines of the open impact list are answered; a change of a record is said in words."""
    now = situation.record["revision"]
    known = {row["record"] for row in situation.record["impacts"] if row["revision"] == now}
    for row in situation.inputs.get("impacts", ()):
        if row["record"] not in known:
            yield Reason("requirements.impact_unknown", {"record": row["record"]})
        elif row["answer"] == "changed" and not row["words"].strip():
            yield Reason("requirements.impact_words", {"record": row["record"]})


def successor_is_agreed(situation: Situation) -> Iterable[Reason]:
    """A guard: what takes its place is another requirement, and agreed. ``found`` is its state."""
    inputs = situation.inputs
    if "successor" not in inputs:
        return
    if inputs["found"] is None or inputs["successor"] == situation.record["number"]:
        yield Reason("requirements.successor_unknown", {"given": inputs["successor"]})
    elif inputs["found"] != "agreed":
        yield Reason("requirements.successor_not_agreed", {"given": inputs["successor"]})


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
