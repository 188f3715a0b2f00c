"""``POST /api/v1/readings``: who sends, what, and the receipts after the commit."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from gemba.quality.control.collecting.reading import Receipt
from gemba.quality.records.reasons import Refused
from gemba.server.absent import RETRY_SECONDS, STORE_ABSENT, WORDS, ask_store
from gemba.server.access import ACCESS, allows
from gemba.server.identity.asking import FIRST, Identity, identify, kept
from gemba.server.ingest.bodies import LINES, MOST_BYTES, BodyRefused, read_body, write_receipts
from gemba.server.ingest.writer import GroupWriter, QueueFull, StoreUnavailable
from gemba.server.web.gate import bearer_of
from gemba.server.web.problems import details, worded
from gemba.stats.results import N_, speaking, spoken, translator

_log = logging.getLogger("gemba.ingest")
NOT_ALLOWED = N_("Your roles do not allow sending readings.")


def problem(
    status: int, code: str, detail: str, *, headers: dict[str, str] | None = None, **more: Any
) -> Response:
    """Problem details as an answer of the outer half; ``detail`` in the language that is spoken."""
    body = json.dumps(details(status, code, translator()(detail), **more), default=str)
    return Response(body, status, headers, "application/problem+json")


def store_absent() -> Response:
    """The answer while the store is away."""
    return problem(503, "store", WORDS, headers={"Retry-After": str(RETRY_SECONDS)})


async def whose(request: Request) -> Identity | None:
    """Who asks; the store is looked into at most once a second for each session or token.

    Raises
    ------
    OperationalError, InterfaceError
        When it must be looked into and is away.
    """
    client = request.client.host if request.client else ""
    token = bearer_of(request.headers.get("authorization", ""))
    session = "" if token else request.cookies.get(settings.SESSION_COOKIE_NAME, "")
    if not token and not session:
        return None
    known, identity = kept(session=session, token=token, client=client)
    if known:
        return identity
    return await ask_store(lambda: identify(session=session, token=token, client=client))


class TurnedAway(Exception):
    """Somebody may not do this; ``answer`` says why."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


def admit(identity: Identity | None, who: tuple[str, ...], otherwise: str) -> Identity:
    """Let somebody pass who is among those; ``otherwise`` is what everybody else is told.

    Raises
    ------
    TurnedAway
        A stranger, somebody with something else to do first, or one without the role.
    """
    if identity is None:
        headers = {"WWW-Authenticate": "Bearer"}
        raise TurnedAway(problem(401, "sign-in", N_("Sign in, or send a token."), headers=headers))
    with speaking(identity.language or spoken()):
        if identity.must:
            raise TurnedAway(problem(403, identity.must, FIRST[identity.must]))
        if not allows(who, identity.actor):
            raise TurnedAway(problem(403, "role", otherwise))
    return identity


async def take_readings(request: Request, writer: GroupWriter) -> Response:
    """Take readings in and answer with their receipts, after they are durable and judged."""
    try:
        identity = admit(await whose(request), ACCESS["readings"].write or (), NOT_ALLOWED)
    except STORE_ABSENT:
        return store_absent()
    except TurnedAway as away:
        return away.answer
    with speaking(identity.language or spoken()):
        return await _take(request, writer, identity)


async def _take(request: Request, writer: GroupWriter, identity: Identity) -> Response:
    if identity.session and _forged(request):
        return problem(403, "csrf", N_("Send the X-CSRFToken header with a session, or use a token."))
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        return problem(413, "too-large", _too_large())
    try:
        body = await _body(request)
        kind = request.headers.get("content-type", "")
        readings, single = read_body(body, kind)
        receipts = await writer.take(readings, identity.actor)
    except ClientDisconnect:
        raise
    except Exception as error:
        return why_not(error)
    answer, media_type = receipted(receipts, single=single, kind=kind)
    return Response(answer, 200, media_type=media_type)


def why_not(error: BaseException) -> Response:
    """The answer to readings that were not taken, in the language that is spoken."""
    match error:
        case BodyRefused():
            return problem(error.status, "body", str(error))
        case QueueFull():
            text = N_("Too much waits already; nothing was stored. Send it again.")
            return problem(429, "queue-full", text, headers={"Retry-After": "1"})
        case StoreUnavailable():
            text = N_(
                "The store cannot be written now. Send it again: what is stored already is not stored twice."
            )
            return problem(503, "store", text, headers={"Retry-After": str(RETRY_SECONDS)})
        case Refused():
            words = worded(error.reasons)
            return problem(409, "refused", " ".join(str(w["text"]) for w in words), reasons=words)
    _log.error("readings could not be taken", exc_info=error)
    return problem(500, "server", N_("Something went wrong on our side; nothing of this was stored."))


def receipted(receipts: Sequence[Receipt], *, single: bool, kind: str) -> tuple[bytes, str]:
    """The answer to readings that came as this type of content, each with its receipt; its own type."""
    lines = kind.partition(";")[0].strip().lower() in LINES
    body = write_receipts(receipts, single=single, lines=lines)
    return body, "application/x-ndjson" if lines else "application/json"


def _too_large() -> str:
    return translator()(N_("A request has at most {most} bytes.")).format(most=str(MOST_BYTES))


async def _body(request: Request) -> bytes:
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part = message.get("body", b"")
        size += len(part)
        if size > MOST_BYTES:
            raise BodyRefused(_too_large(), 413)
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def _forged(request: Request) -> bool:
    """Whether a request with a session lacks the second token that only our own pages know."""
    asked = HttpRequest()
    asked.method = "POST"
    asked.COOKIES = dict(request.cookies)
    host = request.headers.get("host", "")
    asked.META = {
        "HTTP_HOST": host,
        "SERVER_NAME": host,
        "SERVER_PORT": "0",
        "wsgi.url_scheme": request.url.scheme,
    }
    for name in ("origin", "referer", "x-csrftoken"):
        if name in request.headers:
            asked.META[f"HTTP_{name.upper().replace('-', '_')}"] = request.headers[name]
    check = CsrfViewMiddleware(_never)
    check.process_request(asked)
    return check.process_view(asked, _never, (), {}) is not None


def _never(request: HttpRequest) -> HttpResponseBase:
    raise AssertionError(f"{request} is only checked")
