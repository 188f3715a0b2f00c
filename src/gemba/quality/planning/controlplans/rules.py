"""What a control plan must be before anybody works by it. Pure: each returns reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gemba.quality.planning.controlplans.inputs import PlanInput
from gemba.quality.planning.controlplans.words import LINE_FIELDS
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.lifecycle import Situation
from gemba.quality.records.reasons import Reason

MOST_MONTHS = 60


def input_reasons(given: PlanInput) -> Iterator[Reason]:
    """Why a plan cannot even be kept as a draft."""
    if not 1 <= given.review_months <= MOST_MONTHS:
        yield Reason("controlplans.review_months", {"field": "review_months", "most": MOST_MONTHS})
    numbers = [line.number for line in given.lines]
    for number in dict.fromkeys(numbers):
        if number < 1 or numbers.count(number) > 1:
            yield Reason("controlplans.line_number", {"line": number, "field": "lines"})


def has_lines(situation: Situation) -> Iterable[Reason]:
    """A guard: something is controlled."""
    if not situation.record["lines"]:
        yield Reason("controlplans.no_lines")


def lines_are_complete(situation: Situation) -> Iterable[Reason]:
    """A guard: each line says how it is controlled, and has a whole reaction plan."""
    for row in sorted(situation.record["lines"], key=lambda row: row["number"]):
        for name, label in LINE_FIELDS.items():
            if not str(row[name]).strip():
                yield Reason("controlplans.line_field", {"line": row["number"], "what": label})


def special_are_controlled(situation: Situation) -> Iterable[Reason]:
    """A guard: each special characteristic of the product has a line.

    ``special`` are those of the product, as who approves found them: number, name, id.
    """
    controlled = {item.id for item in situation.linked.get("controls", ())}
    for number, name, identity in situation.inputs.get("special", ()):
        if identity not in controlled:
            yield Reason("controlplans.special_missing", {"number": number, "name": name})


def gauges_are_in_date(situation: Situation) -> Iterable[Reason]:
    """A guard: each gauge that a line names may be used."""
    for item in situation.linked.get("measured_with", ()):
        if item.category != "effective":
            yield Reason("controlplans.gauge", {"number": item.number, "state": item.state})


def nothing_follows_yet(situation: Situation) -> Iterable[Reason]:
    """A guard: the next revision is not begun already."""
    for item in situation.linked.get("superseded_by", ()):
        if item.category not in ("closed", "void"):
            yield Reason("controlplans.revision_begun", {"number": item.number or f"#{item.id}"})


def review_has_come(situation: Situation) -> Iterable[Reason]:
    """A guard: without a person's reason, a plan is looked at again when its time has come."""
    due = situation.record["review_at"]
    if not situation.inputs.get("reason") and (due is None or due > to_microseconds(situation.now)):
        yield Reason("records.reason_missing")
