"""A wall clock that a test sets, for a program that knows nothing of it."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("stepper.c")


class SteppedClock:
    """The clock of a program that is started with ``variables``; needs Linux and a C compiler."""

    def __init__(self, folder: Path) -> None:
        compiler = shutil.which("cc") or shutil.which("gcc")
        if sys.platform != "linux" or compiler is None:
            missing = "the clock of a program is set on Linux with a C compiler (gcc)"
            (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
        made = folder / "stepper.so"
        self._file = folder / "clock"
        self._file.write_bytes(struct.pack("=q", 0))
        words = [str(compiler), "-O2", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", str(made), str(SOURCE)]
        subprocess.run(words, check=True)  # noqa: S603 (our own source)
        self.variables = {"LD_PRELOAD": str(made), "GEMBA_CLOCK": str(self._file)}
        self._off = 0

    def now(self) -> datetime:
        """What the program's wall clock shows."""
        return datetime.fromtimestamp((time.time_ns() + self._off) / 1e9, UTC)

    def set(self, moment: datetime) -> None:
        """Set it."""
        self._off = int(moment.timestamp() * 1e6) * 1000 - time.time_ns()
        with self._file.open("r+b") as file:
            file.write(struct.pack("=q", self._off))
