"""Which engine computes: chosen once for a call, and asked by the floors below it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.util import find_spec
from typing import Literal, TypeAlias

from gemba import __version__
from gemba.stats.results import N_, UnknownName, require

Engine: TypeAlias = Literal["numpy", "fast"] | None
ENGINES = ("numpy", "fast")
WORTH = 100_000
"""From so many values on the compiled loops are taken where they are loaded already."""
WORTH_LOADING = 10_000_000
"""From so many values on they are worth the second that loading takes."""

_fast: ContextVar[bool] = ContextVar("gemba_fast", default=False)


def fast() -> bool:
    """Whether the compiled loops are to be used."""
    return _fast.get()


def engine_name() -> str:
    """What a result says of itself: the version, and the engine that computed it."""
    return f"gemba {__version__}, fast" if fast() else f"gemba {__version__}"


@contextmanager
def working(engine: Engine, values: int) -> Iterator[None]:
    """Compute what stands inside with this engine; ``None`` takes the one that is worth it.

    Raises
    ------
    MissingExtra
        For ``"fast"`` where Numba is not installed.
    UnknownName
        For an engine that does not exist.
    """
    token = _fast.set(_is_fast(engine, values))
    try:
        yield
    finally:
        _fast.reset(token)


def _is_fast(engine: Engine, values: int) -> bool:
    if engine is None:
        loaded = "numba" in sys.modules
        return values >= (WORTH if loaded else WORTH_LOADING) and find_spec("numba") is not None
    if engine not in ENGINES:
        raise UnknownName(str(engine), ENGINES, what=N_("engine"), argument="engine")
    if engine == "fast":
        require("numba", extra="fast", purpose=N_("The fast engine"))
    return engine == "fast"
