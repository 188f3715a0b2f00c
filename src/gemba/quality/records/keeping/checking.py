"""Is this plant sound: its store, every sealed row, the chain, the rows that change, the files?"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from gemba.quality.records.anchors import read_anchors
from gemba.quality.records.attachments import damaged_files
from gemba.quality.records.store.copying import migrate, read_schema
from gemba.quality.records.store.elsewhere import embedded_settings, kept_settings, opened
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.store.health import find_damage
from gemba.quality.records.store.rows import count_rows
from gemba.quality.records.trail import Finding, Head, verify
from gemba.stats.results import Told


class StoreRefused(Told):
    """A store cannot be opened, copied, replaced or moved; the text says why and what to do."""


@dataclass(frozen=True)
class Check:
    """What a check of a whole plant saw; no finding means that it is sound.

    ``tables`` says how many rows each table holds, ``anchors`` how many heads outside the store agreed
    or not.
    """

    seals: int
    rows: int
    head: Head | None
    anchors: int
    tables: Mapping[str, int]
    migrations: tuple[str, ...]
    findings: tuple[Finding, ...]


def check_plant(folder: DataFolder, *, anchors: Iterable[Path] = (), key: bytes | None = None) -> Check:
    """Check the current store, which has this program's schema, with the folder's files.

    Parameters
    ----------
    folder
        Where the attachments and the log of anchors are.
    anchors
        More logs of anchors, as they were kept elsewhere.
    key
        The public key of the plant as it was kept elsewhere.
    """
    damage = find_damage()
    if damage:
        texts = tuple(Finding("store damaged", "", 0, 0, text) for text in damage)
        return Check(0, 0, None, 0, {}, (), texts)
    heads, forged = read_anchors([folder.anchors, *anchors], key)
    seen = verify(heads)
    findings = (*forged, *seen.findings, *damaged_files(folder))
    return Check(seen.seals, seen.rows, seen.head, len(heads), count_rows(), read_schema().applied, findings)


def check_copy(folder: DataFolder, key: bytes | None = None) -> Check:
    """Check a plant that nobody writes to, such as a backup; leaves nothing beside it.

    A store of an older program is checked as it will be after its migration: the migration is rehearsed
    on a copy of it.
    """
    with opened(kept_settings(folder.store)):
        schema = read_schema() if not find_damage() else None
        if schema is None or not schema.missing or schema.unknown:
            return check_plant(folder, key=key)
    with TemporaryDirectory(prefix=".rehearsal-", dir=folder.path) as rehearsal:
        copy = Path(shutil.copy(folder.store, rehearsal))
        with opened(embedded_settings(copy)):
            migrate()
            return replace(check_plant(folder, key=key), migrations=schema.applied)
