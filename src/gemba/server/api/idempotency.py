"""A request that carries an Idempotency-Key is done once, however often it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import to_microseconds
from gemba.server.api.models import GivenAnswer
from gemba.server.clock import now
from gemba.server.web.problems import problem

KEPT = timedelta(days=2)


def answer_once(request: HttpRequest, actor: Actor, work: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of ``work``; with a key that was used before, the answer that was given then.

    Same key and same request: the same answer. Same key and another request: refused. An answer of 500 and
    above is not kept, so that the request can be sent again.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return work()
    if len(key) > 200:
        return problem(request, 422, "idempotency-key", _("An Idempotency-Key has at most 200 characters."))
    asked = _digest(request)
    place, fresh = _take_place(actor.id, key, asked)
    if not fresh:
        return _again(request, place, asked)
    answer: HttpResponse | None = None
    try:
        answer = work()
    finally:
        _keep(place, answer)
    return answer


def forget_old_answers(moment: datetime) -> int:
    """Drop answers that nobody asks for again."""
    return GivenAnswer.objects.filter(at__lt=to_microseconds(moment - KEPT)).delete()[0]


def _digest(request: HttpRequest) -> str:
    about = f"{request.method} {request.get_full_path()}\n{request.headers.get('If-Match', '')}\n".encode()
    return hashlib.sha256(about + request.body).hexdigest()


def _take_place(actor: str, key: str, asked: str) -> tuple[GivenAnswer, bool]:
    try:
        with transaction.atomic():
            made = GivenAnswer.objects.create(actor=actor, key=key, asked=asked, at=to_microseconds(now()))
    except IntegrityError:
        return GivenAnswer.objects.get(actor=actor, key=key), False
    return made, True


def _again(request: HttpRequest, place: GivenAnswer, asked: str) -> HttpResponse:
    if place.asked != asked:
        text = _("This Idempotency-Key was used for another request.")
        return problem(request, 422, "idempotency-key", text)
    if place.status == 0:
        return problem(request, 409, "at-work", _("The first request with this key is still at work."))
    answer = HttpResponse(place.body, status=place.status, content_type=place.kind)
    if place.etag:
        answer["ETag"] = place.etag
    answer["Idempotency-Replayed"] = "true"
    return answer


def _keep(place: GivenAnswer, answer: HttpResponse | None) -> None:
    if answer is None or answer.status_code >= 500:
        place.delete()
        return
    place.status, place.kind = answer.status_code, answer.headers.get("Content-Type", "")
    place.body, place.etag = answer.content.decode(), answer.headers.get("ETag", "")
    place.save(update_fields=["status", "kind", "body", "etag"])
