"""The corrective actions of the demo plant: each led as 8D, by criteria fixed before anything is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from gemba.demo.book import BY_CODE
from gemba.demo.cases import CASES, Case, Cycle
from gemba.demo.mark import Mark
from gemba.demo.people import ENGINEER, MANAGER, Shift
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.improvement.capa import services
from gemba.quality.improvement.capa.inputs import (
    AcrossInput,
    ActionInput,
    CapaInput,
    CauseInput,
    CauseProof,
    ChangeAnswer,
    Containment,
    Plan,
)
from gemba.quality.improvement.capa.models import Capa
from gemba.quality.planning.controlplans import services as plans
from gemba.quality.planning.controlplans.inputs import PlanInput
from gemba.quality.planning.controlplans.models import ControlPlan
from gemba.quality.planning.controlplans.queries import plans_in_force
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.records.advance import advance
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.editing import known_values
from gemba.quality.records.lifecycle import LOCKED
from gemba.quality.records.models import Site

SIGNED_AFTER = timedelta(hours=16)
"""How long a verdict waits for its signature."""
MORE_DAYS = 14
"""How long a window is extended that was too short for a verdict."""


def open_cases(streams: Mapping[int, tuple[str, str]]) -> list[tuple[Case, Capa]]:
    """What is worked on, each with what is known of it; a visitor's own corrective actions stay his."""
    rows = Capa.objects.select_related("header", "header__site").exclude(header__category__in=LOCKED)
    found = [(case_of(record, streams), record) for record in rows.order_by("pk")]
    return [(case, record) for case, record in found if case is not None]


def case_of(record: Capa, streams: Mapping[int, tuple[str, str]]) -> Case | None:
    """What is known of a corrective action: by its title, or by what does not conform."""
    corrected = Nonconformance.objects.filter(header__number=record.corrects).values_list("stream", flat=True)
    code = streams.get(corrected.first() or 0, ("", ""))[0] if record.corrects else ""
    for case in CASES:
        if (case.code == code) if case.from_nonconformance else (record.header.title == case.given.title):
            return case
    return None


def lead(case: Case, record: Capa, mark: Mark, shift: Shift) -> None:
    """Take the next step of a corrective action, when its day has come."""
    step = STEPS.get(record.header.state)
    if step is not None:
        step(Work(case, case.cycles[min(record.cycle, len(case.cycles)) - 1], record, mark, shift))


def capa_of(case: Case, stream: int) -> Capa | None:
    """The corrective action of a case, once it was asked for."""
    rows = Capa.objects.select_related("header", "header__site").exclude(header__category="void")
    if not case.from_nonconformance:
        return rows.filter(header__title=case.given.title).order_by("pk").first()
    raised = Nonconformance.objects.filter(stream=stream, header__number__isnull=False)
    return rows.filter(corrects__in=raised.values("header__number")).order_by("pk").first()


class Work:
    """One corrective action on the desk of a shift."""

    def __init__(self, case: Case, cycle: Cycle, record: Capa, mark: Mark, shift: Shift) -> None:
        self.case, self.cycle, self.record, self.mark, self.shift = case, cycle, record, mark, shift

    @property
    def day(self) -> float:
        """The day of the plant."""
        return self.shift.day

    def plan_in_force(self) -> ControlPlan:
        """The control plan of what is measured."""
        return plans_in_force(self.characteristic().pk)[0]

    def characteristic(self) -> Characteristic:
        """What is measured."""
        name = BY_CODE[self.case.code].name
        return Characteristic.objects.select_related("header").get(name=name, header__state="released")


def submit(case: Case, shift: Shift) -> None:
    """Ask for a corrective action."""
    site = Site.objects.get(pk=BY_CODE[case.code].site)
    services.submit(site=site, given=case.given, actor=shift.engineer, now=shift.now)


def _accept(work: Work) -> None:
    """The problem is described as 8D wants it, and quality takes it on."""
    record, shift = work.record, work.shift
    if work.case.from_nonconformance:
        asked: CapaInput = replace(work.case.given, how_many=record.how_many)
        services.amend(capa=record, given=asked, actor=shift.engineer, now=shift.now)
    services.accept(capa=record, risk="medium", actor=shift.manager, now=shift.now)


def _contain(work: Work) -> None:
    shift, words = work.shift, work.case.containment
    services.contain(
        capa=work.record, given=Containment(containment=words), actor=shift.engineer, now=shift.now
    )


def _investigate(work: Work) -> None:
    """Causes are verified by switching them on and off; then the plan is proposed with its criterion."""
    record, shift = work.record, work.shift
    known = set(record.causes.filter(cycle=record.cycle).values_list("cause", flat=True))
    for found in work.cycle.causes:
        if work.day >= found.day and found.cause not in known:
            given = CauseInput(kind=found.kind, factor=found.factor, cause=found.cause)
            services.add_cause(capa=record, given=given, actor=shift.engineer, now=shift.now)
            row = record.causes.order_by("number").last()
            shown = CauseProof(number=0 if row is None else row.number, evidence=found.evidence)
            services.verify_cause(capa=record, given=shown, actor=shift.engineer, now=shift.now)
    if any(shift.is_due(day) for day in work.cycle.proposed) or work.day >= work.cycle.proposed[-1]:
        _propose(work)


def _propose(work: Work) -> None:
    cycle, shift, start = work.cycle, work.shift, work.mark.start
    since, until = (start + timedelta(days=day) for day in cycle.baseline)
    actions = tuple(
        ActionInput(
            kind=kind, what=what, responsible=ENGINEER.name, due=(start + timedelta(days=cycle.done)).date()
        )
        for kind, what in cycle.actions
    )
    plan = Plan(
        actions=actions,
        characteristic=str(work.characteristic().header.number),
        metric=cycle.metric,
        target=Decimal(cycle.target),
        margin=Decimal(cycle.margin) if cycle.margin else None,
        baseline_from=since,
        baseline_until=until,
        window_days=cycle.window,
        power=Decimal("0.9"),
    )
    services.propose(capa=work.record, given=plan, actor=shift.engineer, now=shift.now)


def _decide(work: Work) -> None:
    """The manager sends the plan back where something is missing, or approves it with a signature."""
    cycle, shift = work.cycle, work.shift
    if cycle.sent_back is not None and shift.is_due(cycle.sent_back):
        inputs = {"reason": cycle.missing}
        advance(work.record, "send_back", actor=shift.manager, now=shift.now, inputs=inputs)
    elif work.day >= cycle.approved:
        proof = shift.proof(MANAGER)
        services.approve(capa=work.record, proof=proof, actor=shift.manager, now=shift.now)


def _implement(work: Work) -> None:
    """The actions are done; what was changed for good is written down, and somebody else looks at it."""
    record, cycle, shift = work.record, work.cycle, work.shift
    if work.day < cycle.done:
        return
    for row in record.actions.filter(cycle=record.cycle, done_at=None).order_by("number"):
        services.do_action(
            capa=record, number=row.number, evidence=cycle.evidence, actor=shift.engineer, now=shift.now
        )
    if work.day < cycle.verified:
        return
    _prevent(work)
    services.verify(capa=record, actor=shift.manager, now=shift.now)


def _prevent(work: Work) -> None:
    case, record, shift = work.case, work.record, work.shift
    if not record.changes.filter(answer="").exists():
        return
    said = dict(case.changes)
    if case.new_operation:
        plan = _revise(work)
        said["control_plan"] = ("updated", f"{plan.header.number}, revision {plan.revision}")
    changes = [ChangeAnswer(about=about, answer=answer, words=words)  # type: ignore[arg-type]
               for about, (answer, words) in said.items()]  # fmt: skip
    across = [AcrossInput(place=place, answer="applied", words=words) for place, words in case.across]
    services.prevent(capa=record, changes=changes, across=across, actor=shift.engineer, now=shift.now)


def _revise(work: Work) -> ControlPlan:
    """The next revision of the control plan says how it is done now, and takes the place of the last one."""
    shift, number = work.shift, work.characteristic().header.number
    held = work.plan_in_force()
    reason = f"{work.record.header.number}: {work.case.new_operation}"
    draft = plans.revise(plan=held, reason=reason, actor=shift.engineer, now=shift.now)
    given = PlanInput(**known_values(draft, PlanInput))
    lines = tuple(
        replace(line, operation=work.case.new_operation) if line.characteristic == number else line
        for line in given.lines
    )
    plans.edit_plan(plan=draft, given=replace(given, lines=lines), actor=shift.engineer, now=shift.now)
    advance(draft, "submit", actor=shift.engineer, now=shift.now)
    plans.approve(plan=draft, actor=shift.manager, now=shift.now, proof=shift.proof(MANAGER))
    return plans.put_in_force(plan=draft, actor=shift.manager, now=shift.now)


def _end(work: Work) -> None:
    """The manager, who implemented nothing, signs the verdict of the data; or more data are waited for."""
    record, shift = work.record, work.shift
    if to_microseconds(shift.now - SIGNED_AFTER) < (record.window_until or 0):
        return
    proof = shift.proof(MANAGER)
    if record.verdict == "effective":
        services.close(
            capa=record, lessons=work.case.lessons, proof=proof, actor=shift.manager, now=shift.now
        )
    else:
        services.extend(
            capa=record, days=MORE_DAYS, reason=record.verdict_words, proof=proof, actor=shift.manager,
            now=shift.now,
        )  # fmt: skip


STEPS: Mapping[str, Callable[[Work], None]] = {
    "submitted": _accept,
    "containment": _contain,
    "investigation": _investigate,
    "plan_approval": _decide,
    "implementation": _implement,
    "judged": _end,
}
"""What is next in a state; a verdict is computed by the program, and nobody has a hand in it."""
