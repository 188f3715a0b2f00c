"""My desk: grouped by when, with whom it waits for; a fixed number of questions however much there is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gemba.quality.people.models import Person
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.planning.products.services import create_characteristic
from gemba.quality.records.models import Site
from gemba.quality.records.tasks import open_task
from gemba.server.identity import forget
from gemba.server.web.desk import borders, group_of
from server.conftest import SETUP, actor, client_of, now

MOST_QUESTIONS = 12
MOST_BYTES = 120_000


def test_when_is_overdue_today_this_week_or_later() -> None:
    friday = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)  # half past eleven in the night at the plant
    edges = borders(friday, "Europe/Berlin")
    groups = {
        timedelta(minutes=-1): "overdue",
        timedelta(minutes=20): "today",
        timedelta(minutes=40): "week",
        timedelta(days=1, hours=23): "week",
        timedelta(days=2, hours=1): "later",
    }
    assert {wait: group_of(friday + wait, edges) for wait in groups} == groups
    assert group_of(None, edges) == "undated"


def ask(count: int, site: Site, **more: Any) -> None:
    for place in range(count):
        about: dict[str, Any] = {"values": {"text": f"look at {place}"}, "site": site, "actor": SETUP}
        open_task(what="tasks.asked", assignee="role:engineer", now=now(), **about, **more)


@pytest.mark.django_db
def test_what_is_due_by_when_and_what_i_started(
    people: dict[str, Person], characteristic: Characteristic
) -> None:
    engineer, site = actor(people["engineer"]), characteristic.header.site
    ask(1, site, due_minutes=0)
    ask(2, site)
    about: dict[str, Any] = {"actor": engineer, "now": now()}
    mine = create_characteristic(site=site, given=CharacteristicInput(name="Depth", unit="mm"), **about)
    open_task(
        what="tasks.asked",
        values={"text": "release it"},
        assignee="role:approver",
        header=mine.header,
        **about,
    )
    client = client_of(people["engineer"])
    for address in ("/desk", "/tasks"):
        seen = client.get(address + ".json").json()
        assert [(group["name"], group["count"]) for group in seen["groups"]] == [
            ("overdue", 1),
            ("undated", 2),
        ]
        assert seen["total"] == 3
        (started,) = seen["started"]
        assert (started["title"], started["waits_for"]) == ("Depth", ["approver"])
    page = client.get("/desk").content.decode()
    assert page.index("Overdue") < page.index("Without a date")
    assert "waits for approver" in page
    assert "Depth" not in client_of(people["operator"]).get("/desk").content.decode()


@pytest.mark.django_db
def test_more_work_is_no_more_questions_and_the_page_stays_small(
    people: dict[str, Person], characteristic: Characteristic
) -> None:
    client, counts = client_of(people["engineer"]), []
    for more in (5, 120):
        ask(more, characteristic.header.site, header=characteristic.header, due_minutes=60)
        client.get("/desk")
        forget()
        with CaptureQueriesContext(connection) as asked:
            answer = client.get("/desk")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= MOST_QUESTIONS, "\n".join(query["sql"][:200] for query in asked)
    assert len(answer.content) < MOST_BYTES
    assert b"of 125 are shown here" in answer.content
