"""The gate before every page and every API call: who asks, and may they; fails closed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from ninja.utils import check_csrf

from gemba.quality.records import store
from gemba.quality.records.reasons import Conflict, Refused
from gemba.server.access import ACCESS, Rule, allows
from gemba.server.identity import Identity, identify, note_use
from gemba.server.identity.asking import FIRST
from gemba.server.web.language import speak_to
from gemba.server.web.problems import bad_request, conflict, problem, refused, wants_json
from gemba.stats.results import StatsError

_log = logging.getLogger("gemba.server")
Answer = Callable[[HttpRequest], HttpResponse]


class GateMiddleware:
    """Puts ``request.actor`` in place and refuses whoever may not pass."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        store.begin_page()
        request.identity = None  # type: ignore[attr-defined]
        if bearer_of(request.headers.get("Authorization", "")):
            # Nobody else's page can make a browser send this header, so no second token is needed.
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # noqa: SLF001
        answer = self.get_response(request)
        if isinstance(answer, HttpResponseNotAllowed):
            return _other_method(request, answer.headers["Allow"])
        return answer

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Sequence[Any], _kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        """Refuse, or let the view answer."""
        match = request.resolver_match
        rule = _rule(match.view_name) if match is not None else None
        if rule is None:
            _log.error("no access is declared for the route %s", request.path)
            return problem(request, 403, "undeclared", _("Nobody was given access to this address."))
        who, methods = rule.who(request.method or "GET"), methods_of(rule)
        is_api = getattr(view, "csrf_exempt", False)
        if who is None or not (is_api or request.method in methods):
            return _other_method(request, ", ".join(methods))
        identity = _identity(request)
        if identity is not None and identity.actor.kind == "token" and not rule.tokens:
            return problem(request, 403, "token", _("A token of an integration may not use this address."))
        request.identity = identity  # type: ignore[attr-defined]
        if identity is not None:
            speak_to(request, identity.language)
        if identity is not None and identity.session and _is_use(request):
            note_use(request, identity.noted)
        if not allows(who, identity.actor if identity else None):
            return _turn_away(request, identity)
        if match and identity is not None and identity.must and not _leads_out(match.view_name):
            return _send_on(request, identity.must)
        try:
            return _not_usable(request, identity, is_api=is_api)
        except (MultiPartParserError, BadRequest):
            return bad_request(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What the services refuse, or the statistics, is an answer, not an accident."""
        if isinstance(error, Refused):
            return refused(request, error.reasons)
        if isinstance(error, Conflict):
            return conflict(request, error)
        if isinstance(error, StatsError):
            return problem(request, 422, "data", str(error))
        return None


def _rule(route: str) -> Rule | None:
    """What is declared for a route, in every plant or in this one."""
    if route in ACCESS or not settings.MORE_ACCESS:
        return ACCESS.get(route)
    more: Mapping[str, Rule] = import_string(settings.MORE_ACCESS)
    return more.get(route)


def methods_of(rule: Rule) -> tuple[str, ...]:
    """The methods that a page takes; an operation of the API is more exact and answers for itself."""
    reads = ("GET", "HEAD") if rule.read is not None else ()
    return (*reads, "POST") if rule.write is not None else reads


def _not_usable(request: HttpRequest, identity: Identity | None, *, is_api: bool) -> HttpResponse | None:
    if _holds_zero(request, form=not is_api):
        return problem(request, 400, "bad-request", _("No text may hold the character with the code 0."))
    if is_api and identity is not None and identity.session:
        return check_csrf(request)
    return None


def _holds_zero(request: HttpRequest, *, form: bool) -> bool:
    """Whether a text holds the one character that not every database can keep."""
    texts = [request.path, unquote(request.META.get("QUERY_STRING", ""))]
    if form and request.method == "POST":
        texts += [text for _, typed in request.POST.lists() for text in typed]
    return any("\x00" in text for text in texts)


def _other_method(request: HttpRequest, allowed: str) -> HttpResponse:
    answer = problem(
        request, 405, "method", _("This address does not take {method}.").format(method=request.method)
    )
    answer["Allow"] = allowed
    return answer


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


FIRST_PAGES: Mapping[str, str] = {"factor": "mfa_activate_totp", "password": "me"}
"""What comes first -> the page that does it."""


def _is_use(request: HttpRequest) -> bool:
    """Whether a person did something: a page asked for, anything sent; not what a page asks by itself."""
    return request.method == "POST" or not (getattr(request, "htmx", False) or wants_json(request))


def _leads_out(route: str) -> bool:
    return route == "me" or route.startswith(("mfa_", "account_"))


def _send_on(request: HttpRequest, must: str) -> HttpResponse:
    words = _(FIRST[must])
    if wants_json(request) or request.method != "GET":
        return problem(request, 403, must, words)
    messages.info(request, words)
    return HttpResponseRedirect(reverse(FIRST_PAGES[must]))


def _turn_away(request: HttpRequest, identity: Identity | None) -> HttpResponse:
    if identity is not None:
        return problem(request, 403, "role", _("Your roles do not allow this."))
    if wants_json(request):
        answer = problem(request, 401, "sign-in", _("Sign in, or send a token."))
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    if request.user.is_authenticated:  # the time of the session is over, and the form to sign in must show
        logout(request)
    address = f"{settings.LOGIN_URL}?{urlencode({'next': _back_to(request)})}"
    if getattr(request, "htmx", False):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = address
        return answer
    return HttpResponseRedirect(address)


def _back_to(request: HttpRequest) -> str:
    """The page to open after signing in: the one asked for, or that from which a form was sent."""
    if request.method == "GET" and not getattr(request, "htmx", False):
        return request.get_full_path()
    came = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    ours = came.netloc == request.get_host() and came.path.startswith("/")
    return urlunsplit(("", "", came.path, came.query, "")) if ours else "/"
