"""The gate before every page and every API call: who asks, and may they; fails closed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode
from ninja.utils import check_csrf

from gemba.quality.records.reasons import Conflict, Refused
from gemba.server.access import ACCESS, allows
from gemba.server.identity import Identity, identify
from gemba.server.web.problems import conflict, problem, refused, wants_json

_log = logging.getLogger("gemba.server")
Answer = Callable[[HttpRequest], HttpResponse]


class GateMiddleware:
    """Puts ``request.actor`` in place and refuses whoever may not pass."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.identity = None  # type: ignore[attr-defined]
        if bearer_of(request.headers.get("Authorization", "")):
            # Nobody else's page can make a browser send this header, so no second token is needed.
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # noqa: SLF001
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Sequence[Any], _kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        """Refuse, or let the view answer."""
        match = request.resolver_match
        rule = ACCESS.get(match.view_name) if match is not None else None
        if rule is None:
            _log.error("no access is declared for the route %s", request.path)
            return problem(request, 403, "undeclared", "Nobody was given access to this address.")
        who = rule.who(request.method or "GET")
        if who is None:
            return problem(request, 405, "method", f"This address does not take {request.method}.")
        identity = _identity(request)
        if identity is not None and identity.actor.kind == "token" and not rule.tokens:
            return problem(request, 403, "token", "A token of an integration may not use this address.")
        request.identity = identity  # type: ignore[attr-defined]
        if not allows(who, identity.actor if identity else None):
            return _turn_away(request, identity)
        if getattr(view, "csrf_exempt", False) and identity is not None and identity.session:
            return check_csrf(request)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What the services refuse is an answer, not an accident."""
        if isinstance(error, Refused):
            return refused(request, error.reasons)
        if isinstance(error, Conflict):
            return conflict(request, error)
        return None


def bearer_of(header: str) -> str:
    """The token in an Authorization header, or an empty text."""
    kind, _, token = header.partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _identity(request: HttpRequest) -> Identity | None:
    client = str(request.META.get("REMOTE_ADDR") or "")
    token = bearer_of(request.headers.get("Authorization", ""))
    if token:
        return identify(token=token, client=client)
    return identify(session=request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""), client=client)


def _turn_away(request: HttpRequest, identity: Identity | None) -> HttpResponse:
    if identity is not None:
        return problem(request, 403, "role", "Your roles do not allow this.")
    if wants_json(request):
        answer = problem(request, 401, "sign-in", "Sign in, or send a token.")
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
