"""Opening a store: look before touching, copy before migrating, never begin empty over a broken one."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError

from gemba.quality.records.keeping.backup import Backup, backups_folder, list_backups, make_backup
from gemba.quality.records.keeping.checking import StoreRefused
from gemba.quality.records.store.copying import Schema, holds_plant, migrate, read_schema
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.store.health import find_damage, moved_to, others_connected
from gemba.stats.results import N_, NN_, translator

BEFORE_UPGRADE = "before upgrade"


def open_store(folder: DataFolder, *, now: datetime, language: str | None = None) -> tuple[str, ...]:
    """Bring the plant's store to this program's schema; returns what was done, in sentences.

    A store with rows is copied and the migration is rehearsed on the copy, with a check of every row,
    before the store itself is touched. ``language`` is that of the sentences.

    Raises
    ------
    StoreRefused
        When the store is damaged, lost, moved away, newer than the program, or cannot be migrated.
    """
    try:
        _refuse_ruins(folder)
        schema = read_schema()
        _refuse_others(folder, schema)
    except DatabaseError as error:
        raise StoreRefused(N_("The database does not answer: {error}"), error=str(error)) from error
    if not schema.missing:
        return ()
    t = translator(language)
    done: list[str] = []
    with _quiet():
        if schema.applied:
            words = t(N_("Copied the plant to {path} before the upgrade."))
            done.append(words.format(path=_copy_first(folder, now).path))
        _upgrade()
    if not schema.applied:
        return (*done, t(N_("Made a new store.")))
    forms, steps = (
        NN_("Upgraded the store by {count} step.", "Upgraded the store by {count} steps."),
        schema.missing,
    )
    return (*done, t.counted(forms, len(steps)).format(count=len(steps)))


def _refuse_ruins(folder: DataFolder) -> None:
    """A plant that has left traces, but whose store is gone or damaged, is brought back, not begun anew."""
    if not holds_plant():
        left = _traces(folder)
        if left:
            raise StoreRefused(
                N_(
                    "There was a plant in {path} ({left}), but its store is gone or empty. "
                    "Gemba does not begin anew over it. Bring it back: {command}"
                ),
                path=folder.path,
                left=", ".join(left),
                command=_way_back(folder),
            )
        return
    damage = find_damage(quick=True)
    if damage:
        raise StoreRefused(
            N_(
                "The store in {path} is damaged: {damage}. Nothing was changed. Copy the "
                "folder as it is, then bring the plant back: {command}"
            ),
            path=folder.path,
            damage="; ".join(damage[:3]),
            command=_way_back(folder),
        )


def _refuse_others(folder: DataFolder, schema: Schema) -> None:
    away = moved_to()
    if away:
        raise StoreRefused(
            N_("This plant was moved to {place}. Serve it from there with --database, or move it back."),
            place=away,
        )
    if schema.unknown:
        raise StoreRefused(
            N_(
                "The store was written by a newer Gemba ({steps}). Install that version "
                "again, or go back to before the upgrade: {command}"
            ),
            steps=", ".join(schema.unknown),
            command=_way_back(folder, BEFORE_UPGRADE),
        )
    if schema.applied and schema.missing and (others := others_connected()):
        raise StoreRefused(
            N_(
                "The store must be upgraded, and {count} other connections are open to its database. Stop "
                "every other server of this plant, start one, then the others."
            ),
            count=others,
        )


def _traces(folder: DataFolder) -> list[str]:
    """What only a plant that was at work leaves behind."""
    named = [folder.anchors, folder.attachments, Path(f"{folder.store}-wal"), backups_folder(folder)]
    return [path.name for path in named if path.is_file() or (path.is_dir() and any(path.iterdir()))]


def _way_back(folder: DataFolder, why: str = "") -> str:
    sound = [backup for backup in list_backups(backups_folder(folder)) if backup.manifest.sound]
    fitting = [backup for backup in sound if backup.manifest.why == why] or sound
    return f"gemba restore {fitting[0].path if fitting else 'BACKUP'} --data {folder.path} --replace"


def _copy_first(folder: DataFolder, now: datetime) -> Backup:
    try:
        return make_backup(folder, why=BEFORE_UPGRADE, now=now)
    except (DatabaseError, OSError) as error:
        raise StoreRefused(
            N_(
                "The upgrade was rehearsed on a copy and failed: {error}. The store is as it was; the "
                "version before this one opens it."
            ),
            error=str(error),
        ) from error


def _upgrade() -> None:
    try:
        migrate()
    except (DatabaseError, OSError) as error:
        raise StoreRefused(
            N_(
                "The upgrade failed: {error}. It is done as a whole or not at all: the store is as it was. "
                "Mend that, then start again."
            ),
            error=str(error),
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """A migration holds the write lock as long as it takes; nobody else is there yet."""
    log = logging.getLogger("gemba.store")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)
