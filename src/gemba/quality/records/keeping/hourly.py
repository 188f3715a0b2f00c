"""A backup an hour without anybody asking; what goes wrong with it is on a person's list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import DatabaseError

from gemba.quality.records.actor import system
from gemba.quality.records.keeping.backup import Backup, backups_folder, list_backups, make_backup
from gemba.quality.records.keeping.checking import Check
from gemba.quality.records.models import Task
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.tasks import complete_task, open_task
from gemba.stats.results import N_

EVERY = timedelta(hours=1)
SUBJECT = "keeping:backup"
KEEPING: Mapping[str, str] = {
    "keeping.backup_failed": N_("The plant could not be backed up: {problem} Make room, or mend it."),
    "keeping.backup_unsound": N_("The last backup is not sound: {problem} Run gemba verify."),
}
_KEEPER = system("keeping")


def back_up_when_due(
    folder: DataFolder, *, now: datetime, check: Callable[[DataFolder, bytes], Check]
) -> Backup | None:
    """Make a backup when the newest one is an hour old; ``None`` when it is not due or could not be made."""
    newest = next(iter(list_backups(backups_folder(folder))), None)
    if newest is not None and timedelta(0) <= now - newest.manifest.moment < EVERY:
        return None
    try:
        made = make_backup(folder, why="hourly", now=now, check=check)
    except (OSError, DatabaseError) as error:
        _alarm("keeping.backup_failed", f"{getattr(error, 'strerror', None) or error}.", now)
        return None
    if made.manifest.sound:
        _settle(made, now)
    else:
        _alarm("keeping.backup_unsound", f"{made.manifest.findings[0]}.", now)
    return made


def _alarm(what: str, problem: str, now: datetime) -> None:
    open_task(
        what=what,
        values={"problem": problem},
        assignee="role:system_administrator",
        subject=SUBJECT,
        actor=_KEEPER,
        now=now,
    )


def _settle(made: Backup, now: datetime) -> None:
    """What works again needs nobody any more."""
    held = Task.objects.filter(subject=SUBJECT, state="open").first()
    if held is not None:
        complete_task(task=held.pk, evidence=f"backup {made.path.name}", actor=_KEEPER, now=now)
