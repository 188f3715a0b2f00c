"""The only writers of corrective actions. A move without a field of its own is a plain ``advance``."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from gemba.quality.control.nonconformance import queries as nonconformances
from gemba.quality.improvement.capa import events, queries
from gemba.quality.improvement.capa.criterion import Criterion, fix
from gemba.quality.improvement.capa.inputs import (
    CapaInput,
    CauseInput,
    CauseProof,
    Containment,
    Plan,
)
from gemba.quality.improvement.capa.judging import judge_due
from gemba.quality.improvement.capa.models import ActionItem, Capa, Change
from gemba.quality.improvement.capa.queries import next_number
from gemba.quality.improvement.capa.record import CAPA
from gemba.quality.improvement.capa.steps import (
    add_cause,
    begin_again,
    close,
    do_action,
    extend,
    prevent,
    verify,
    verify_cause,
)
from gemba.quality.improvement.capa.words import CHANGES
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.editing import create_reasons, edit_plain
from gemba.quality.records.given import choice_faults, column_faults
from gemba.quality.records.links import add_link
from gemba.quality.records.models import Header, Site
from gemba.quality.records.outbox import emit
from gemba.quality.records.reasons import Reason, refuse_if
from gemba.quality.records.recorder import create_record
from gemba.quality.records.signatures import Proof
from gemba.quality.records.work import recording

__all__ = [
    "accept",
    "add_cause",
    "amend",
    "approve",
    "begin_again",
    "close",
    "contain",
    "do_action",
    "extend",
    "judge_due",
    "prevent",
    "propose",
    "submit",
    "submit_for",
    "verify",
    "verify_cause",
]
DAY = 86_400_000_000


def submit(*, site: Site, given: CapaInput, actor: Actor, now: datetime) -> Capa:
    """Ask for a corrective action; where it corrects a nonconformance, both are linked."""
    values = {
        name: value.strip() if isinstance(value, str) else value for name, value in asdict(given).items()
    }
    header = Header(title=values.pop("title"))
    record = Capa(**values)
    reasons = [*create_reasons(CAPA, actor, site.code), *choice_faults(given)]
    reasons += column_faults(header, ("title",)) + column_faults(record, ("corrects", "customer"))
    if not header.title:
        reasons.append(Reason("records.field_missing", {"field": "title"}))
    about = nonconformances.by_number(record.corrects, site=site.code) if record.corrects else None
    if record.corrects and about is None:
        reasons.append(Reason("capa.nonconformance_unknown", {"given": record.corrects}))
    held = None if about is None else queries.open_correction(about.pk)
    if held is not None:
        reasons.append(Reason("capa.already_open", {"number": held.number, "given": record.corrects}))
    refuse_if(reasons)
    with recording(actor=actor, now=now) as work:
        create_record(work, CAPA, record, site=site, title=header.title, children=_ask_changes)
        if about is not None:
            add_link(work, record.pk, "corrects", about.pk)
        emit(work, events.SUBMITTED, record.header, {"title": header.title})
    return record


def submit_for(*, nonconformance: int, actor: Actor, now: datetime) -> Capa:
    """Ask for the corrective action of a nonconformance: what was found there is the problem here."""
    about = nonconformances.nonconformance(nonconformance)
    given = CapaInput(
        title=about.header.title,
        corrects=about.header.number or "",
        problem=about.found or about.header.title,
        where_found=", ".join(part for part in (about.place, about.item, about.lot) if part)[:400],
        how_many=f"{about.quantity_nonconforming.normalize():f} {about.unit}"
        if about.quantity_nonconforming
        else "",
        shipped=about.detection_point == "customer",
    )
    return submit(site=about.header.site, given=given, actor=actor, now=now)


def amend(
    *,
    capa: Capa,
    given: CapaInput,
    actor: Actor,
    now: datetime,
    reason: str = "",
    expected_version: int | None = None,
) -> Capa:
    """Change what is said of the problem; what it corrects was linked when it was submitted, and stays."""
    version = capa.header.version if expected_version is None else expected_version
    kept = replace(given, corrects=capa.corrects)
    edit_plain(record=capa, given=kept, reason=reason, actor=actor, now=now, expected_version=version)
    return capa


def contain(
    *,
    capa: Capa,
    given: Containment,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Capa:
    """Say what keeps the problem from anybody else until its cause is gone.

    A cause that is given is noted by its own move, and verified by its own where there is evidence.
    """

    def keep(record: Capa) -> None:
        record.containment = given.containment.strip()
        record.contained_by, record.contained_at = actor.id, to_microseconds(now)

    inputs = {"containment": given.containment, "reason": reason}
    who: dict[str, Any] = {"capa": capa, "actor": actor, "now": now}
    with recording(actor=actor, now=now):
        advance(
            capa, "contain", actor=actor, now=now, inputs=inputs, apply=keep,
            expected_version=expected_version,
        )  # fmt: skip
        if given.cause.strip() or given.evidence.strip():
            cause = CauseInput(kind=given.kind, factor=given.factor, cause=given.cause)
            add_cause(given=cause, **who)
        if given.evidence.strip():
            number = next_number(capa.causes) - 1
            verify_cause(given=CauseProof(number=number, evidence=given.evidence), **who)
    return capa


def accept(
    *,
    capa: Capa,
    risk: str,
    shipped: bool = False,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Capa:
    """Take it on: so much is at risk, and the containment begins."""

    def keep(record: Capa) -> None:
        record.risk, record.shipped = risk, shipped

    inputs = {"risk": risk, "shipped": shipped, "reason": reason}
    return advance(
        capa, "accept", actor=actor, now=now, inputs=inputs, apply=keep, expected_version=expected_version
    )


def propose(
    *,
    capa: Capa,
    given: Plan,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Capa:
    """Propose the actions and fix by which data they will be judged: baseline and power are computed now."""
    with recording(actor=actor, now=now) as work:
        faults = list(choice_faults(given))
        found, against = (None, []) if faults else fix(given, site=capa.header.site_id, now=now)

        def keep(record: Capa) -> None:
            _keep_plan(record, given, found)

        inputs = _plain({**asdict(given), "reason": reason}) | {"faults": [*faults, *against]}
        done = advance(
            capa,
            "propose",
            actor=actor,
            now=now,
            inputs=inputs,
            apply=keep,
            expected_version=expected_version,
        )
        if found is not None:
            add_link(work, done.pk, "affects", found.characteristic)
        for other in queries.earlier(done.characteristic, than=done.pk):
            add_link(work, other.pk, "recurs_as", done.pk)
        return done


def _keep_plan(record: Capa, given: Plan, found: Criterion | None) -> None:
    for name in ("characteristic", "metric", "target", "margin", "alpha", "power", "window_days"):
        setattr(record, name, getattr(given, name))
    if found is not None:
        record.stream, record.stream_row = found.key, found.stream
        record.baseline_from, record.baseline_until = found.span
        record.plan, record.plan_words = found.stored, found.plan.headline("en")
        record.plan_digest = found.before.digest
    record.verdict = record.verdict_words = ""
    record.actions.filter(cycle=record.cycle).delete()
    for place, row in enumerate(given.actions, start=next_number(record.actions)):
        ActionItem.objects.create(capa=record, cycle=record.cycle, number=place, **asdict(row))


def approve(
    *,
    capa: Capa,
    proof: Proof | None,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Capa:
    """Approve the plan with its criterion, by signature and by somebody who did not propose it."""
    inputs = {"reason": reason}
    return advance(
        capa, "approve", actor=actor, now=now, inputs=inputs, proof=proof, expected_version=expected_version
    )


def _ask_changes(made: Capa) -> None:
    Change.objects.bulk_create(Change(capa=made, about=name) for name in CHANGES)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """What was typed as the trail keeps it: numbers and moments as text, exactly."""
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(row) for row in value]
    return value if value is None or isinstance(value, str | int | bool) else str(value)
