"""One view, two faces: a page for people, and the same data as JSON under the same address with ``.json``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path

from gemba.quality.records.actor import Actor

View = Callable[..., HttpResponse]


def show(
    request: HttpRequest, template: str, data: Mapping[str, Any], *, status: int = 200, **only_page: Any
) -> HttpResponse:
    """The page, or its JSON twin: the same fields; ``only_page`` is what a person alone needs."""
    if request.path.endswith(".json"):
        return HttpResponse(dumps(data), status=status, content_type="application/json")
    return render(request, template, {**only_page, **data}, status=status)


def dumps(data: Any) -> str:
    """JSON with moments as ISO 8601 and exact numbers as text."""
    return json.dumps(data, default=_plain, ensure_ascii=False, allow_nan=False)


def twin(address: str, view: View, name: str) -> list[URLPattern]:
    """The routes of a page and of its JSON twin; both have one name and so one line in the access table."""
    json_address = f"{address}.json" if address else "index.json"
    return [path(json_address, view, name=name), path(address, view, name=name)]


def who(request: HttpRequest) -> Actor:
    """The actor whom the gate let in."""
    actor: Actor = request.identity.actor  # type: ignore[attr-defined]
    return actor


def done(request: HttpRequest, address: str, words: str = "") -> HttpResponse:
    """After a change: back to a page, which says what happened; a dialog of htmx is led there too."""
    if words:
        messages.success(request, words, extra_tags="good")
    if getattr(request, "htmx", False):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = address
        return answer
    return HttpResponseRedirect(address)


def back(request: HttpRequest, otherwise: str) -> str:
    """The page of ours to which a form leads back, where it says so."""
    place = request.POST.get("back", request.GET.get("back", ""))
    return place if place.startswith("/") and not place.startswith(("//", "/\\")) else otherwise


def _plain(value: object) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, frozenset | set | tuple):
        return sorted(value) if not isinstance(value, tuple) else list(value)
    return str(value)
