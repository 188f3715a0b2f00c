"""No page and no job reads a table of readings or points from end to end: each question has an index."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from charted.plant import ENGINEER, Plant
from gemba.quality.control.collecting.models import Stream
from gemba.quality.control.monitoring import services
from gemba.quality.people.models import Person
from gemba.quality.people.roles import ROLES
from gemba.quality.planning.requirements.factory import requirement_in
from gemba.quality.records.actor import Actor
from gemba.quality.records.history import list_as_of, record_as_of
from gemba.server.live import charts
from gemba.stats.charts import known_limits
from server.conftest import client_of, make_person

LARGE = (
    *("collecting_reading", "collecting_intake", "monitoring_point", "records_version", "records_entry"),
    *("records_seal", "records_event", "records_delivery"),
)
WHOLE = re.compile(rf"(?:^SCAN |Seq Scan on )\"?({'|'.join(LARGE)})\b(?! USING)")
NAMED = re.compile(rf"\b({'|'.join(LARGE)})\b")


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements that were asked inside, with their values."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield found
    found += [query["sql"] for query in queries if query["sql"].lstrip().startswith(("SELECT", "WITH"))]


def read_whole(statement: str) -> list[str]:
    """The large tables that a statement reads from end to end, however few rows there are now.

    The first rows of an embedded table in the order of its key, as many as are asked for, are no such thing.
    """
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = on")
        cursor.execute(explain + statement.replace("%", "%%"), [])
        steps = [str(row[-1]).strip(" ->") for row in cursor.fetchall()]
    if "LIMIT" in statement and not any("TEMP B-TREE" in step for step in steps):
        return [step for step in steps if step.startswith("Seq Scan") and WHOLE.search(step)]
    aliases = dict(re.findall(rf"\"?({'|'.join(LARGE)})\"? (?:AS )?\"?([a-z]\w*)\"?", statement))
    named = [alias for alias in aliases.values() if alias not in {"where", "order", "on", "left", "join"}]
    return [step for step in steps if WHOLE.search(step) or _scans(step, named)]


def _scans(step: str, aliases: list[str]) -> bool:
    return step.startswith("SCAN ") and step.split()[1] in aliases and "USING" not in step


@pytest.fixture
def plant(people: dict[str, Person]) -> Plant:
    made = Plant(stream_keys="machine")
    for machine in ("M1", "M2"):
        made.send("50", stream={"machine": machine})
    made.know_limits(known_limits("i-mr", mean=50.0, sigma=1.0))
    for turn in range(30):
        made.send(50 + turn % 3, 50 - turn % 2, stream={"machine": "M1"})
    made.send("120", "56", "56", stream={"machine": "M1"})
    made.amend(made.ids[-2], "50", "correction")
    manager = Actor("person", "person:905", "Quinn", frozenset({("quality_manager", "*")}))
    about: dict[str, Any] = {"site": made.site, "maker": ENGINEER, "decider": manager, "now": made.now}
    made.change(verifies=str(requirement_in("agreed", **about).header.number))
    return made


def pages(plant: Plant, client: Client) -> dict[str, Callable[[], Any]]:
    chart = f"/charts/{Stream.objects.order_by('pk').values_list('pk', flat=True)[0]}"
    named = f"/records/characteristic/{plant.number}"
    places = [
        *("/", "/charts", "/charts.json", chart, f"{chart}.json", f"{chart}/side", f"{chart}/figure.json"),
        *("/coverage", "/records/requirement", "/records/requirement/REQ-HAL-26-0001"),
        *("/records/characteristic", "/records/nonconformance", "/records/signal", "/records/limit-set"),
        *(named, "/tasks", "/quarantine", "/trail", "/loop", "/loop/failed", "/search?q=diameter", "/people"),
        *("/api/v1/records/characteristic", f"/api/v1/records/characteristic/{plant.number}"),
    ]
    return {place: lambda place=place: client.get(place) for place in places}  # type: ignore[misc]


def test_no_page_reads_a_large_table_from_end_to_end(plant: Plant) -> None:
    client = client_of(make_person("all", *ROLES))
    seen = 0
    for place, opening in pages(plant, client).items():
        opening()
        with asked() as statements:
            answer = opening()
        assert answer.status_code == 200, place
        large = [statement for statement in statements if NAMED.search(statement)]
        seen += len(large)
        whole = {statement: steps for statement in large if (steps := read_whole(statement))}
        assert whole == {}, place
    assert seen > 20


def test_no_job_reads_a_large_table_from_end_to_end(plant: Plant) -> None:
    with asked() as statements:
        services.run_due(plant.now + timedelta(hours=1))
        plant.send("51", stream={"machine": "M2"})
        charts.changed_streams(charts.newest_seal() - 2)
        record_as_of(plant.characteristic.pk, plant.now)
        list_as_of("characteristic", plant.now)
    large = [statement for statement in statements if NAMED.search(statement)]
    assert large
    assert {statement: steps for statement in large if (steps := read_whole(statement))} == {}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT COUNT(*) FROM monitoring_point WHERE n = 3",
        "SELECT q.id FROM collecting_reading q WHERE q.text = '1'",
    ],
)
def test_a_question_without_an_index_is_seen(db: None, statement: str) -> None:
    assert read_whole(statement) != []
