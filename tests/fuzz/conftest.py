"""The counts and the figures of this gate are kept as those of the faults are."""

from faults.conftest import pytest_terminal_summary, show, trials

__all__ = ["pytest_terminal_summary", "show", "trials"]
