"""A long statement that another thread carries out, while the thread of the connection computes on.

SQLite gives the interpreter up while it writes rows; who hands it thousands of them can prepare the next ones
meanwhile. The connection is still used by one thread at a time: whatever it is asked next waits first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache

SERIALIZED = sqlite3.threadsafety == 3


class Behind:
    """What is under way behind a connection; at most one thing."""

    def __init__(self) -> None:
        self._running: Future[None] | None = None

    def begin(self, work: Callable[[], None]) -> None:
        """Have work done in another thread; its error is raised by the next ``finish``."""
        self.finish()
        if SERIALIZED:
            self._running = _threads().submit(work)
        else:
            work()

    def finish(self) -> None:
        """Wait until it is done.

        Raises
        ------
        Exception
            What the work met: of SQLite, or of a value that SQLite does not take.
        """
        if self._running is not None:
            running, self._running = self._running, None
            running.result()

    def give_up(self) -> None:
        """Wait until it is done, whatever came of it: all of it is taken back."""
        with suppress(Exception):  # a rollback goes on, for it gives the write lock free
            self.finish()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="gemba-store")
