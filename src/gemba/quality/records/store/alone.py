"""What only one of the servers of a grown plant does at a time; an embedded plant has only one process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gemba.quality.records.store.elsewhere import connection, grown
from gemba.quality.records.store.statements import fetch


@contextmanager
def alone(name: str, *, wait: bool = True) -> Iterator[bool]:
    """Whether nobody else does what has this name until the block ends; ``wait`` until nobody does.

    The server lets go of it with the connection, however that ends.
    """
    if not grown():
        yield True
        return
    key = "hashtextextended(%s, 0)"
    if wait:
        fetch(f"SELECT pg_advisory_lock({key})", [name])
    elif not fetch(f"SELECT pg_try_advisory_lock({key})", [name])[0][0]:
        yield False
        return
    held = connection().connection
    try:
        yield True
    finally:
        if connection().connection is held:
            fetch(f"SELECT pg_advisory_unlock({key})", [name])
