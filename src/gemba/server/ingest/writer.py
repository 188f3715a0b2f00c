"""The one thread that takes readings in: it joins the requests that wait into one commit."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.db import DatabaseError, close_old_connections, connection

from gemba.quality.control.collecting.reading import Reading, Receipt
from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.reasons import Refused

MOST_WAITING = 40_000
"""Readings that may wait; beyond them senders are asked to come back."""
MOST_JOINED = 5_000
"""Readings that go into one commit."""
GATHER_SECONDS = 0.003
"""How long a commit waits for those who were there a moment ago."""
LOOK_SECONDS = 1.0
"""How often the connection to the store is looked at: to look costs more than to send a reading."""
_log = logging.getLogger("gemba.ingest")


class Receive(Protocol):
    """The one door for a measurement, as ``loop.receive_joined`` is."""

    def __call__(
        self, batches: Sequence[tuple[Actor, Sequence[Reading]]], *, now: datetime
    ) -> list[list[Receipt]]:
        """Take the readings of several requests in and judge them, in one transaction."""
        ...


class QueueFull(Exception):
    """Too much waits already; nothing of the request was stored."""


class StoreUnavailable(Exception):
    """The store cannot be written now; nothing of the request was stored."""


class Answer(Protocol):
    """Where the outcome of a request goes: its receipts, or why it has none."""

    def __call__(self, outcome: Sequence[Receipt] | BaseException) -> None:
        """Take the outcome; called by the writer's thread."""
        ...


class InLoop(ABC):
    """Who waits in an event loop; all that one commit settles is handed over to it together."""

    __slots__ = ("loop", "outcome")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.outcome: Sequence[Receipt] | BaseException = ()

    def __call__(self, outcome: Sequence[Receipt] | BaseException) -> None:
        self.outcome = outcome

    @abstractmethod
    def settle(self) -> None:
        """Give the outcome to who waits; called in the loop's own thread, and raises nothing."""


class Waiter(InLoop):
    """Wakes a task that waits."""

    __slots__ = ("future",)

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.future: asyncio.Future[Sequence[Receipt]] = loop.create_future()

    def settle(self) -> None:
        if self.future.done():
            return
        if isinstance(self.outcome, BaseException):
            self.future.set_exception(self.outcome)
        else:
            self.future.set_result(self.outcome)


@dataclass(eq=False)
class Request:
    """One request that waits for its receipts."""

    readings: Sequence[Reading]
    actor: Actor
    answer: Answer


@dataclass
class Figures:
    """What the writer has done so far; read by the metrics page."""

    requests: int = 0
    readings: int = 0
    commits: int = 0
    retried: int = 0
    turned_away: int = 0
    seconds: float = 0.0


@dataclass
class GroupWriter:
    """Takes requests, and commits as many together as wait at one moment.

    An answer is given only after the commit. When a joined commit fails unexpectedly, each of its requests
    is tried alone, so that a bad one harms no other.
    """

    receive: Receive
    clock: Callable[[], datetime]
    most_waiting: int = MOST_WAITING
    patience: float = GATHER_SECONDS
    figures: Figures = field(default_factory=Figures)
    after_commit: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self._waiting: deque[Request] = deque()
        self._count = 0
        self._changed = threading.Condition()
        self._closing = False
        self._away = False
        self._joined = self._in_house = 0
        self._wanted = 1
        self._expecting = False
        self._looked_at = -LOOK_SECONDS
        self._thread = threading.Thread(target=self._run, name="gemba-ingest", daemon=True)

    @property
    def waiting(self) -> int:
        """How many readings wait now."""
        return self._count

    @property
    def alive(self) -> bool:
        """Whether the thread works."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin to take requests."""
        self._thread.start()

    def close(self, timeout: float = 30.0) -> None:
        """Finish what waits, then stop; new requests are turned away."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join(timeout)

    def offer(self, request: Request) -> None:
        """Put a request in the queue.

        Raises
        ------
        QueueFull, StoreUnavailable
            When it cannot be taken now.
        """
        with self._changed:
            if self._closing:
                raise StoreUnavailable("The server is stopping.")
            if self._count and self._count + len(request.readings) > self.most_waiting:
                self.figures.turned_away += 1
                raise QueueFull
            self._waiting.append(request)
            self._count += len(request.readings)
            if len(self._waiting) >= self._wanted or self._count >= MOST_JOINED:
                self._changed.notify()

    async def take(self, readings: Sequence[Reading], actor: Actor) -> Sequence[Receipt]:
        """Put a request in the queue and wait for its receipts."""
        waiter = Waiter(asyncio.get_running_loop())
        self.offer(Request(readings, actor, waiter))
        return await waiter.future

    def _run(self) -> None:
        try:
            store.keep_undo_in_memory()
            while self._wait():
                with store.taking_precedence():
                    joined = self._next()
                    if joined:
                        self._look()
                        self._commit(joined)
                        _wake([request.answer for request in joined])
        finally:
            connection.close()

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked_at >= LOOK_SECONDS:
            self._looked_at = now
            close_old_connections()

    def _wait(self) -> bool:
        """Wait for a request; not when several were answered just now, for they are waited for together.

        To be woken by the first of them would take the interpreter from who reads the others. Returns false
        when all is done.
        """
        with self._changed:
            self._in_house = self._joined + len(self._waiting)
            while not (self._waiting or self._expecting):
                if self._closing:
                    return False
                self._changed.wait()
            return True

    def _next(self) -> list[Request]:
        """What goes into one commit; nothing where those who were expected did not come."""
        with self._changed:
            self._gather()
            joined: list[Request] = []
            size = 0
            while self._waiting and not (joined and size + len(self._waiting[0].readings) > MOST_JOINED):
                joined.append(self._waiting.popleft())
                size += len(joined[-1].readings)
            self._count -= size
            self._expecting = len(joined) > 1
            self._joined = len(joined) or self._joined
            return joined

    def _gather(self) -> None:
        """Wait a moment for as many as are in the house.

        Who sends without pause sends when he is answered, and all of a commit are answered together: without
        the moment the first of them would have a commit alone and the others wait for the one after it.
        """
        self._wanted = self._in_house
        self._changed.wait_for(self._has_enough, self.patience)
        self._wanted = 1

    def _has_enough(self) -> bool:
        return self._closing or len(self._waiting) >= self._wanted or self._count >= MOST_JOINED

    def _commit(self, joined: list[Request]) -> None:
        began = time.perf_counter()
        outcome = self._try(joined)
        if isinstance(outcome, list):
            for request, receipts in zip(joined, outcome, strict=True):
                request.answer(receipts)
        elif len(joined) > 1 and not isinstance(outcome, StoreUnavailable):
            self.figures.retried += 1
            for request in joined:
                alone = self._try([request])
                request.answer(alone[0] if isinstance(alone, list) else alone)
        else:
            for request in joined:
                request.answer(outcome)
        self._count_work(joined, time.perf_counter() - began)

    def _try(self, requests: list[Request]) -> list[list[Receipt]] | BaseException:
        batches = [(request.actor, request.readings) for request in requests]
        try:
            receipts = self.receive(batches, now=self.clock())
        except Refused as refused:
            return refused
        except DatabaseError as error:
            if store.is_mistake(error):  # something about these readings, not the store
                _log.exception("readings could not be taken")
                return error
            if not self._away:
                _log.error("the store cannot be written, senders are asked to come back: %s", error)
            self._away = True
            connection.close()
            return StoreUnavailable(str(error))
        except Exception as error:
            _log.exception("readings could not be taken")
            return error
        if self._away:
            _log.warning("the store can be written again")
        self._away = False
        self.after_commit()
        return receipts

    def _count_work(self, joined: list[Request], seconds: float) -> None:
        figures = self.figures
        figures.commits += 1
        figures.requests += len(joined)
        figures.readings += sum(len(request.readings) for request in joined)
        figures.seconds += seconds


def _wake(answers: Sequence[Answer]) -> None:
    """Wake the event loops of those who wait, each once."""
    loops: dict[asyncio.AbstractEventLoop, list[InLoop]] = {}
    for answer in answers:
        if isinstance(answer, InLoop):
            loops.setdefault(answer.loop, []).append(answer)
    for loop, waiters in loops.items():
        loop.call_soon_threadsafe(_settle, waiters)


def _settle(waiters: Sequence[InLoop]) -> None:
    for waiter in waiters:
        waiter.settle()
