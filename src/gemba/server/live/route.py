"""``GET /live?charts=1,2,3``: server-sent events, one stream a browser."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gemba.quality.records.actor import Actor
from gemba.server.absent import STORE_ABSENT, ask_store
from gemba.server.access import ACCESS
from gemba.server.identity.asking import Identity
from gemba.server.ingest.route import TurnedAway, admit, problem, whose
from gemba.server.live.feed import Feed, Listener, News
from gemba.server.web.whole import whole
from gemba.stats.results import N_, translator

MOST_CHARTS = 200
BREATH_SECONDS = 0.5
"""With what identities are kept for: nobody is told anything a second after the right to it has ended."""
SILENCE = 30
"""Breaths after which an idle stream says that it still lives."""

Readable = Callable[[Actor, frozenset[int]], frozenset[int]]
"""The streams among these that an actor may see."""


async def follow(request: Request, feed: Feed, readable: Readable) -> Response:
    """Tell a browser whenever one of its charts has new points.

    An event names the chart and its newest point; its id is the seal up to which all is told. A browser that
    was away sends the last id it saw, and is told of every chart that moved since.
    """
    try:
        identity = admit(
            await whose(request), ACCESS["live"].read or (), N_("Your roles do not allow following charts.")
        )
    except TurnedAway as away:
        return away.answer
    named = [whole(part) for part in request.query_params.get("charts", "").split(",") if part]
    asked = frozenset(number for number in named if number is not None)
    last = whole(request.headers.get("last-event-id") or request.query_params.get("after") or "0")
    if None in named or last is None:
        return problem(400, "charts", N_("'charts' is a list of numbers with commas, 'after' a number."))
    if len(asked) > MOST_CHARTS:
        text = translator()(N_("At most {most} charts fit into one stream."))
        return problem(422, "charts", text.format(most=MOST_CHARTS))
    streams = await ask_store(lambda: readable(identity.actor, asked))
    missed = await ask_store(lambda: feed.changed(last)) if last else (0, {})
    body = _events(request, feed, Listener(streams, asyncio.get_running_loop()), missed, identity)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(body, media_type="text/event-stream", headers=headers)


async def _events(
    request: Request, feed: Feed, listener: Listener, missed: News, identity: Identity
) -> AsyncIterator[str]:
    feed.join(listener)
    listener.tell(*missed)
    silent = 0
    try:
        yield "retry: 2000\n\n"
        while not feed.stopping:
            try:
                await asyncio.wait_for(listener.fresh.wait(), BREATH_SECONDS)
            except TimeoutError:
                silent += 1
            try:
                still = admit(await whose(request), ACCESS["live"].read or (), "")
            except STORE_ABSENT:
                return  # the browser sees that nothing is live, comes back by itself, and is asked again
            except TurnedAway:
                still = None
            if still is None or still.person != identity.person:
                yield "event: signed-out\ndata: {}\n\n"
                return
            if still.actor.grants != identity.actor.grants:
                return  # the browser comes back by itself, and is asked again what it may see
            news = listener.take()
            if news:
                silent = 0
                yield "".join(
                    _event(listener.reached, stream, point)
                    for stream, point in sorted(news.items(), key=_newest)
                )
            elif silent >= SILENCE:
                silent = 0
                yield ": still here\n\n"
    finally:
        feed.leave(listener)


def _newest(item: tuple[int, int]) -> int:
    return item[1]


def _event(seal: int, stream: int, point: int) -> str:
    data = json.dumps({"chart": stream, "point": point}, separators=(",", ":"))
    return f"id: {seal}\nevent: chart\ndata: {data}\n\n"
