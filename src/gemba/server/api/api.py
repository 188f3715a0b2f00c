"""The API put together; its description is published at ``/api/v1/openapi.json``."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer

import gemba
from gemba.quality.records.screen import screens
from gemba.server.api import beside, charting, quarantine, setup
from gemba.server.api.description import PlantAPI
from gemba.server.api.records import routes_of
from gemba.server.web.problems import problem

DESCRIPTION = """The records and readings of a quality plant. Send a bearer token, or a session with its
X-CSRFToken. Refusals are problem details with every reason. A POST with an Idempotency-Key is done once:
same key and same body, same answer; another body is refused. A change needs If-Match with the ETag
that was read."""


class Gate(HttpBearer):
    """The gate has let the actor in already; here it is only described."""

    def __call__(self, request: HttpRequest) -> Any:
        return request.identity  # type: ignore[attr-defined]

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        raise NotImplementedError


def make_api() -> PlantAPI:
    """One router for each screen, and what belongs to all records."""
    api = PlantAPI(
        title="Gemba",
        version=gemba.__version__,
        description=DESCRIPTION,
        urls_namespace="api",
        docs_url=None,
        auth=Gate(),
    )
    for screen in screens():
        api.add_router(f"/records/{screen.kind.name}", routes_of(screen))
    api.add_router("", beside.router)
    api.add_router("", quarantine.router)
    api.add_router("", charting.router)
    api.add_router("", setup.router)
    api.add_exception_handler(ValidationError, _not_valid)
    api.add_exception_handler(HttpError, _http_error)
    api.add_exception_handler(MultiPartParserError, _no_form)
    return api


def _not_valid(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    found = error.errors if isinstance(error, ValidationError) else []
    listed = [{"at": ".".join(map(str, item["loc"])), "text": str(item["msg"])} for item in found]
    text = "; ".join(f"{item['at']}: {item['text']}" for item in listed)
    return problem(request, 422, "body", text, errors=listed)


def _no_form(request: HttpRequest, error: MultiPartParserError | type[MultiPartParserError]) -> HttpResponse:
    words = _("The form cannot be read.")
    return problem(request, 400, "request", f"{words} {error}")


def _http_error(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    status = error.status_code if isinstance(error, HttpError) else 400
    return problem(request, status, "request", str(error))
