"""Bringing a backup back: it is proved in a folder of its own before anything is replaced."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gemba.quality.records.actor import Actor
from gemba.quality.records.anchors import public_key
from gemba.quality.records.keeping.backup import ANCHORS, ATTACHMENTS, Backup, read_backup
from gemba.quality.records.keeping.checking import Check, StoreRefused, check_plant
from gemba.quality.records.keeping.manifest import find_damaged_files
from gemba.quality.records.store.copying import (
    holds_plant,
    migrate,
    read_schema,
    set_aside,
    take_over,
)
from gemba.quality.records.store.elsewhere import embedded_settings, opened
from gemba.quality.records.store.folder import STORE, DataFolder
from gemba.quality.records.store.platform import sync_tree
from gemba.quality.records.work import recording
from gemba.stats.results import N_

PREPARING = ".restoring"


@dataclass(frozen=True)
class Restored:
    """What was brought back: the backup, what its store holds, and where the store before it is kept."""

    backup: Backup
    check: Check
    aside: Path | None


def restore(
    path: Path, folder: DataFolder, *, replace: bool, actor: Actor, now: datetime, dry_run: bool = False
) -> Restored:
    """Make the plant what it was when the backup was made.

    The backup is copied into a new folder and proved there: every byte by the manifest, the file, every
    sealed row and the chain by a check. Only then it takes the place of the store, which is kept beside.
    The restored trail says that it was restored, from what, by whom.

    Raises
    ------
    StoreRefused
        When the backup is damaged or newer than the program, or there is a store and ``replace`` is false.
    """
    backup = read_backup(path)
    if holds_plant() and not replace:
        raise StoreRefused(
            N_(
                "{path} has a store already. Restore into another folder, or say --replace: the store of "
                "now is kept beside the restored one."
            ),
            path=folder.path,
        )
    preparing = folder.path / PREPARING
    shutil.rmtree(preparing, ignore_errors=True)
    preparing.mkdir(parents=True, mode=0o700)
    try:
        checked = _prepare(backup, preparing, actor=actor, now=now)
        if dry_run:
            return Restored(backup, checked, None)
        _keep_old_anchors(backup, folder, preparing)
        sync_tree(preparing)
        aside = _switch(folder, preparing, now)
    finally:
        shutil.rmtree(preparing, ignore_errors=True)
    return Restored(backup, checked, aside)


def _prepare(backup: Backup, preparing: Path, *, actor: Actor, now: datetime) -> Check:
    """Copy a backup into a folder and prove it there, in this program's schema."""
    manifest = backup.manifest
    for name in manifest.files:
        target = preparing / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(backup.path / name, target)
    damaged = find_damaged_files(preparing, manifest)
    if damaged:
        raise StoreRefused(
            N_("The copy of {path} is not whole: {damage}. Nothing was changed."),
            path=backup.path,
            damage="; ".join(damaged),
        )
    with opened(embedded_settings(preparing / STORE)):
        schema = read_schema()
        if schema.unknown:
            raise StoreRefused(
                N_(
                    "The backup was made by a newer Gemba ({version}, {steps}). "
                    "Install that version first. Nothing was changed."
                ),
                version=manifest.program,
                steps=", ".join(schema.unknown),
            )
        migrate()
        checked = check_plant(DataFolder(preparing), key=bytes.fromhex(manifest.public_key))
        _compare(backup, checked)
        with recording(actor=actor, now=now) as work:
            detail = {"backup": backup.path.name, "made_at": manifest.made_at, "seals": manifest.seals}
            work.enter("store.restore", detail=detail)
    return checked


def _compare(backup: Backup, checked: Check) -> None:
    manifest = backup.manifest
    new = {finding.text for finding in checked.findings} - set(manifest.findings)
    if new:
        raise StoreRefused(
            N_("The backup {path} does not verify: {findings}."),
            path=backup.path,
            findings="; ".join(sorted(new)),
        )
    head = None if checked.head is None else (checked.head.number, checked.head.hash.hex())
    same = manifest.migrations != checked.migrations or dict(manifest.tables) == dict(checked.tables)
    if head != manifest.head or checked.seals != manifest.seals or not same:
        raise StoreRefused(
            N_("The backup {path} holds something else than its manifest says."), path=backup.path
        )


def _keep_old_anchors(backup: Backup, folder: DataFolder, preparing: Path) -> None:
    """A plant with another key begins a log of its own; the one of the backup stays readable beside it."""
    if (preparing / ANCHORS).exists() and public_key(folder).hex() != backup.manifest.public_key:
        (preparing / ANCHORS).rename(folder.path / f"anchors-until-{backup.path.name}.log")


def _switch(folder: DataFolder, preparing: Path, now: datetime) -> Path | None:
    """The restored store takes its place last; what was there is kept."""
    aside = folder.path / f"replaced-{now:%Y-%m-%dT%H%M%SZ}"
    aside.mkdir(mode=0o700)
    set_aside(aside)
    for name in (ATTACHMENTS, ANCHORS):
        if (folder.path / name).exists():
            (folder.path / name).rename(aside / name)
        if (preparing / name).exists():
            (preparing / name).rename(folder.path / name)
    take_over(preparing / STORE)
    if any(aside.iterdir()):
        return aside
    aside.rmdir()
    return None
