"""Heavy checking in a process of its own, so that a server goes on answering."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from gemba.quality.records.store.folder import DataFolder

if TYPE_CHECKING:
    from gemba.quality.records.keeping.checking import Check


def check_copy_apart(folder: DataFolder, key: bytes | None = None) -> Check:
    """What ``check_copy`` says, from a spawned process that reads the copy and nothing else."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
        return apart.submit(_check, folder, key).result()


def _check(folder: DataFolder, key: bytes | None) -> Check:
    import django

    django.setup()
    from gemba.quality.records.keeping.checking import check_copy

    return check_copy(folder, key)
