"""Other programs, each in an environment of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import CACHE, ROOT

PEERS = ROOT / "benchmarks" / "peers"


@dataclass(frozen=True)
class Answer:
    """What a peer answered and how long it took."""

    who: str
    seconds: float
    answer: dict[str, Any]


@dataclass(frozen=True)
class PythonPeer:
    """A package from the index; ``script`` in ``peers/`` speaks for it."""

    package: str
    script: str

    @property
    def who(self) -> str:
        return self.package.replace("==", " ")

    def python(self) -> Path:
        """The interpreter that has the package; its environment is made when it is missing."""
        home = CACHE / self.package.replace("==", "-")
        python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        if not (home / "ready").exists():
            print(f"  making an environment for {self.who}", file=sys.stderr, flush=True)
            venv.create(home, clear=True, with_pip=True)
            subprocess.run([python, "-m", "pip", "install", "-qq", self.package], check=True)
            (home / "ready").touch()
        return python

    def run(self, job: str, *arguments: object) -> Answer:
        """Let the peer do a job; it prints ``{"seconds": ..., ...}`` as its last line."""
        command = [str(self.python()), str(PEERS / self.script), job, *map(str, arguments)]
        return _answer(self.who, command)


@dataclass(frozen=True)
class RPeer:
    """R with a package, when both are there."""

    package: str
    script: str

    @property
    def who(self) -> str:
        return f"R {self.package}"

    @property
    def here(self) -> bool:
        """Whether this machine has R with the package."""
        if shutil.which("Rscript") is None:
            return False
        question = f"quit(status = !requireNamespace('{self.package}', quietly = TRUE))"
        return subprocess.run(["Rscript", "-e", question], check=False, capture_output=True).returncode == 0

    def run(self, job: str, *arguments: object) -> Answer:
        """As a Python peer does."""
        return _answer(self.who, ["Rscript", str(PEERS / self.script), job, *map(str, arguments)])


def _answer(who: str, command: list[str]) -> Answer:
    environment = {**os.environ, "MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, encoding="utf-8", env=environment
    )
    if done.returncode:
        raise RuntimeError(f"{who}: {done.stderr[-2000:]}")
    answer = json.loads(done.stdout.splitlines()[-1])
    return Answer(who, answer.pop("seconds"), answer)


PYSPC = PythonPeer("pyspc==0.4", "for_pyspc.py")
MQRPY = PythonPeer("mqrpy==0.6.5", "for_mqrpy.py")
SHEWHART = PythonPeer("shewhart==0.1.1", "for_shewhart.py")
QCC = RPeer("qcc", "for_qcc.R")
