"""A server that lets go of waiting browsers as soon as it is told to stop."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

import uvicorn


class StoppingServer(uvicorn.Server):
    """Calls ``stopping`` at the first signal, so that event streams end and the rest can finish."""

    def __init__(self, config: uvicorn.Config, stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self.stopping = stopping

    def handle_exit(self, sig: int, _frame: FrameType | None) -> None:
        # Uvicorn would raise the signal again after the end, and the folder would not be let go.
        self.stopping()
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True
