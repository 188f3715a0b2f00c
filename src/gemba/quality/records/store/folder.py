"""The data folder of an embedded plant: who holds it, and what lies in it."""

from __future__ import annotations

import json
import os
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from gemba.quality.records.store.platform import lock_file, make_folder, network_kind
from gemba.stats.results import N_, Told

STORE = "plant.sqlite3"


class FolderRefused(Told):
    """The data folder cannot be used; the text says why and what to do."""


@dataclass
class DataFolder:
    """A folder with the store, its attachments, its keys and its anchors.

    The process that writes holds it by a lock of the operating system, which ends with the process
    however it ends.
    """

    path: Path
    _lock: IO[bytes] | None = None
    _note: Path = field(default_factory=Path)

    @property
    def store(self) -> Path:
        """The database file."""
        return self.path / STORE

    @property
    def attachments(self) -> Path:
        """Files under random names."""
        return self.path / "attachments"

    @property
    def keys(self) -> Path:
        """Secrets; never in a backup of the store."""
        return self.path / "keys"

    @property
    def anchors(self) -> Path:
        """The log of signed chain heads."""
        return self.path / "anchors.log"

    def hold(self, *, shared: bool = False) -> None:
        """Become the one process that writes here; ``shared``, one of the servers of a grown plant.

        Raises
        ------
        FolderRefused
            When another process holds it (named), or an embedded store would be on a network drive.
        """
        make_folder(self.path)
        kind = None if shared else network_kind(self.path)
        if kind is not None:
            raise FolderRefused(
                N_(
                    "{path} is on a network drive ({kind}), where a store can be damaged. "
                    "Choose a folder on this machine, or use PostgreSQL."
                ),
                path=self.path,
                kind=kind,
            )
        file = (self.path / "holder.lock").open("a+b")
        if not lock_file(file, shared=shared):
            file.close()
            raise FolderRefused(
                N_("{path} is in use by {holder}. Stop it first, or use its pages."),
                path=self.path,
                holder=self.holder(),
            )
        self._lock = file
        about = {"pid": os.getpid(), "host": socket.gethostname(), "command": " ".join(sys.argv)}
        self._note = self.path / (f"holder-{os.getpid()}.json" if shared else "holder.json")
        if not shared:
            self._forget_holders()
        self._note.write_text(json.dumps(about), encoding="utf-8")

    def release(self) -> None:
        """Let go of the folder."""
        if self._lock is not None:
            self._note.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def _forget_holders(self) -> None:
        """Whoever holds the folder alone knows that nobody else does, whatever was left behind."""
        for note in self.path.glob("holder*.json"):
            note.unlink(missing_ok=True)

    def holder(self) -> str:
        """Who holds the folder, in words."""
        try:
            newest = max(self.path.glob("holder*.json"), key=lambda note: note.stat().st_mtime)
            about = json.loads(newest.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return "another process"
        return f"process {about['pid']} on {about['host']} ({about['command']})"
