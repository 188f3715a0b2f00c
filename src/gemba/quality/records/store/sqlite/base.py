"""Every write transaction takes the write lock, then ``BEGIN IMMEDIATE``; only its holder checkpoints."""

from __future__ import annotations

import logging
import sqlite3
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.features import DatabaseFeatures  # noqa: F401 (Django looks it up here)

from gemba.quality.records.store.lock import FairLock, write_lock
from gemba.quality.records.store.precedence import give_way
from gemba.quality.records.store.sqlite.anew import write_back_anew
from gemba.quality.records.store.sqlite.behind import Behind
from gemba.quality.records.store.sqlite.marks import STATEMENTS, with_question_marks

_log = logging.getLogger("gemba.store")
CHECKPOINT_BYTES = 16 * 2**20
UNDO_IN_MEMORY = "PRAGMA temp_store=MEMORY"
READING_WORDS = ("SELECT", "PRAGMA", "EXPLAIN", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class LockedCursor(base.SQLiteCursorWrapper):
    """A cursor whose writes outside a transaction take the write lock too."""

    wrapper: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        self.wrapper.behind.finish()
        if self.connection.in_transaction:
            return super().execute(query, params)
        if self._reads(query):
            if query.startswith("SELECT"):
                give_way()
            return super().execute(query, params)
        with self.wrapper.write_lock:
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        self.wrapper.behind.finish()
        if self.connection.in_transaction:
            return super().executemany(query, param_list)
        with self.wrapper.write_lock:
            return super().executemany(query, param_list)

    @staticmethod
    @lru_cache(maxsize=STATEMENTS)
    def _reads(query: str) -> bool:
        return query.lstrip(" \n\t(")[:9].upper().startswith(READING_WORDS)

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        if param_names is None:
            return with_question_marks(query)
        converted: str = super().convert_query(query, param_names=param_names)
        return converted


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite with one writer at a time, in the order of asking."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.behind = Behind()
        self._holds_lock = False
        self._log = Path()
        self._undo_in_memory = False

    @property
    def write_lock(self) -> FairLock:
        """The lock of this file; all connections of the process share it."""
        return write_lock(str(self.settings_dict["NAME"]))

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        self._log = Path(f"{self.settings_dict['NAME']}-wal")
        kept = {"cached_statements": STATEMENTS, **conn_params}
        connection: sqlite3.Connection = super().get_new_connection(kept)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0", "busy_timeout=20000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA recursive_triggers=ON")  # REPLACE meets the triggers of sealed rows too
        connection.execute("PRAGMA cache_size=-16384")
        # A log that starts anew is cut to this, so that its size says again when a checkpoint is due. Not
        # shorter: to write over what is there is synced faster than to let a file grow.
        connection.execute(f"PRAGMA journal_size_limit={CHECKPOINT_BYTES}")
        if self._undo_in_memory:
            connection.execute(UNDO_IN_MEMORY)
        return connection

    def keep_undo_in_memory(self) -> None:
        """Write no file for what a statement that fails would have to undo.

        SQLite makes, fills and removes one in each transaction that changes more than sixteen pages in a
        statement. It sorts in memory then too: only for who changes few rows and sorts none.
        """
        self._undo_in_memory = True
        if self.connection is not None:
            self.connection.execute(UNDO_IN_MEMORY)

    def create_cursor(self, name: str | None = None) -> LockedCursor:  # noqa: ARG002 (Django's signature)
        cursor: LockedCursor = self.connection.cursor(factory=LockedCursor)
        cursor.wrapper = self
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        self.write_lock.acquire()
        self._holds_lock = True
        try:
            self.cursor().execute("BEGIN IMMEDIATE")
        except BaseException:
            self._release()
            raise

    def _commit(self) -> None:
        with self.wrap_database_errors:
            self.behind.finish()
        super()._commit()  # type: ignore[misc]  # missing in the stubs
        if self._holds_lock:
            self._checkpoint_when_due()
        self._release()

    def _rollback(self) -> None:
        self.behind.give_up()
        super()._rollback()  # type: ignore[misc]  # missing in the stubs
        self._release()

    def _close(self) -> None:
        self.behind.give_up()
        try:
            super()._close()  # type: ignore[misc]  # missing in the stubs
        finally:
            self._release()

    def _release(self) -> None:
        if self._holds_lock:
            self._holds_lock = False
            self.write_lock.release()

    def _checkpoint_when_due(self) -> None:
        try:
            due = self._log.stat().st_size > CHECKPOINT_BYTES
        except OSError:
            return
        if due:
            try:
                self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            except sqlite3.Error:  # what was committed is durable in the log; the next commit tries again
                whole = write_back_anew(Path(str(self.settings_dict["NAME"])))
                _log.exception(
                    "the log could not be written back into the store; from its first page: %s", whole
                )
