"""The real ``gemba serve`` as a process that is killed and started again, and what its store holds then."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gemba.quality.records.store.elsewhere import opened
from gemba.quality.records.store.folder import DataFolder
from gemba.server.settings.database import database_settings
from server.served import PASSWORD, TESTS, Served, free_port

START_SECONDS = 600  # a proof runs beside other work
Variables = dict[str, str]

__all__ = ["PASSWORD", "Plant", "seed"]


def environment(variables: Variables, *, tests: bool = False) -> Variables:
    """The variables of a process that belongs to a plant."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("GEMBA_", "DJANGO_"))}
    paths = ([str(TESTS)] if tests else []) + [os.environ.get("PYTHONPATH", "")]
    return plain | {"PYTHONPATH": os.pathsep.join(filter(None, paths))} | variables


def seed(folder: Path, streams: int, variables: Variables) -> None:
    """Make a plant with charts whose limits are known."""
    folder.mkdir()
    command = [sys.executable, "-m", "faults.charting", str(folder), str(streams)]
    subprocess.run(command, env=environment(variables, tests=True), check=True, capture_output=True)  # noqa: S603 (ours)


class Plant(Served):
    """A plant in a folder, served by the command that a person would type.

    What the server says goes to ``log``; ``starts`` holds how long each start took, in seconds.
    """

    def __init__(self, folder: Path, variables: Variables | None = None) -> None:
        self.variables = variables or {}
        self.log = folder.with_name(f"{folder.name}.log")
        self.starts: list[float] = []
        port = free_port()
        super().__init__(folder, port, self._begin(folder, port))
        self.charted = json.loads((folder / "seed.json").read_text(encoding="utf-8"))["charted"]
        self._wait()

    def start(self) -> None:
        """Serve again, and come back when the plant is ready."""
        self.process = self._begin(self.folder, self.port)
        self._wait()

    def _begin(self, folder: Path, port: int) -> subprocess.Popen[str]:
        where = ["--data", str(folder), "--port", str(port)]
        command = [sys.executable, "-m", "gemba.cli", "serve", *where]
        with self.log.open("a", encoding="utf-8") as log:
            return subprocess.Popen(  # noqa: S603 (ours)
                command, env=environment(self.variables), stdout=log, stderr=log, text=True
            )

    def _wait(self) -> None:
        began = time.monotonic()
        while not self.ready():
            assert self.process.poll() is None, self.tail()
            assert time.monotonic() - began < START_SECONDS, "the plant did not become ready"
            time.sleep(0.02)
        self.starts.append(time.monotonic() - began)

    def ready(self) -> bool:
        """Whether it says that it can work."""
        try:
            return self.ask("GET", "/ready")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def kill(self) -> None:
        """End it as a power cut ends a process: at once, nothing tidied up."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(60) == 0, self.tail()

    def end(self) -> None:
        """Whatever state it is in: it runs no more."""
        if self.process.poll() is None:
            self.kill()

    def errors(self) -> list[str]:
        """The lines of the log that speak of a lock, or of an accident that nobody expected."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return [line for line in text.splitlines() if "locked" in line or "Traceback" in line]

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:]

    def verify(self) -> dict[str, Any]:
        """What ``gemba verify`` finds."""
        command = [sys.executable, "-m", "gemba.cli", "verify", "--json", "--data", str(self.folder)]
        found = subprocess.run(command, env=environment(self.variables), capture_output=True, check=False)  # noqa: S603 (ours)
        assert found.stdout, found.stderr.decode()
        answer: dict[str, Any] = json.loads(found.stdout)
        return answer

    @contextmanager
    def store(self) -> Iterator[None]:
        """Inside, statements reach the store of this plant, while nobody serves it."""
        address = self.variables.get("GEMBA_DATABASE", "")
        with opened(database_settings(address, DataFolder(self.folder))):
            yield
