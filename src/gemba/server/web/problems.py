"""What went wrong, said twice: a page for people, problem details (RFC 9457) for programs."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from gemba.quality.records.reasons import Conflict, Reason, in_words
from gemba.server.absent import RETRY_SECONDS, words_for
from gemba.stats.results import N_, StatsError, translator

_log = logging.getLogger("gemba.server")
TITLES: Mapping[int, str] = {
    400: N_("Not understood"),
    401: N_("Sign in first"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    405: N_("Not possible here"),
    409: N_("Refused"),
    412: N_("Changed meanwhile"),
    422: N_("Not usable"),
    428: N_("Say which version"),
    429: N_("Too many at once"),
    500: N_("Our fault"),
    503: N_("Not ready"),
}


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks: by the path, or by what it accepts."""
    path = request.path
    if path.startswith("/api/") or path.endswith(".json"):
        return True
    return "application/json" in request.headers.get("Accept", "") and "text/html" not in request.headers.get(
        "Accept", ""
    )


def details(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """Problem details as a mapping."""
    return {
        "type": f"/problems/{code}",
        "title": translator()(TITLES.get(status, N_("Problem"))),
        "status": status,
        "detail": detail,
        **more,
    }


def problem(request: HttpRequest, status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """One refusal, in the form that the asker reads."""
    if wants_json(request):
        body = json.dumps(details(status, code, detail, **more), default=str)
        return HttpResponse(body, status=status, content_type="application/problem+json")
    context = {"title": _(TITLES.get(status, N_("Problem"))), "detail": detail, "status": status, **more}
    return render(request, "problem.html", context, status=status)


def worded(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Reasons with their words."""
    return [{"code": r.code, "values": dict(r.values), "text": in_words(r)} for r in reasons]


def refused(request: HttpRequest, reasons: Sequence[Reason]) -> HttpResponse:
    """Every reason against what was asked; a record that is not there, or not for you, is a 404."""
    words = worded(reasons)
    unknown = any(reason.code == "records.unknown" for reason in reasons)
    detail = " ".join(str(item["text"]) for item in words)
    status = 404 if unknown else 422 if _of_data(reasons) else 409
    return problem(request, status, "unknown" if unknown else "refused", detail, reasons=words)


def _of_data(reasons: Sequence[Reason]) -> bool:
    """Whether the statistics refuse the data, and nothing else stands against what was asked."""
    return bool(reasons) and all(
        any(isinstance(value, StatsError) for value in reason.values.values()) for reason in reasons
    )


def conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
    """Somebody else was faster."""
    text = _("The record is at version {current} now; you changed version {given}.").format(
        current=error.current, given=error.given
    )
    more: dict[str, Any] = {"given_version": error.given, "current_version": error.current}
    more |= {"edited": error.edited, "stored": error.stored}
    status = 412 if request.headers.get("If-Match") else 409
    return problem(request, status, "conflict", text, **more)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """A form that was not ours, or was open for too long."""
    return problem(
        request, 403, "csrf", _("This form is too old or was not ours. Open the page again and retry.")
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """No such address."""
    return problem(request, 404, "not-found", _("There is nothing at this address."))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """A request that cannot be read."""
    return problem(request, 400, "bad-request", _("The request could not be read."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault, or a store that is away; the log says more. Called while the error is handled."""
    absent = words_for(sys.exc_info()[1])
    if absent:
        return store_absent(request, absent)
    words = _("Something went wrong on our side. It was logged; nothing was half done.")
    try:
        return problem(request, 500, "server", words)
    except Exception:
        _log.exception("the page that says so could not be drawn with its menu")
        page = render_to_string("problem.html", {"title": _(TITLES[500]), "detail": words, "status": 500})
        return HttpResponse(page, status=500)


def store_absent(request: HttpRequest, words: str) -> HttpResponse:
    """The store is away: a page that needs nothing of it, neither who asks nor what was noted for him."""
    if wants_json(request):
        answer = problem(request, 503, "store", words)
    else:
        page = render_to_string("problem.html", {"title": _(TITLES[503]), "detail": words, "status": 503})
        answer = HttpResponse(page, status=503)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer
