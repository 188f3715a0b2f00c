"""The store is away for a while: what tells so, and how one asks again when it is back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio.to_thread
from django.db import InterfaceError, OperationalError, close_old_connections

T = TypeVar("T")
STORE_ABSENT = (OperationalError, InterfaceError)
"""What a database raises that cannot be reached, or cannot write: it is no fault of the request."""
RETRY_SECONDS = 5
WORDS = "The store cannot be reached now. Gemba goes on by itself when it is back: try again in a moment."


async def ask_store(question: Callable[[], T]) -> T:
    """Ask the store from the outer half: in a thread, by a connection that still works.

    Raises
    ------
    OperationalError, InterfaceError
        When the store does not answer.
    """

    def ask() -> T:
        close_old_connections()
        return question()

    return await anyio.to_thread.run_sync(ask)
