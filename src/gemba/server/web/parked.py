"""A file that somebody dropped, before anything of it is stored: bound to that person, gone after a day."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from gemba.quality.records.actor import Actor

KINDS = (".csv", ".ods", ".parquet", ".tsv", ".txt", ".xls", ".xlsm", ".xlsx")
MOST_BYTES = 50 * 2**20
KEPT_FOR = timedelta(days=1)
LONGEST_NAME = 120
_MARK = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Parked:
    """One parked file: the mark by which its person comes back to it, where it lies, its name."""

    mark: str
    path: Path
    name: str

    def seen(self, asked: Mapping[str, Any]) -> dict[str, Any] | None:
        """What was seen in it when the same was asked last."""
        try:
            kept = json.loads(self._beside("seen").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        found: dict[str, Any] | None = kept["seen"] if kept["asked"] == _digest(asked) else None
        return found

    def note_seen(self, asked: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
        """Keep what was seen, so that a picture of it needs no second look into the file."""
        content = json.dumps({"asked": _digest(asked), "seen": seen})
        self._beside("seen").write_text(content, encoding="utf-8")

    def kept(self) -> dict[str, int]:
        """What of the file is watched already: the name of the series, and what was made of it."""
        place = self._beside("kept")
        found: dict[str, int] = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
        return found

    def note_kept(self, kept: Mapping[str, int]) -> None:
        """Keep what is watched already, so that a second click makes nothing twice."""
        self._beside("kept").write_text(json.dumps(kept), encoding="utf-8")

    def _beside(self, what: str) -> Path:
        return self.path.with_name(f"{self.mark}.{what}")


def park(given: UploadedFile[Any], actor: Actor) -> Parked:
    """Keep a file until its person has seen what is in it; the one before it goes."""
    folder = _folder(actor)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in folder.iterdir():
        old.unlink(missing_ok=True)
    name = Path(given.name or "file").name
    mark = secrets.token_hex(16)
    place = folder / f"{mark}{Path(name).suffix.lower()}"
    try:
        with place.open("wb") as file:
            for part in given.chunks():
                file.write(part)
        place.with_name(f"{mark}.name").write_text(name[-LONGEST_NAME:], encoding="utf-8")
    except OSError:
        place.unlink(missing_ok=True)
        raise
    return Parked(mark, place, name)


def parked(mark: str, actor: Actor) -> Parked | None:
    """The file that this person parked under a mark, while it is kept."""
    if not _MARK.fullmatch(mark):
        return None
    for place in _folder(actor).glob(f"{mark}.*"):
        if place.suffix in KINDS and not _is_old(place, time.time()):
            name = place.with_name(f"{mark}.name")
            return Parked(mark, place, name.read_text(encoding="utf-8") if name.exists() else place.name)
    return None


def sweep_parked(now: datetime) -> int:
    """Forget the files that nobody went on with; returns how many. A job."""
    old = [place for place in (settings.DATA.path / "uploads").glob("*/*") if _is_old(place, now.timestamp())]
    for place in old:
        place.unlink(missing_ok=True)
    return len(old)


def _is_old(place: Path, at: float) -> bool:
    return at - place.stat().st_mtime > KEPT_FOR.total_seconds()


def _folder(actor: Actor) -> Path:
    folder: Path = settings.DATA.path / "uploads" / actor.id.replace(":", "-")
    return folder


def _digest(asked: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
