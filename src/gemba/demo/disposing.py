"""A nonconformance of the demo goes its whole way, each step by the person who may."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from gemba.demo.people import ENGINEER, Shift
from gemba.quality.control.nonconformance import services
from gemba.quality.control.nonconformance.inputs import (
    CorrectiveAnswer,
    Execution,
    LineInput,
    LocationAnswer,
    NonconformanceInput,
    Opinion,
)
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.records.canonical import from_microseconds


@dataclass(frozen=True)
class Finding:
    """What people have found out about a nonconformance, and what they say of a corrective action."""

    cause: str
    action: str
    recurs: str = ""
    """Why it could come again: then a corrective action is needed."""


Step = Callable[[Nonconformance, Finding, Shift], None]


def settle(record: Nonconformance, found: Finding, shift: Shift) -> None:
    """Take every step that is left, from the state in which somebody left it to the signed end."""
    while (step := STEPS.get(record.header.state)) is not None:
        step(record, found, shift)


def _quantity(record: Nonconformance) -> Decimal:
    return record.quantity_nonconforming or record.quantity_suspect or Decimal(1)


def _report(record: Nonconformance, found: Finding, shift: Shift) -> None:
    quantity = _quantity(record)
    given = replace(
        _as_given(record),
        severity="major",
        place=record.place or "Line 2",
        cause_summary=found.cause,
        quantity_nonconforming=quantity,
        quantity_inspected=quantity,
        quantity_suspect=quantity,
    )
    services.amend(nonconformance=record, given=given, actor=shift.inspector, now=shift.now)
    services.report(nonconformance=record, actor=shift.inspector, now=shift.now)


def _contain(record: Nonconformance, _found: Finding, shift: Shift) -> None:
    answers = [
        LocationAnswer(location="stock", answer="none", words="looked"),
        LocationAnswer(location="wip", answer="secured", quantity=_quantity(record), words="cage 3"),
        LocationAnswer(location="transit", answer="none", words="nothing was sent"),
        LocationAnswer(location="customer", answer="none", words="nothing was sent"),
        LocationAnswer(location="similar", answer="none", words="the other machines run another lot"),
    ]
    services.contain(nonconformance=record, locations=answers, actor=shift.inspector, now=shift.now)


def _review(record: Nonconformance, found: Finding, shift: Shift) -> None:
    spoken = set(record.reviews.filter(cycle=record.cycle).values_list("function", flat=True))
    for actor, function, opinion in (
        (shift.engineer, "engineering", f"{found.cause}: cannot be used"),
        (shift.manager, "quality", "sorted by measuring, what does not conform is scrapped"),
    ):
        if function not in spoken:
            given = Opinion(function=function, opinion=opinion)  # type: ignore[arg-type]
            services.review(nonconformance=record, given=given, actor=actor, now=shift.now)
    line = LineInput(quantity=_quantity(record), decision="scrap", reason=found.cause)
    services.decide_disposition(nonconformance=record, lines=[line], actor=shift.manager, now=shift.now)


def _execute(record: Nonconformance, _found: Finding, shift: Shift) -> None:
    for line in record.lines.filter(state="pending").order_by("number"):
        done = Execution(line=line.number, quantity=line.quantity, evidence="container 14, weighed",
                         cost=Decimal("212.50"), currency="EUR")  # fmt: skip
        services.execute_line(nonconformance=record, given=done, actor=shift.inspector, now=shift.now)
    services.verify(nonconformance=record, actor=shift.engineer, now=shift.now)


def _close(record: Nonconformance, found: Finding, shift: Shift) -> None:
    if not record.corrective:
        why = found.recurs or f"{found.action}; nothing reached a customer"
        answer = CorrectiveAnswer(needed=bool(found.recurs), ground="risk", why=why)
        services.answer_corrective(nonconformance=record, given=answer, actor=shift.engineer, now=shift.now)
    proof = shift.proof(ENGINEER)
    services.close(nonconformance=record, proof=proof, actor=shift.engineer, now=shift.now)


STEPS: Mapping[str, Step] = {
    "draft": _report,
    "reported": _contain,
    "contained": _review,
    "under_review": _review,
    "dispositioned": _execute,
    "in_execution": _execute,
    "verified": _close,
}
"""What is next in a state."""


def _as_given(record: Nonconformance) -> NonconformanceInput:
    """What the draft says, as a person would send it again."""
    return NonconformanceInput(
        title=record.header.title, required=record.required, found=record.found, place=record.place,
        found_at=from_microseconds(record.found_at or 0), detection_point="process", item=record.item,
        lot=record.lot, serials=record.serials, characteristic=record.characteristic, unit=record.unit,
    )  # fmt: skip
