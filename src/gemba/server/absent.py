"""The store is away for a while: what tells so, and how one asks again when it is back."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import TypeVar

import anyio.to_thread
from django.db import close_old_connections

from gemba.quality.records import store
from gemba.stats.results import N_, translator

T = TypeVar("T")
STORE_ABSENT = store.TROUBLE
"""What a database raises that cannot be reached, or cannot write: it is no fault of the request."""
RETRY_SECONDS = 5
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)
"""What a disk says that is full or broken, or was made read-only because it is."""
WORDS = N_("The store cannot be reached now. Gemba goes on by itself when it is back: try again in a moment.")

UNWRITTEN = N_(
    "The store cannot be written now: its disk is full or fails. Nothing of this was stored; everything can "
    "still be read. Gemba goes on by itself when there is room again: try again then."
)


def words_for(error: BaseException | None) -> str:
    """What to say when this error is no fault of the request; empty when it is another one."""
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return translator()(UNWRITTEN)
    if not isinstance(error, STORE_ABSENT) or store.is_mistake(error):
        return ""
    return translator()(UNWRITTEN if store.trouble() and _is_readable() else WORDS)


def _is_readable() -> bool:
    try:
        return store.fetch("SELECT 1") == [(1,)]
    except STORE_ABSENT:
        return False


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
