"""Two servers on one database and one data folder; only on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gemba.quality.records.store.elsewhere import opened
from gemba.quality.records.store.folder import DataFolder
from gemba.server.settings.database import database_settings
from server.served import Served, database, serving


class Pair:
    """Two servers of one plant, and the store behind them as a third program sees it."""

    def __init__(self, first: Served, second: Served, address: str, blocker: Any) -> None:
        self.first, self.second, self.address = first, second, address
        self._blocker = blocker

    @property
    def both(self) -> tuple[Served, Served]:
        return self.first, self.second

    @contextmanager
    def store(self) -> Iterator[str]:
        settings = database_settings(self.address, DataFolder(self.first.folder))
        with self._blocker.unblock(), opened(settings) as alias:
            yield alias


@pytest.fixture(scope="session", autouse=True)
def address() -> str:
    found = os.environ.get("GEMBA_DATABASE", "")
    if not found:
        pytest.fail("These tests need a PostgreSQL server: run bin/postgres.")
    return found


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Pair]:
    folder: Path = tmp_path_factory.mktemp("plant") / "data"
    folder.mkdir()
    with (
        database("pair") as variables,
        serving(folder, variables) as first,
        serving(folder, variables) as second,
    ):
        yield Pair(first, second, variables["GEMBA_DATABASE"], django_db_blocker)
