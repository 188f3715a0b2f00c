"""The plant behind a command: its folder held, its store open, errors as one sentence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gemba.cli.language import N_

if TYPE_CHECKING:
    from gemba.quality.records.actor import Actor
    from gemba.quality.records.store.folder import DataFolder

Folder = Annotated[
    Path,
    typer.Option(
        "--data", metavar="FOLDER", envvar="GEMBA_DATA", help="Data folder of the plant.", show_default=True
    ),
]
Database = Annotated[
    str,
    typer.Option(
        "--database",
        metavar="URL",
        envvar="GEMBA_DATABASE",
        help="postgresql://user:password@host/name; an SQLite file in the data folder without it.",
        show_default=False,
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
HERE = Path("gemba-data")


@dataclass(frozen=True)
class OpenPlant:
    """A plant that this process holds."""

    folder: DataFolder
    actor: Actor
    now: datetime


def settle_django(folder: Path, database: str) -> None:
    """Say to Django which plant it is; before anything of it is used."""
    os.environ["GEMBA_DATA"] = str(folder.absolute())
    os.environ["GEMBA_DATABASE"] = database
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gemba.server.settings")


@contextmanager
def open_plant(
    folder: Path, database: str, *, rule: str, empty: bool = False, reading: bool = False
) -> Iterator[OpenPlant]:
    """Hold the folder and open the store for one command; the command acts as the program itself.

    ``empty`` lets a store that is not there yet be made; without it a wrong folder is refused. ``reading``
    says that the command only reads, which it may do beside the process that serves the plant.

    Raises
    ------
    FolderRefused, StoreRefused
        When another process holds the folder, or there is no store that can be opened.
    """
    from gemba.server.secret import make_secret

    settle_django(folder, database)
    import django

    from gemba.quality.records.store.folder import DataFolder, FolderRefused

    data = DataFolder(folder.absolute())
    if not empty and not database and not data.store.exists():
        raise FolderRefused(
            N_("There is no plant in {path}. Name its folder with --data FOLDER."), path=data.path
        )
    if not reading:
        data.hold()
    beside = reading and not _held(data)
    try:
        make_secret(data.keys)
        django.setup()
        from gemba.quality.records.actor import system
        from gemba.quality.records.keeping.opening import open_store

        now = datetime.now(UTC)
        if not (empty or beside):
            open_store(data, now=now)
        yield OpenPlant(data, system(rule), now)
    finally:
        data.release()


def _held(data: DataFolder) -> bool:
    """Whether this process could hold the folder; false where the one that serves the plant does."""
    from gemba.quality.records.store.folder import FolderRefused
    from gemba.server.local import is_open

    try:
        data.hold()
    except FolderRefused:
        if not is_open(data.keys):
            raise
        return False
    return True
