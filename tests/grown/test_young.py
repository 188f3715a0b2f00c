"""A grown store looks at a new table as soon as it has rows, and leaves it to itself from then on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from gemba.quality.records import store
from gemba.quality.records.store import young
from gemba.server.clock import Watch, wall
from gemba.server.jobs.clock import ClockKeeper
from gemba.server.jobs.table import timed_jobs

TABLE = "specimen_young"


@pytest.fixture
def table(transactional_db: None) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (id bigint PRIMARY KEY) WITH (autovacuum_enabled = off)")
        yield TABLE
        cursor.execute(f"DROP TABLE {TABLE}")


def fill(table: str, first: int, count: int) -> None:
    with store.transaction():
        store.insert_many(table, ("id",), [(number,) for number in range(first, first + count)])
    store.fetch("SELECT pg_stat_force_next_flush()")  # what was counted is told within a second, or now
    store.fetch("SELECT 1")


def known(table: str) -> float:
    return float(store.fetch("SELECT reltuples FROM pg_class WHERE relname = %s", [table])[0][0])


def test_a_new_table_is_looked_at_once_when_it_has_enough_rows(table: str) -> None:
    fill(table, 0, young.ENOUGH - 1)
    assert table not in store.look_over_young()
    assert known(table) == -1
    fill(table, 1000, 1)
    (job,) = (job for job in timed_jobs(ClockKeeper(Watch())) if "new tables" in job.name)
    job.call(wall())
    assert known(table) == young.ENOUGH
    fill(table, 2000, young.ENOUGH)
    assert table not in store.look_over_young()
    assert known(table) == young.ENOUGH
