"""The manifest of a backup: it vouches for every byte of the copy, and for itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gemba.quality.records.keeping.checking import StoreRefused
from gemba.stats.results import N_

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """What a backup holds and what was found when it was checked after writing.

    ``files`` gives size and SHA-256 of each file by its path inside the backup; ``keys`` the SHA-256 of
    each secret of the plant, which is itself not in the backup; ``public_key`` is what its anchors are
    signed with. ``head`` is the number and hash of the last seal.
    """

    made_at: str
    why: str
    program: str
    database: str
    migrations: tuple[str, ...]
    tables: Mapping[str, int]
    seals: int
    head: tuple[int, str] | None
    findings: tuple[str, ...]
    files: Mapping[str, tuple[int, str]]
    keys: Mapping[str, str]
    public_key: str
    format: int = FORMAT

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong after writing."""
        return not self.findings

    @property
    def moment(self) -> datetime:
        """When the copy was made."""
        return datetime.fromisoformat(self.made_at)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest with the digest of itself."""
    (folder / NAME).write_bytes(_bytes(asdict(manifest)))


def read_manifest(folder: Path) -> Manifest:
    """Read a manifest and make sure that not a byte of it changed.

    Raises
    ------
    StoreRefused
        When there is none, it is damaged, or a newer program wrote it.
    """
    try:
        written = (folder / NAME).read_bytes()
    except OSError as error:
        raise StoreRefused(
            N_("{path} is no backup: it has no readable {name} ({fault})."),
            path=folder,
            name=NAME,
            fault=str(error.strerror),
        ) from error
    try:
        values = json.loads(written)
        del values["digest"]
        if values["format"] > FORMAT:
            raise StoreRefused(
                N_("{path} was made by a newer Gemba ({version}). Use that version."),
                path=folder,
                version=str(values["program"]),
            )
        manifest = _from_plain(values)
        whole = _bytes(asdict(manifest)) == written
    except (ValueError, TypeError, KeyError, AttributeError):
        whole = False
    if not whole:
        raise StoreRefused(
            N_("The backup {path} is damaged: its {name} is not as it was written."), path=folder, name=NAME
        )
    return manifest


def digest_files(folder: Path) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of every file in a folder but the manifest, by the path inside it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NAME)
    return {path.relative_to(folder).as_posix(): digest_file(path) for path in paths}


def digest_file(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return file.tell(), digest.hexdigest()


def find_damaged_files(folder: Path, manifest: Manifest) -> list[str]:
    """A sentence for each file of a backup that is missing or not as it was written."""
    damaged = []
    for name, (size, digest) in manifest.files.items():
        path = folder / name
        try:
            found = digest_file(path)
        except OSError as error:
            damaged.append(f"{name} cannot be read ({error.strerror})")
            continue
        if found[0] != size:
            damaged.append(f"{name} has {found[0]} bytes instead of {size}")
        elif found[1] != digest:
            damaged.append(f"{name} is not as it was written")
    return damaged


def _bytes(values: dict[str, Any]) -> bytes:
    plain = json.dumps(values, sort_keys=True, indent=1, ensure_ascii=True)
    digest = hashlib.sha256(plain.encode()).hexdigest()
    return json.dumps({**values, "digest": digest}, sort_keys=True, indent=1, ensure_ascii=True).encode()


def _from_plain(values: dict[str, Any]) -> Manifest:
    head = values["head"]
    return Manifest(
        **{
            **values,
            "migrations": tuple(values["migrations"]),
            "findings": tuple(values["findings"]),
            "head": None if head is None else (head[0], head[1]),
            "files": {name: (item[0], item[1]) for name, item in values["files"].items()},
        }
    )
