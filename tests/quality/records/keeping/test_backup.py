"""Backups: complete, proved, noticed when damaged, let go in time."""

from __future__ import annotations

import random
import shutil
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from gemba.quality.records.keeping import backup as backups
from gemba.quality.records.keeping.apart import check_copy_apart
from gemba.quality.records.keeping.backup import list_backups, make_backup, read_backup
from gemba.quality.records.keeping.checking import StoreRefused, check_copy
from gemba.quality.records.models import Attachment, Site
from gemba.quality.records.store.elsewhere import (
    at,
    current,
    kept_settings,
    only_reading,
    opened,
)
from gemba.quality.records.store.folder import STORE, DataFolder
from gemba.quality.records.store.rows import digest_table, tables
from gemba.quality.records.trail import verify

from .conftest import NOW, Plant, add_specimen


def digests(alias: str) -> dict[str, Any]:
    return {model._meta.db_table: digest_table(model, alias) for model in tables()}


def kept_file() -> str:
    return f"attachments/{Attachment.objects.get().stored}"


def test_a_backup_holds_every_row_attachment_and_anchor_and_vouches_for_them(plant: Plant) -> None:
    made = make_backup(plant.folder, why="asked", now=NOW)
    own = current()
    with opened(kept_settings(made.store)) as copy:
        assert digests(copy) == digests(own)
    manifest = made.manifest
    assert manifest.sound
    assert set(manifest.files) == {STORE, "anchors.log", kept_file()}
    assert manifest.head is not None
    assert manifest.seals == manifest.head[0]
    assert manifest.tables["specimen_specimen"] == 4
    assert read_backup(made.path) == made
    assert list_backups(made.path.parent) == (made,)


def test_a_backup_leaves_nothing_beside_itself(plant: Plant) -> None:
    made = make_backup(plant.folder, why="asked", now=NOW)
    assert [path.name for path in made.path.parent.iterdir()] == [made.path.name]
    assert sorted(path.name for path in made.path.iterdir()) == [
        "anchors.log", "attachments", "manifest.json", STORE,
    ]  # fmt: skip


def test_a_backup_is_whole_while_others_write(plant: Plant) -> None:
    alias, stop, written = current(), threading.Event(), []

    def write() -> None:
        with at(alias):
            try:
                while not stop.is_set():
                    written.append(add_specimen(Site.objects.get(), "1"))
            finally:
                connections[alias].close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [make_backup(plant.folder, why="asked", now=NOW + timedelta(seconds=n)) for n in range(4)]
    finally:
        stop.set()
        writer.join()
    assert written
    assert [backup.manifest.findings for backup in made] == [()] * 4
    counts = [backup.manifest.tables["specimen_specimen"] for backup in made]
    assert counts == sorted(counts)


def test_a_changed_row_makes_a_backup_that_is_kept_but_not_sound(plant: Plant) -> None:
    with connections[current()].cursor() as cursor:
        if plant.kind == "grown":
            cursor.execute("ALTER TABLE records_entry DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER records_entry_update")
        cursor.execute("UPDATE records_entry SET actor = 'person:9' WHERE id = 3")
    made = make_backup(plant.folder, why="asked", now=NOW)
    assert made.manifest.findings == ("row 3 of records_entry is not as it was sealed",)
    assert list_backups(made.path.parent)[0].manifest.sound is False


def test_a_changed_or_lost_attachment_is_named(plant: Plant) -> None:
    path = plant.folder.path / kept_file()
    path.write_bytes(b"something else")
    made = make_backup(plant.folder, why="asked", now=NOW)
    assert made.manifest.findings == ("file 1 (certificate.txt) is not as it was kept",)
    path.unlink()
    made = make_backup(plant.folder, why="asked", now=NOW)
    assert made.manifest.findings == ("file 1 (certificate.txt) is gone",)


def test_every_bit_of_a_backup_is_vouched_for(plant: Plant, tmp_path: Path) -> None:
    made = make_backup(plant.folder, why="asked", now=NOW)
    chance = random.Random(5)  # noqa: S311 (places for a test)
    files = sorted(path for path in made.path.rglob("*") if path.is_file() and path.stat().st_size)
    for trial in range(60):
        copy = tmp_path / f"damaged-{trial}"
        shutil.copytree(made.path, copy)
        path = copy / files[trial % len(files)].relative_to(made.path)
        damage(path, chance, cut=trial % 5 == 4)
        with pytest.raises(StoreRefused):
            read_backup(copy)
        shutil.rmtree(copy)


def damage(path: Path, chance: random.Random, *, cut: bool) -> None:
    content = bytearray(path.read_bytes())
    place = chance.randrange(len(content))
    if cut:
        del content[place:]
    else:
        content[place] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def test_a_missing_file_or_manifest_is_named(plant: Plant) -> None:
    made = make_backup(plant.folder, why="asked", now=NOW)
    (made.path / kept_file()).unlink()
    with pytest.raises(StoreRefused, match=kept_file()):
        read_backup(made.path)
    (made.path / "manifest.json").unlink()
    with pytest.raises(StoreRefused, match=r"no backup: it has no readable manifest\.json"):
        read_backup(made.path)


def test_an_interrupted_backup_leaves_none(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "write_manifest", fail)
    with pytest.raises(OSError, match="No space"):
        make_backup(plant.folder, why="asked", now=NOW)
    assert list((plant.folder.path / "backups").iterdir()) == []


def test_old_backups_go_and_the_last_sound_one_stays(plant: Plant) -> None:
    old, older = (make_backup(plant.folder, why="asked", now=NOW - timedelta(days=d)) for d in (40, 41))
    new = make_backup(plant.folder, why="asked", now=NOW)
    assert [backup.path for backup in list_backups(new.path.parent)] == [new.path, old.path, older.path]
    last = make_backup(plant.folder, why="asked", now=NOW + timedelta(days=400))
    assert [backup.path for backup in list_backups(new.path.parent)] == [
        last.path,
        new.path,
        old.path,
        older.path,
    ]


def test_two_backups_of_one_moment_have_two_names(plant: Plant) -> None:
    first = make_backup(plant.folder, why="asked", now=NOW)
    second = make_backup(plant.folder, why="asked", now=NOW)
    assert [first.path.name, second.path.name] == ["2026-03-03T093000Z", "2026-03-03T093000Z-2"]
    assert (second.path / kept_file()).stat().st_nlink == 2


def test_a_check_in_a_process_of_its_own_sees_the_same(plant: Plant) -> None:
    made = make_backup(plant.folder, why="asked", now=NOW)
    copy = DataFolder(made.path)
    assert check_copy_apart(copy) == check_copy(copy)


def test_a_plant_can_be_read_while_another_process_holds_it(plant: Plant) -> None:
    with only_reading():
        made = make_backup(plant.folder, why="asked", now=NOW)
        assert verify().sound
    assert made.manifest.sound
