"""Pages of a plant with very many readings, in the server's own time, and the number of their questions.

``GEMBA_BENCH_READINGS`` says how many. They come in through the one door, in batches, on forty machines whose
limits are in force. On SQLite in a new folder, or on the PostgreSQL server of ``GEMBA_DATABASE``.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from harness import ROOT, Line, Sheet, median_seconds
from topics.http import own_database

READINGS = int(os.environ.get("GEMBA_BENCH_READINGS", "5000000"))
BATCH, MACHINES, LIMIT = 5000, 40, 0.2
LISTS = (
    "/", "/charts", "/records/characteristic", "/records/nonconformance", "/records/signal",
    "/records/limit-set", "/tasks", "/quarantine", "/trail", "/loop/failed",
)  # fmt: skip


def sheets() -> list[Sheet]:
    with own_database() as address, tempfile.TemporaryDirectory(prefix="gemba-bench-") as folder:
        opened_store(Path(folder), address)
        from django.db import connection

        try:
            seconds = _fill()
            return [_opened(seconds)]
        finally:
            connection.close()


def opened_store(folder: Path, address: str) -> None:
    import logging

    from gemba.server.opening import prepare_settings

    os.environ["GEMBA_DATABASE"] = address
    data = prepare_settings(folder, database=address, https=False, hosts=("testserver",), proxy="")
    sys.path.append(str(ROOT / "tests"))
    import django
    from django.conf import settings

    settings.LOGGING_CONFIG = None
    logging.disable(logging.WARNING)
    django.setup()
    from datetime import UTC, datetime

    from gemba.server.opening import open_store
    from gemba.server.web.static import make_static

    open_store(data, now=datetime.now(UTC))
    make_static(settings.STATIC_ROOT)


def _fill() -> float:
    """Send the readings; returns how long that took."""
    import random

    from charted.plant import Plant
    from gemba.stats.charts import known_limits

    chance = random.Random(7)  # noqa: S311 (no secret)
    limits = {"lsl": Decimal("9.8"), "usl": Decimal("10.2")}
    plant = Plant(name="Bore", stream_keys="machine", **limits)
    streams = [{"machine": f"M{number}"} for number in range(MACHINES)]
    for stream in streams:
        plant.send("10.000", stream=stream)
    plant.know_limits(known_limits("i-mr", mean=10.0, sigma=0.02))
    texts = [f"{chance.gauss(10, 0.02):.3f}" for _ in range(10_000)]
    began = time.perf_counter()
    for batch in range(READINGS // BATCH):
        first = batch * BATCH
        plant.deliver(
            [
                plant.reading(texts[n * 7 % 10_000], stream=streams[n % MACHINES])
                for n in range(first, first + BATCH)
            ]
        )
        plant.ids.clear()
    return time.perf_counter() - began


def somebody_with_every_role() -> Any:
    from datetime import UTC, datetime

    from django.test import Client

    from gemba.quality.people import services
    from gemba.quality.people.roles import ROLES
    from gemba.quality.records.actor import system

    setup: Any = {"actor": system("setup"), "now": datetime.now(UTC)}
    ada = services.create_person(username="ada", name="Ada", **setup)
    for role in ROLES:
        services.grant_role(person=ada, role=role, **setup)
    client = Client()
    client.force_login(ada)
    return client


def _opened(filled: float) -> Sheet:
    from gemba.quality.control.collecting.models import Stream

    chart = f"/charts/{Stream.objects.earliest('pk').pk}"
    client, lines = somebody_with_every_role(), []
    for page in (chart, f"{chart}/figure.json", *LISTS):
        asked = questions(client, page)
        seconds = median_seconds(lambda page=page: client.get(page))  # type: ignore[misc]
        note = f"{asked} questions, {1000 * _computed(client, page):.0f} ms computed here"
        lines.append(Line(page, seconds, lines[0].gemba if lines else seconds, note))
    where = "PostgreSQL" if os.environ["GEMBA_DATABASE"] else "SQLite"
    rate = f"taken in at {READINGS / filled:,.0f} /s"
    return Sheet(f"A page with {READINGS:,} readings stored, {where} ({rate})", LIMIT, tuple(lines))


def _computed(client: Any, page: str) -> float:
    """What a page costs this process alone: on a machine with other work the time on the clock says less."""
    found = []
    for _ in range(5):
        began = time.process_time()
        client.get(page)
        found.append(time.process_time() - began)
    return min(found)


def questions(client: Any, page: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(page)
    assert answer.status_code == 200, page
    return len(asked)
