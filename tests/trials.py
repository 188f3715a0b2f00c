"""How often something is tried, and the figures that a proof ends with.

A gate tries a little; ``--full`` is for the proof, and ``--until`` ends it at a moment: what was begun is
finished, judged and shown, with the count that was reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Trials:
    """Called with two numbers it is the second one for the proof, and the first one in between."""

    full: bool
    until: datetime | None
    say: Callable[[str], None]
    stopped: bool = field(default=False, init=False)

    def __call__(self, reduced: int, full: int) -> int:
        return full if self.full else reduced

    def each(self, what: str, reduced: int, full: int) -> Iterator[int]:
        """The trials by number, until the time given is over; a gate's count is made in any case."""
        count = self(reduced, full)
        for number in range(count):
            if number >= reduced and self.is_over():
                self.say(f"STOPPED by the time given: {number} of {count} {what}")
                self.stopped = True
                return
            yield number

    def is_over(self) -> bool:
        """Whether the time given is over."""
        return self.until is not None and datetime.now(tz=self.until.tzinfo) >= self.until
