"""Compiles a loop when it is first called, and keeps what it compiled for the next process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from gemba.stats.results import require

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """The function as machine code that lets go of the interpreter.

    It is kept beside the source, or else in the user's cache folder; where neither can be written, every
    process compiles anew. All that a kept function calls stands in its own file: only that is watched.
    """
    numba = require("numba", extra="fast", purpose="The fast engine")
    options = {"nogil": True, "boundscheck": False, "error_model": "numpy"}
    try:
        made: F = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # no folder can be written
        made = numba.njit(**options)(function)
    return made
