"""The child: bounds itself, loses the network, then runs one task on one file and writes lines of JSON.

The readers are imported after the bounds are in force. The child opens no store and is told no secret.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from gemba.quality.records.store.platform import bound_process, ended_by, leave_network

MEMORY = 71
TOO_MUCH = frozenset({MEMORY, *ended_by("SIGABRT", "SIGSEGV", "SIGBUS")})
"""Ends of a child that wanted too much memory; native code aborts when it gets none."""
TOO_LONG = ended_by("SIGXCPU", "SIGKILL")
FORBIDDEN = (
    *("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "ftplib."),
    *("urllib.", "os.remove", "os.rename", "os.mkdir", "os.link", "os.symlink", "shutil."),
)
"""Events that no reader of a file raises."""
WRITING = frozenset("wax+")
WRITING_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def forbid(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what no reader of a file does; an audit hook cannot be taken off again."""
    if event.startswith(FORBIDDEN):
        raise PermissionError(f"a child that reads a file may not do this: {event}")
    if event == "open" and (WRITING & set(arguments[1] or "") or (arguments[2] or 0) & WRITING_FLAGS):
        raise PermissionError("a child that reads a file writes none")


def _speaking(language: str) -> AbstractContextManager[None]:
    from gemba.stats.results import speaking

    return speaking(language)


def main(task: str, memory: int, seconds: int) -> int:
    """Run the task; returns the exit code."""
    bound_process(memory=memory, seconds=seconds)
    leave_network()
    sys.addaudithook(forbid)
    out = sys.stdout.buffer
    try:
        asked = json.loads(sys.stdin.buffer.readline())
        content = sys.stdin.buffer.read()
        module, _, name = task.partition(":")
        with _speaking(asked["language"]):
            answers: Iterable[Any] = getattr(importlib.import_module(module), name)(asked, content)
            for answer in answers:
                out.write(json.dumps({"answer": answer}).encode() + b"\n")
        out.write(b'{"ended": true}\n')
    except MemoryError:
        return MEMORY
    except Exception as fault:
        reasons = getattr(fault, "reasons", None)
        if reasons is None:
            raise
        out.write(
            json.dumps({"refused": [reason.to_dict() for reason in reasons]}, default=str).encode() + b"\n"
        )
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
