"""The one write lock of an embedded store: first come, first served.

SQLite's busy timeout is no queue: a writer that polls can starve beside one that does not. Here a
waiting writer is handed the lock in the order in which the writers came.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from types import TracebackType

LONG_HOLD = 0.05
_log = logging.getLogger("gemba.store")


class FairLock:
    """A lock that is handed over in the order of asking; not reentrant."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._held = False
        self._since = 0.0

    def acquire(self) -> None:
        """Wait for one's turn."""
        turn = threading.Lock()
        with self._mutex:
            if not self._held:
                self._held = True
                self._since = time.perf_counter()
                return
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()
        self._since = time.perf_counter()

    def release(self) -> None:
        """Hand the lock to whoever waits longest; a long hold is logged."""
        held = time.perf_counter() - self._since
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False
        if held > LONG_HOLD:
            _log.warning("write lock held for %.0f ms", held * 1000)

    @property
    def held(self) -> bool:
        """Whether anybody holds it now."""
        return self._held

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


_locks: dict[str, FairLock] = {}
_registry = threading.Lock()


def write_lock(store: str) -> FairLock:
    """The write lock of the store with this file name."""
    with _registry:
        return _locks.setdefault(store, FairLock())
