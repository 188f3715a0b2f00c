"""What is to be done: home, tasks, the loop and what it could not deliver."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.quality.people.queries import refuse_unknown_assignee
from gemba.quality.records import edge
from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.delivered import NEWEST, STATES, count_deliveries
from gemba.quality.records.models import Delivery, Event, Header
from gemba.quality.records.outbox import reactions, retry
from gemba.quality.records.tasks import complete_task, reassign_task, tasks_for
from gemba.quality.records.work import recording
from gemba.server.access import KEEPERS, QUALITY, SENDERS, allows
from gemba.server.clock import now
from gemba.server.web.desk import desk, task_rows
from gemba.server.web.glance import glance
from gemba.server.web.moments import plant_zone
from gemba.server.web.page import back, done, show, who
from gemba.server.web.whole import whole

MOST_FAILED = 200
HOME_TASKS = 20
MOST_LISTED = 10_001


def home(request: HttpRequest) -> HttpResponse:
    """What is due for me, and what stands out in the plant."""
    actor = who(request)
    zone = plant_zone()
    data: dict[str, Any] = desk(actor, zone, limit=HOME_TASKS)
    reads = allows(QUALITY, actor)
    if reads:
        data["plant"] = glance(actor)
    brings = allows(SENDERS, actor)
    return show(request, "home.html", data, reads=reads, brings=brings, zone=zone, moment=now())


def my_tasks(actor: Actor) -> list[dict[str, Any]]:
    """Everything on somebody's list."""
    return task_rows(tasks_for(actor), actor)


def listed(request: HttpRequest) -> HttpResponse:
    """Everything on my list as data, however long it is."""
    rows = task_rows(tasks_for(who(request), limit=MOST_LISTED), who(request))
    return show(request, "", {"tasks": rows})


def tasks(request: HttpRequest) -> HttpResponse:
    """My desk: my own tasks and those of my roles by when they are due, and what I started."""
    zone = plant_zone()
    return show(request, "desk.html", desk(who(request), zone), zone=zone, moment=now())


def task_done(request: HttpRequest, identity: int) -> HttpResponse:
    """Say that a task was done, or hand it on."""
    actor, typed = who(request), request.POST
    with edge.attempting("task", actor=actor, now=now()):
        if typed.get("assignee"):
            refuse_unknown_assignee(typed["assignee"])
            reassign_task(task=identity, assignee=typed["assignee"], reason=typed.get("reason", ""),
                          actor=actor, now=now())  # fmt: skip
            words = _("The task is handed on.")
        else:
            complete_task(task=identity, evidence=typed.get("evidence", ""), actor=actor, now=now())
            words = _("The task is done.")
    return done(request, back(request, reverse("tasks")), words)


def loop(request: HttpRequest) -> HttpResponse:
    """The closed loop in one table: which fact has which consequence, how often it fired, and when last."""
    sites = who(request).sites(QUALITY)
    counted = count_deliveries(None if EVERY_SITE in sites else sorted(sites))
    rows = [
        {
            "event": reaction.event,
            "name": reaction.name,
            "sentence": reaction.sentence,
            **{state: getattr(counted[reaction.name], state) for state in STATES},
            "last_at": from_microseconds(at) if (at := counted[reaction.name].last_at) else None,
        }
        for reaction in reactions()
    ]
    total = {state: sum(int(str(row[state])) for row in rows) for state in STATES}
    about = {"reactions": rows}
    return show(request, "loop.html", about, total=total, newest=NEWEST, zone=plant_zone())


def deliveries(request: HttpRequest) -> HttpResponse:
    """Reactions that keep failing: why, and a button to try again."""
    actor: Actor = who(request)
    if request.method == "POST":
        number = whole(request.POST.get("delivery", ""))
        if number is not None and _deliveries_at(actor, KEEPERS).filter(pk=number).exists():
            with recording(actor=actor, now=now()) as work:
                work.enter("delivery.retry", detail={"delivery": number})
            retry(number, now())
        return done(request, reverse("deliveries"), _("It is being tried again."))
    failed = _deliveries_at(actor, KEEPERS).filter(state="failed").select_related("event")
    rows = [_delivery_row(delivery) for delivery in failed.order_by("event_id")[:MOST_FAILED]]
    return show(request, "deliveries.html", {"deliveries": rows}, zone=plant_zone())


def _deliveries_at(actor: Actor, roles: tuple[str, ...]) -> QuerySet[Delivery]:
    """What concerns records at the sites where the actor has one of the roles."""
    sites, rows = actor.sites(roles), Delivery.objects.all()
    if EVERY_SITE in sites:
        return rows
    return rows.filter(header__in=Header.objects.filter(site__in=sites).values("pk"))


def _delivery_row(delivery: Delivery) -> dict[str, Any]:
    event: Event = delivery.event
    sentences = {reaction.name: reaction.sentence for reaction in reactions()}
    return {
        "id": delivery.pk,
        "reaction": delivery.reaction,
        "sentence": _(sentences.get(delivery.reaction, "")),
        "event": event.name,
        "at": from_microseconds(event.at),
        "record": event.header_id,
        "payload": json.loads(event.payload),
        "attempts": delivery.attempts,
        "error": delivery.error,
    }
