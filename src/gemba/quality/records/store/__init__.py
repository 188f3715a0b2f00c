"""The only room that knows which database it is.

Embedded: SQLite in one process, one write lock around every write transaction. Grown: PostgreSQL with
the same services. Everybody else writes inside ``transaction()``, and asks for what differs by name:
``lock_rows``, ``insert_many``, ``insert_new``, ``put_many``, ``next_values``, ``fetch``.
"""

from gemba.quality.records.store.lock import FairLock, write_lock
from gemba.quality.records.store.statements import (
    fetch,
    insert_many,
    insert_new,
    lock_ids,
    lock_name,
    lock_rows,
    next_values,
    put_many,
    stream,
    transaction,
)

__all__ = [
    "FairLock",
    "fetch",
    "insert_many",
    "insert_new",
    "lock_ids",
    "lock_name",
    "lock_rows",
    "next_values",
    "put_many",
    "stream",
    "transaction",
    "write_lock",
]
