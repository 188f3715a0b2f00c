"""My desk: what is due and why, by when; what I started and whom it waits for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import from_microseconds, to_microseconds
from gemba.quality.records.models import Header, Task
from gemba.quality.records.names import printed_names
from gemba.quality.records.reading import may_read
from gemba.quality.records.tasks import list_and_counts, mentioned_in, task_in_words
from gemba.quality.records.types import record_type
from gemba.server.clock import now
from gemba.server.web.language import code_word, within
from gemba.server.web.steps import Way, ways

SHOWN = 50
STARTED = 30
GROUPS = ("overdue", "today", "week", "later", "undated")
UNDERWAY = ("draft", "open", "approved")
"""The categories of records that still go somewhere."""


def borders(moment: datetime, zone: str) -> tuple[datetime, datetime, datetime]:
    """Now, the end of today, and the end of this week, which is Sunday, at the plant."""
    local = moment.astimezone(ZoneInfo(zone))
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    return moment, midnight, midnight + timedelta(days=6 - local.weekday())


def group_of(due: datetime | None, edges: tuple[datetime, datetime, datetime]) -> str:
    """The group that something belongs to by when it is due."""
    if due is None:
        return "undated"
    late, today, week = edges
    return "overdue" if due < late else "today" if due < today else "week" if due < week else "later"


def desk(actor: Actor, zone: str, *, limit: int = SHOWN) -> dict[str, Any]:
    """Everything on somebody's desk, soonest due first, with how much of each group there is."""
    edges = borders(now(), zone)
    tasks, counts = list_and_counts(actor, [to_microseconds(edge) for edge in edges], limit=limit)
    rows = task_rows(tasks, actor)
    groups = [
        {
            "name": name,
            "label": _labels()[name],
            "count": counts[place],
            "tasks": [row for row in rows if group_of(row["due_at"], edges) == name],
        }
        for place, name in enumerate(GROUPS)
    ]
    return {
        "groups": [group for group in groups if group["count"]],
        "total": sum(counts),
        "started": _started(actor),
    }


def task_rows(tasks: Sequence[Task], actor: Actor) -> list[dict[str, Any]]:
    """Tasks as their holder sees them; every name is looked up at once."""
    names = printed_names({*(name for task in tasks for name in mentioned_in(task))})
    return [_task_row(task, actor, names) for task in tasks]


def _task_row(task: Task, actor: Actor, names: Mapping[str, str]) -> dict[str, Any]:
    """A task as its holder sees it: of a record that he may not read only that there is something to do."""
    header = task.header
    if header is not None and not may_read(record_type(header.type), actor, header.site_id):
        header = None
    late = task.due_at is not None and task.due_at < to_microseconds(now())
    return {
        "id": task.pk,
        "text": task_in_words(task, names=names),
        "record": None if header is None else _record(header),
        "steps": [] if header is None else [_step(way) for way in ways(task.what, header, actor)],
        "site": task.site_id,
        "assignee": task.assignee,
        "holder": held_by(task.assignee, names),
        "opened_at": from_microseconds(task.opened_at),
        "opened_by": held_by(task.opened_by, names),
        "why": names.get(task.opened_by, "") if task.opened_by.startswith("system:") else "",
        "due_at": None if task.due_at is None else from_microseconds(task.due_at),
        "late": late,
        "escalated_to": task.escalated_to,
        "escalated": held_by(task.escalated_to, names) if task.escalated_to else "",
    }


def _step(way: Way) -> dict[str, Any]:
    query = urlencode(way.query)
    return {"move": way.move, "label": _(way.label), "query": query, "at_once": way.at_once}


def held_by(holder: str, names: Mapping[str, str]) -> str:
    """Who holds something: a role or a rule by its word, a person by name."""
    kind, _colon, name = holder.partition(":")
    return within(code_word(name)) if kind in ("role", "system") else names.get(holder, holder)


def _record(header: Header) -> dict[str, Any]:
    named = {"number": header.number, "title": header.title}
    return {"id": header.id, "type": header.type, "version": header.version, **named}


def _started(actor: Actor) -> list[dict[str, Any]]:
    """The records of one's own that still go somewhere, newest first, each with whom it waits for."""
    mine = Header.objects.filter(owner=actor.id, category__in=UNDERWAY).order_by("-opened_at", "-pk")
    headers = [item for item in mine[:STARTED] if may_read(record_type(item.type), actor, item.site_id)]
    waiting: dict[int, list[Task]] = {}
    open_ones = Task.objects.filter(header__in=[item.pk for item in headers], state="open").order_by("pk")
    for task in open_ones:
        waiting.setdefault(task.header_id or 0, []).append(task)
    names = printed_names({task.assignee for tasks in waiting.values() for task in tasks})
    return [
        {
            **_record(item),
            "state": _(record_type(item.type).lifecycle.state(item.state).label),
            "category": item.category,
            "opened_at": from_microseconds(item.opened_at),
            "waits_for": _unique(held_by(task.assignee, names) for task in waiting.get(item.pk, ())),
        }
        for item in headers
    ]


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _labels() -> dict[str, str]:
    return {
        "overdue": _("Overdue"),
        "today": _("Today"),
        "week": _("This week"),
        "later": _("Later"),
        "undated": _("Without a date"),
    }
