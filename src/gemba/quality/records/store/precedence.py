"""Who computes first: whoever only reads gives way to readings, so long that a page stays quick.

The threads of an embedded plant share one interpreter. It is taken from a thread that computes only after a
moment, and a commit gives it up at each of its statements: while two pages are made, the sixteen senders who
wait for one commit would wait four times as long. So a page waits for the end of a commit before it asks the
store the next question, until it has waited for ``PATIENCE`` in all. After that, and where there is no page,
who reads waits for two thirds of his time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LONGEST = 0.02
"""So many seconds somebody waits at the most before a question."""
PATIENCE = 0.4
"""So many seconds a page waits in all before it takes its share: less than half of what people wait for."""
SHARE = 0.5
"""For so much of the time that somebody has waited he waits no more: readings have two thirds, he one."""


class Precedence:
    """One goes first, as long as it takes; others ask with ``give_way`` whether they may go on."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._free = threading.Event()
        self._free.set()
        self._first = 0
        self._mine = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Go first until the block ends."""
        self._first = threading.get_ident()
        self._free.clear()
        try:
            yield
        finally:
            self._free.set()

    def begin_page(self) -> None:
        """Be patient again: what this thread asks from now on is for another page."""
        self._mine.patience = PATIENCE

    def give_way(self) -> None:
        """Wait until who goes first is done; without patience, then wait no more for half as long."""
        if self._free.is_set() or self._first == threading.get_ident():
            return
        began = self._clock()
        if began < getattr(self._mine, "waits_again_at", began):
            return
        self._free.wait(LONGEST)
        ended = self._clock()
        patience = getattr(self._mine, "patience", 0.0)
        if patience > 0:
            self._mine.patience = patience - (ended - began)
        else:
            self._mine.waits_again_at = ended + (ended - began) * SHARE


_precedence = Precedence()
taking_precedence = _precedence.taken
begin_page = _precedence.begin_page
give_way = _precedence.give_way
