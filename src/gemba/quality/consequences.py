"""How the reactions of the loop's table are carried out, each by the services of the slices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gemba.quality.control.bringing.services import RELEASE
from gemba.quality.control.collecting import queries as readings
from gemba.quality.control.collecting.measuring import measured_with
from gemba.quality.control.collecting.stretches import last_good, still_bad
from gemba.quality.control.gauges import queries as gauges
from gemba.quality.control.gauges import services as register
from gemba.quality.control.gauges.inputs import Measured
from gemba.quality.control.monitoring import queries as charts
from gemba.quality.control.monitoring.rules import CRITICAL
from gemba.quality.control.monitoring.services import give_steps
from gemba.quality.control.nonconformance import queries as nonconformances
from gemba.quality.control.nonconformance.inputs import NonconformanceInput, Suspicion
from gemba.quality.control.nonconformance.services import draft_suspect, open_nonconformance
from gemba.quality.improvement.capa import queries as capas
from gemba.quality.improvement.capa.services import submit_for
from gemba.quality.planning.controlplans import queries as plans
from gemba.quality.planning.controlplans.services import ask_review
from gemba.quality.planning.products import queries as products
from gemba.quality.records.lifecycle import LOCKED
from gemba.quality.records.links import linked_headers
from gemba.quality.records.models import Header, Site, Task
from gemba.quality.records.outbox import Fact, Reaction
from gemba.quality.records.tasks import Rung, complete_task, open_task
from gemba.quality.records.work import Work
from gemba.stats.results import N_

HOUR = 60
SHIFT = 8 * HOUR
OWNER = "owner"
"""In place of a role: whoever owns the record."""
TO_MANAGER = (Rung(SHIFT, "role:quality_manager"),)
CONSEQUENCES: Mapping[str, str] = {
    "loop.plan": N_("{number} {name} (rule {rules}): {plan}"),
    "loop.no_plan": N_(
        "{number} {name} (rule {rules}): find the cause; the characteristic has no reaction plan."
    ),
    "loop.judge_failed": N_("{number} {name}: readings are stored but not judged. Find out why: {fault}"),
    "loop.quarantine": N_("Readings wait in quarantine: mend and release them, or discard them."),
}


def carry_out_plan(fact: Fact, work: Work) -> None:
    """A task for the reaction plan of the characteristic; one task while the signal is worked on."""
    signal = charts.signal(fact.payload["signal"])
    asked = products.specification(signal.characteristic_id, fact.at)
    if asked is None or signal.header.category in LOCKED:
        return
    plan, failed = asked.reaction, signal.about == "judge"
    line = None if failed else plans.reaction_of(signal.characteristic_id)
    if line is not None:
        give_steps(work, signal, line.steps, f"{line.number} / {line.line}")
    text, role = (plan.text, plan.role) if line is None else ("; ".join(line.steps), line.owner)
    values = {
        "number": signal.header.number,
        "name": readings.name_of_stream(signal.stream, asked.name),
        "rules": ", ".join(sorted({rule.rpartition(":")[2] for rule in fact.payload["rules"]})),
        "plan": text,
        "fault": signal.fault[:200],
    }
    open_task(
        what="loop.judge_failed" if failed else ("loop.plan" if text else "loop.no_plan"),
        values=values,
        assignee="role:engineer" if failed else f"role:{role}",
        header=signal.header,
        due_minutes=plan.minutes,
        ladder=(Rung(HOUR, "role:engineer"), Rung(SHIFT, "role:quality_manager")),
        subject=f"signal:{signal.pk}",
        actor=work.actor,
        now=work.now,
    )


def draft_beyond(fact: Fact, work: Work) -> None:
    """A draft of what is suspect since the last good point, where the characteristic asks for it.

    Of items that are judged on several characteristics it tells by the readings of the one measured last.
    """
    signal = charts.signal(fact.payload["signal"])
    asked = products.specification(signal.characteristic_id, fact.at)
    if asked is None or signal.about != "chart" or signal.header.category in LOCKED:
        return
    measured = readings.stream_of_reading(signal.suspect_to)
    suspicion = Suspicion(
        stream=measured,
        key=readings.key_in_words(readings.key_of(measured)),
        after=(last_good(measured, up_to=signal.suspect_after),),
        last=(signal.suspect_to,),
        signal=signal.pk,
    )
    opens = signal.severity >= CRITICAL and asked.reaction.suspects("beyond")
    draft_suspect(suspicion=suspicion, asked=asked, opens=opens, work=work)


def draft_nonconforming(fact: Fact, work: Work) -> None:
    """A draft of what is suspect since the last reading that conforms, on a chart in control."""
    bad = still_bad(fact.payload["readings"])
    asked = None if fact.header is None else products.specification(fact.header, fact.at)
    if asked is None or not bad:
        return
    stream: int = fact.payload["stream"]
    signals = [signal for signal in charts.open_signals(stream=stream) if signal.about == "chart"]
    after = [last_good(stream, before=bad)]
    after += [last_good(stream, up_to=signal.suspect_after) for signal in signals]
    suspicion = Suspicion(
        stream=stream,
        key=readings.key_in_words(readings.key_of(stream)),
        after=tuple(after),
        last=bad,
        signal=signals[0].pk if signals else None,
    )
    draft_suspect(suspicion=suspicion, asked=asked, opens=asked.reaction.suspects("nonconforming"), work=work)


def look_again(fact: Fact, work: Work) -> None:
    """A task on each nonconformance that was raised from a signal whose basis fell away."""
    if fact.header is None:
        return
    raised = linked_headers(fact.header).get("raised", ())
    for item in raised:
        if item.type == "nonconformance" and item.category not in LOCKED:
            header = _header(item.id)
            signal = _header(fact.header).number
            values = {"number": _called(header), "title": header.title, "signal": signal}
            open_task(
                what="nonconformance.task_look_again",
                values=values,
                assignee="role:engineer",
                header=header,
                due_minutes=SHIFT,
                subject=f"withdrawn:{fact.id}:{item.id}",
                actor=work.actor,
                now=work.now,
            )


def approve_limits(fact: Fact, work: Work) -> None:
    """A task for an approver, one while the proposal is open."""
    if fact.header is None:
        return
    header = _header(fact.header)
    if header.state != "proposed":
        return
    open_task(
        what="monitoring.task_limits",
        values={"name": fact.payload["name"], "points": fact.payload["points"]},
        assignee="role:approver",
        header=header,
        due_minutes=2 * SHIFT,
        ladder=(Rung(SHIFT, "role:quality_manager"),),
        subject=f"limits:{header.pk}",
        actor=work.actor,
        now=work.now,
    )


def mend_quarantine(fact: Fact, work: Work) -> None:
    """One task a site while readings wait there."""
    for code in fact.payload["sites"]:
        open_task(
            what="loop.quarantine",
            assignee="role:inspector",
            site=Site.objects.filter(pk=code).first(),
            due_minutes=SHIFT,
            ladder=(Rung(SHIFT, "role:engineer"),),
            subject=f"quarantine:{code}",
            actor=work.actor,
            now=work.now,
        )


def settle_quarantine(fact: Fact, work: Work) -> None:
    """The task of a site is done when nothing waits there any more."""
    site: str = fact.payload["site"]
    held = Task.objects.filter(subject=f"quarantine:{site}", state="open").first()
    if held is not None and not readings.waits_at(site):
        complete_task(task=held.pk, evidence="nothing waits", actor=work.actor, now=work.now)


def list_impact(fact: Fact, work: Work) -> None:
    """What was measured with a gauge that failed, since it was last good; the answers are on a list."""
    if fact.header is None:
        return
    gauge = gauges.gauge(fact.header)
    last = gauge.calibrations.order_by("number").last()
    error = None if last is None or last.as_found is None else float(last.as_found)
    found = measured_with(gauge.tag, site=gauge.home, since=gauge.good_at or 0, error=error, unit=gauge.unit)
    measured = [Measured(**row._asdict()) for row in found]
    register.list_impact(gauge=gauge, measured=measured, actor=work.actor, now=work.now)
    settle(gauge.header, None, work)
    if gauge.header.category not in LOCKED:
        ladder = (Rung(SHIFT, "role:quality_manager"),)
        subject = f"impact:{gauge.pk}:{fact.id}"
        _open_step(gauge.header, "gauges.task_impact", "engineer", SHIFT, ladder, subject, work)


def draft_from_gauge(fact: Fact, work: Work) -> None:
    """A draft of the product that was measured with a gauge that was out of tolerance."""
    if fact.header is None:
        return
    gauge = gauges.gauge(fact.header)
    row = gauge.impacts.get(number=fact.payload["line"])
    asked = products.by_number(row.characteristic)
    given = NonconformanceInput(
        title=f"{row.characteristic} {row.stream}: {gauge.tag}".replace(" :", ":")[:200],
        found=row.words,
        item="" if asked is None else asked.product,
        quantity_suspect=Decimal(row.readings),
        characteristic=row.characteristic,
    )
    open_nonconformance(
        site=gauge.header.site, given=given, raised_from=gauge.pk, actor=work.actor, now=work.now
    )


def look_at_plans(fact: Fact, work: Work) -> None:
    """Each plan that was in force when a characteristic of it was released anew is looked at again."""
    if fact.header is None:
        return
    for plan in plans.plans_in_force(fact.header):
        if plan.header.state == "effective" and (plan.in_force_at or 0) < fact.at:
            header = _header(fact.header)
            reason = f"{_called(header)} {header.title}: {header.state}"
            ask_review(plan=plan, reason=reason, actor=work.actor, now=work.now)


def report_locked_signing(fact: Fact, work: Work) -> None:
    """A task at once for whoever manages access."""
    person = fact.payload["person"]
    open_task(
        what="tasks.signing_locked",
        values={"person": f"person:{person}", "count": fact.payload["count"]},
        assignee="role:access_administrator",
        due_minutes=HOUR,
        subject=f"signing:{person}",
        actor=work.actor,
        now=work.now,
    )


def next_task(
    event: str,
    name: str,
    sentence: str,
    *,
    what: str,
    role: str,
    minutes: int,
    ladder: Sequence[Rung] = (),
    done: Sequence[str] = (),
) -> Reaction:
    """A line of the table: the tasks of the step before are done, the next one is on somebody's list."""

    def handler(fact: Fact, work: Work) -> None:
        if fact.header is None:
            return
        header = _header(fact.header)
        settle(header, done, work)
        if header.category not in LOCKED:
            _open_step(header, what, role, minutes, ladder, f"{name}:{fact.id}", work)

    return Reaction(event, name, sentence, handler)


def verify_when_done(fact: Fact, work: Work) -> None:
    """When no line is left, the execution is done and somebody else verifies it."""
    if fact.header is None or nonconformances.pending_lines(fact.header):
        return
    header = _header(fact.header)
    settle(header, ["nonconformance.task_execute"], work)
    if header.state == "in_execution":
        subject = f"verify:{header.pk}:{fact.id}"
        _open_step(header, "nonconformance.task_verify", "inspector", SHIFT, (), subject, work)


def released(fact: Fact, work: Work) -> None:
    """Nobody is asked to release what is released; a job takes the file that waited for it."""
    if fact.header is not None:
        settle(_header(fact.header), [RELEASE], work)


def ask_for_correction(fact: Fact, work: Work) -> None:
    """A corrective action of the nonconformance, one while it is worked on."""
    if fact.header is not None and capas.open_correction(fact.header) is None:
        submit_for(nonconformance=fact.header, actor=work.actor, now=work.now)


def verify_actions(fact: Fact, work: Work) -> None:
    """When no action is left, what was changed with it is asked for; then somebody else verifies it."""
    if fact.header is None or capas.open_actions(fact.header):
        return
    header = _header(fact.header)
    settle(header, ["capa.task_implement"], work)
    if header.state != "implementation":
        return
    if capas.open_changes(fact.header):
        subject = f"prevent-capa:{header.pk}"
        _open_step(header, "capa.task_prevent", "engineer", 2 * SHIFT, TO_MANAGER, subject, work)
        return
    settle(header, ["capa.task_prevent"], work)
    _open_step(header, "capa.task_verify", "quality_manager", 2 * SHIFT, (), f"verify-capa:{header.pk}", work)


def ends(event: str, name: str, sentence: str) -> Reaction:
    """A line of the table: nothing is left to do about a record that ended."""

    def handler(fact: Fact, work: Work) -> None:
        if fact.header is not None:
            settle(_header(fact.header), None, work)

    return Reaction(event, name, sentence, handler)


def settle(header: Header, codes: Sequence[str] | None, work: Work) -> None:
    """Take the tasks of these kinds off the lists (all of them for ``None``): the record moved on."""
    rows = Task.objects.filter(header=header, state="open").order_by("pk")
    if codes is not None:
        rows = rows.filter(what__in=list(codes))
    for identity in rows.values_list("pk", flat=True):
        complete_task(
            task=identity, evidence=f"{_called(header)}: {header.state}", actor=work.actor, now=work.now
        )


def _open_step(
    header: Header, what: str, role: str, minutes: int, ladder: Sequence[Rung], subject: str, work: Work
) -> None:
    values: dict[str, Any] = {"number": _called(header), "title": header.title}
    open_task(
        what=what,
        values=values,
        assignee=header.owner if role == OWNER else f"role:{role}",
        header=header,
        due_minutes=minutes,
        ladder=ladder,
        subject=subject,
        actor=work.actor,
        now=work.now,
    )


def _header(identity: int) -> Header:
    return Header.objects.select_related("site").get(pk=identity)


def _called(header: Header) -> str:
    return header.number or f"#{header.pk}"
