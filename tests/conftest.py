"""Options of the whole suite."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from hypothesis import is_hypothesis_test, settings

FULL = 20  # how many times more examples a property is tried on for the proof


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help=f"try each property on {FULL} times more examples")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--full"):
        return
    for test in {item.obj for item in items if isinstance(item, pytest.Function)}:
        if is_hypothesis_test(test):
            usual = test._hypothesis_internal_use_settings
            more = settings(usual, max_examples=FULL * usual.max_examples)
            getattr(test, "__func__", test)._hypothesis_internal_use_settings = more


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """What was read of one test's store is not known to the next one's."""
    yield
    definitions = sys.modules.get("gemba.quality.control.collecting.definitions")
    if definitions is not None:
        definitions.forget_definitions()
