"""From a session or a token to an actor; an answer is kept for half a second."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from types import MappingProxyType, SimpleNamespace
from typing import Any, cast

from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore

from gemba.quality.people.authenticators import needs_second_factor, password_is_old
from gemba.quality.people.queries import actor_of, actor_of_token
from gemba.quality.records.actor import Actor
from gemba.server.clock import lasting
from gemba.server.identity.sessions import has_ended, noted_in
from gemba.server.transport import is_loopback
from gemba.stats.results import N_

KEPT_SECONDS = 0.5
RENEWED_SECONDS = KEPT_SECONDS / 2
"""From then on one of many who are in use of an answer asks again, so that not all of them ask at its end."""
MOST_KEPT = 10_000


FIRST: Mapping[str, str] = MappingProxyType(
    {
        "factor": N_("Your work here needs a second factor. Set it up under My account."),
        "password": N_("Your password is too old by the rules of this plant. Change it under My account."),
    }
)
"""What comes before anything else, in words."""


@dataclass(frozen=True)
class Identity:
    """Who asks: the actor, and for a person the name of the unbroken session.

    ``must`` is what the person has to do before anything else: a key of ``FIRST``. ``language`` is the one
    that the account chose, if it did; ``noted`` when the use of the session was last noted.
    """

    actor: Actor
    person: int | None
    session: str
    must: str = ""
    language: str = ""
    noted: int | None = None


@dataclass
class _Answer:
    """Who it is, since when that is known, and whether somebody asks again already."""

    at: float
    identity: Identity | None
    renewed: bool = False


Key = tuple[str, str, str]
_kept: dict[Key, _Answer] = {}
_mutex = threading.Lock()
_age = [0]
"""How often all was forgotten: what was asked before that must not be kept after it."""


def identify(*, session: str = "", token: str = "", client: str = "") -> Identity | None:
    """Whose session or token this is, with the rights of at most half a second ago.

    A token wins over a session: whoever shows one acts as it, whatever cookies came along.
    """
    if not session and not token:
        return None
    known, identity = kept(session=session, token=token, client=client)
    return identity if known else identify_anew(session=session, token=token, client=client)


def identify_anew(*, session: str = "", token: str = "", client: str = "") -> Identity | None:
    """As ``identify``, whatever is at hand."""
    age = _age[0]
    identity = _of_token(token, client) if token else _of_session(session, client)
    with _mutex:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        if age == _age[0]:
            _kept[_key(session, token, client)] = _Answer(monotonic(), identity)
    return identity


def kept(*, session: str = "", token: str = "", client: str = "") -> tuple[bool, Identity | None]:
    """Whether the answer is at hand without asking the store, and the answer."""
    found = _kept.get(_key(session, token, client))
    if found is None or monotonic() - found.at >= KEPT_SECONDS:
        return False, None
    return True, found.identity


def is_ageing(*, token: str, client: str) -> bool:
    """Whether to ask again before the answer at hand ends; true for one of those who use it, once."""
    found = _kept.get(_key("", token, client))
    if found is None or found.renewed or monotonic() - found.at < RENEWED_SECONDS:
        return False
    found.renewed = True
    return True


def _key(session: str, token: str, client: str) -> Key:
    return ("", token, client) if token else (session, "", client)


def forget() -> None:
    """Ask afresh from now on; called when rights or sessions change in this process."""
    with _mutex:
        _kept.clear()
        _age[0] += 1


def session_name(session: str) -> str:
    """How a session is named where its key must not be seen."""
    return hashlib.sha256(session.encode()).hexdigest()


def _of_token(text: str, client: str) -> Identity | None:
    actor = actor_of_token(text, now=lasting(), client=client)
    return None if actor is None else Identity(actor, None, "")


def _of_session(session: str, client: str) -> Identity | None:
    holder = cast(Any, SimpleNamespace(session=SessionStore(session)))
    user = get_user(holder)
    if user.pk is None or not user.is_active or has_ended(holder.session):
        return None
    actor = actor_of(user.pk, client=client)
    if actor is None:
        return None
    must, noted = _must(user, actor), noted_in(holder.session)
    return Identity(actor, user.pk, session_name(session), must, user.language, noted)


def _must(person: Any, actor: Actor) -> str:
    """What the rules of the plant ask of this person first."""
    roles = frozenset(role for role, _ in actor.grants)
    if needs_second_factor(person.pk, roles, elsewhere=not is_loopback(actor.client or "127.0.0.1")):
        return "factor"
    return "password" if password_is_old(person, lasting()) else ""
