"""Making backups while the plant works, and knowing which there are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gemba import __version__
from gemba.quality.records.anchors import public_key, write_anchor
from gemba.quality.records.keeping.checking import Check, StoreRefused, check_copy
from gemba.quality.records.keeping.manifest import (
    Manifest,
    digest_file,
    digest_files,
    find_damaged_files,
    read_manifest,
    write_manifest,
)
from gemba.quality.records.keeping.rotation import Made, superfluous
from gemba.quality.records.store.copying import write_copy
from gemba.quality.records.store.folder import STORE, DataFolder
from gemba.quality.records.store.health import read_health
from gemba.quality.records.store.platform import make_folder, sync_folder, sync_tree
from gemba.stats.results import N_

MAKING = ".making-"
ANCHORS = "anchors.log"
ATTACHMENTS = "attachments"


@dataclass(frozen=True)
class Backup:
    """A finished backup: its folder and its manifest."""

    path: Path
    manifest: Manifest

    @property
    def store(self) -> Path:
        """The copy of the store."""
        return self.path / STORE

    @property
    def bytes(self) -> int:
        """The size of all its files."""
        return sum(size for size, _ in self.manifest.files.values())


def backups_folder(folder: DataFolder) -> Path:
    """Where the backups of a plant are unless somebody says otherwise."""
    return folder.path / "backups"


def make_backup(
    folder: DataFolder,
    *,
    why: str,
    now: datetime,
    into: Path | None = None,
    check: Callable[[DataFolder, bytes], Check] = check_copy,
) -> Backup:
    """Copy the plant as it is at one moment, check the copy, then let old copies go.

    The copy lies in a folder of its own inside ``into`` and gets its name only when it is complete: an
    interrupted backup is never taken for one. A copy with findings is kept, but counts as not sound.
    """
    into = into or backups_folder(folder)
    make_folder(into, mode=0o700)
    last = next(iter(list_backups(into)), None)
    made = _free_name(into, now)
    making = made.with_name(MAKING + made.name)
    shutil.rmtree(making, ignore_errors=True)
    try:
        making.mkdir(mode=0o700)
        write_anchor(folder, now=now)
        _copy_plant(folder, making, last)
        checked = check(DataFolder(making), public_key(folder))
        manifest = _manifest(folder, making, checked, why=why, now=now)
        write_manifest(making, manifest)
        sync_tree(making)
        making.rename(made)
        sync_folder(into)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    _let_go(into, now)
    return Backup(made, manifest)


def list_backups(into: Path) -> tuple[Backup, ...]:
    """The finished backups in a folder, newest first; what has no whole manifest is none."""
    found = []
    if into.is_dir():
        for path in into.iterdir():
            if path.is_dir() and not path.name.startswith("."):
                try:
                    found.append(Backup(path, read_manifest(path)))
                except StoreRefused:
                    continue
    return tuple(sorted(found, key=lambda backup: backup.manifest.moment, reverse=True))


def read_backup(path: Path) -> Backup:
    """A backup of which every byte is as it was written.

    Raises
    ------
    StoreRefused
        When anything is missing or changed; the text names it.
    """
    manifest = read_manifest(path)
    damaged = find_damaged_files(path, manifest)
    if damaged:
        raise StoreRefused(
            N_("The backup {path} is damaged: {damage}. Nothing was changed."),
            path=path,
            damage="; ".join(damaged),
        )
    return Backup(path, manifest)


def _free_name(into: Path, now: datetime) -> Path:
    name = f"{now:%Y-%m-%dT%H%M%SZ}"
    taken = 1
    while (into / (name if taken == 1 else f"{name}-{taken}")).exists():
        taken += 1
    return into / (name if taken == 1 else f"{name}-{taken}")


def _copy_plant(folder: DataFolder, making: Path, last: Backup | None) -> None:
    """Anchors before the store, which goes on growing; attachments after it, for it names none before."""
    if folder.anchors.exists():
        shutil.copy2(folder.anchors, making / ANCHORS)
    write_copy(making / STORE)
    if folder.attachments.is_dir():
        for path in sorted(path for path in folder.attachments.rglob("*") if path.is_file()):
            _copy_file(path, making / ATTACHMENTS / path.relative_to(folder.attachments), making, last)


def _copy_file(path: Path, target: Path, making: Path, last: Backup | None) -> None:
    """Attachments never change, so that one which the last backup has whole is shared with it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    name = target.relative_to(making).as_posix()
    known = None if last is None else last.manifest.files.get(name)
    if last is not None and known is not None and known == digest_file(path) == _digest(last.path / name):
        try:
            os.link(last.path / name, target)
        except OSError:
            pass
        else:
            return
    shutil.copy2(path, target)


def _digest(path: Path) -> tuple[int, str] | None:
    try:
        return digest_file(path)
    except OSError:
        return None


def _manifest(folder: DataFolder, making: Path, checked: Check, *, why: str, now: datetime) -> Manifest:
    secrets = sorted(folder.keys.glob("*")) if folder.keys.is_dir() else []
    return Manifest(
        made_at=now.isoformat(),
        why=why,
        program=__version__,
        database=read_health().database,
        migrations=checked.migrations,
        tables=checked.tables,
        seals=checked.seals,
        head=None if checked.head is None else (checked.head.number, checked.head.hash.hex()),
        findings=tuple(finding.text for finding in checked.findings),
        files=digest_files(making),
        keys={path.name: digest_file(path)[1] for path in secrets if path.is_file()},
        public_key=public_key(folder).hex(),
    )


def _let_go(into: Path, now: datetime) -> None:
    backups = {backup.path.name: backup for backup in list_backups(into)}
    made = [Made(name, item.manifest.moment, item.manifest.sound) for name, item in backups.items()]
    for old in superfluous(made, now):
        gone = into / f"{MAKING}{old.name}"
        backups[old.name].path.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
