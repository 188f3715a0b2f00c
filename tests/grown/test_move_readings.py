"""A plant with many readings goes to PostgreSQL and back by the shell: every row and number, or nothing."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from charted.plant import Plant
from gemba.quality.control.collecting.models import StoredReading
from gemba.quality.records.store.elsewhere import embedded_settings, opened
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.store.health import moved_to
from gemba.quality.records.store.rows import Digest, digest_table, read_counters, tables
from gemba.quality.records.trail import verify
from gemba.server.settings.database import database_settings
from gemba.stats.charts import known_limits
from prepared import SPECIMEN, empty_store
from server.served import PROGRAM, database

FEW, MANY, BATCH, MACHINES = 20_000, 1_000_000, 1000, 5
LOGGED = {"records_entry", "records_seal"}  # the move itself leaves a line in the trail
DRAWN = {"entry", "tx"}


@pytest.fixture(scope="module", autouse=True)
def _store(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory, _store: None, request: pytest.FixtureRequest
) -> DataFolder:
    """A plant in a file, with readings on machines whose limits are in force."""
    made = DataFolder(tmp_path_factory.mktemp("embedded"))
    chance = random.Random(7)  # noqa: S311 (no secret)
    shutil.copy(empty_store(SPECIMEN), made.store)
    with opened(embedded_settings(made.store)):
        plant = Plant(name="Bore", lsl=Decimal("9.8"), usl=Decimal("10.2"), stream_keys="machine")
        for machine in range(MACHINES):
            plant.send("10.000", stream={"machine": f"M{machine}"})
        plant.know_limits(known_limits("i-mr", mean=10.0, sigma=0.02))
        for _ in range((MANY if request.config.getoption("--full") else FEW) // BATCH):
            batch = [
                plant.reading(f"{chance.gauss(10, 0.02):.3f}", stream={"machine": f"M{n % MACHINES}"})
                for n in range(BATCH)
            ]
            plant.deliver(batch)
    return made


@pytest.fixture
def target() -> Iterator[str]:
    with database("moved", settings=SPECIMEN) as variables:
        yield variables["GEMBA_DATABASE"]


def shell(*words: str) -> subprocess.Popen[str]:
    ours = ("GEMBA", "DJANGO", "PYTEST")  # as a worker of the tests it would take a folder of its own
    env = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    env |= {"PYTHONPATH": PROGRAM, "NO_COLOR": "1", "DJANGO_SETTINGS_MODULE": "settings"}
    command = [sys.executable, "-m", "gemba.cli", *words]
    return subprocess.Popen(  # noqa: S603 (our own program)
        command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def done(*words: str) -> tuple[int, str]:
    process = shell(*words)
    out, said = process.communicate(timeout=1800)
    return process.returncode, out + said


def seen(settings: dict[str, Any]) -> tuple[dict[str, Digest], dict[str, int]]:
    """The digest of every table, and the last number of every sequence."""
    with opened(settings) as alias:
        found = {model._meta.db_table: digest_table(model, alias) for model in tables()}
        return found, {k: v for k, v in read_counters(tables()).items() if k not in DRAWN}


def differing(one: dict[str, Digest], other: dict[str, Digest]) -> set[str]:
    return {name for name in one if one[name] != other[name]}


def test_a_move_that_is_killed_leaves_the_plant_whole_and_nothing_there(
    folder: DataFolder, target: str
) -> None:
    before = seen(embedded_settings(folder.store))
    mover = shell("move", "--to", target, "--data", str(folder.path))
    with copying(target) as is_copying:
        until(is_copying, mover)
        mover.kill()
        mover.communicate(timeout=60)
    assert seen(embedded_settings(folder.store)) == before
    with opened(embedded_settings(folder.store)):
        assert moved_to() == ""
        assert verify().sound
    with opened(database_settings(target, folder)):
        assert StoredReading.objects.count() == 0


def test_there_and_back_every_row_and_every_number_is_the_same(
    folder: DataFolder, target: str, show: Callable[[str], None]
) -> None:
    embedded, grown = embedded_settings(folder.store), database_settings(target, folder)
    rows, numbers = seen(embedded)
    code, said = done("move", "--to", target, "--data", str(folder.path))
    assert code == 0, said
    there, there_numbers = seen(grown)
    assert differing(rows, there) == LOGGED
    assert there_numbers == numbers
    with opened(grown):
        assert verify().sound
    with opened(embedded):
        assert moved_to() == target
    code, said = done("move", "--to", target, "--data", str(folder.path))
    assert code != 0
    assert f"moved to {target}" in said

    code, said = done("move", "--to", "sqlite", "--database", target, "--data", str(folder.path))
    assert code == 0, said
    back, back_numbers = seen(embedded)
    assert differing(there, back) == LOGGED
    assert back_numbers == numbers
    with opened(embedded):
        assert (moved_to(), verify().findings) == ("", ())
    with opened(grown):
        assert moved_to() == "sqlite"
    total = sum(digest.rows for digest in rows.values())
    show(
        f"move to PostgreSQL and back: {rows['collecting_reading'].rows} readings, {total} rows in "
        f"{len(rows)} tables: the digest of every table and the last number of every sequence equal"
    )


@contextmanager
def copying(address: str) -> Iterator[Callable[[], bool]]:
    """Whether somebody just copies rows into this database."""
    statement = "SELECT COUNT(*) FROM pg_stat_progress_copy WHERE datname = current_database()"
    with psycopg.connect(address, autocommit=True) as watcher:

        def asked() -> bool:
            found = watcher.execute(statement).fetchone()
            return found is not None and found[0] > 0

        yield asked


def until(true: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 300
    while not true():
        assert process.poll() is None, "the move ended before it copied"
        assert time.monotonic() < deadline
