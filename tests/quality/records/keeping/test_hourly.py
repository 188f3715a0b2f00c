"""The backup that nobody asks for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError, connections

from gemba.quality.records.keeping import hourly
from gemba.quality.records.keeping.backup import Backup, list_backups
from gemba.quality.records.keeping.checking import check_copy
from gemba.quality.records.keeping.hourly import back_up_when_due
from gemba.quality.records.models import Task
from gemba.quality.records.store.elsewhere import current
from gemba.quality.records.tasks import task_in_words

from .conftest import NOW, Plant

pytestmark = pytest.mark.parametrize(
    "plant", ["embedded"], indirect=True
)  # backups of both are tested beside


def back_up(plant: Plant, minutes: int) -> Backup | None:
    return back_up_when_due(plant.folder, now=NOW + timedelta(minutes=minutes), check=check_copy)


def test_a_backup_is_made_when_the_last_one_is_an_hour_old(plant: Plant) -> None:
    made = [minute for minute in (0, 10, 59, 60, 70, 125) if back_up(plant, minute)]
    assert made == [0, 60, 125]


def test_a_clock_that_was_set_back_does_not_stop_backups(plant: Plant) -> None:
    assert back_up(plant, 0)
    assert back_up(plant, -180)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "No space left on device."),
        (OperationalError("database or disk is full"), "database or disk is full."),
    ],
    ids=["of a file", "of the store"],
)
def test_a_backup_that_cannot_be_made_is_on_a_list_until_one_is(
    error: Exception, said: str, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(hourly, "make_backup", full)
        assert back_up(plant, 0) is None
        assert back_up(plant, 10) is None
    task = Task.objects.get(state="open")
    assert task_in_words(task).startswith(f"The plant could not be backed up: {said}")
    assert task.assignee == "role:system_administrator"
    assert back_up(plant, 20)
    assert not Task.objects.filter(state="open").exists()


def test_an_unsound_backup_is_on_a_list(plant: Plant) -> None:
    with connections[current()].cursor() as cursor:
        cursor.execute("UPDATE records_header SET title = 'another'")
    assert back_up(plant, 0)
    problem = task_in_words(Task.objects.get(state="open"))
    assert "row 1 of records_header is not as its last version says: title." in problem
    assert [backup.manifest.sound for backup in list_backups(plant.folder.path / "backups")] == [False]
