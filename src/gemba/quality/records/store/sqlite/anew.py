"""After a sync that failed, the log is written back from its first frame.

SQLite writes into the store what no reader needs in the log, counts it as done, and syncs the store only when
the whole log is done. A sync that fails then may have forgotten pages that count as done already: the next
checkpoint would pass them over, begin the log anew, and the only copy would be gone.
"""

from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path
from typing import Final

VERSION: Final = 3_007_000
DONE: Final = 96
"""Where the index of the log counts the frames that are written back: nBackfill in "WAL-mode File Format",
sqlite.org/walformat.html, "The WAL-Index Header"."""
_kept: dict[tuple[int, int], mmap.mmap] = {}


def write_back_anew(store: Path) -> bool:
    """Let the next checkpoint of a store begin with the first frame; its write lock is held.

    Returns
    -------
    bool
        Whether there is an index of the log, in the form that we know.
    """
    try:
        index = _index_of(store.with_name(f"{store.name}-shm"))
    except (OSError, ValueError):
        return False
    if struct.unpack_from("=I", index)[0] != VERSION:
        return False
    struct.pack_into("=I", index, DONE, 0)
    return True


def _index_of(path: Path) -> mmap.mmap:
    """The index in memory. It is never closed: that would drop the locks which SQLite has on it for us."""
    about = path.stat()
    number = (about.st_dev, about.st_ino)
    if number not in _kept:
        _kept[number] = mmap.mmap(os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0)), 0)
    return _kept[number]
