"""The recorder below the store: built, loaded under a program, and read back."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ENTRY = struct.Struct("=IIQQQ")
SOURCE = Path(__file__).with_name("recorder.c")
TESTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Op:
    """One thing that happened to a folder; ``recorder.c`` lists the kinds.

    ``file`` is the number by which the file system knows the file; ``offset`` of a cut is the new length.
    """

    kind: str
    path: str
    file: int
    offset: int
    data: bytes


def build_recorder(folder: Path) -> Path:
    """The recorder as a shared object; needs Linux and a C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if sys.platform != "linux" or compiler is None:
        missing = "writes and syncs are recorded on Linux, with a C compiler (gcc)"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    made = folder / "recorder.so"
    words = [compiler, "-O2", "-Wall", "-shared", "-fPIC", "-o", str(made), str(SOURCE), "-lpthread"]
    subprocess.run(words, check=True)  # noqa: S603 (our own source)
    return made


def read_log(log: Path) -> Iterator[Op]:
    """Everything that was recorded, in order."""
    with log.open("rb") as file:
        while head := file.read(ENTRY.size):
            kind, path, number, offset, data = ENTRY.unpack(head)
            yield Op(chr(kind), file.read(path).decode(), number, offset, file.read(data))


def clean_environment(**more: str) -> dict[str, str]:
    """The environment of a program of the tests: nothing of this process's plant in it."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GEMBA_", "DJANGO_"))}
    env["PYTHONPATH"] = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    return env | more


@dataclass(frozen=True)
class Outcome:
    """How a deed ended: its exit code (negative: the signal), and what it said on stderr."""

    code: int
    said: str


class Stage:
    """A program in one folder under the recorder: it does deeds, each in a process of its own.

    The deeds are those of ``deeds.py``. The folder is laid anew by whoever calls.
    """

    def __init__(self, recorder: Path, place: Path, errors: Path) -> None:
        self.folder = place.resolve() / "plant"
        self._errors = errors
        self._errors.touch()
        variables = {"LD_PRELOAD": str(recorder), "GEMBA_RECORD_FOLDER": str(self.folder)}
        self._process = subprocess.Popen(  # noqa: S603 (our own module)
            [sys.executable, "-m", "faults.stage", str(self.folder), str(self._errors)],
            env=clean_environment(**variables), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def lay(self, files: Path | None) -> None:
        """Put a copy of these files in the folder, or nothing at all."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if files is not None:
            shutil.copytree(files, self.folder)

    def do(
        self, deed: str, log: Path, *, fail: Sequence[int] = (0, 0, 1), kill: int = 0, **more: Any
    ) -> Outcome:
        """Do one deed; these syncs fail (first, last, step); before this thing happens it is killed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        log.unlink(missing_ok=True)
        asked = {"deed": deed, "log": str(log), "fail": fail, "kill": kill, "more": more}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise AssertionError(self._errors.read_text(encoding="utf-8"))
        return Outcome(int(answer), self._errors.read_text(encoding="utf-8"))

    def close(self) -> None:
        """End the program."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
        assert self._process.stdout is not None
        self._process.stdout.close()
