"""The one place where the server looks at the clock; everything below is told what time it is.

There are two: the wall clock, which people and time services set, and a steady one, which only counts what
has passed. Where they disagree, the wall clock was set. The plant's own time is that of the wall clock; a
plant that is only played may be ahead of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SMALLEST_JUMP = timedelta(seconds=1)
CLOSE_SECONDS = 0.05
"""Both clocks are read within this time, or read again."""


_ahead = [timedelta(0)]


def wall() -> datetime:
    """What the clock of this machine shows, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The moment of the call in the plant, in UTC."""
    return wall() + _ahead[0]


def set_ahead(moment: datetime) -> None:
    """Let it be this moment in the plant; never one that the wall clock has passed already."""
    _ahead[0] = max(moment - wall(), timedelta(0))


_began = wall() - timedelta(seconds=time.monotonic())


def steady() -> datetime:
    """What the wall clock shows, but never earlier than the time that has passed since the start."""
    return max(wall(), _began + timedelta(seconds=time.monotonic()))


def lasting() -> datetime:
    """The moment in the plant by which something ends that was granted until a moment.

    What ends does not live longer because the clock was set back.
    """
    return max(now(), steady())


@dataclass(frozen=True)
class Jump:
    """The wall clock was set: what it would have shown, and what it showed."""

    before: datetime
    after: datetime

    @property
    def by(self) -> timedelta:
        """How far; negative where it was set back."""
        return self.after - self.before


class Watch:
    """Sees that the wall clock was set between two looks."""

    def __init__(
        self, wall: Callable[[], datetime] = wall, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall, self._steady = wall, steady
        self._seen = self._both()

    def look(self) -> Jump | None:
        """The jump since the last look."""
        (wall, steady), self._seen = self._seen, self._both()
        jump = Jump(wall + timedelta(seconds=self._seen[1] - steady), self._seen[0])
        return jump if abs(jump.by) >= SMALLEST_JUMP else None

    def _both(self) -> tuple[datetime, float]:
        while True:
            steady, wall = self._steady(), self._wall()
            if self._steady() - steady < CLOSE_SECONDS:
                return wall, steady
