"""Opening: nothing is begun over a broken plant, nothing is migrated without a proved copy."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from gemba.quality.records.keeping import checking
from gemba.quality.records.keeping.backup import list_backups, make_backup
from gemba.quality.records.keeping.checking import StoreRefused, check_plant
from gemba.quality.records.keeping.opening import open_store
from gemba.quality.records.keeping.restore import restore
from gemba.quality.records.store.copying import read_schema
from gemba.quality.records.store.elsewhere import current, embedded_settings, opened
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.store.health import mark_moved
from specimen.models import Specimen

from .conftest import NOW, ROBOT, Plant

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def damaged(plant: Plant) -> DataFolder:
    """A plant with a backup, whose file was then overwritten in the middle."""
    make_backup(plant.folder, why="asked", now=NOW)
    connections[current()].close()
    content = bytearray(plant.folder.store.read_bytes())
    content[4096 : len(content) // 2] = bytes(len(content) // 2 - 4096)
    plant.folder.store.write_bytes(content)
    return plant.folder


def make_older() -> str:
    """Take a step of the schema back, as a store of an older version would lack it."""
    call_command("migrate", "api", "zero", database=current(), verbosity=0, interactive=False)
    return "api.0001_initial"


def test_a_new_plant_gets_a_store(new_folder: Callable[[], DataFolder]) -> None:
    folder = new_folder()
    with opened(embedded_settings(folder.store)):
        assert open_store(folder, now=NOW) == ("Made a new store.",)
        assert open_store(folder, now=NOW) == ()
        assert check_plant(folder).findings == ()


def test_a_store_that_is_gone_is_not_begun_anew(plant: Plant, new_folder: Callable[[], DataFolder]) -> None:
    made = make_backup(plant.folder, why="asked", now=NOW)
    folder = new_folder()
    shutil.copytree(made.path.parent, folder.path / "backups")
    with opened(embedded_settings(folder.store)):
        with pytest.raises(StoreRefused, match=f"gemba restore {folder.path}/backups/{made.path.name} "):
            open_store(folder, now=NOW)
        assert not folder.store.exists()
        restore(folder.path / "backups" / made.path.name, folder, replace=False, actor=ROBOT, now=LATER)
        assert open_store(folder, now=LATER) == ()
        assert Specimen.objects.count() == 4


@pytest.mark.parametrize("plant", ["embedded"], indirect=True)  # a server looks after its own files
def test_a_damaged_store_is_left_as_it_is_and_the_way_back_named(damaged: DataFolder) -> None:
    before = damaged.store.read_bytes()
    with pytest.raises(StoreRefused, match=r"is damaged: .*--replace") as caught:
        open_store(damaged, now=NOW)
    assert damaged.store.read_bytes() == before
    named = re.search(r"gemba restore (\S+) ", str(caught.value))
    assert named
    done = restore(Path(named[1]), damaged, replace=True, actor=ROBOT, now=LATER)
    assert done.aside is not None
    assert (done.aside / "plant.sqlite3").read_bytes() == before
    assert open_store(damaged, now=LATER) == ()
    assert Specimen.objects.count() == 4


def test_a_newer_store_is_refused_with_the_way_back(plant: Plant) -> None:
    make_backup(plant.folder, why="before upgrade", now=NOW)
    make_backup(plant.folder, why="asked", now=LATER)
    with connections[current()].cursor() as cursor:
        statement = "INSERT INTO django_migrations (app, name, applied) VALUES ('records', '9999_x', %s)"
        cursor.execute(statement, [NOW])
    with pytest.raises(StoreRefused, match=r"records\.9999_x.*backups/2026-03-03T093000Z "):
        open_store(plant.folder, now=NOW)


def test_a_plant_that_was_moved_is_not_served_from_here(plant: Plant) -> None:
    mark_moved("postgresql://db/plant")
    with pytest.raises(StoreRefused, match="moved to postgresql://db/plant"):
        open_store(plant.folder, now=NOW)


def test_an_older_store_is_copied_and_the_migration_rehearsed_first(
    plant: Plant,
) -> None:
    done = make_older()
    assert read_schema().missing == (done,)
    said = open_store(plant.folder, now=NOW)
    made = list_backups(plant.folder.path / "backups")[0]
    assert said == (f"Copied the plant to {made.path} before the upgrade.", "Upgraded the store by 1 step.")
    assert made.manifest.why == "before upgrade"
    assert made.manifest.sound
    assert done not in made.manifest.migrations
    assert read_schema().missing == ()
    assert check_plant(plant.folder).findings == ()
    restore(made.path, plant.folder, replace=True, actor=ROBOT, now=LATER)
    assert Specimen.objects.count() == 4


def test_a_migration_that_fails_in_rehearsal_leaves_the_store_alone(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OperationalError("a column is in the way")

    make_older()
    monkeypatch.setattr(checking, "migrate", fail)
    with pytest.raises(StoreRefused, match="rehearsed on a copy and failed: a column is in the way"):
        open_store(plant.folder, now=NOW)
    assert read_schema().missing != ()
    assert not list((plant.folder.path / "backups").iterdir())


def test_an_upgrade_that_fails_is_not_half_done(
    new_folder: Callable[[], DataFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Django notes a step after it was committed: what fails in between must not leave its tables behind."""

    def fail(*_: object) -> None:
        raise OperationalError("database or disk is full")

    folder = new_folder()
    with opened(embedded_settings(folder.store)):
        with monkeypatch.context() as patch:
            patch.setattr(MigrationExecutor, "record_migration", fail)
            with pytest.raises(StoreRefused, match=r"upgrade failed: .*is full"):
                open_store(folder, now=NOW)
        assert read_schema().applied == ()
        assert open_store(folder, now=NOW) == ("Made a new store.",)
        assert check_plant(folder).findings == ()
