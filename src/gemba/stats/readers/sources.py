"""From a path, bytes, an open file or pasted text to bytes with a name and a digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias

from gemba.stats.results import N_, DataError

Source: TypeAlias = str | Path | bytes | bytearray | memoryview | IO[bytes] | IO[str]
"""A path, bytes, an open file, or pasted text (a ``str`` with a line end or a tab)."""


@dataclass(frozen=True)
class Original:
    """The bytes as they came, what they are called, and their SHA-256."""

    data: bytes
    name: str
    sha256: str


def load_source(source: Source) -> Original:
    """The bytes of a source.

    Raises
    ------
    DataError
        For a file that is not there or cannot be opened.
    """
    if isinstance(source, str) and any(mark in source for mark in "\n\r\t"):
        return _original(source.encode("utf-8"), "")
    if isinstance(source, str | Path):
        return _original(_read_path(Path(source)), Path(source).name)
    if isinstance(source, bytes | bytearray | memoryview):
        return _original(bytes(source), "")
    if hasattr(source, "read"):
        content = source.read()
        data = content.encode("utf-8") if isinstance(content, str) else bytes(content)
        return _original(data, Path(str(getattr(source, "name", ""))).name)
    raise DataError(
        N_("a {value} cannot be read as a file"),
        mend=N_("Give a path, the bytes of a file, an open file, or pasted text"),
        argument="source",
        value=type(source).__name__,
    )


def _read_path(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DataError(
            N_("there is no file {value}"),
            mend=N_("Check the name and the folder"),
            argument="source",
            value=str(path),
        ) from error
    except (OSError, ValueError) as error:
        raise DataError(
            N_("the file {value} cannot be opened: {why}"),
            mend=N_("Check that it is a file, that you may read it, and that no program holds it"),
            argument="source",
            value=str(path),
            why=getattr(error, "strerror", None) or str(error),
        ) from error


def _original(data: bytes, name: str) -> Original:
    return Original(data, name, hashlib.sha256(data).hexdigest())
