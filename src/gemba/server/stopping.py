"""A server that says when it answers, and lets go of waiting browsers as soon as it is told to stop."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn


class StoppingServer(uvicorn.Server):
    """Calls ``stopping`` at the first signal, so that event streams end and the rest can finish.

    ``answering`` is called once, as soon as the port answers.
    """

    def __init__(
        self, config: uvicorn.Config, stopping: Callable[[], None], answering: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self.stopping, self.answering = stopping, answering

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answering()

    def handle_exit(self, sig: int, _frame: FrameType | None) -> None:
        # Uvicorn would raise the signal again after the end, and the folder would not be let go.
        self.stopping()
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True
