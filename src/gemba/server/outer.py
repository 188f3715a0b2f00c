"""The outer half: readings, live events and health in Starlette; everything else in Django behind WSGI."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gemba.server.absent import STORE_ABSENT
from gemba.server.health import health, metrics, ready
from gemba.server.ingest.route import problem, store_absent, take_readings
from gemba.server.limit import BodyLimit
from gemba.server.live.route import follow
from gemba.server.plant import Plant
from gemba.server.web.language import AskedLanguage
from gemba.stats.results import N_, translator

Endpoint = Callable[[Request], Awaitable[Response]] | ASGIApp
DJANGO_THREADS = 4
READINGS = "/api/v1/readings"
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


class OuterHeaders:
    """Puts safe headers on every answer that brings none of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message.setdefault("headers", [])
                names = {name.lower() for name, _ in given}
                message["headers"] = [*given, *(item for item in HEADERS if item[0] not in names)]
            await send(message)

        await self.app(scope, receive, sending if scope["type"] == "http" else send)


class OtherMethod:
    """Answers for an address when it is asked in a way that it does not take."""

    def __init__(self, method: str) -> None:
        self.allowed = "GET, HEAD" if method == "GET" else method

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        detail = translator()(N_("This address does not take {method}.")).format(method=scope["method"])
        await problem(405, "method", detail, headers={"Allow": self.allowed})(scope, receive, send)


def _taking(method: str, path: str, endpoint: Endpoint, name: str) -> tuple[Route, Route]:
    """An address that takes one method, and says so when it is asked by another."""
    return Route(path, endpoint, methods=[method], name=name), Route(path, OtherMethod(method))


async def _nothing_there(_request: Request, _error: Exception) -> Response:
    return problem(404, "not-found", N_("There is nothing at this address."))


async def _our_fault(_request: Request, _error: Exception) -> Response:
    words = N_("Something went wrong on our side. It was logged; nothing was half done.")
    return problem(500, "server", words)


class Door:
    """Takes readings in for a plant: the application of one address."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await take_readings(Request(scope, receive), self.plant.writer)
        except ClientDisconnect:
            return
        await answer(scope, receive, send)


class Outer(Starlette):
    """The whole server; readings, which come by the thousand, pass by everything that others need."""

    def __init__(self, readings: ASGIApp, **more: Any) -> None:
        super().__init__(**more)
        self.readings = readings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == READINGS and scope["method"] == "POST":
            await self.readings(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def application(plant: Plant) -> Starlette:
    """The whole server as one ASGI application."""

    async def live(request: Request) -> Response:
        return await follow(request, plant.feed, plant.readable)

    async def is_ready(request: Request) -> Response:
        return await ready(request, plant)

    async def figures(request: Request) -> Response:
        return await metrics(request, plant)

    async def away(_request: Request, _error: Exception) -> Response:
        return store_absent()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        plant.start()
        try:
            yield
        finally:
            plant.close()

    django: Any = get_wsgi_application()
    inner: Any = WSGIMiddleware(django, workers=DJANGO_THREADS)
    door = OuterHeaders(AskedLanguage(Door(plant)))
    return Outer(
        door,
        routes=[
            *_taking("POST", READINGS, door, "readings"),
            *_taking("GET", "/live", live, "live"),
            *_taking("GET", "/health", health, "health"),
            *_taking("GET", "/ready", is_ready, "ready"),
            *_taking("GET", "/metrics", figures, "metrics"),
            Mount("/", inner),
        ],
        middleware=[Middleware(OuterHeaders), Middleware(AskedLanguage), Middleware(BodyLimit)],
        exception_handlers={404: _nothing_there, 500: _our_fault, **dict.fromkeys(STORE_ABSENT, away)},
        lifespan=lifespan,
    )
