"""Restoring: the copy proves itself first, and nothing that was there is thrown away."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from gemba.quality.records.keeping.backup import make_backup
from gemba.quality.records.keeping.checking import StoreRefused, check_plant
from gemba.quality.records.keeping.manifest import digest_files, read_manifest, write_manifest
from gemba.quality.records.keeping.restore import Restored, restore
from gemba.quality.records.models import Attachment, Entry, Site
from gemba.quality.records.store.elsewhere import current, embedded_settings, opened
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.store.rows import digest_table, tables
from gemba.quality.records.trail import verify
from specimen.models import Specimen

from .conftest import CONTENT, NOW, ROBOT, Plant, add_specimen

LATER = NOW + timedelta(hours=1)


def bring_back(path: Path, folder: DataFolder, **options: Any) -> Restored:
    return restore(path, folder, **{"replace": False, "actor": ROBOT, "now": LATER, **options})


def digests(alias: str) -> dict[str, Any]:
    return {model._meta.db_table: digest_table(model, alias) for model in tables()}


def test_a_lost_plant_comes_back_row_for_row(plant: Plant, new_folder: Callable[[], DataFolder]) -> None:
    before = digests(current())
    made = make_backup(plant.folder, why="asked", now=NOW)
    folder = new_folder()
    with opened(embedded_settings(folder.store)) as new:
        done = bring_back(made.path, folder)
        after = digests(new)
        assert done.aside is None
        last = Entry.objects.latest("id")
        assert (last.action, last.actor) == ("store.restore", "system:test")
        assert check_plant(folder).findings == ()
        file = Attachment.objects.get()
        assert (folder.attachments / file.stored).read_bytes() == CONTENT
    different = {name for name in before if before[name] != after[name]}
    assert different == {"records_entry", "records_seal"}
    assert sorted(path.name for path in folder.path.iterdir()) == [
        "anchors-until-2026-03-03T093000Z.log", "attachments", "keys", "plant.sqlite3",
    ]  # fmt: skip


def test_a_store_that_is_there_is_replaced_only_when_told_and_then_kept(plant: Plant) -> None:
    made = make_backup(plant.folder, why="asked", now=NOW)
    add_specimen(Site.objects.get(), "7")
    (plant.folder.attachments / "later").write_bytes(b"x")
    with pytest.raises(StoreRefused, match="--replace"):
        bring_back(made.path, plant.folder)
    assert Specimen.objects.count() == 5
    done = bring_back(made.path, plant.folder, replace=True)
    assert Specimen.objects.count() == 4
    assert add_specimen(Site.objects.get(), "8").header.id == 5
    assert not (plant.folder.attachments / "later").exists()
    assert done.aside is not None
    assert (done.aside / "attachments" / "later").exists()
    with opened(embedded_settings(done.aside / "plant.sqlite3")):
        assert Specimen.objects.count() == 5
        assert verify().sound


def test_a_damaged_backup_replaces_nothing(plant: Plant) -> None:
    made = make_backup(plant.folder, why="asked", now=NOW)
    content = bytearray(made.store.read_bytes())
    content[len(content) // 2] ^= 4
    made.store.write_bytes(content)
    before = digests(current())
    with pytest.raises(StoreRefused, match=r"plant\.sqlite3 is not as it was written"):
        bring_back(made.path, plant.folder, replace=True)
    assert digests(current()) == before
    assert not list(plant.folder.path.glob("replaced-*"))


def test_a_backup_that_was_forged_with_its_manifest_is_refused(plant: Plant) -> None:
    """Somebody changes a reading in a backup and makes the manifest fit."""
    made = make_backup(plant.folder, why="asked", now=NOW)
    with sqlite3.connect(made.store) as forged:
        forged.execute("DROP TRIGGER records_entry_update")
        forged.execute("UPDATE records_entry SET actor = 'person:9' WHERE id = 2")
    forged.close()
    manifest = read_manifest(made.path)
    write_manifest(made.path, replace(manifest, files=digest_files(made.path)))
    with pytest.raises(StoreRefused, match="row 2 of records_entry is not as it was sealed"):
        bring_back(made.path, plant.folder, replace=True)
    assert Specimen.objects.count() == 4


def test_a_backup_of_a_newer_program_is_refused(plant: Plant) -> None:
    with connections[current()].cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('records', '9999_later', '2026-01-01')"
        )
    made = make_backup(plant.folder, why="asked", now=NOW)
    with pytest.raises(StoreRefused, match=r"newer Gemba.*records\.9999_later"):
        bring_back(made.path, plant.folder, replace=True)


def test_a_dry_run_proves_the_backup_and_changes_nothing(plant: Plant) -> None:
    made = make_backup(plant.folder, why="asked", now=NOW)
    add_specimen(Site.objects.get(), "7")
    before = digests(current())
    done = bring_back(made.path, plant.folder, replace=True, dry_run=True)
    assert done.check.seals == made.manifest.seals
    assert digests(current()) == before
    assert not list(plant.folder.path.glob("*restor*"))


def test_numbers_go_on_after_those_that_were_used(plant: Plant) -> None:
    made = make_backup(plant.folder, why="asked", now=NOW)
    bring_back(made.path, plant.folder, replace=True)
    number = add_specimen(Site.objects.get(), "1").header.id
    assert number == 5
    assert verify().sound
