"""Which known answers ran, said at the end of every run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

RAN: Counter[str] = Counter()


def find_reference() -> Path | None:
    """``shared/reference`` beside the repository or above it; a fresh clone has none."""
    for folder in Path(__file__).resolve().parents[2:]:
        found = folder / "shared" / "reference"
        if found.is_dir():
            return found
    return None


@pytest.fixture
def count_case() -> Counter[str]:
    return RAN


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if RAN:
        where = "shared/reference" if find_reference() else "no shared/reference here"
        terminalreporter.write_line(
            f"known answers: {RAN['carried']} carried cases, {RAN['reference']} reference cases ({where})"
        )
