"""How long a session lasts: not beyond a working day, nor beyond a while in which nobody used it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from gemba.quality.people.policies import policy
from gemba.server.clock import steady

BEGAN, SEEN = "began", "seen"
NOTED_EVERY = 60
"""Seconds: a session that is used writes no more often that it was."""


def begin(request: HttpRequest, **_more: Any) -> None:
    """From now on the time of a new session counts; the old one's does not go on in it."""
    request.session[BEGAN] = request.session[SEEN] = _seconds()


def note_use(request: HttpRequest, noted: int | None = None) -> None:
    """A person has opened a page or sent a form; what a page loads by itself is no use of it.

    ``noted`` is when that was last noted, as far as is known: the session is not read while that is enough.
    """
    if noted is not None and _is_recent(noted):
        return
    seen = request.session.get(SEEN)
    if seen is not None and not _is_recent(seen):
        request.session[SEEN] = _seconds()


def noted_in(session: Any) -> int | None:
    """When the use of a session was last noted."""
    seen: int | None = session.get(SEEN)
    return seen


def _is_recent(seen: int) -> bool:
    return 0 <= _seconds() - seen < NOTED_EVERY


def has_ended(session: Any) -> bool:
    """Whether the time of a session is over, however long its cookie would live."""
    began, seen = session.get(BEGAN), session.get(SEEN)
    if began is None or seen is None:
        return False
    at = _seconds()
    if at - began >= settings.SESSION_COOKIE_AGE:
        return True
    unused = at - seen - NOTED_EVERY  # it may have been used since, and nobody have noted it yet
    if unused < 0:
        return False
    idle = policy("session_idle_minutes") * 60
    return bool(idle) and unused >= idle


def _seconds() -> int:
    """By the clock of whoever sits there, whatever time it is in the plant."""
    return int(steady().timestamp())


user_logged_in.connect(begin, dispatch_uid="gemba.session")
