"""A plant with a characteristic that was measured before, and corrective actions in any state.

The bore has a mean of 10.2 and a standard deviation of about 0.1; the action shall bring it to 10.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from charted.plant import Plant
from gemba.quality.control.nonconformance.factory import Staff, proof_of
from gemba.quality.improvement.capa import services
from gemba.quality.improvement.capa.inputs import (
    ActionInput,
    CapaInput,
    CauseInput,
    CauseProof,
    ChangeAnswer,
    Containment,
    Plan,
)
from gemba.quality.improvement.capa.models import Capa
from gemba.quality.improvement.capa.queries import capa
from gemba.quality.improvement.capa.words import CHANGES
from gemba.quality.records.advance import advance
from gemba.quality.records.models import Site

DAY = timedelta(days=1)
BEFORE = (10.1, 10.3, 10.2, 10.1, 10.2, 10.3, 10.0, 10.2, 10.4, 10.2) * 2
FIXED = (9.9, 10.1, 10.0, 9.9, 10.0, 10.1, 9.8, 10.0, 10.2, 10.0)
UNCHANGED = BEFORE[:10]
BETWEEN = (10.0, 10.3, 10.0)
WAYS: dict[str, tuple[str, ...]] = {
    "submitted": (),
    "containment": ("accept",),
    "investigation": ("accept", "contain"),
    "plan_approval": ("accept", "contain", "find", "propose"),
    "implementation": ("accept", "contain", "find", "propose", "approve"),
    "monitoring": ("accept", "contain", "find", "propose", "approve", "implement", "verify"),
    "judged": ("accept", "contain", "find", "propose", "approve", "implement", "verify", "wait"),
    "closed": ("accept", "contain", "find", "propose", "approve", "implement", "verify", "wait", "close"),
    "declined": ("decline",),
    "void": ("void",),
}
"""The shortest way to each state."""


class Correcting:
    """One plant, its staff, and the readings of ten days before."""

    def __init__(self, site: Site, staff: Staff, *, now: datetime) -> None:
        self.site, self.staff = site, staff
        self.plant = Plant(name="Bore", lsl=Decimal("9.5"), usl=Decimal("10.5"), chart_kind="")
        self.plant.now = now
        self.since = now
        self.send(*BEFORE)
        self.plant.now += 10 * DAY

    @property
    def now(self) -> datetime:
        return self.plant.now

    def send(self, *values: float) -> list[int]:
        """Readings of the bore, from a source of its own."""
        return self.plant.send(*values, source="caliper")

    def plan(self, **changes: Any) -> Plan:
        given = Plan(
            actions=(ActionInput(what="New stop", responsible="Emil", due=date(2026, 4, 1)),),
            characteristic=self.plant.number,
            metric="mean",
            target=Decimal(10),
            baseline_from=self.since,
            baseline_until=self.since + 10 * DAY,
            window_days=5,
        )
        return replace(given, **changes)

    def submitted(self, **changes: Any) -> Capa:
        given = CapaInput(title="Bore too wide", problem="Bores of 10.4 mm", source="internal")
        return services.submit(
            site=self.site, given=replace(given, **changes), actor=self.staff.engineer, now=self.now
        )

    def find(self, made: Capa, *, factor: Any = "machine", kind: Any = "occurrence") -> None:
        about: dict[str, Any] = {"capa": made, "actor": self.staff.engineer, "now": self.now}
        services.add_cause(given=CauseInput(kind=kind, factor=factor, cause="The stop is worn"), **about)
        last = made.causes.order_by("number").values_list("number", flat=True).last()
        services.verify_cause(given=CauseProof(number=last or 0, evidence="Old stop in: back again"), **about)

    def implement(self, made: Capa) -> None:
        about: dict[str, Any] = {"capa": made, "now": self.now}
        for row in list(made.actions.filter(done_at=None).order_by("number")):
            services.do_action(number=row.number, evidence="Built in", actor=self.staff.operator, **about)
        answers = tuple(
            ChangeAnswer(about=name, answer="not_applicable", words="The stop is in no document")  # type: ignore[arg-type]
            for name in CHANGES
        )
        services.prevent(changes=answers, actor=self.staff.engineer, **about)

    def wait(self, made: Capa, values: tuple[float, ...] = FIXED) -> None:
        """The readings of the window come in, it elapses, and the job looks."""
        self.plant.now += DAY
        if values:
            self.send(*values)
        self.plant.now += (made.window_days or 0) * DAY
        services.judge_due(self.now)
        made.header.refresh_from_db()
        made.refresh_from_db()

    def lead(self, made: Capa, *steps: str, values: tuple[float, ...] = FIXED) -> Capa:
        """Each step by the right person."""
        staff = self.staff
        about: dict[str, Any] = {"capa": made}
        boss = staff.quality_manager
        ways: dict[str, Callable[[], object]] = {
            "accept": lambda: services.accept(risk="medium", actor=boss, now=self.now, **about),
            "decline": lambda: advance(
                made, "decline", actor=boss, now=self.now, inputs={"reason": "corrected"}
            ),
            "void": lambda: advance(
                made, "void", actor=boss, now=self.now, inputs={"reason": "entered twice"}
            ),
            "contain": lambda: services.contain(
                given=Containment(containment="Every bore is gauged"),
                actor=staff.engineer,
                now=self.now,
                **about,
            ),
            "find": lambda: self.find(made),
            "propose": lambda: services.propose(
                given=self.plan(), actor=staff.engineer, now=self.now, **about
            ),
            "approve": lambda: services.approve(
                proof=proof_of(staff.approver), actor=staff.approver, now=self.now, **about
            ),
            "implement": lambda: self.implement(made),
            "verify": lambda: services.verify(actor=staff.quality_manager, now=self.now, **about),
            "wait": lambda: self.wait(made, values),
            "close": lambda: services.close(
                lessons="Change stops by hours", proof=proof_of(staff.quality_manager),
                actor=staff.quality_manager, now=self.now, **about,
            ),
        }  # fmt: skip
        for step in steps:
            ways[step]()
        return capa(made.pk)

    def capa_in(self, state: str, **changes: Any) -> Capa:
        """A corrective action that came to this state the shortest way."""
        return self.lead(self.submitted(**changes), *WAYS[state])
