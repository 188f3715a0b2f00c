"""Why something that was typed cannot be kept. Pure.

A guard here looks at what was typed with a move and says nothing while nothing was typed yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from gemba.quality.control.nonconformance.inputs import NonconformanceInput
from gemba.quality.control.nonconformance.rules import (
    Row,
    line_words,
    needs_reinspection,
    number,
    plain,
    posting_reasons,
)
from gemba.quality.control.nonconformance.words import (
    DECISIONS,
    DETECTION_POINTS,
    FUNCTION_ROLES,
    FUNCTIONS,
    GONE,
    GROUNDS,
    LOCATION_ANSWERS,
    LOCATIONS,
    ORIGINS,
    SEVERITIES,
)
from gemba.quality.records.lifecycle import Situation
from gemba.quality.records.reasons import Reason

DIGITS, PLACES = 15, 6
QUANTITIES = ("quantity_inspected", "quantity_nonconforming", "quantity_suspect")
REINSPECTION = "re-inspection"
"""The purpose of the readings that prove a rework."""


def finding_reasons(given: NonconformanceInput) -> Iterator[Reason]:
    """Why a finding cannot even be kept as a draft."""
    if not given.title.strip():
        yield Reason("records.field_missing", {"field": "title"})
    yield from _choice("detection_point", given.detection_point, {"": "", **DETECTION_POINTS})
    yield from _choice("origin", given.origin, ORIGINS)
    yield from _choice("severity", given.severity, {"": "", **SEVERITIES})
    for name in QUANTITIES:
        yield from _quantity(name, getattr(given, name))


def answers_can_be_kept(situation: Situation) -> Iterable[Reason]:
    """A guard: each answer about a location says what was looked at, and how much was found."""
    for row in situation.inputs.get("locations", ()):
        yield from _choice("location", row["location"], LOCATIONS)
        yield from _choice("answer", row["answer"], LOCATION_ANSWERS)
        yield from _quantity("quantity", row["quantity"])
        about = {"location": LOCATIONS.get(row["location"], row["location"])}
        if not row["words"].strip():
            yield Reason("nonconformance.location_words", about)
        if row["answer"] == "secured" and not row["quantity"]:
            yield Reason("nonconformance.location_quantity", about)


def speaks_for_the_function(situation: Situation) -> Iterable[Reason]:
    """A guard: whoever speaks for a function has a role of it, and says something."""
    function = situation.inputs.get("function")
    if function is None:
        return
    yield from _choice("function", function, FUNCTIONS)
    roles = FUNCTION_ROLES.get(function, ())
    if roles and not situation.actor.has_any(roles, str(situation.record["site"])):
        about = {"function": FUNCTIONS[function], "roles": ", ".join(roles)}
        yield Reason("nonconformance.review_role", about)
    if not str(situation.inputs.get("opinion") or "").strip():
        yield Reason("nonconformance.review_words")


def lines_can_be_kept(situation: Situation) -> Iterable[Reason]:
    """A guard: each line has a quantity and a known decision."""
    for row in situation.inputs.get("lines", ()):
        yield from _choice("decision", row["decision"], DECISIONS)
        yield from _quantity("quantity", row["quantity"])
        if row["quantity"] == 0:
            yield Reason("nonconformance.quantity_zero", {"field": "quantity"})


def line_was_done(situation: Situation) -> Iterable[Reason]:
    """A guard: the line is still to do, and what was done of it has quantity, evidence and cost."""
    inputs = situation.inputs
    if "line" not in inputs:
        if not any(row["state"] == "pending" for row in situation.record["lines"]):
            yield Reason("nonconformance.nothing_pending")
        return
    row = _pending_line(situation)
    yield from _quantity("quantity", inputs["quantity"])
    yield from _quantity("cost", inputs["cost"], places=2)
    if not inputs["evidence"].strip():
        yield Reason("nonconformance.evidence_missing")
    if row is None:
        yield Reason("nonconformance.line_unknown", {"line": inputs["line"]})
        return
    if inputs["quantity"] > number(row["quantity"]):
        about = {"line": row["number"], "quantity": plain(number(row["quantity"]))}
        yield Reason("nonconformance.line_quantity", about | {"given": plain(inputs["quantity"])})
    yield from posting_reasons({**row, "cost": inputs["cost"], "currency": inputs["currency"]})


def line_was_reinspected(situation: Situation) -> Iterable[Reason]:
    """A guard: what was reworked or repaired passed a re-inspection of the same characteristic.

    ``reinspected`` is what collecting has: how many readings since the decision, and the one that fails.
    """
    inputs = situation.inputs
    row = _pending_line(situation) if "line" in inputs else None
    if row is None or not needs_reinspection({**row, "done_quantity": inputs["quantity"]}):
        return
    about = line_words(row)
    if not situation.record["characteristic"]:
        if not inputs["reinspection"].strip():
            yield Reason("nonconformance.reinspection_reference", about)
        return
    found = inputs["reinspected"]
    about |= {"characteristic": found["characteristic"]}
    if not found["readings"]:
        yield Reason("nonconformance.reinspection_missing", about | {"purpose": REINSPECTION})
    elif found["failed"]:
        yield Reason("nonconformance.reinspection_failed", about | {"text": found["failed"]})


def answer_has_reason(situation: Situation) -> Iterable[Reason]:
    """A guard: the answer about a corrective action names its ground and says why."""
    inputs = situation.inputs
    if "needed" not in inputs:
        return
    yield from _choice("ground", inputs["ground"], GROUNDS)
    if not inputs["why"].strip():
        yield Reason("nonconformance.corrective_reason")


def can_be_overturned(situation: Situation) -> Iterable[Reason]:
    """A guard: the lines to overturn were carried out, and what they did can be taken back."""
    done = {row["number"]: row for row in situation.record["lines"] if row["state"] == "done"}
    for line in situation.inputs.get("overturned", ()):
        if line not in done:
            yield Reason("nonconformance.line_not_done", {"line": line})
        elif done[line]["decision"] in GONE:
            yield Reason("nonconformance.line_gone", line_words(done[line]))


def _pending_line(situation: Situation) -> Row | None:
    for row in situation.record["lines"]:
        if row["number"] == situation.inputs["line"] and row["state"] == "pending":
            found: Row = row
            return found
    return None


def _choice(field: str, given: str, known: Mapping[str, str]) -> Iterator[Reason]:
    if given not in known:
        names = ", ".join(name for name in known if name)
        yield Reason("nonconformance.choice_unknown", {"field": field, "given": given, "known": names})


def _quantity(field: str, value: Any, *, places: int = PLACES) -> Iterator[Reason]:
    if value is not None and not _kept_exactly(value, places):
        about = {"field": field, "given": str(value), "digits": DIGITS, "places": places}
        yield Reason("nonconformance.quantity_invalid", about)


def _kept_exactly(value: Decimal, places: int) -> bool:
    if not value.is_finite() or value < 0:
        return False
    if not value:
        return True
    tail = max(0, -int(value.normalize().as_tuple().exponent))
    return tail <= places and value.adjusted() < DIGITS - places
