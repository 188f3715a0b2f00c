"""Which known answers ran, said at the end of every run."""

from __future__ import annotations

from collections import Counter

import pytest

RAN: Counter[str] = Counter()


@pytest.fixture
def count_case() -> Counter[str]:
    return RAN


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if RAN:
        beside = f"{RAN['reference']} of shared/reference" if RAN["reference"] else "no shared/reference here"
        terminalreporter.write_line(f"known answers: {RAN['carried']} carried cases, {beside}")
