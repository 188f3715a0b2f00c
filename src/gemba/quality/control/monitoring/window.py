"""Which points of a chart one looks at: the newest, of a time, of one stage. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from gemba.quality.control.monitoring.points import Key

DRAWN = 100
MOST = 1000
NEWEST: Key = (2**62, 2**62)
WITHOUT_LIMITS = 0
"""The stage of the points that were collected before there were limits."""


@dataclass(frozen=True)
class Window:
    """The newest ``last`` points of those that were measured from ``since`` to ``until`` (microseconds).

    ``stage`` names a limit set: only points that were judged by it, or by none (``WITHOUT_LIMITS``).
    ``before`` is a key to page backwards from.
    """

    last: int = DRAWN
    since: int | None = None
    until: int | None = None
    stage: int | None = None
    before: Key = NEWEST

    @property
    def most(self) -> int:
        """How many points are read at the most."""
        return min(self.last, MOST)


def key_of(name: str) -> Key | None:
    """The key of a point from its name, ``"position.sequence"``; ``None`` for another text."""
    position, dot, sequence = name.partition(".")
    sign, digits = ("-", sequence[1:]) if sequence.startswith("-") else ("", sequence)
    plain = all(part.isascii() and part.isdigit() and len(part) < 19 for part in (position, digits))
    return (int(position), int(sign + digits)) if dot and plain else None
