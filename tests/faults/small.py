"""A disk that is small: a file system in memory with a limit, and ballast to fill it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

TRIES = 100


class SmallDisk:
    """Where it is, and how much of it is left."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._ballast = place / "ballast"

    @property
    def free(self) -> int:
        """Bytes that are left."""
        return shutil.disk_usage(self.place).free

    def fill(self, left: int) -> None:
        """Let something else take all but so many bytes, while others write too."""
        for _ in range(TRIES):
            with self._ballast.open("wb") as ballast:
                try:
                    os.posix_fallocate(ballast.fileno(), 0, max(self.free - left, 1))
                except OSError:
                    continue
                return
        raise AssertionError(f"the disk could not be filled in {TRIES} tries")

    def clear(self) -> None:
        """Somebody makes room."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[SmallDisk]:
    """Mount such a disk; only root can, and in the build nothing is left out silently."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 (our own words)
    if done.returncode:
        missing = f"a disk of limited size is mounted by root on Linux: {done.stderr.strip()}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)  # noqa: S603, S607 (our own words)
