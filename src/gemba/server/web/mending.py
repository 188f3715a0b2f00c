"""What a draft still lacks before it can be handed on, and the way to the form that has it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from gemba.quality.records.models import Header
from gemba.quality.records.screen.objects import ObjectPage
from gemba.quality.records.types import RecordType, record_type
from gemba.server.web.page import back, done
from gemba.server.web.problems import wants_json
from gemba.server.web.steps import ends_draft


def ending(kind: RecordType, page: ObjectPage) -> dict[str, Any]:
    """The step that hands a draft on, and the words of what stands against it."""
    step = ends_draft(kind, page)
    lacks = [reason.text for item in page.moves if step and item.name == step.name for reason in item.reasons]
    return {"then": step, "lacks": lacks}


def mended(kind: RecordType, page: ObjectPage) -> str:
    """The name of that step where somebody may fill in what it lacks; else nothing."""
    step = ends_draft(kind, page)
    return step.name if step and page.edit and page.edit.allowed else ""


def led_to_mend(request: HttpRequest, header: Header, page: ObjectPage, move: str) -> HttpResponse | None:
    """Lead a person who took that step in vain to the form of the record; programs are refused."""
    if wants_json(request) or mended(record_type(header.type), page) != move:
        return None
    there = back(request, reverse("record", args=[header.type, header.pk]))
    form = reverse("record_edit", args=[header.type, header.pk])
    return done(request, f"{form}?{urlencode({'back': there})}")
