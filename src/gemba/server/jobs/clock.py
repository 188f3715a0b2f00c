"""What the server does when its clock was set: it is noted, and what lives by the clock ends."""

from __future__ import annotations

import logging
from collections import deque
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from gemba.quality.people.services import end_links
from gemba.quality.records.actor import system
from gemba.quality.records.clockwork import newest_moment, note_clock
from gemba.server.clock import SMALLEST_JUMP, Jump, Watch
from gemba.server.identity import forget

SET_BACK = timedelta(minutes=-1)
_log = logging.getLogger("gemba.clock")


class ClockKeeper:
    """Looks whether the clock was set, and keeps each jump until it is noted."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._waiting: deque[Jump] = deque()
        self.jumps = 0
        self.last: Jump | None = None

    def begin(self, moment: datetime) -> str:
        """At the start: whether the clock is behind the last entry of the plant; in words, where it is."""
        newest = newest_moment()
        if newest is None or newest - moment < SMALLEST_JUMP:
            return ""
        self._keep(Jump(newest, moment))
        self._note_waiting()
        return f"The clock is behind the last entry of this plant by {newest - moment}. Look at it."

    def look(self, _moment: datetime) -> None:
        """As a job: note a jump since the last look; one that cannot be noted now is noted later."""
        jump = self._watch.look()
        if jump is not None:
            self._keep(jump)
        self._note_waiting()

    def _keep(self, jump: Jump) -> None:
        _log.warning("the clock was set by %s", jump.by)
        self.jumps += 1
        self.last = jump
        self._waiting.append(jump)

    def _note_waiting(self) -> None:
        while self._waiting:
            jump = self._waiting[0]
            note_clock(before=jump.before, after=jump.after)
            if jump.by <= SET_BACK:
                end_what_lives_by_the_clock(jump.after)
            self._waiting.popleft()


def end_what_lives_by_the_clock(moment: datetime) -> None:
    """End every session and one-time link: by a clock that was set back they would live too long."""
    Session.objects.all().delete()
    end_links(actor=system("clock"), now=moment)
    forget()
