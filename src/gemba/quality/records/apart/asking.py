"""Asking a child process about a file, and stopping it when it takes too much."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from gemba.quality.records.reasons import Reason, Refused
from gemba.stats.results import N_, spoken

AT_ONCE = 2
"""Children at a time; whoever comes next waits, so that one upload after another cannot fill the machine."""
WAITING_SECONDS = 20.0
LONGEST_LINE = 64 * 2**20
KEPT = ("PATH", "PYTHONPATH", "SYSTEMROOT", "TEMP", "TMP", "LANG", "LC_ALL", "PYTHONUTF8")
"""All that a child learns of the environment: where the program is, and no secret."""
_places = threading.BoundedSemaphore(AT_ONCE)

APART: Mapping[str, str] = {
    "apart.memory": N_(
        "The file needs more than {limit} MB of memory to be read. Split it into smaller ones."
    ),
    "apart.time": N_("The file takes more than {limit} seconds to be read. Split it into smaller ones."),
    "apart.busy": N_("Other files are being read just now. Try again in a minute."),
    "apart.unreadable": N_("{why}"),
    "apart.heading": N_(
        "The heading of column {letter} has more than {limit} characters. Check that the file is a table."
    ),
    "apart.damaged": N_("The file is damaged so that reading it fails. Save it again, or as CSV."),
}


@dataclass(frozen=True)
class Bounds:
    """How much a child may take: bytes of memory, seconds of computing (thrice that by the clock)."""

    memory: int = 1536 * 2**20
    seconds: int = 60


def answers_of(
    task: str, asked: Mapping[str, Any], *, content: bytes = b"", bounds: Bounds | None = None
) -> Generator[Any, None, None]:
    """What a task answers, part by part, from a child process.

    Parameters
    ----------
    task : str
        ``module:function`` of this program, a generator of plain values; given ``asked`` and ``content``.
        It speaks the language that ``asked`` names, else the one that is spoken here.

    Raises
    ------
    Refused
        With what the task refuses, or with the bound that it passed.
    """
    allowed = bounds or Bounds()
    if not _places.acquire(timeout=WAITING_SECONDS):
        raise Refused([Reason("apart.busy")])
    try:
        with _child(task, allowed) as (process, late):
            _give(process, {"language": spoken(), **asked}, content)
            ended = False
            for line in _lines(process):
                answer = json.loads(line)
                if "refused" in answer:
                    raise Refused(Reason(**reason) for reason in answer["refused"])
                ended = "ended" in answer
                if not ended:
                    yield answer["answer"]
            if not ended:
                raise Refused([_why(process.wait(), late=late.is_set(), bounds=allowed)])
    finally:
        _places.release()


def answer_of(
    task: str, asked: Mapping[str, Any], *, content: bytes = b"", bounds: Bounds | None = None
) -> Any:
    """The answer of a task that gives one."""
    (found,) = answers_of(task, asked, content=content, bounds=bounds)
    return found


@contextmanager
def _child(task: str, bounds: Bounds) -> Iterator[tuple[subprocess.Popen[bytes], threading.Event]]:
    module = "gemba.quality.records.apart.answering"
    command = [sys.executable, "-B", "-m", module, task, str(bounds.memory), str(bounds.seconds)]
    process = subprocess.Popen(  # noqa: S603 (our own module, no shell)
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        close_fds=True,
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(3 * bounds.seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield process, late
    finally:
        timer.cancel()
        process.kill()
        for pipe in (process.stdin, process.stdout):
            _close(pipe)
        process.wait()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    source = str(Path(__file__).parents[4])
    paths = [source, *kept.get("PYTHONPATH", "").split(os.pathsep)]
    single = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    return {**kept, **single, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def _give(process: subprocess.Popen[bytes], asked: Mapping[str, Any], content: bytes) -> None:
    assert process.stdin is not None  # noqa: S101 (a pipe was asked for)
    try:
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        process.stdin.write(content)
        process.stdin.close()
    except OSError:
        return  # it ended early; its answer or its end says why


def _lines(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    assert process.stdout is not None  # noqa: S101 (a pipe was asked for)
    while line := process.stdout.readline(LONGEST_LINE):
        if not line.endswith(b"\n"):
            return
        yield line


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except OSError:
        return  # what it could not take any more


def _why(code: int, *, late: bool, bounds: Bounds) -> Reason:
    """What a child died of that could not say it itself."""
    from gemba.quality.records.apart.answering import TOO_LONG, TOO_MUCH

    if late or code in TOO_LONG:
        return Reason("apart.time", {"limit": bounds.seconds})
    if code in TOO_MUCH:
        return Reason("apart.memory", {"limit": bounds.memory // 2**20})
    return Reason("apart.damaged")
