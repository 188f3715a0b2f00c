"""Is this store sound: the file, its references, every sealed row, the chain?"""

from __future__ import annotations

import multiprocessing
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from gemba.quality.records.store.copying import migrate, read_schema
from gemba.quality.records.store.elsewhere import embedded_settings, kept_settings, opened
from gemba.quality.records.store.health import find_damage
from gemba.quality.records.store.rows import count_rows
from gemba.quality.records.trail import Head, verify


class StoreRefused(Exception):
    """A store cannot be opened, copied, replaced or moved; the text says why and what to do."""


@dataclass(frozen=True)
class Check:
    """What a check of a whole store saw.

    ``findings`` are sentences; none means that the store is sound. ``tables`` says how many rows each
    table holds.
    """

    seals: int
    rows: int
    head: Head | None
    tables: Mapping[str, int]
    migrations: tuple[str, ...]
    findings: tuple[str, ...]


def check_store(anchors: Sequence[Head] = ()) -> Check:
    """Check the current store, which has this program's schema: its file, then every seal and sealed row."""
    damage = find_damage()
    if damage:
        return Check(0, 0, None, {}, (), tuple(damage))
    seen = verify(anchors)
    findings = tuple(finding.text for finding in seen.findings)
    return Check(seen.seals, seen.rows, seen.head, count_rows(), read_schema().applied, findings)


def check_file(file: Path, anchors: Sequence[Head] = ()) -> Check:
    """Check a store that nobody writes to, such as a backup; leaves nothing beside it.

    A store of an older program is checked as it will be after its migration: the migration is rehearsed
    on a copy of it.
    """
    with opened(kept_settings(file)):
        damage = find_damage()
        if damage:
            return Check(0, 0, None, {}, (), tuple(damage))
        schema = read_schema()
        if not schema.missing:
            return check_store(anchors)
    with TemporaryDirectory(prefix=".rehearsal-", dir=file.parent) as folder:
        copy = Path(shutil.copy(file, folder))
        with opened(embedded_settings(copy)):
            migrate()
            return replace(check_store(anchors), migrations=schema.applied)


def check_file_apart(file: Path, anchors: Sequence[Head] = ()) -> Check:
    """The same in a process of its own, so that a server goes on answering."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_set_up) as apart:
        return apart.submit(check_file, file, anchors).result()


def _set_up() -> None:
    import django

    django.setup()
