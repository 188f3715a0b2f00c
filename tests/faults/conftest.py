"""Counts of the faults, and the figures that they end with.

``bin/faults`` runs reduced counts; ``--full`` those of the proof. What a test has shown it says in one line,
printed at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def trials(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """How often something is tried: the second number for the proof, the first one in between."""

    def choose(reduced: int, full: int) -> int:
        return full if request.config.getoption("--full") else reduced

    return choose


@pytest.fixture
def show(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Say a figure."""

    def add(figure: str) -> None:
        request.config.stash.setdefault(FIGURES, []).append(figure)

    return add


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    shown = config.stash.get(FIGURES, [])
    if shown:
        terminalreporter.section("figures")
        for figure in shown:
            terminalreporter.write_line(figure)
