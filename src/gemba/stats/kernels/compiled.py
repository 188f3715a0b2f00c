"""Compiles a loop when it is first called, and keeps what it compiled for the next process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from gemba.stats.results import N_, require

F = TypeVar("F", bound=Callable[..., Any])
A = TypeVar("A", bound=Any)


def given(array: A) -> A:
    """The array as one that is only read: a loop compiles once for each kind of array it is given."""
    view: A = array.view()
    view.flags.writeable = False
    return view


def summing(function: F) -> F:
    """As ``compiled``, for loops over values that are all there, whose sums may be added in any order."""
    return _made(function, fastmath={"reassoc", "nsz", "nnan"})


def compiled(function: F) -> F:
    """The function as machine code that lets go of the interpreter.

    It is kept beside the source, or else in the user's cache folder; where neither can be written, every
    process compiles anew. All that a kept function calls stands in its own file: only that is watched.
    """
    return _made(function)


def _made(function: F, **more: Any) -> F:
    numba = require("numba", extra="fast", purpose=N_("The fast engine"))
    options = {"nogil": True, "boundscheck": False, "error_model": "numpy"} | more
    try:
        made: F = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # no folder can be written
        made = numba.njit(**options)(function)
    return made
