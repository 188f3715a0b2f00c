"""A nonconformance on its way, each step by the right person, and the neighbours that later issues bring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from gemba.quality.control.nonconformance import services
from gemba.quality.control.nonconformance.factory import Staff, nonconformance_in, proof_of
from gemba.quality.control.nonconformance.inputs import Execution, LineInput, LocationAnswer, Opinion
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.records import store
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.links import add_link
from gemba.quality.records.models import Header, Site
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.work import recording

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def codes(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code.removeprefix("nonconformance.") for reason in caught.value.reasons]


def line(decision: str, quantity: str = "12", **more: str) -> LineInput:
    given: Any = {"quantity": Decimal(quantity), "decision": decision, "reason": "agreed"} | more
    return LineInput(**given)


def done(**more: Any) -> Execution:
    return replace(Execution(line=1, quantity=Decimal(12), evidence="seen"), **more)


def with_neighbour(ncr: Nonconformance, kind: str, category: str) -> Header:
    """A linked record of a type that comes with a later issue: all that a guard sees of it is its header."""
    identity = store.next_values("header", 1)[0]
    made = Header.objects.create(
        id=identity, type=kind, number=f"{kind[:3].upper()}-HAL-26-{identity:04d}", title=kind,
        site=ncr.header.site, state=category, category=category, originator="person:1",
        opened_at=0, version=1,
    )  # fmt: skip
    with recording(actor=system("setup"), now=NOW) as work:
        add_link(work, made.pk, "affects", ncr.pk)
    return made


class Case:
    """A nonconformance in a state, and each step of it by the right person unless said otherwise."""

    def __init__(self, state: str, site: Site, staff: Staff, **changes: Any) -> None:
        self.site, self.staff = site, staff
        self.ncr = nonconformance_in(state, site=site, staff=staff, now=NOW, **changes)

    def contain(self, *locations: LocationAnswer) -> Nonconformance:
        return services.contain(
            nonconformance=self.ncr, locations=locations, actor=self.staff.inspector, now=NOW
        )

    def review(self, function: Any, actor: Actor, opinion: str = "scrap it") -> Nonconformance:
        given = Opinion(function=function, opinion=opinion)
        return services.review(nonconformance=self.ncr, given=given, actor=actor, now=NOW)

    def decide(self, *lines: LineInput, actor: Actor | None = None) -> Nonconformance:
        who = actor or self.staff.quality_manager
        return services.decide_disposition(nonconformance=self.ncr, lines=lines, actor=who, now=NOW)

    def execute(self, given: Execution, actor: Actor | None = None) -> Nonconformance:
        who = actor or self.staff.operator
        return services.execute_line(nonconformance=self.ncr, given=given, actor=who, now=NOW)

    def verify(self, actor: Actor | None = None) -> Nonconformance:
        return services.verify(nonconformance=self.ncr, actor=actor or self.staff.inspector, now=NOW)

    def close(self, actor: Actor | None = None) -> Nonconformance:
        who = actor or self.staff.approver
        return services.close(nonconformance=self.ncr, proof=proof_of(who), actor=who, now=NOW)

    def reopen(self, overturned: str = "") -> Nonconformance:
        return services.reopen(
            nonconformance=self.ncr,
            reason="more of it",
            overturned=overturned,
            actor=self.staff.quality_manager,
            now=NOW,
        )
