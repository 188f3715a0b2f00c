"""How the API answers: JSON with its version as ETag, refusals as problem details, a POST once only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gemba.quality.records.models import Header
from gemba.quality.records.reasons import Conflict, Refused
from gemba.server.api.idempotency import answer_once
from gemba.server.web.page import dumps, who
from gemba.server.web.problems import conflict, not_found, problem, refused
from gemba.server.web.whole import whole


class VersionMissing(Exception):
    """A change came without saying which version it changes."""


def answer(data: Any, *, status: int = 200, version: int | None = None) -> HttpResponse:
    """JSON, with the record's version as its ETag."""
    made = HttpResponse(dumps(data), status=status, content_type="application/json")
    if version is not None:
        made["ETag"] = f'"{version}"'
    return made


def given_version(request: HttpRequest, *, needed: bool) -> int | None:
    """The version that If-Match names.

    Raises
    ------
    VersionMissing
        When it is needed and missing, or no version.
    """
    text = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not text and not needed:
        return None
    version = whole(text, digits=9)
    if version is None:
        raise VersionMissing
    return version


def once(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Do it once for each Idempotency-Key; what is refused is an answer like any other."""
    return answer_once(request, who(request), lambda: guarded(request, work))


def guarded(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of the work, or the refusal in its words."""
    try:
        return work()
    except Refused as error:
        return refused(request, error.reasons)
    except Conflict as error:
        return conflict(request, error)
    except VersionMissing:
        text = _('Send If-Match with the ETag of the version that you changed, as "3".')
        return problem(request, 428, "if-match", text)
    except Http404:
        return not_found(request)


def header_of(record: Any) -> Header:
    """The header of a record."""
    header: Header = record.header
    return header
