"""From plain columns to the caller's kind of frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gemba.stats.results.errors import UnknownName, require
from gemba.stats.results.words import N_

BACKENDS = ("dict", "pandas", "polars", "pyarrow")


def make_frame(columns: Mapping[str, Any], backend: str) -> Any:
    """The columns (arrays or lists) as a frame of ``backend``, whose library is imported only now.

    Raises
    ------
    UnknownName
        For a backend that does not exist.
    """
    if backend == "dict":
        return dict(columns)
    if backend not in BACKENDS:
        raise UnknownName(backend, BACKENDS, what=N_("backend"), argument="backend")
    library = require(backend, extra="files", purpose=f"A {backend} frame")
    if backend == "pyarrow":
        return library.table(dict(columns))
    return library.DataFrame(dict(columns))
