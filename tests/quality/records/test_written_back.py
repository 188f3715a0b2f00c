"""A log that was written back in part, and a sync that forgot that part: the log is written back anew."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from gemba.quality.records.store import keep_undo_in_memory, transaction
from gemba.quality.records.store.elsewhere import connection, embedded_settings, opened, run
from gemba.quality.records.store.sqlite import base
from gemba.quality.records.store.sqlite.anew import write_back_anew

ROWS = 400


def fill(writer: sqlite3.Connection) -> None:
    with writer:
        writer.executemany("INSERT INTO reading (value) VALUES (?)", [("9.81 mm" * 20,)] * ROWS)


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "plant.sqlite3"


@pytest.fixture
def writer(store: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(store)) as made:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0"):
            made.execute(f"PRAGMA {pragma}")
        made.execute("CREATE TABLE reading (id INTEGER PRIMARY KEY, value TEXT)")
        fill(made)
        made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield made


def forget_a_part(store: Path, writer: sqlite3.Connection) -> None:
    """Somebody reads while the log is written back; the sync of the rest fails, and the disk forgets."""
    before = store.read_bytes()
    fill(writer)
    with closing(sqlite3.connect(store)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM reading").fetchone()
        fill(writer)
        _, frames, done = writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        assert 0 < done < frames
    store.write_bytes(before)


def on_the_disk(store: Path, copy: Path) -> tuple[str, int]:
    """What the store alone says, without its log."""
    copy.write_bytes(store.read_bytes())
    with closing(sqlite3.connect(copy)) as reader:
        try:
            said = reader.execute("PRAGMA integrity_check").fetchone()[0]
            return said, reader.execute("SELECT count(*) FROM reading").fetchone()[0]
        except sqlite3.DatabaseError as error:
            return str(error), 0


@pytest.mark.parametrize("anew", [True, False])
def test_what_a_disk_forgot_is_written_again(
    store: Path, writer: sqlite3.Connection, tmp_path: Path, *, anew: bool
) -> None:
    forget_a_part(store, writer)
    if anew:
        assert write_back_anew(store)
        assert write_back_anew(store)  # as often as a disk fails
    assert writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[0] == 0
    found = on_the_disk(store, tmp_path / "copy.sqlite3")
    assert (found == ("ok", 3 * ROWS)) is anew  # SQLite alone passes the part over


def test_a_checkpoint_that_fails_begins_again_at_the_first_page(
    store: Path, writer: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fill(writer)
    monkeypatch.setattr(base, "CHECKPOINT_BYTES", 1)
    asked: list[Path] = []
    monkeypatch.setattr(base, "write_back_anew", asked.append)
    with opened(embedded_settings(store)):
        here: Any = connection()
        here.ensure_connection()
        real, here.connection = here.connection, Mock(spec=sqlite3.Connection)
        here.connection.execute.side_effect = sqlite3.OperationalError("disk I/O error")
        with caplog.at_level(logging.ERROR):
            here._checkpoint_when_due()
        here.connection = real
    assert asked == [store]
    assert "written back" in caplog.text


def test_a_store_without_a_log_has_nothing_to_write_back(tmp_path: Path) -> None:
    assert not write_back_anew(tmp_path / "plant.sqlite3")
    (tmp_path / "plant.sqlite3-shm").write_bytes(bytes(32768))
    assert not write_back_anew(tmp_path / "plant.sqlite3")


def test_who_changes_few_rows_undoes_in_memory_on_each_connection(store: Path) -> None:
    asked = "PRAGMA temp_store"
    with opened(embedded_settings(store)):
        here: Any = connection()
        here.ensure_connection()
        assert here.connection.execute(asked).fetchone() == (0,)
        keep_undo_in_memory()
        assert here.connection.execute(asked).fetchone() == (2,)
        here.close()
        here.ensure_connection()
        assert here.connection.execute(asked).fetchone() == (2,)


def test_a_log_that_starts_anew_keeps_its_length(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "CHECKPOINT_BYTES", 100_000)
    log = store.with_name("plant.sqlite3-wal")
    sizes: list[int] = []
    with opened(embedded_settings(store)):
        run("CREATE TABLE reading (id INTEGER PRIMARY KEY, value TEXT)")
        while len(sizes) < 20:
            with transaction():
                run("INSERT INTO reading (value) VALUES (%s)", ["9.81 mm" * 4000])
            sizes.append(log.stat().st_size)
    full = next(place for place, size in enumerate(sizes) if size > 100_000)
    assert full < 10  # written back then, and more than once since
    assert 100_000 <= min(sizes[full:]) <= max(sizes) < 150_000
