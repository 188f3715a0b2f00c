"""The short way of a reading: HTTP as uvicorn speaks it, without a task for a sender who is known.

A few readings of a token that was looked up a moment ago go from the parser to the writer, and their receipts
from the writer to the connection. Whatever is not so plain goes the way of every other request.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from gemba.quality.control.collecting.reading import Reading, Receipt
from gemba.server.absent import STORE_ABSENT, ask_store
from gemba.server.access import ACCESS, allows
from gemba.server.identity.asking import Identity, identify_anew, is_ageing, kept
from gemba.server.ingest.bodies import BodyRefused, read_body
from gemba.server.ingest.route import receipted, why_not
from gemba.server.ingest.writer import GroupWriter, InLoop, Request
from gemba.server.outer import HEADERS, READINGS
from gemba.server.web.gate import bearer_of
from gemba.server.web.language import language_asked
from gemba.stats.results import speaking

MOST_BYTES = 1024 * 1024
"""What is larger is worth a task of its own."""
Pairs = list[tuple[bytes, bytes]]
_log = logging.getLogger("gemba.ingest")


class Unheard:
    """An event for which nobody waits."""

    def set(self) -> None:
        """Nothing happens."""


class Taking(InLoop):
    """One request on its way through the writer; to the connection it is the cycle that is under way."""

    __slots__ = (
        "asked", "body", "disconnected", "identity", "keep_alive", "kind", "lane", "more_body",
        "response_complete", "single",
    )  # fmt: skip
    message_event: ClassVar[Unheard] = Unheard()

    def __init__(self, lane: Lane, identity: Identity, kind: bytes, asked: bytes) -> None:
        super().__init__(lane.loop)
        self.lane, self.identity, self.asked = lane, identity, asked
        self.kind = kind.decode("latin-1")
        self.keep_alive: bool = lane.parser.should_keep_alive()
        self.body = bytearray()
        self.more_body, self.response_complete, self.disconnected = True, False, False
        self.single = False

    def begin(self) -> None:
        """All of it has come: let it be taken."""
        self.more_body = False
        try:
            readings, self.single = self._read()
            self.lane.writer.offer(Request(readings, self.identity.actor, self))
        except Exception as error:
            self.outcome = error
            self.settle()

    def settle(self) -> None:
        self.response_complete = True
        transport = self.lane.transport
        if self.disconnected or transport.is_closing():
            return
        try:
            transport.write(self._answer())
        except Exception:
            _log.exception("readings could not be answered")
            self.keep_alive = False
        if not self.keep_alive:
            transport.close()
        self.lane.on_response_complete()

    @property
    def language(self) -> str:
        """The language of the account, else the one that is asked for."""
        return self.identity.language or language_asked(self.asked.decode("latin-1"))

    def _read(self) -> tuple[Sequence[Reading], bool]:
        body = bytes(self.body)
        try:
            return read_body(body, self.kind)
        except BodyRefused:
            with speaking(self.language):
                return read_body(body, self.kind)  # refused again, in words that the sender reads

    def _answer(self) -> bytes:
        outcome = self.outcome
        if not isinstance(outcome, BaseException) and not any(receipt.reasons for receipt in outcome):
            return self._written(200, *self._receipts(outcome))
        with speaking(self.language):
            if not isinstance(outcome, BaseException):
                return self._written(200, *self._receipts(outcome))
            answer = why_not(outcome)
            return self._written(answer.status_code, bytes(answer.body), answer.raw_headers)

    def _receipts(self, receipts: Sequence[Receipt]) -> tuple[bytes, Pairs]:
        body, media_type = receipted(receipts, single=self.single, kind=self.kind)
        return body, [(b"content-length", b"%d" % len(body)), (b"content-type", media_type.encode())]

    def _written(self, status: int, body: bytes, headers: Pairs) -> bytes:
        """An answer as it goes over the wire, with the safe headers of every answer."""
        given = [b"%b: %b\r\n" % pair for pair in self.lane.server_state.default_headers]
        end = b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n"
        return b"".join([_head(status, tuple(headers)), *given, end, body])


class Lane(HttpToolsProtocol):
    """One connection; made for a writer by ``lane_of``."""

    writer: ClassVar[GroupWriter]

    def on_headers_complete(self) -> None:
        taking = self._taking()
        if taking is None:
            super().on_headers_complete()
        else:
            self.cycle = cast(Any, taking)

    def on_body(self, body: bytes) -> None:
        cycle: Any = self.cycle
        if type(cycle) is Taking:
            cycle.body += body
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        cycle: Any = self.cycle
        if type(cycle) is Taking:
            cycle.begin()
        else:
            super().on_message_complete()

    def _taking(self) -> Taking | None:
        """The request as one of the plain kind; ``None`` where it is not, or another is under way."""
        if self.url != READINGS_URL or self.expect_100_continue or self.flow.write_paused:
            return None
        before: Any = self.cycle
        busy = self.pipeline or (before is not None and not before.response_complete)
        parser = self.parser
        if busy or parser.get_method() != b"POST" or parser.get_http_version() != "1.1":
            return None
        first = dict(reversed(self.headers))
        size = first.get(b"content-length", b"")
        if not size.isdigit() or int(size) > MOST_BYTES or UNUSUAL & first.keys():
            return None
        token = bearer_of(first.get(b"authorization", b"").decode("latin-1"))
        client = self.client[0] if self.client else ""
        _known, identity = kept(token=token, client=client)
        if not token or identity is None or identity.must or not allows(SENDERS, identity.actor):
            return None
        if is_ageing(token=token, client=client):
            task = self.loop.create_task(_ask_again(token, client))
            _asking.add(task)
            task.add_done_callback(_asking.discard)
        asked = first.get(b"accept-language", b"")
        return Taking(self, identity, first.get(b"content-type", b""), asked)


async def _ask_again(token: str, client: str) -> None:
    """Look a token up before its answer ends; or all of its connections would go the long way then."""
    try:
        await ask_store(lambda: identify_anew(token=token, client=client))
    except STORE_ABSENT:
        return  # whoever comes after the end is told
    except Exception:
        _log.exception("a token could not be looked up")


_asking: set[asyncio.Task[None]] = set()
READINGS_URL = READINGS.encode()
SENDERS = ACCESS["readings"].write or ()
UNUSUAL = frozenset({b"transfer-encoding", b"upgrade"})


def lane_of(writer: GroupWriter) -> type[Lane]:
    """The protocol of the connections of one server."""
    return type("OwnLane", (Lane,), {"writer": writer})


@lru_cache(maxsize=256)
def _head(status: int, headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    names = {name for name, _ in headers}
    listed = [*headers, *(pair for pair in HEADERS if pair[0] not in names)]
    return STATUS_LINE[status] + b"".join(b"%b: %b\r\n" % pair for pair in listed)
