"""Two threads: one delivers the outbox, one runs the timed jobs; a failing job harms no other."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import close_old_connections, connection

from gemba.quality.records import store
from gemba.quality.records.outbox import deliver_due, wake

_log = logging.getLogger("gemba.jobs")
LOOK_SECONDS = 1.0


@dataclass
class Job:
    """Something done again and again: every so many seconds, with the time of now.

    One that takes long runs ``apart``, in a thread of its own, and holds no other job back. Of several
    servers on one grown store, one at a time runs a job; the others leave that turn to it.
    """

    name: str
    every: float
    call: Callable[[datetime], object]
    runs: int = 0
    failures: int = 0
    next_at: float = 0.0
    apart: bool = False


@dataclass
class Workers:
    """The outbox worker and the clockwork."""

    jobs: Sequence[Job]
    clock: Callable[[], datetime]
    delivered: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    @property
    def alive(self) -> bool:
        """Whether both threads work."""
        return bool(self._threads) and all(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        """Begin."""
        for name, target in (("gemba-outbox", self._deliver), ("gemba-jobs", self._tick)):
            thread = threading.Thread(target=target, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self, timeout: float = 20.0) -> None:
        """Finish the step at hand, then stop."""
        self._stop.set()
        wake.set()
        for thread in self._threads:
            thread.join(timeout)

    def _deliver(self) -> None:
        while not self._stop.is_set():
            wake.wait(LOOK_SECONDS)
            wake.clear()
            close_old_connections()
            try:
                while not self._stop.is_set() and (count := deliver_due(self.clock())):
                    self.delivered += count
            except Exception:
                _log.exception("the outbox could not be delivered")
                connection.close()
                self._stop.wait(LOOK_SECONDS)
        connection.close()

    def _tick(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            for job in self.jobs:
                if time.monotonic() >= job.next_at and not self._stop.is_set():
                    self._start(job)
        connection.close()

    def _start(self, job: Job) -> None:
        name = f"gemba-{job.name}"
        if not job.apart:
            self._run(job)
        elif all(thread.name != name for thread in threading.enumerate()):
            threading.Thread(target=self._run_alone, args=(job,), name=name, daemon=True).start()

    def _run_alone(self, job: Job) -> None:
        try:
            self._run(job)
        finally:
            connection.close()

    def _run(self, job: Job) -> None:
        close_old_connections()
        job.next_at = time.monotonic() + job.every
        try:
            with store.alone(f"gemba.job.{job.name}", wait=False) as ours:
                if ours:
                    job.runs += 1
                    job.call(self.clock())
        except Exception:
            job.failures += 1
            _log.exception("the job %s failed", job.name)
            connection.close()
