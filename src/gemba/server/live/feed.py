"""One thread looks for new points as often as readings come, and tells whoever waits."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db import close_old_connections, connection

_log = logging.getLogger("gemba.live")
LOOK_SECONDS = 1.0
SHORTEST = 0.1

News = tuple[int, Mapping[int, int]]
"""The seal that is reached, and the streams with points since then, each with its newest."""
Changed = Callable[[int], News]
"""From the seal up to which all is told: the news since."""


@dataclass(eq=False)
class Listener:
    """One browser: the streams that it shows, and what it has not been told yet."""

    streams: frozenset[int]
    loop: asyncio.AbstractEventLoop
    fresh: asyncio.Event = field(default_factory=asyncio.Event)
    news: dict[int, int] = field(default_factory=dict)
    reached: int = 0

    def tell(self, reached: int, changed: Mapping[int, int]) -> None:
        """Note what concerns this browser; called in the loop's own thread."""
        self.reached = max(self.reached, reached)
        mine = {stream: point for stream, point in changed.items() if stream in self.streams}
        if mine:
            self.news.update(mine)
            self.fresh.set()

    def take(self) -> dict[int, int]:
        """What is new since the last time."""
        news, self.news = self.news, {}
        self.fresh.clear()
        return news


@dataclass
class Feed:
    """Looks after each commit, and once a second for what other processes wrote."""

    changed: Changed
    newest: Callable[[], int]

    def __post_init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._look = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gemba-live", daemon=True)

    @property
    def stopping(self) -> bool:
        """Whether streams shall end."""
        return self._stop.is_set()

    @property
    def listening(self) -> int:
        """How many browsers listen."""
        return len(self._listeners)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """End every stream and stop looking."""
        self._stop.set()
        self._look.set()
        for listener in list(self._listeners):
            listener.loop.call_soon_threadsafe(listener.fresh.set)

    def wake(self) -> None:
        """Something was committed."""
        self._look.set()

    def join(self, listener: Listener) -> None:
        """Tell this browser from now on."""
        self._listeners.add(listener)

    def leave(self, listener: Listener) -> None:
        """It went away."""
        self._listeners.discard(listener)

    def _run(self) -> None:
        told: int | None = None
        while not self._stop.is_set():
            self._look.wait(LOOK_SECONDS)
            self._look.clear()
            try:
                close_old_connections()
                told = self._once(told)
            except Exception:
                _log.exception("the live stream could not look for new points")
                connection.close()
            self._stop.wait(SHORTEST)
        connection.close()

    def _once(self, told: int | None) -> int:
        if told is None or not self._listeners:
            return self.newest()
        reached, changed = self.changed(told)
        if changed:
            for listener in list(self._listeners):
                listener.loop.call_soon_threadsafe(listener.tell, reached, changed)
        return reached
