"""The only room that knows which database it is.

Embedded: SQLite in one process, one write lock around every write transaction. Grown: PostgreSQL with
the same services. Everybody else writes inside ``transaction()``, and asks for what differs by name:
``lock_rows``, ``insert_many``, ``insert_new``, ``put_many``, ``next_values``, ``fetch``; one row of a model
by ``lock_row``, ``insert_row``, ``update_row``; several writes at the price of one by ``write_together``.
"""

from gemba.quality.records.store.alone import alone
from gemba.quality.records.store.columns import Columns, Same, each_row, is_empty, whole
from gemba.quality.records.store.elsewhere import keep_undo_in_memory
from gemba.quality.records.store.lock import FairLock, write_lock
from gemba.quality.records.store.precedence import begin_page, taking_precedence
from gemba.quality.records.store.single import insert_row, lock_row, read_rows, update_row, updating
from gemba.quality.records.store.statements import (
    Rows,
    fetch,
    fetch_alone,
    fetch_among,
    fetch_each,
    fetch_following_later,
    fetch_later,
    fetch_locked,
    fetch_locked_later,
    fetch_paired_later,
    insert_columns,
    insert_many,
    insert_new,
    lock_ids,
    lock_name,
    lock_names,
    lock_rows,
    next_of,
    next_ranges,
    next_values,
    next_values_later,
    put_many,
    stream,
)
from gemba.quality.records.store.together import insert_drawn, inserting, write_together
from gemba.quality.records.store.writable import TROUBLE, find_trouble, is_mistake, transaction, trouble
from gemba.quality.records.store.young import look_over_young

__all__ = [
    "TROUBLE",
    "Columns",
    "FairLock",
    "Rows",
    "Same",
    "alone",
    "begin_page",
    "each_row",
    "fetch",
    "fetch_alone",
    "fetch_among",
    "fetch_each",
    "fetch_following_later",
    "fetch_later",
    "fetch_locked",
    "fetch_locked_later",
    "fetch_paired_later",
    "find_trouble",
    "insert_columns",
    "insert_drawn",
    "insert_many",
    "insert_new",
    "insert_row",
    "inserting",
    "is_empty",
    "is_mistake",
    "keep_undo_in_memory",
    "lock_ids",
    "lock_name",
    "lock_names",
    "lock_row",
    "lock_rows",
    "look_over_young",
    "next_of",
    "next_ranges",
    "next_values",
    "next_values_later",
    "put_many",
    "read_rows",
    "stream",
    "taking_precedence",
    "transaction",
    "trouble",
    "update_row",
    "updating",
    "whole",
    "write_lock",
    "write_together",
]
