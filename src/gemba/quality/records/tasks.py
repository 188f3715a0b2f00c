"""The one list of what somebody must do: opened, handed on, escalated when late, done with evidence.

What is to be done is a code with values, as a refusal is: each reader sees it in the own language. The
assignee is ``person:<id>`` or ``role:<name>``, the role at the task's site.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from gemba.quality.records import store
from gemba.quality.records.actor import EVERY_SITE, Actor, system
from gemba.quality.records.calendar import due_after
from gemba.quality.records.canonical import canonical_json, from_microseconds, to_microseconds
from gemba.quality.records.models import Delivery, Header, Site, Task
from gemba.quality.records.names import actors_in, with_names
from gemba.quality.records.outbox import Fact, Reaction, emit
from gemba.quality.records.reasons import Reason, Refused, in_words
from gemba.quality.records.work import Work, recording
from gemba.stats.results import N_

TASKS: Mapping[str, str] = {
    "tasks.asked": N_("{text}"),
    "tasks.delivery_failed": N_(
        "The reaction '{reaction}' keeps failing: {error}. Find the cause, retry it."
    ),
    "tasks.signing_locked": N_(
        "Signing of {person} is locked after {count} failures. Find out why, unlock it."
    ),
    "tasks.assignee_unknown": N_("'{assignee}' is neither a person nor a role."),
    "tasks.done_already": N_("This task was done already."),
    "tasks.not_yours": N_("This task is on somebody else's list."),
    "tasks.evidence_missing": N_("Say what was done, or where it can be seen."),
}
FAILED_DELIVERY_MINUTES = 60
MOST_PASSED_ON = 1000


@dataclass(frozen=True)
class Rung:
    """One step of an escalation: how many working minutes after the due time, and who gets the task too."""

    minutes: int
    to: str


def open_task(
    *,
    what: str,
    assignee: str,
    values: Mapping[str, Any] | None = None,
    site: Site | None = None,
    header: Header | None = None,
    due_minutes: int | None = None,
    ladder: Sequence[Rung] = (),
    subject: str = "",
    actor: Actor,
    now: datetime,
) -> Task:
    """Put something on somebody's list.

    Parameters
    ----------
    what, values :
        Code and values of the words, as of a ``Reason``.
    assignee : str
        ``person:<id>`` or ``role:<name>``.
    site : Site, optional
        Whose calendar counts and whose role is meant; the record's site where it is not given.
    due_minutes : int, optional
        Working minutes from now.
    ladder : sequence of Rung
        Who gets the task too when it is late, in ascending minutes.
    subject : str
        What the task is about: while a task with this subject is open, that one is returned.
    """
    _refuse_strangers([assignee, *(rung.to for rung in ladder)])
    place = site or (header.site if header else None)
    due = None if due_minutes is None else due_after(site=place, start=now, minutes=due_minutes)
    with recording(actor=actor, now=now) as work:
        if subject:
            store.lock_name(f"gemba.task.{subject}")
            held = _open_about(subject)
            if held is not None:
                return held
        task = Task(
            id=work.ledger.draw("task")[0],
            header=header,
            site=place,
            what=what,
            values=canonical_json(values or {}),
            subject=subject,
            assignee=assignee,
            opened_at=work.at,
            opened_by=actor.id,
            due_at=None if due is None else to_microseconds(due),
            ladder=json.dumps([asdict(rung) for rung in ladder], separators=(",", ":")),
        )
        task.next_at = _next_escalation(task)
        _keep(work, task, "task.open", "TaskOpened", fresh=True)
    return task


def complete_task(*, task: int, evidence: str, actor: Actor, now: datetime) -> Task:
    """Say that a task was done, and how one can see it."""
    with recording(actor=actor, now=now) as work:
        row = _locked(task)
        reasons = _against(row, actor)
        if not evidence.strip():
            reasons.append(Reason("tasks.evidence_missing"))
        _refuse(reasons)
        row.state, row.done_at, row.done_by = "done", work.at, actor.id
        row.evidence, row.next_at = evidence.strip(), None
        _keep(work, row, "task.done", "TaskDone")
    return row


def reassign_task(*, task: int, assignee: str, reason: str, actor: Actor, now: datetime) -> Task:
    """Hand a task to somebody else; whoever holds it or opened it may, and says why."""
    _refuse_strangers([assignee])
    with recording(actor=actor, now=now) as work:
        row = _locked(task)
        reasons = [] if row.opened_by == actor.id and row.state == "open" else _against(row, actor)
        if not reason.strip():
            reasons.append(Reason("records.reason_missing"))
        _refuse(reasons)
        row.assignee = assignee
        _keep(work, row, "task.reassign", "TaskReassigned", reason=reason)
    return row


def escalate_due(now: datetime, *, limit: int = 100) -> int:
    """Give every task that is late to the next one on its ladder too; returns how many. A job."""
    late = Task.objects.filter(state="open", next_at__lte=to_microseconds(now)).order_by("next_at", "pk")
    done = 0
    for identity in late.values_list("pk", flat=True)[:limit]:
        with recording(actor=system("escalation"), now=now) as work:
            row = _locked(identity)
            if row.state != "open" or row.next_at is None or row.next_at > work.at:
                continue
            row.escalated_to = ladder_of(row)[row.rung].to
            row.rung += 1
            row.next_at = _next_escalation(row)
            _keep(work, row, "task.escalate", "TaskEscalated")
            done += 1
    return done


def tasks_for(actor: Actor, *, limit: int = 200) -> list[Task]:
    """What is on somebody's list, soonest due first: the own tasks and those of the own roles."""
    return _soonest(_mine(actor), limit)


def list_and_counts(actor: Actor, edges: Sequence[int], *, limit: int) -> tuple[list[Task], list[int]]:
    """The first of what is on somebody's list, and how much there is.

    Counted are those that are due before each of these moments, after them all, and without a date.
    """
    mine = _mine(actor)
    return _soonest(mine, limit), _counted(mine, edges)


def _soonest(mine: QuerySet[Task], limit: int) -> list[Task]:
    rows = mine.select_related("header", "site")
    return list(rows.order_by(F("due_at").asc(nulls_last=True), "pk")[:limit])


def _counted(mine: QuerySet[Task], edges: Sequence[int]) -> list[int]:
    lows = [None, *edges]
    counted = {
        f"part{place}": Count("pk", filter=_between(low, high))
        for place, (low, high) in enumerate(zip(lows, [*edges, None], strict=True))
    }
    found = mine.aggregate(**counted, undated=Count("pk", filter=Q(due_at=None)))
    return [*(found[f"part{place}"] for place in range(len(lows))), found["undated"]]


def _between(low: int | None, high: int | None) -> Q:
    found = Q(due_at__isnull=False)
    if low is not None:
        found &= Q(due_at__gte=low)
    return found if high is None else found & Q(due_at__lt=high)


def _mine(actor: Actor) -> QuerySet[Task]:
    """The open tasks that somebody holds: assigned, or escalated to him, last or before."""
    names = {actor.id: Q()}
    for role, site in sorted(actor.grants):
        there = Q() if site == EVERY_SITE else Q(site=site) | Q(site=None)
        held = names.get(f"role:{role}", there)
        names[f"role:{role}"] = held | there if held and there else Q()
    mine = Q()
    for name, there in names.items():
        mine |= (Q(assignee=name) | Q(escalated_to=name)) & there
    return Task.objects.filter(mine | Q(pk__in=_passed_on(actor, names)), state="open")


def _passed_on(actor: Actor, names: Iterable[str]) -> list[int]:
    """The tasks that were escalated to somebody and further: whoever had one keeps it until it is done."""
    named = [f"%{json.dumps(name)}%" for name in names]
    either = " OR ".join("ladder LIKE %s" for _ in named)
    found = store.fetch(_PASSED_ON.format(either=either), [*named, MOST_PASSED_ON])
    rows = Task.objects.filter(pk__in=[row[0] for row in found]) if found else ()
    return [task.pk for task in rows if holds(task, actor)]


_PASSED_ON = """
    SELECT id FROM records_task WHERE state = 'open' AND rung >= 2 AND ({either}) ORDER BY id LIMIT %s
"""
"""A sign of a name may stand for any other here; who holds a task is looked at one by one."""


def open_tasks(header: int) -> frozenset[str]:
    """The codes of what is still to be done about a record, as guards see them."""
    rows = store.fetch("SELECT what FROM records_task WHERE header_id = %s AND state = 'open'", [header])
    return frozenset(str(row[0]) for row in rows)


def task_in_words(task: Task, language: str | None = None, *, names: Mapping[str, str] | None = None) -> str:
    """What is to be done, as a person reads it; ``names`` are those of the actors that it mentions."""
    return in_words(Reason(task.what, with_names(json.loads(task.values), names)), language)


def mentioned_in(task: Task) -> set[str]:
    """The actors whose names one needs to show a task."""
    return {*actors_in(json.loads(task.values)), task.assignee, task.escalated_to, task.opened_by}


def ladder_of(task: Task) -> tuple[Rung, ...]:
    """The escalation of a task."""
    return tuple(Rung(**rung) for rung in json.loads(task.ladder))


def holds(task: Task, actor: Actor) -> bool:
    """Whether the task is on this actor's list: assigned, or escalated as far as him."""
    if actor.kind == "system":
        return True
    for holder in (task.assignee, *(rung.to for rung in ladder_of(task)[: task.rung])):
        kind, _, name = holder.partition(":")
        if holder == actor.id or (kind == "role" and _has_role(actor, name, task.site_id)):
            return True
    return False


def _has_role(actor: Actor, role: str, site: str | None) -> bool:
    return actor.has_role(role, site) if site else any(held == role for held, _ in actor.grants)


def task_reaction(
    *,
    event: str,
    name: str,
    sentence: str,
    what: str,
    role: str,
    due_minutes: int,
    ladder: Sequence[Rung] = (),
) -> Reaction:
    """A line of the reaction table: on this event, a task for a role; the event's payload fills the words."""

    def handler(fact: Fact, work: Work) -> None:
        header = None if fact.header is None else Header.objects.select_related("site").get(pk=fact.header)
        open_task(
            what=what,
            values=fact.payload,
            assignee=f"role:{role}",
            header=header,
            due_minutes=due_minutes,
            ladder=ladder,
            subject=f"{name}:{fact.id}",
            actor=work.actor,
            now=work.now,
        )

    return Reaction(event, name, sentence, handler)


def task_for_failed_delivery(delivery: Delivery, now: datetime) -> None:
    """A reaction that keeps failing is on a person's list, never only in a log."""
    header = Header.objects.select_related("site").filter(pk=delivery.header).first()
    open_task(
        what="tasks.delivery_failed",
        values={"reaction": delivery.reaction, "error": delivery.error[:200], "delivery": delivery.pk},
        assignee="role:system_administrator",
        header=header,
        due_minutes=FAILED_DELIVERY_MINUTES,
        subject=f"delivery:{delivery.pk}",
        actor=system("outbox"),
        now=now,
    )


def settle_delivery(delivery: Delivery, work: Work) -> None:
    """What works again needs nobody any more."""
    held = _open_about(f"delivery:{delivery.pk}")
    if held is not None:
        complete_task(task=held.pk, evidence="delivered", actor=system("outbox"), now=work.now)


def task_facts(task: Task) -> dict[str, Any]:
    """A task as its last line of the trail keeps it, so that ``verify`` can hold the row against it."""
    names = [item.attname for item in Task._meta.concrete_fields]  # noqa: SLF001 (Django's public Meta API)
    return {name: getattr(task, name) for name in names if name != "entry"}


def _keep(work: Work, task: Task, action: str, event: str, *, reason: str = "", fresh: bool = False) -> None:
    task.entry = work.enter(action, header=task.header_id, reason=reason, detail={"task": task_facts(task)})
    if fresh:
        store.insert_row(task)
    else:
        store.update_row(task)
    emit(work, event, task.header, {"task": task.pk, "what": task.what, "assignee": task.assignee})


def _open_about(subject: str) -> Task | None:
    """The open task about a subject; there is one at most."""
    found = store.fetch(_OPEN_ABOUT, [subject])
    return Task.objects.select_related("site").get(pk=found[0][0]) if found else None


_OPEN_ABOUT = """
    SELECT id FROM records_task WHERE subject = %s AND state = 'open' AND NOT (subject = '')
"""
"""In the words of the index ``task_once``, so that it is looked up there."""


def _locked(task: int) -> Task:
    row = store.lock_rows(Task.objects.filter(pk=task)).first()
    if row is None:
        raise Refused([Reason("records.unknown", {"record": f"task {task}"})])
    return row


def _next_escalation(task: Task) -> int | None:
    ladder = ladder_of(task)
    if task.due_at is None or task.rung >= len(ladder):
        return None
    due = from_microseconds(task.due_at)
    return to_microseconds(due_after(site=task.site, start=due, minutes=ladder[task.rung].minutes))


def _against(task: Task, actor: Actor) -> list[Reason]:
    reasons = []
    if task.state != "open":
        reasons.append(Reason("tasks.done_already"))
    if not holds(task, actor):
        reasons.append(Reason("tasks.not_yours"))
    return reasons


def _refuse_strangers(assignees: Sequence[str]) -> None:
    known = ("person:", "role:")
    _refuse(
        [
            Reason("tasks.assignee_unknown", {"assignee": name})
            for name in assignees
            if not name.startswith(known)
        ]
    )


def _refuse(reasons: list[Reason]) -> None:
    if reasons:
        raise Refused(reasons)
