"""Run the shell as a person does, in this process: the same arguments, the same streams, the same codes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gemba.cli.app import run

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Shell = Callable[..., Answer]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    def call(*arguments: object) -> Answer:
        code = run([str(item) for item in arguments])
        streams = capsys.readouterr()
        return Answer(code, streams.out, streams.err)

    return call


@pytest.fixture
def data() -> Path:
    return EXAMPLES / "data"


@pytest.fixture
def workbook() -> Path:
    return EXAMPLES / "shaft_line.xlsx"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def make(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return make


@pytest.fixture
def calm(write: Callable[[str, str], Path]) -> Path:
    """A hundred values of a stable process around 10 with sigma 0.05."""
    chance = random.Random(7)  # noqa: S311 (data for a test)
    return write("calm.csv", "x\n" + "\n".join(f"{chance.gauss(10, 0.05):.3f}" for _ in range(100)) + "\n")
