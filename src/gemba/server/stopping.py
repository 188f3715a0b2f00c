"""A server that lets go of waiting browsers as soon as it is told to stop."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType

import uvicorn


class StoppingServer(uvicorn.Server):
    """Calls ``stopping`` at the first signal, so that event streams end and the rest can finish."""

    def __init__(self, config: uvicorn.Config, stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self.stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.stopping()
        super().handle_exit(sig, frame)
