"""The most that a request may bring: more is turned away before any of it is kept."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gemba.server.ingest.route import problem
from gemba.stats.results import N_, translator

MOST_BYTES = 64 * 2**20
"""Of the body of any request; what the pages take is less, and says so in its own words."""


class BodyLimit:
    """Turns away a body that is too large."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        stated = dict(scope["headers"]).get(b"content-length", b"0")
        if not stated.isdigit() or int(stated) > MOST_BYTES:
            text = translator()(N_("The body of a request has at most {most} MB. Split what you send."))
            await problem(413, "body", text.format(most=MOST_BYTES // 2**20))(scope, receive, send)
            return
        taken = 0

        async def receiving() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            return message if taken <= MOST_BYTES else {"type": "http.disconnect"}

        await self.app(scope, receiving, send)
