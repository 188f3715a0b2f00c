"""What allauth asks us: nobody signs up alone, and every log-in leaves a line in the trail."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest

from gemba.quality.people.models import Person
from gemba.quality.people.signing import end_signing_session
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.work import recording
from gemba.server.clock import now
from gemba.server.identity.asking import forget, session_name


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Our rules for log-in and log-out."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's signature)
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        _enter("login", f"person:{user.pk}", request)

    def logout(self, request: HttpRequest) -> None:
        key, person = request.session.session_key, request.user.pk
        super().logout(request)
        if key:
            end_signing_session(session_name(key))
        forget()
        if person is not None:
            _enter("logout", f"person:{person}", request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Slow a guesser down by name and address: who guesses elsewhere keeps nobody from coming in."""
        name = str(credentials.get("username") or "").strip().lower()
        super().pre_authenticate(request, username=f"{name} from {_of(request)}")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        tried = str(credentials.get("username") or "").strip().lower()
        known = Person.objects.filter(username=tried).first()
        with recording(actor=system("login"), now=now()) as work:
            work.enter("login.failed", detail={"person": known.pk if known else None, "client": _of(request)})


def _enter(action: str, person: str, request: HttpRequest) -> None:
    actor = Actor("person", person, person, client=_of(request))
    with recording(actor=actor, now=now()) as work:
        work.enter(action)


def _of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR") or "")
