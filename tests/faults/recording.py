"""The recorder below SQLite: built, loaded under a program, and read back."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

Kind = Literal["W", "T", "S", "F", "U", "N"]
ENTRY = struct.Struct("=IIQQ")
SOURCE = Path(__file__).with_name("recorder.c")


@dataclass(frozen=True)
class Op:
    """A write, cut, sync, failed sync or removal of a file; ``offset`` of a cut is the new length."""

    kind: str
    path: str
    offset: int
    data: bytes


def build_recorder(folder: Path) -> Path:
    """The recorder as a shared object; needs Linux and a C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if sys.platform != "linux" or compiler is None:
        if os.environ.get("CI"):
            pytest.fail("power cuts are recorded on Linux with a C compiler (gcc)")
        pytest.skip("power cuts are recorded on Linux with a C compiler (gcc)")
    made = folder / "recorder.so"
    words = [compiler, "-O2", "-Wall", "-shared", "-fPIC", "-o", str(made), str(SOURCE), "-ldl", "-lpthread"]
    subprocess.run(words, check=True)  # noqa: S603 (our own source)
    return made


def variables(recorder: Path, folder: Path, log: Path) -> dict[str, str]:
    """What a program's environment needs to be recorded."""
    return {
        "LD_PRELOAD": str(recorder),
        "GEMBA_RECORD_FOLDER": f"{folder.resolve()}/",
        "GEMBA_RECORD_LOG": str(log),
    }


def read_log(log: Path) -> Iterator[Op]:
    """Everything that was recorded, in order."""
    with log.open("rb") as file:
        while head := file.read(ENTRY.size):
            kind, path, offset, data = ENTRY.unpack(head)
            yield Op(chr(kind), file.read(path).decode(), offset, file.read(data))
