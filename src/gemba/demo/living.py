"""The demo while it is served: something is measured every few seconds, and days pass when one asks."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from threading import Lock

from gemba.demo.book import BY_CODE
from gemba.demo.history import Plant
from gemba.demo.mark import Mark
from gemba.quality import loop
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.monitoring.queries import open_signals

SECONDS = 2
"""Between two looks at the gauges; each look measures a point on two streams."""
STREAMS_A_LOOK = 2
CALM = 200
"""Looks between the ends and beginnings of disturbances: with one, about seven and a half minutes."""
DISTURBED = 26
PUSH = 3.0
MOST_OPEN = 6
"""So many signals wait for somebody at the most before another disturbance comes: an idle demo stays calm."""


class Living:
    """The plant at work behind the pages; one thing at a time happens in it."""

    def __init__(
        self, mark: Mark, set_ahead: Callable[[datetime], None], codes: tuple[str, ...] = tuple(BY_CODE)
    ) -> None:
        self.mark, self._set_ahead = mark, set_ahead
        self.plant = Plant(mark, codes)
        self._turn = Lock()
        self._looks = 0
        self._random = Random(mark.seed)  # noqa: S311 (a play, no secret)
        self._order = [(m.code, key) for m in BY_CODE.values() if m.code in codes for key in m.keys]
        self._disturbed: tuple[str, str] | None = None

    def streams(self) -> dict[int, tuple[str, str]]:
        """Each stream of the plant -> the code and the key of what is measured."""
        return self.plant.crew().streams

    def look(self, now: datetime) -> None:
        """Measure the next streams; now and then one of them is disturbed for a while. A job."""
        if not self._turn.acquire(blocking=False):
            return
        try:
            self._disturb()
            readings = [reading for _ in range(STREAMS_A_LOOK) for reading in self._next(now)]
            loop.receive(readings, actor=self.plant.actor, now=now)
        finally:
            self._turn.release()

    def let_pass(self, days: int, now: datetime) -> datetime:
        """Let days pass: everything is measured, and people react; the moment that it is then."""
        with self._turn:
            moment = now

            def passed(ends: datetime) -> None:
                nonlocal moment
                moment = ends
                self._set_ahead(ends)

            self.plant.live(now, now + timedelta(days=days), passed)
            return moment

    def _next(self, now: datetime) -> list[Reading]:
        place = self._order[self._looks % len(self._order)]
        self._looks += 1
        measured, key = BY_CODE[place[0]], place[1]
        if place == self._disturbed:
            return list(self.plant.send(measured, key, now, push=PUSH))
        turn = (self._looks - 1) // len(self._order)
        return list(self.plant.send(measured, key, now, turn=turn))

    def _disturb(self) -> None:
        phase = self._looks // STREAMS_A_LOOK % (CALM + DISTURBED)
        if phase == CALM and len(open_signals()) < MOST_OPEN:
            self._disturbed = self._random.choice(self._order)
        elif phase == 0:
            self._disturbed = None


class Entrance:
    """The link by which whoever started the demo comes in, once."""

    def __init__(self) -> None:
        self.secret = secrets.token_urlsafe(24)
        self._used = False

    def use(self, secret: str) -> bool:
        """Whether this is the secret, for the first time."""
        right = secrets.compare_digest(secret.encode(), self.secret.encode()) and not self._used
        self._used = self._used or right
        return right
