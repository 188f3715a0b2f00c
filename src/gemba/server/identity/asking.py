"""From a session or a token to an actor; an answer is kept for at most one second."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from time import monotonic
from types import SimpleNamespace
from typing import Any, cast

from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore

from gemba.quality.people.queries import actor_of, actor_of_token
from gemba.quality.records.actor import Actor
from gemba.server.clock import lasting

KEPT_SECONDS = 1.0
MOST_KEPT = 10_000


@dataclass(frozen=True)
class Identity:
    """Who asks: the actor, and for a person the name of the unbroken session."""

    actor: Actor
    person: int | None
    session: str


_kept: dict[tuple[str, str, str], tuple[float, Identity | None]] = {}
_mutex = threading.Lock()


def identify(*, session: str = "", token: str = "", client: str = "") -> Identity | None:
    """Whose session or token this is, with the rights of at most one second ago.

    A token wins over a session: whoever shows one acts as it, whatever cookies came along.
    """
    if not session and not token:
        return None
    key = ("", token, client) if token else (session, "", client)
    found = _kept.get(key)
    if found is not None and monotonic() - found[0] < KEPT_SECONDS:
        return found[1]
    identity = _of_token(token, client) if token else _of_session(session, client)
    with _mutex:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = (monotonic(), identity)
    return identity


def kept(*, session: str = "", token: str = "", client: str = "") -> tuple[bool, Identity | None]:
    """Whether the answer is at hand without asking the store, and the answer."""
    found = _kept.get(("", token, client) if token else (session, "", client))
    if found is None or monotonic() - found[0] >= KEPT_SECONDS:
        return False, None
    return True, found[1]


def forget() -> None:
    """Ask afresh from now on; called when rights or sessions change in this process."""
    with _mutex:
        _kept.clear()


def session_name(session: str) -> str:
    """How a session is named where its key must not be seen."""
    return hashlib.sha256(session.encode()).hexdigest()


def _of_token(text: str, client: str) -> Identity | None:
    actor = actor_of_token(text, now=lasting(), client=client)
    return None if actor is None else Identity(actor, None, "")


def _of_session(session: str, client: str) -> Identity | None:
    holder = cast(Any, SimpleNamespace(session=SessionStore(session)))
    user = get_user(holder)
    if user.pk is None or not user.is_active:
        return None
    actor = actor_of(user.pk, client=client)
    return None if actor is None else Identity(actor, user.pk, session_name(session))
