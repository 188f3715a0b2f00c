"""Which backups stay: everything of the last day, then a day, a week, a month each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DAYS, WEEKS, MONTHS = 7, 4, 12
FRESH = timedelta(days=1)


@dataclass(frozen=True)
class Made:
    """A backup: its name, when it was made, and whether it was found sound."""

    name: str
    at: datetime
    sound: bool


_PERIODS: tuple[tuple[int, Callable[[datetime], Hashable]], ...] = (
    (DAYS, lambda at: at.date()),
    (WEEKS, lambda at: at.isocalendar()[:2]),
    (MONTHS, lambda at: (at.year, at.month)),
)


def superfluous(backups: Sequence[Made], now: datetime) -> list[Made]:
    """The backups that may go, oldest first; never the last sound one.

    The newest sound backup of each of the last 7 days, 4 weeks and 12 months that have one stays, and
    everything of the last 24 hours.
    """
    newest_first = sorted(backups, key=lambda made: made.at, reverse=True)
    sound = [made for made in newest_first if made.sound]
    kept = {made.name for made in newest_first if now - made.at < FRESH}
    kept |= {made.name for made in sound[:1]}
    for count, period in _PERIODS:
        newest: dict[Hashable, str] = {}
        for made in sound:
            newest.setdefault(period(made.at), made.name)
        kept |= set(list(newest.values())[:count])
    return [made for made in reversed(newest_first) if made.name not in kept]
