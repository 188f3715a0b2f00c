"""My desk and the search with 100,000 records and half as many tasks, in the server's own time.

The rows are written straight into the tables: only how they are read is measured here.
``GEMBA_BENCH_RECORDS`` says how many. On SQLite in a new folder, or on the PostgreSQL server of
``GEMBA_DATABASE``.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from harness import Line, Sheet, median_seconds
from topics.http import own_database
from topics.pages import opened_store, questions, somebody_with_every_role

RECORDS = int(os.environ.get("GEMBA_BENCH_RECORDS", "100000"))
LIMIT = 0.15

PAGES = ("/", "/desk", "/desk.json", "/find.json?q=shaft", "/find.json?q=NCR-HAL-26-0777", "/search?q=shaft")


def sheets() -> list[Sheet]:
    with own_database() as address, tempfile.TemporaryDirectory(prefix="gemba-bench-") as folder:
        opened_store(Path(folder), address)
        from django.db import connection

        try:
            client = somebody_with_every_role()
            _fill()
            return [_opened(client)]
        finally:
            connection.close()


def _fill() -> None:
    """Records of many owners, each second one with a task, half of those done."""
    from datetime import UTC, datetime

    from django.db import transaction

    from gemba.quality.people.sites import create_site
    from gemba.quality.records.actor import system
    from gemba.quality.records.models import Header, Site, Task
    from gemba.quality.records.store.words import put_words

    now = time.time_ns() // 1000
    site = Site.objects.first() or create_site(
        code="HAL", name="Halle", zone="Europe/Berlin", actor=system("bench"), now=datetime.now(UTC)
    )
    chance = random.Random(7)  # noqa: S311 (no secret)
    words = ("shaft", "bore", "flange", "housing", "seal", "bearing")
    for first in range(0, RECORDS, 5000):
        headers: list[Any] = []
        tasks: list[Any] = []
        for number in range(first, first + 5000):
            state, category = chance.choice((("draft", "draft"), ("reported", "open"), ("closed", "closed")))
            about = {"type": "nonconformance", "site": site, "state": state, "category": category}
            title = f"{chance.choice(words)} {number}"
            who = {"originator": "person:1", "owner": f"person:{number % 300}"}
            key = {"id": 10**6 + number, "number": f"NCR-HAL-26-{number:04d}", "title": title}
            header = Header(**about, **who, **key, opened_at=now + number, version=1)
            headers.append(header)
            if number % 2:
                due = now + chance.randrange(-10, 30) * 86_400_000_000
                done = {"state": "done", "done_at": now} if number % 4 == 1 else {}
                about = {"header": header, "site": site, "what": "tasks.asked", "values": '{"text": "look"}'}
                holder = chance.choice(("role:engineer", "role:operator", "role:approver", "person:77"))
                who = {"assignee": holder, "opened_by": "person:1", "opened_at": now, "due_at": due}
                tasks.append(Task(id=10**6 + number, entry=0, **about, **who, **done))
        with transaction.atomic():
            Header.objects.bulk_create(headers)
            Task.objects.bulk_create(tasks)
            for header in headers:
                put_words(header.pk, header.number, header.title, "")


def _opened(client: Any) -> Sheet:
    lines = []
    for page in PAGES:
        asked = questions(client, page)
        size = len(client.get(page).content)
        began = time.process_time()
        for _ in range(5):
            client.get(page)
        cpu = (time.process_time() - began) / 5
        seconds = median_seconds(lambda page=page: client.get(page))  # type: ignore[misc]
        note = f"{asked} questions, {cpu * 1000:.0f} ms CPU, {size / 1000:.0f} kB"
        lines.append(Line(page, seconds, lines[0].gemba if lines else seconds, note))
    where = "PostgreSQL" if os.environ["GEMBA_DATABASE"] else "SQLite"
    title = f"My desk with {RECORDS:,} records, {RECORDS // 4:,} open tasks on the list, {where}"
    return Sheet(title, LIMIT, tuple(lines))
