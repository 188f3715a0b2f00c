"""What must hold before a nonconformance moves on. Pure: every guard returns all that stands against it.

What was typed with the move counts as if it were stored already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from gemba.quality.control.nonconformance.words import (
    DECISIONS,
    FUNCTIONS,
    LOCATIONS,
    NEEDS_CONCESSION,
    NEEDS_REINSPECTION,
)
from gemba.quality.records.lifecycle import Linked, Situation
from gemba.quality.records.reasons import Reason

Row = Mapping[str, Any]
CONCESSION, CAPA = "concession", "capa"
IN_FORCE = ("approved", "effective")


def quantities_make_sense(situation: Situation) -> Iterable[Reason]:
    """A guard: something does not conform, and not more than was inspected."""
    record = situation.record
    nonconforming, inspected = number(record["quantity_nonconforming"]), record["quantity_inspected"]
    if nonconforming <= 0:
        yield Reason("nonconformance.quantity_zero", {"field": "quantity_nonconforming"})
    if inspected is not None and nonconforming > number(inspected):
        about = {"nonconforming": plain(nonconforming), "inspected": plain(number(inspected))}
        yield Reason("nonconformance.quantity_order", about)


def every_location_answered(situation: Situation) -> Iterable[Reason]:
    """A guard: for every place where suspect product may be, somebody said whether it is there."""
    answered = {row["location"] for row in situation.record["locations"] if row["answer"]}
    answered |= {row["location"] for row in situation.inputs.get("locations", ())}
    for name, label in LOCATIONS.items():
        if name not in answered:
            yield Reason("nonconformance.location_open", {"field": "locations", "location": label})


def reviewed_by_all(situation: Situation) -> Iterable[Reason]:
    """A guard: engineering and quality have spoken in this cycle, two persons; the customer where due."""
    record = situation.record
    persons: dict[str, set[str]] = {name: set() for name in FUNCTIONS}
    for row in record["reviews"]:
        if row["cycle"] == record["cycle"]:
            persons[row["function"]].add(row["person"])
    for name, people in persons.items():
        if not people and (name != "customer" or record["customer_decides"]):
            yield Reason("nonconformance.review_missing", {"function": FUNCTIONS[name]})
    both = persons["engineering"], persons["quality"]
    if all(both) and len(both[0] | both[1]) < 2:
        yield Reason("nonconformance.review_one_person")


def lines_cover_the_quantity(situation: Situation) -> Iterable[Reason]:
    """A guard: the lines are about exactly the quantity that does not conform."""
    covered = sum((_effective(row) for row in lines_in_force(situation)), Decimal(0))
    if covered != number(situation.record["quantity_nonconforming"]):
        yield Reason("nonconformance.lines_sum", {"field": "lines"} | _sums(situation.record, covered))


def lines_are_complete(situation: Situation) -> Iterable[Reason]:
    """A guard: each line says why and, where work is to be done, how."""
    for row in lines_in_force(situation):
        wanted = ("reason", "instruction") if row["decision"] in NEEDS_REINSPECTION else ("reason",)
        for name in wanted:
            if not row[name].strip():
                yield Reason("nonconformance.line_field", {"line": row["number"], "field": name})


def concession_holds(situation: Situation) -> Iterable[Reason]:
    """A guard: what will not conform is used under a linked concession that is approved or in force."""
    concessions = list(_linked(situation, CONCESSION))
    if any(item.category in IN_FORCE for item in concessions):
        return
    for row in lines_in_force(situation):
        if row["decision"] not in NEEDS_CONCESSION:
            continue
        about = line_words(row)
        if not concessions:
            yield Reason("nonconformance.concession_missing", about)
        for item in concessions:
            shown = {"number": item.number or f"#{item.id}", "state": item.state}
            yield Reason("nonconformance.concession_not_approved", about | shown)


def not_the_finder(situation: Situation) -> Iterable[Reason]:
    """A guard: the inspector is not the disposition authority."""
    record = situation.record
    if situation.actor.id in (record["found_by"], record["originator"]):
        yield Reason("nonconformance.finder_decides")


def no_line_pending(situation: Situation) -> Iterable[Reason]:
    """A guard: every line was carried out."""
    for row in lines_in_force(situation):
        if row["state"] == "pending":
            yield Reason("nonconformance.line_pending", line_words(row))


def nothing_left_over(situation: Situation) -> Iterable[Reason]:
    """A guard: what was carried out adds up to what does not conform; a rest is reviewed again."""
    lines = lines_in_force(situation)
    done = sum((_effective(row) for row in lines), Decimal(0))
    all_done = all(row["state"] == "done" for row in lines)
    if all_done and done != number(situation.record["quantity_nonconforming"]):
        yield Reason("nonconformance.rest_open", _sums(situation.record, done))


def lines_are_proven(situation: Situation) -> Iterable[Reason]:
    """A guard: rework and repair passed their re-inspection, scrap is posted with its cost."""
    for row in lines_in_force(situation):
        if row["state"] == "done":
            yield from posting_reasons(row)
            if needs_reinspection(row) and not row["reinspection"].strip():
                yield Reason("nonconformance.reinspection_reference", line_words(row))


def posting_reasons(row: Row) -> Iterator[Reason]:
    """A scrap line that is not posted with quantity, cost and currency."""
    if row["decision"] == "scrap" and (row["cost"] is None or len(row["currency"].strip()) != 3):
        yield Reason("nonconformance.cost_missing", {"line": row["number"]})


def needs_reinspection(row: Row) -> bool:
    """Whether something of a line came out that must be measured again."""
    return row["decision"] in NEEDS_REINSPECTION and number(row["done_quantity"]) > 0


def corrective_action_answered(situation: Situation) -> Iterable[Reason]:
    """A guard: the question 'is a corrective action needed?' has an answer with its reason."""
    if not situation.record["corrective"]:
        yield Reason("nonconformance.corrective_open")


def customer_was_informed(situation: Situation) -> Iterable[Reason]:
    """A guard: where suspect product is at the customer, it says how the customer was informed."""
    record = situation.record
    there = any(row["location"] == "customer" and row["answer"] == "secured" for row in record["locations"])
    if there and not record["customer_informed"].strip():
        yield Reason("nonconformance.customer_not_informed")


def no_open_capa(situation: Situation) -> Iterable[Reason]:
    """A guard: no linked corrective action is still being worked on."""
    for item in _linked(situation, CAPA):
        if item.category not in ("closed", "void"):
            yield Reason("nonconformance.capa_open", {"number": item.number or f"#{item.id}"})


def lines_in_force(situation: Situation) -> list[Row]:
    """The lines that count: those carried out, and what was typed or else proposed for the rest."""
    stored = [row for row in situation.record["lines"] if row["state"] != "overturned"]
    typed = situation.inputs.get("lines", ())
    if not typed:
        return stored
    kept = [row for row in stored if row["state"] == "done"]
    first = next_line_number(situation.record["lines"])
    fresh = {"state": "pending", "done_quantity": None}
    return kept + [{**row, **fresh, "number": first + place} for place, row in enumerate(typed)]


def next_line_number(lines: Iterable[Row]) -> int:
    """The number of the next line; those that are only proposed give theirs up."""
    return max((row["number"] for row in lines if row["state"] != "pending"), default=0) + 1


def line_words(row: Row) -> dict[str, Any]:
    """A line as reasons name it."""
    return {"line": row["number"], "decision": DECISIONS[row["decision"]]}


def number(value: Any) -> Decimal:
    """A stored quantity as a decimal; nothing is 0."""
    return Decimal(0) if value is None else Decimal(str(value))


def plain(value: Decimal) -> str:
    """A quantity as people write it."""
    return f"{value.normalize():f}"


def _effective(row: Row) -> Decimal:
    return number(row["done_quantity"] if row["state"] == "done" else row["quantity"])


def _sums(record: Row, total: Decimal) -> dict[str, str]:
    quantity = number(record["quantity_nonconforming"])
    return {"sum": plain(total), "quantity": plain(quantity), "unit": record["unit"]}


def _linked(situation: Situation, kind: str) -> Iterator[Linked]:
    for items in situation.linked.values():
        yield from (item for item in items if item.type == kind)
